"""Which methods an organisation offers: its administrator looks, and switches them off and on."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sirkel.circles.domain.offering import switch_off, switch_on
from sirkel.circles.queries.methods_offered import methods_of
from sirkel.circles.rules.methods import CARD_GROUPS, method, question_cards
from sirkel.circles.rules.texts import in_language
from sirkel.circles.views.leading import reader
from sirkel.kernel import clock
from sirkel.kernel.errors import NotFound, Refused
from sirkel.people.models import Organisation
from sirkel.people.queries.administration import organisation_of
from sirkel.people.views.asking import signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def methods(request: HttpRequest, organisation_id: uuid.UUID) -> HttpResponse:
    """Show every method, and switch the one whose button was pressed off or on."""
    person, at = signed_in(request), clock.now()
    organisation = organisation_of(person=person, organisation_id=organisation_id, at=at)
    refusal = None
    if request.method == "POST":
        try:
            return _switched(request, organisation)
        except NotFound:
            raise
        except Refused as refused:
            refusal = refused
    found = methods_of(organisation, language=reader(request))
    context = {
        "organisation": organisation,
        "free": [one for one in found if not one.is_needed],
        "needed": [one for one in found if one.is_needed],
        "cards": sum(len(question_cards(group)) for group in CARD_GROUPS),
        "refused": refusal,
    }
    return render(request, "circles/methods.html", context, status=refusal.status if refusal else 200)


def _switched(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """Do what was pressed and go back to the method.

    Raises:
        Refused: as the verbs do, and ``methods.what`` for nothing that can be pressed.

    """
    person, at, method_id = signed_in(request), clock.now(), request.POST.get("method", "")
    pressed = request.POST.get("do", "")
    if pressed == "off":
        switch_off(acting=person, organisation_id=organisation.id, method_id=method_id, at=at)
        said = _("Switched off: %(method)s. Circles that have it planned keep it.")
    elif pressed == "on":
        switch_on(acting=person, organisation_id=organisation.id, method_id=method_id, at=at)
        said = _("Switched on: %(method)s. Facilitators can choose it again.")
    else:
        raise Refused("methods.what", _("Choose one of the buttons."))
    title = in_language(method(method_id).title, reader(request))[0]
    messages.success(request, said % {"method": title})
    return redirect(f"{reverse('circles:methods', args=[organisation.id])}#{method_id}")
