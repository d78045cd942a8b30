"""An administrator signs somebody out on all devices."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sirkel.kernel import clock
from sirkel.people.domain import signing_out
from sirkel.people.queries.administration import organisation_of
from sirkel.people.queries.factor_resets import holder_in
from sirkel.people.views.asking import signed_in
from sirkel.people.views.fresh import freshly_signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@freshly_signed_in
def sign_out(request: HttpRequest, organisation_id: uuid.UUID, person_id: uuid.UUID) -> HttpResponse:
    """Say what it means, then do it."""
    acting, at = signed_in(request), clock.now()
    organisation = organisation_of(person=acting, organisation_id=organisation_id, at=at)
    person = holder_in(organisation=organisation, person_id=person_id, at=at)
    if request.method == "POST":
        signing_out.sign_out(acting=acting, organisation_id=organisation.id, person_id=person.id, at=at)
        messages.success(request, _("They are signed out everywhere, and told by mail."))
        return redirect("people:people", organisation.id)
    context = {"organisation": organisation, "about": person, "is_self": person.id == acting.id}
    return render(request, "people/administration/sign_out.html", context)
