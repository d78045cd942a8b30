"""Taking in a list of people and roles: paste or choose a file, look at the report, keep it whole."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from sirkel.kernel import clock
from sirkel.kernel.errors import Refused
from sirkel.people.domain.importing import Report, take_in
from sirkel.people.forms.imports import RoleListForm
from sirkel.people.queries.administration import organisation_of
from sirkel.people.views.asking import signed_in
from sirkel.people.views.fresh import freshly_signed_in

MOST_SHOWN = 100


@require_http_methods(["GET", "HEAD", "POST"])
@freshly_signed_in
def role_list(request: HttpRequest, organisation_id: uuid.UUID) -> HttpResponse:
    """Show what would happen with each row; with ``do=keep`` let it happen."""
    person, at = signed_in(request), clock.now()
    organisation = organisation_of(person=person, organisation_id=organisation_id, at=at)
    form = RoleListForm(request.POST, request.FILES) if request.method == "POST" else RoleListForm()
    report: Report | None = None
    rows = ""
    if request.method == "POST" and form.is_valid():
        rows = form.cleaned_data["rows"]
        is_dry = request.POST.get("do") != "keep"
        try:
            report = take_in(acting=person, organisation_id=organisation.id, text=rows, is_dry=is_dry, at=at)
        except Refused as refused:
            form.refuse(refused)
        else:
            if report.is_kept:
                said = ngettext("%d role is given.", "%d roles are given.", report.given)
                messages.success(request, said % report.given)
                return redirect("people:people", organisation.id)
    shown = sorted(report.rows, key=lambda row: not row.fault)[:MOST_SHOWN] if report else []
    context = {
        "organisation": organisation,
        "form": form,
        "report": report,
        "shown": shown,
        "more": len(report.rows) - len(shown) if report else 0,
        "rows": rows,
    }
    status = 422 if form.errors or (report and report.faults) else 200
    return render(request, "people/administration/import.html", context, status=status)
