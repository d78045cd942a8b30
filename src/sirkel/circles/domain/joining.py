"""How people get into a running meeting: code, QR token, room screen token, seat."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from sirkel.circles.enums import MeetingState
from sirkel.circles.models import Meeting
from sirkel.circles.queries.rounds import current_round
from sirkel.circles.rules.methods import word_lists
from sirkel.kernel import live, rows
from sirkel.kernel.addresses import address_of, id_in, is_address_of
from sirkel.kernel.errors import Gone, NotAllowed, NotFound, Refused
from sirkel.kernel.ids import CODE_ALPHABET, readable_code
from sirkel.people.domain.seats import (
    Taken,
    come_back,
    is_kept,
    keep_seat,
    leave_seat,
    stop_waiting,
    take_seat,
    take_up_seat,
)
from sirkel.people.models import Seat
from sirkel.people.queries.seats import seat_count, seat_of

CODE_LENGTH = 6
_TRIES = 20
_LOOK_ALIKES = str.maketrans("BSZ", "852")


def join_address(meeting: Meeting) -> str:
    """Return the part of the QR's address after ``/b/``.

    It is good from planning, so that a card can be printed before, until the meeting closes.
    """
    return address_of("join", meeting.id, meeting.join_epoch)


def room_address(meeting: Meeting) -> str:
    """Return the part of the room screen's address after ``/room/``; it stays the same for the meeting's life."""
    return address_of("room", meeting.id, 0)


def _meeting_in(address: str) -> Meeting | None:
    return Meeting.objects.filter(id=id_in(address)).select_related("circle", "current_step").first()


def meeting_by_room_address(address: str) -> Meeting:
    """Return the meeting that a room screen shows.

    Raises:
        NotFound: the address is not one of ours.

    """
    meeting = _meeting_in(address)
    if meeting is None or not is_address_of(address, "room", meeting.id, 0):
        raise NotFound("room.none", _("This room screen is not known."), _("Open it from the meeting again."))
    return meeting


def meeting_by_join_address(address: str) -> Meeting:
    """Return the meeting that a scanned QR leads to, open or not.

    Raises:
        NotFound: the address was never ours, or belongs to an earlier opening.

    """
    meeting = _meeting_in(address)
    if meeting is None or not any(
        is_address_of(address, "join", meeting.id, epoch) for epoch in _epochs(meeting)
    ):
        raise NotFound(
            "join.old", _("This code is no longer in use."), _("Scan the one on the screen in the room.")
        )
    return meeting


def _epochs(meeting: Meeting) -> list[int]:
    """Return the openings whose addresses lead here: of a meeting that is over also the last, for its poster to say so."""
    is_over = meeting.state == MeetingState.HELD and meeting.join_epoch > 0
    return [meeting.join_epoch, meeting.join_epoch - 1] if is_over else [meeting.join_epoch]


def plain_code(typed: str) -> str:
    """Return a code as it is compared: upper case, look-alikes read as the sign a code can hold, the rest left out."""
    read = typed.upper().translate(_LOOK_ALIKES)
    return "".join(sign for sign in read if sign in CODE_ALPHABET)


def meeting_by_code(code: str) -> Meeting:
    """Return the running meeting with this code. Whoever calls counts the misses.

    Raises:
        NotFound: no running meeting has this code.

    """
    plain = plain_code(code)
    with rows.everything(rows.Why.ADDRESS):
        meeting = (
            Meeting.objects.filter(join_code=plain, state=MeetingState.RUNNING).first() if plain else None
        )
    if meeting is None:
        raise NotFound(
            "join.code", _("No open meeting has this code."), _("Look at the screen in the room once more.")
        )
    return meeting


def give_code(meeting: Meeting) -> None:
    """Give a running meeting a code that no other running meeting has."""
    for _attempt in range(_TRIES):
        meeting.join_code = readable_code(CODE_LENGTH)
        try:
            with transaction.atomic():
                meeting.save(update_fields=["join_code"])
        except IntegrityError:
            continue
        return
    raise Refused("join.codes", _("No free code could be found."), _("Try once more."))


def rotate_codes() -> int:
    """Give every running meeting a new code, after too many wrong guesses; QR codes stay good.

    Returns:
        How many meetings got a new code.

    """
    with rows.everything(rows.Why.CODES):
        return _rotated()


def _rotated() -> int:
    count = 0
    for meeting_id in Meeting.objects.filter(state=MeetingState.RUNNING).values_list("id", flat=True):
        with transaction.atomic():
            meeting = Meeting.objects.select_for_update().get(id=meeting_id)
            if meeting.is_running:
                give_code(meeting)
                live.emit(room_id=meeting.id, kind="joinbar")
                count += 1
    return count


def join(*, meeting: Meeting, is_shared: bool = False) -> Taken:
    """Take a seat in a running meeting, or a number at its door while that is closed.

    Raises:
        Gone: the meeting is not open.
        Refused: ``seats.full``, ``door.full``.

    """
    must_run(meeting)
    if meeting.is_door_closed:
        with transaction.atomic():
            found = Meeting.objects.select_for_update().get(id=meeting.id)
            must_run(found)
            if found.is_door_closed:  # else it was opened this very moment
                taken = take_seat(room=meeting.id, words=word_lists(), is_shared=is_shared, waits=True)
                live.emit(room_id=meeting.id, kind="door")
                return taken
    return _seated(meeting, is_shared=is_shared)


def _seated(meeting: Meeting, *, is_shared: bool) -> Taken:
    taken = take_seat(room=meeting.id, words=word_lists(), is_shared=is_shared)
    with transaction.atomic():
        live.emit(room_id=meeting.id, kind="people", payload={"count": seat_count(room=meeting.id)})
    return taken


def go_away(*, meeting: Meeting, device: str | None) -> None:
    """Wait no longer at the door; a seat that is in stays. Going twice changes nothing."""
    if device is None or not meeting.is_door_closed:  # at an open one nobody waits
        return
    with transaction.atomic():
        if stop_waiting(room=meeting.id, device=device):
            live.emit(room_id=meeting.id, kind="door")


def rejoin(*, meeting: Meeting, word_ids: tuple[str, str, str]) -> Taken:
    """Come back to a seat on another device by its three words."""
    must_run(meeting)
    round_ = current_round(meeting)
    return come_back(room=meeting.id, word_ids=word_ids, current_round=round_.id if round_ else None)


def hand_on(*, meeting: Meeting, device: str | None, keeps: bool = False) -> Taken:
    """Take a new seat on a shared device, for the next person who holds it.

    The last one's seat is given up: what was written there stays and nobody can change it any more, as its secret is
    gone. With ``keeps`` it stays taken, for whoever comes back to it with a PIN. A closed door keeps nobody out who gets
    the phone of somebody inside.

    Raises:
        Gone: the meeting is not open.
        NotAllowed: ``seats.none`` without a seat.

    """
    must_run(meeting)
    held = _must_sit(meeting, device)
    if keeps:
        keep_seat(room=meeting.id, device=held)
    else:
        leave_seat(room=meeting.id, device=held)
    return _seated(meeting, is_shared=True)


def take_up(*, meeting: Meeting, device: str | None, place: str, is_right: bool) -> Seat:
    """Come back to the seat that ``place``, a secret that this device kept, belongs to.

    The seat that was taken for "the next person" meanwhile is given up, unless it is kept, too.

    Raises:
        Gone: the meeting is not open.
        NotAllowed: ``seats.none`` without a seat.
        Refused: as ``take_up_seat`` does.

    """
    must_run(meeting)
    held = _must_sit(meeting, device)
    seat = take_up_seat(room=meeting.id, device=place, is_right=is_right)
    if held != place and not is_kept(room=meeting.id, device=held):
        leave(meeting=meeting, device=held)
    return seat


def _must_sit(meeting: Meeting, device: str | None) -> str:
    if device is None or seat_of(room=meeting.id, device=device) is None:
        raise NotAllowed(
            "seats.none", _("You are not in this meeting."), _("Join with the code on the screen.")
        )
    return device


def leave(*, meeting: Meeting, device: str | None) -> None:
    """Give a seat up; what was written stays. Leaving twice changes nothing."""
    if device is None or not meeting.is_running:
        return
    leave_seat(room=meeting.id, device=device)
    with transaction.atomic():
        live.emit(room_id=meeting.id, kind="people", payload={"count": seat_count(room=meeting.id)})


def must_run(meeting: Meeting) -> None:
    """Refuse whoever comes too early or too late.

    Raises:
        Gone: ``join.over``, ``join.early``.

    """
    if meeting.state == MeetingState.HELD:
        raise Gone("join.over", _("This meeting is over."), _("Ask your facilitator for the recap."))
    if not meeting.is_running:
        raise Gone(
            "join.early", _("This meeting is not open yet."), _("Wait until the facilitator opens it.")
        )
