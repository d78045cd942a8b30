"""A shared phone on its way from hand to hand: the next person, the cover, and back to one's own place with a PIN."""

import hmac
import uuid

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from sirkel.circles.domain import joining
from sirkel.circles.forms.hand import pin_in
from sirkel.circles.models import Meeting
from sirkel.circles.views.come_back import put_away
from sirkel.circles.views.hand import enter, hand_refused
from sirkel.circles.views.joining import see_other
from sirkel.circles.views.participant import (
    MARK_COOKIE,
    device_of,
    drop_mark,
    keep_mark,
    remember,
    remember_device,
)
from sirkel.circles.views.places import MOST_PLACES, Place, keep_places, open_places, pictures_of, places_of
from sirkel.kernel.errors import NotFound, Refused
from sirkel.people.rules.pins import plain_pin
from sirkel.web.middleware import wants_json


@require_safe
@never_cache
def cover(request: HttpRequest, meeting_id: uuid.UUID) -> HttpResponse:
    """Cover the screen of a shared phone while it passes to the next person; who has a place here may go back to it."""
    meeting, _seat = enter(request, meeting_id)
    return _covered(request, meeting)


def _covered(
    request: HttpRequest, meeting: Meeting, *, tried: str = "", refused: Refused | None = None
) -> HttpResponse:
    language = get_language() or meeting.circle.language
    places = pictures_of(places_of(request, meeting), meeting=meeting, language=language)
    context = {"meeting": meeting, "places": places, "tried": tried, "refused": refused}
    return render(request, "circles/join/cover.html", context, status=refused.status if refused else 200)


@require_POST
def next_person(request: HttpRequest, meeting_id: uuid.UUID) -> HttpResponse:
    """Hand a shared phone on: a new seat, a new secret, and a cover over the screen. With a PIN the old seat is kept."""
    meeting, seat = enter(request, meeting_id)
    device = device_of(request) or ""
    try:
        pin = pin_in(request.POST)
        places = _kept(request, meeting, pin=pin)
    except Refused as refused:
        if wants_json(request):
            raise
        return hand_refused(request, meeting_id, refused, place="pin")
    keeps = bool(pin) or bool(seat and seat.pin_tries)
    taken = joining.hand_on(meeting=meeting, device=device, keeps=keeps)
    url = reverse("circles:cover", args=[meeting.id])
    response = JsonResponse({"state": "handed_on", "go": url}) if wants_json(request) else see_other(url)
    remember(response, taken)
    keep_places(response, meeting=meeting, places=places)
    return _emptied(response, meeting)


def _kept(request: HttpRequest, meeting: Meeting, *, pin: str) -> list[Place]:
    """Return the places that a PIN opens once the phone has been handed on; with ``pin`` this seat is among them."""
    device, mark = device_of(request) or "", request.COOKIES.get(MARK_COOKIE, "")
    places = open_places(request, meeting)
    if not pin:
        return [Place(one.device, one.pin, mark) if one.device == device else one for one in places]
    others = [one for one in places if one.device != device]
    if len(others) == MOST_PLACES:
        raise Refused(
            "seats.places",
            _("This phone keeps as many places as it can."),
            _("Hand it on without a PIN. What you wrote stays."),
        )
    return [*others, Place(device, pin, mark)]


@require_POST
def take_up(request: HttpRequest, meeting_id: uuid.UUID) -> HttpResponse:
    """Go back to one's own place on a shared phone, with its PIN."""
    meeting, _seat = enter(request, meeting_id)
    places = places_of(request, meeting)
    tried = request.POST.get("place", "")
    place = {str(number): place for number, place in enumerate(places)}.get(tried)
    try:
        if place is None:
            raise NotFound("seats.place", _("This place is not here."), _("Go on as somebody new."))
        is_right = hmac.compare_digest(place.pin, plain_pin(request.POST.get("pin", "")))
        joining.take_up(meeting=meeting, device=device_of(request), place=place.device, is_right=is_right)
    except Refused as refused:
        return _covered(request, meeting, tried=tried, refused=refused)
    response = _emptied(see_other(reverse("circles:hand", args=[meeting.id])), meeting)
    remember_device(response, place.device)
    if place.mark:
        keep_mark(response, meeting=meeting, is_shared=True, mark=place.mark)
    return response


def _emptied(response: HttpResponse, meeting: Meeting) -> HttpResponse:
    """Take off the phone what the last one who held it left there."""
    drop_mark(response, meeting=meeting)
    put_away(response, meeting=meeting)
    response["Clear-Site-Data"] = '"storage"'
    return response
