"""Somebody's lost second step: asked for by one administrator, agreed to by another."""

import uuid
from collections.abc import Callable, Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sirkel.kernel import clock
from sirkel.kernel.errors import Refused
from sirkel.people.domain import factor_resets
from sirkel.people.queries.administration import organisation_of, zone_of
from sirkel.people.queries.factor_resets import holder_in, reset_of
from sirkel.people.queries.factors import has_factor
from sirkel.people.views.asking import signed_in
from sirkel.people.views.fresh import freshly_signed_in

VERBS: Mapping[str, Callable[..., object]] = {
    "ask": factor_resets.ask,
    "confirm": factor_resets.confirm,
    "drop": factor_resets.drop,
}


@require_http_methods(["GET", "HEAD", "POST"])
@freshly_signed_in
def second_step(request: HttpRequest, organisation_id: uuid.UUID, person_id: uuid.UUID) -> HttpResponse:
    """Say what taking a second step away means and where it stands; ask for it, agree, or leave it."""
    acting, at = signed_in(request), clock.now()
    organisation = organisation_of(person=acting, organisation_id=organisation_id, at=at)
    person = holder_in(organisation=organisation, person_id=person_id, at=at)
    refusal, status = None, 200
    if request.method == "POST":
        try:
            verb = _pressed(request)
            verb(acting=acting, organisation_id=organisation.id, person_id=person.id, at=at)
        except Refused as refused:
            refusal, status = refused, refused.status
        else:
            messages.success(request, _("Kept."))
            return redirect("people:second-step", organisation.id, person.id)
    shown = reset_of(organisation, person)
    context = {
        "organisation": organisation,
        "about": person,
        "shown": shown,
        "zone": zone_of(organisation),
        "is_self": person.id == acting.id,
        "is_own": shown is not None and shown.reset.asked_by == acting.id,
        "done_at": shown.reset.confirmed_at + factor_resets.WAITS
        if shown and shown.reset.confirmed_at
        else None,
        "has_factor": has_factor(person),
        "refused": refusal,
    }
    return render(request, "people/administration/second_step.html", context, status=status)


def _pressed(request: HttpRequest) -> Callable[..., object]:
    """Return the verb of the button that was pressed.

    Raises:
        Refused: ``resets.what`` for none.

    """
    verb = VERBS.get(request.POST.get("do", ""))
    if verb is None:
        raise Refused("resets.what", _("Choose one of the buttons."))
    return verb
