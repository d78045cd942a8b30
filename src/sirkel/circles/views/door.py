"""The door, as the facilitator minds it: closing, opening, letting in and not."""

import uuid

from django.http import HttpRequest

from sirkel.circles.domain import door
from sirkel.circles.views.leading import control, incomplete, who
from sirkel.kernel import clock

_DIGITS = 2


@control
def close(request: HttpRequest, meeting_id: uuid.UUID) -> None:
    """Close the door."""
    door.close_door(acting=who(request), meeting_id=meeting_id, at=clock.now())


@control
def open_(request: HttpRequest, meeting_id: uuid.UUID) -> None:
    """Open the door, and let in whoever waits."""
    door.open_door(acting=who(request), meeting_id=meeting_id, at=clock.now())


@control
def let_in(request: HttpRequest, meeting_id: uuid.UUID) -> None:
    """Let in the numbers that were shown beside the button."""
    door.let_in(acting=who(request), meeting_id=meeting_id, numbers=_numbers(request))


@control
def turn_away(request: HttpRequest, meeting_id: uuid.UUID) -> None:
    """Let one number not in."""
    door.turn_away(acting=who(request), meeting_id=meeting_id, number=_numbers(request)[0])


def _numbers(request: HttpRequest) -> list[int]:
    sent = request.POST.getlist("number")
    if not sent or not all(one.isascii() and one.isdigit() and len(one) == _DIGITS for one in sent):
        raise incomplete()
    return [int(one) for one in sent]
