"""Who sits where."""

import uuid

from django.core import signing
from django.db.models import QuerySet

from sirkel.people.models import Seat
from sirkel.people.rules.phrases import device_hash

PASS_SALT = "sirkel.seat-pass"  # noqa: S105 -- a salt names a purpose, it is no secret
PASS_SECONDS = 24 * 3600


def seats_in(*, room: uuid.UUID) -> QuerySet[Seat]:
    """Return the seats of those who are in. Whoever waits at a closed door has none of them."""
    return Seat.objects.filter(room=room, waiting_number__isnull=True)


def seat_of(*, room: uuid.UUID, device: str | None) -> Seat | None:
    """Return the seat of a device in a live place, or None."""
    if not device:
        return None
    return seats_in(room=room).filter(device_hash=device_hash(room=room, device=device)).first()


def waiting_seat(*, room: uuid.UUID, device: str | None) -> Seat | None:
    """Return what a device at a closed door waits for, or None when it does not wait."""
    if not device:
        return None
    waiting = Seat.objects.filter(room=room, waiting_number__isnull=False)
    return waiting.filter(device_hash=device_hash(room=room, device=device)).first()


def waiting_numbers(*, room: uuid.UUID) -> list[int]:
    """Return the numbers of those who wait, the lowest first: the order says nothing of when anybody came."""
    waiting = Seat.objects.filter(room=room, waiting_number__isnull=False)
    numbers = waiting.order_by("waiting_number").values_list("waiting_number", flat=True)
    return [number for number in numbers if number is not None]


def kept_picture(*, room: uuid.UUID, device: str) -> str:
    """Return the picture of a seat that a PIN still opens; empty for any other."""
    seat = seat_of(room=room, device=device)
    return seat.picture if seat is not None and seat.pin_tries else ""


def seat_count(*, room: uuid.UUID) -> int:
    """Return how many are in."""
    return seats_in(room=room).count()


def holds_pass(*, room: uuid.UUID, seat_pass: str | None) -> bool:
    """Tell whether somebody was in this meeting within the last day.

    The pass is a signed statement on the phone alone; it names the meeting and nobody.
    """
    if not seat_pass:
        return False
    try:
        return str(signing.loads(seat_pass, salt=PASS_SALT, max_age=PASS_SECONDS)) == str(room)
    except signing.BadSignature:
        return False
