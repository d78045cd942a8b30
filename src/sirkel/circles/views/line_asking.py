"""Wanting a line to stay in the room: for members on the circle's page, for others by the circle's link on paper."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sirkel.circles.domain import line_asking
from sirkel.circles.domain.unsigned import must_not_flood
from sirkel.circles.models import Circle
from sirkel.circles.queries.leading import circle_for
from sirkel.circles.queries.open_links import circle_by_inbox_address
from sirkel.circles.views import own_entries
from sirkel.circles.views.asking import address_of
from sirkel.circles.views.joining import see_other
from sirkel.circles.views.leading import needed_id, who
from sirkel.kernel import clock


def _said(request: HttpRequest, circle: Circle, handover_id: uuid.UUID, to: str) -> HttpResponse:
    client_id = needed_id(request, "client_id")
    response = see_other(to)
    if "back" in request.POST:
        line_asking.let_go(circle=circle, handover_id=handover_id, client_id=client_id, at=clock.now())
        own_entries.drop_own(response, request, own_entries.LINE, client_id)
        messages.success(request, _("Taken back."))
    else:
        line_asking.let_stay(circle=circle, handover_id=handover_id, client_id=client_id, at=clock.now())
        own_entries.keep_own(response, request, own_entries.LINE, client_id)
        messages.success(request, _("Kept. Nobody learns that it was you."))
    return response


@require_POST
@login_required
def by_member(request: HttpRequest, circle_id: uuid.UUID, handover_id: uuid.UUID) -> HttpResponse:
    """Take in that a member wants a line to stay, or no longer does."""
    circle = circle_for(person=who(request), circle_id=circle_id)
    return _said(request, circle, handover_id, reverse("circles:handovers", args=[circle_id]))


@require_POST
def by_link(request: HttpRequest, address: str, handover_id: uuid.UUID) -> HttpResponse:
    """Take in the same from whoever holds the circle's link."""
    circle = circle_by_inbox_address(address)
    must_not_flood(address=address_of(request), thing=circle.id)
    return _said(request, circle, handover_id, reverse("circles:challenge-link", args=[address]))
