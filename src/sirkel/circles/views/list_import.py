"""Taking in a member list: paste or choose a file, look at the report, keep it whole."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from sirkel.circles.domain.list_import import Report, take_in
from sirkel.circles.forms.forming import ListForm
from sirkel.circles.queries.leading import circle_led
from sirkel.circles.views.leading import who
from sirkel.kernel import clock
from sirkel.kernel.errors import Refused


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def member_list(request: HttpRequest, circle_id: uuid.UUID) -> HttpResponse:
    """Show what would happen with each row; with ``do=keep`` let it happen."""
    circle = circle_led(acting=who(request), circle_id=circle_id)
    form = ListForm(request.POST, request.FILES) if request.method == "POST" else ListForm()
    report: Report | None = None
    rows = ""
    if request.method == "POST" and form.is_valid():
        rows = form.cleaned_data["rows"]
        is_dry = request.POST.get("do") != "keep"
        try:
            report = take_in(
                acting=who(request), circle_id=circle_id, text=rows, is_dry=is_dry, at=clock.now()
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            if report.is_kept:
                said = ngettext("%d person is on the list.", "%d people are on the list.", len(report.rows))
                messages.success(request, said % len(report.rows))
                return redirect("circles:invitation", circle_id)
    status = 422 if form.errors or (report and report.faults) else 200
    context = {"circle": circle, "form": form, "report": report, "rows": rows}
    return render(request, "circles/forming/list_import.html", context, status=status)
