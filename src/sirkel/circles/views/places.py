"""The places that people keep on a shared phone, each behind a PIN.

They lie sealed on the phone and nowhere else: what would lead from a seat back to a phone's secret is not in the
database, which counts wrong tries alone. They end with the browser, and open nothing once the meeting is closed.
"""

import base64
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from sirkel.circles.models import Meeting
from sirkel.circles.rules import methods
from sirkel.kernel import sealing
from sirkel.people.queries.seats import kept_picture

PLACES_COOKIE = "places"
MOST_PLACES = 8
_PURPOSE = "kept-places"


@dataclass(frozen=True)
class Place:
    """A seat that somebody comes back to: the secret it is held by, its PIN, and the sealed answer of who speaks."""

    device: str
    pin: str
    mark: str = ""


def places_of(request: HttpRequest, meeting: Meeting) -> list[Place]:
    """Return the places that this phone keeps in a meeting, the oldest first; none from a cookie that is not ours."""
    try:
        sealed = base64.urlsafe_b64decode(request.COOKIES.get(PLACES_COOKIE, ""))
    except ValueError:
        return []
    plain = sealing.unseal(sealed, secret=meeting.id.bytes, purpose=_PURPOSE)
    return [Place(**one) for one in json.loads(plain)] if plain else []


def keep_places(response: HttpResponse, *, meeting: Meeting, places: Sequence[Place]) -> None:
    """Let the phone keep places until its browser closes; only this meeting's pages get them back."""
    plain = json.dumps([asdict(place) for place in places]).encode()
    response.set_cookie(
        PLACES_COOKIE,
        base64.urlsafe_b64encode(sealing.seal(plain, secret=meeting.id.bytes, purpose=_PURPOSE)).decode(),
        httponly=True,
        secure=settings.SITE_IS_SECURE,
        samesite="Lax",
        path=f"/m/{meeting.id}/",
    )


def open_places(request: HttpRequest, meeting: Meeting) -> list[Place]:
    """Return the places of this phone that a PIN still opens."""
    return [
        place for place in places_of(request, meeting) if kept_picture(room=meeting.id, device=place.device)
    ]


def pictures_of(places: Sequence[Place], *, meeting: Meeting, language: str) -> dict[str, str]:
    """Name each place that a PIN still opens by its seat's picture word, under its number on this phone."""
    kept = {
        str(number): kept_picture(room=meeting.id, device=one.device) for number, one in enumerate(places)
    }
    return {number: methods.picture_name(picture, language) for number, picture in kept.items() if picture}
