"""Taking a seat in a live place, coming back to it, handing a shared device on, leaving."""

import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.core import signing
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from sirkel.kernel.errors import NotFound, Refused
from sirkel.kernel.ids import secret_token
from sirkel.people.models import Seat
from sirkel.people.queries.seats import PASS_SALT, seats_in, waiting_numbers
from sirkel.people.rules.phrases import device_hash, phrase_hash
from sirkel.people.rules.waiting import FIRST_NUMBER, LAST_NUMBER, MOST_WAITING

MOST_SEATS = 60
PIN_TRIES = 5
_TRIES = 20


@dataclass(frozen=True)
class Taken:
    """A seat just taken: what the device must keep. The phrase is shown once and known to nobody else."""

    seat: Seat
    device: str
    word_ids: tuple[str, str, str]
    seat_pass: str


def take_seat(
    *, room: uuid.UUID, words: Sequence[Sequence[str]], is_shared: bool = False, waits: bool = False
) -> Taken:
    """Give a new device a seat, or with ``waits`` a number at the door, which becomes a seat once it is let in.

    Args:
        room: the live place.
        words: three lists of word ids from which the come-back phrase is drawn; the second names pictures.
        is_shared: the device passes from hand to hand.
        waits: the door is closed. The caller keeps others from coming to it meanwhile.

    Raises:
        Refused: ``seats.full`` when more than 60 seats would be taken, ``door.full`` when 20 wait already.

    """
    taken_numbers = waiting_numbers(room=room) if waits else []
    if len(taken_numbers) >= MOST_WAITING:
        raise Refused(
            "door.full",
            _("Many are waiting at the door already."),
            _("Say so to the facilitator, and try again in a little while."),
            status=409,
        )
    if seats_in(room=room).count() >= MOST_SEATS:
        raise _full()
    taken_pictures = set(Seat.objects.filter(room=room).values_list("picture", flat=True))
    free = [picture for picture in words[1] if picture not in taken_pictures] or list(words[1])
    for _attempt in range(_TRIES):
        device = secret_token(128)
        word_ids = (secrets.choice(words[0]), secrets.choice(words[1]), secrets.choice(words[2]))
        try:
            with transaction.atomic():
                seat = Seat.objects.create(
                    room=room,
                    device_hash=device_hash(room=room, device=device),
                    phrase_hash=phrase_hash(room=room, word_ids=word_ids),
                    picture=secrets.choice(free),
                    is_shared=is_shared,
                    waiting_number=_drawn(taken_numbers) if waits else None,
                )
        except IntegrityError:
            continue
        return Taken(seat=seat, device=device, word_ids=word_ids, seat_pass=pass_for(room=room))
    raise _full()


def _full() -> Refused:
    return Refused("seats.full", _("No more people can join this meeting."), _("Ask the facilitator."))


def _drawn(taken: Sequence[int]) -> int:
    """Draw a number that nobody waits by; chance alone chooses it."""
    return secrets.choice([one for one in range(FIRST_NUMBER, LAST_NUMBER + 1) if one not in taken])


def let_in(*, room: uuid.UUID, numbers: Sequence[int]) -> int:
    """Give those who wait by these numbers their seats, and return how many there were.

    Must run with the room kept from others. A number that nobody waits by any more is passed over.

    Raises:
        Refused: ``seats.full`` when more than 60 seats would be taken; then nobody is let in.

    """
    waiting = Seat.objects.filter(room=room, waiting_number__in=numbers)
    if seats_in(room=room).count() + waiting.count() > MOST_SEATS:
        raise _full()
    return waiting.update(waiting_number=None)


def turn_away(*, room: uuid.UUID, number: int) -> int:
    """End the waiting of whoever waits by a number, and return how many there were."""
    return Seat.objects.filter(room=room, waiting_number=number).delete()[0]


def stop_waiting(*, room: uuid.UUID, device: str) -> int:
    """End the waiting of a device; a seat that is in stays. Return how many waited: one or none."""
    waiting = Seat.objects.filter(room=room, waiting_number__isnull=False)
    return waiting.filter(device_hash=device_hash(room=room, device=device)).delete()[0]


def pass_for(*, room: uuid.UUID) -> str:
    """Return the signed statement "was in this meeting", good for a day, the same for everybody."""
    return signing.dumps(str(room), salt=PASS_SALT)


def come_back(*, room: uuid.UUID, word_ids: tuple[str, str, str], current_round: uuid.UUID | None) -> Taken:
    """Move a seat to the device that knows its phrase.

    The new device gets a secret of its own, so nothing it owns ties it to the old one; in the
    round that runs it looks on, so that nobody chooses twice.

    Raises:
        NotFound: no seat has this phrase.

    """
    with transaction.atomic():
        seat = (
            seats_in(room=room)
            .select_for_update()
            .filter(phrase_hash=phrase_hash(room=room, word_ids=word_ids))
            .first()
        )
        if seat is None:
            raise NotFound(
                "seats.phrase", _("These words do not fit."), _("Check the words, or join as new.")
            )
        device = secret_token(128)
        seat.device_hash = device_hash(room=room, device=device)
        seat.sits_out = current_round
        seat.save(update_fields=["device_hash", "sits_out"])
    return Taken(seat=seat, device=device, word_ids=word_ids, seat_pass=pass_for(room=room))


def keep_seat(*, room: uuid.UUID, device: str) -> None:
    """Let whoever hands a shared device on come back to this seat with a PIN; five wrong ones close it."""
    _held_by(room, device).update(pin_tries=PIN_TRIES)


def is_kept(*, room: uuid.UUID, device: str) -> bool:
    """Tell whether a PIN still opens the seat of a device."""
    return _held_by(room, device).filter(pin_tries__gt=0).exists()


def take_up_seat(*, room: uuid.UUID, device: str, is_right: bool) -> Seat:
    """Come back to a kept seat, when the PIN was right.

    The try is counted before it is judged, in one statement: however many come at once, no more are judged than are left.

    Raises:
        Refused: ``seats.pin`` for a wrong PIN, ``seats.closed`` when no try is left or nobody keeps this seat.

    """
    mine = _held_by(room, device)
    if not mine.filter(pin_tries__gt=0).update(pin_tries=F("pin_tries") - 1):
        raise Refused(
            "seats.closed",
            _("This place can no longer be opened."),
            _("Go on as somebody new. What was written there stays."),
        )
    if not is_right:
        raise Refused("seats.pin", _("This PIN does not fit."), _("Try again, or go on as somebody new."))
    mine.update(pin_tries=PIN_TRIES)
    return mine.get()


def _held_by(room: uuid.UUID, device: str) -> QuerySet[Seat]:
    return seats_in(room=room).filter(device_hash=device_hash(room=room, device=device))


def leave_seat(*, room: uuid.UUID, device: str) -> None:
    """Give a seat up; what was written stays."""
    _held_by(room, device).delete()


def clear_seats(*, room: uuid.UUID) -> int:
    """Remove every seat of a live place, and whoever waits for one; return how many were in."""
    count = seats_in(room=room).count()
    Seat.objects.filter(room=room).delete()
    return count
