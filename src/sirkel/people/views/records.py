"""Whether what circles write is a public record: an administrator says it."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sirkel.kernel import clock
from sirkel.kernel.errors import Refused
from sirkel.people.domain import records as domain
from sirkel.people.forms.records import RecordForm
from sirkel.people.queries.administration import organisation_of
from sirkel.people.queries.records import profile_of
from sirkel.people.views.asking import signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def records(request: HttpRequest, organisation_id: uuid.UUID) -> HttpResponse:
    """Show what the organisation says and take in what it says now; whoever comes second sees the first one's words."""
    person, at = signed_in(request), clock.now()
    organisation = organisation_of(person=person, organisation_id=organisation_id, at=at)
    form = RecordForm(request.POST if request.method == "POST" else None, kept=profile_of(organisation))
    other, status = None, 200
    if request.method == "POST" and form.is_valid():
        try:
            domain.say(
                acting=person,
                organisation_id=organisation.id,
                plan=form.plan,
                version=form.cleaned_data["version"],
                at=at,
            )
        except Refused as refused:
            form.refuse(refused)
            status = refused.status
            if refused.code == "records.changed":
                other = profile_of(organisation)
                sent = request.POST.copy()
                sent["version"] = str(other.version if other else 0)
                form.data = sent
        else:
            messages.success(request, _("Kept. Everybody can read it."))
            return redirect("people:records", organisation.id)
    context = {"organisation": organisation, "form": form, "other": other, "kept": profile_of(organisation)}
    status = 422 if form.errors and status in (200, 400) else status
    return render(request, "people/administration/records.html", context, status=status)
