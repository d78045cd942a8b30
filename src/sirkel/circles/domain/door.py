"""The door of a running meeting: closed, and whoever joins waits until a facilitator lets them in.

It takes no controls: whoever facilitates the circle minds the door, on whichever screen they hold. What is done with
those who wait is written down nowhere.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sirkel.circles.domain.driving import record_step
from sirkel.circles.models import Meeting
from sirkel.circles.queries.leading import meeting_led
from sirkel.kernel import live
from sirkel.kernel.errors import Gone, Refused
from sirkel.people.domain import seats
from sirkel.people.models import Person
from sirkel.people.queries.seats import seat_count, waiting_numbers


def close_door(*, acting: Person, meeting_id: uuid.UUID, at: datetime) -> Meeting:
    """Let whoever joins from now on wait; who is in stays in. Closing twice changes nothing.

    Raises:
        NotFound: not this person's meeting.
        Refused: ``meetings.not_running``.

    """
    with transaction.atomic():
        meeting = _minded(acting, meeting_id)
        if not meeting.is_door_closed:
            _turn(meeting, is_closed=True)
            record_step(meeting, acting, "meeting.door_closed", at)
    return meeting


def open_door(*, acting: Person, meeting_id: uuid.UUID, at: datetime) -> Meeting:
    """Let people join by themselves again, and let in everybody who waits. Opening twice changes nothing.

    Raises:
        NotFound: not this person's meeting.
        Refused: ``meetings.not_running``; ``seats.full`` when there is no room for all who wait.

    """
    with transaction.atomic():
        meeting = _minded(acting, meeting_id)
        if meeting.is_door_closed:
            if seats.let_in(room=meeting.id, numbers=waiting_numbers(room=meeting.id)):
                _tell_who_is_here(meeting)
            _turn(meeting, is_closed=False)
            record_step(meeting, acting, "meeting.door_opened", at)
    return meeting


def let_in(*, acting: Person, meeting_id: uuid.UUID, numbers: Sequence[int]) -> None:
    """Let in those who wait by these numbers; never anybody whom the asking screen did not show.

    Raises:
        NotFound: not this person's meeting.
        Refused: ``meetings.not_running``; ``seats.full``.
        Gone: ``door.gone`` when none of them waits any more.

    """
    with transaction.atomic():
        meeting = _minded(acting, meeting_id)
        if not seats.let_in(room=meeting.id, numbers=numbers):
            raise _gone()
        _tell_who_is_here(meeting)
        live.emit(room_id=meeting.id, kind="door")


def turn_away(*, acting: Person, meeting_id: uuid.UUID, number: int) -> None:
    """End the waiting of whoever waits by this number.

    Raises:
        NotFound: not this person's meeting.
        Refused: ``meetings.not_running``.
        Gone: ``door.gone`` when nobody waits by it any more.

    """
    with transaction.atomic():
        meeting = _minded(acting, meeting_id)
        if not seats.turn_away(room=meeting.id, number=number):
            raise _gone()
        live.emit(room_id=meeting.id, kind="door")


def _minded(acting: Person, meeting_id: uuid.UUID) -> Meeting:
    meeting = meeting_led(acting=acting, meeting_id=meeting_id, lock=True)
    if not meeting.is_running:
        raise Refused("meetings.not_running", _("This meeting is not running."), status=409)
    return meeting


def _turn(meeting: Meeting, *, is_closed: bool) -> None:
    meeting.is_door_closed = is_closed
    meeting.save(update_fields=["is_door_closed"])
    live.emit(room_id=meeting.id)


def _tell_who_is_here(meeting: Meeting) -> None:
    live.emit(room_id=meeting.id, kind="people", payload={"count": seat_count(room=meeting.id)})


def _gone() -> Gone:
    return Gone(
        "door.gone",
        _("This number does not wait any more."),
        _("They may be in already, or have gone. Look at who waits now."),
    )
