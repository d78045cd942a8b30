"""Who may take part, and under which token."""

import uuid
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from sirkel.circles.enums import RoundState
from sirkel.circles.models import Round
from sirkel.circles.rules.tokens import device_token
from sirkel.kernel.errors import Gone, NotAllowed
from sirkel.people.queries.seats import holds_pass, seat_of

LATE_FOR = timedelta(minutes=10)


def must_take_part(*, meeting_id: uuid.UUID, device: str | None, seat_pass: str | None = None) -> None:
    """Refuse whoever neither has a seat nor proves to have been here today.

    Raises:
        NotAllowed: ``seats.none``.

    """
    if seat_of(room=meeting_id, device=device) is None and not holds_pass(
        room=meeting_id, seat_pass=seat_pass
    ):
        raise NotAllowed(
            "seats.none", _("You are not in this meeting."), _("Join with the code on the screen.")
        )


def open_token(*, round_: Round, device: str | None, looks_on: bool = True) -> bytes:
    """Return the token of a seated device in an open round.

    Args:
        round_: the round, its row locked.
        device: the device's secret.
        looks_on: refuse a seat that came back on a new device during this round.

    Raises:
        NotAllowed: ``seats.none`` without a seat, ``seats.looks_on`` as above.
        Gone: ``rounds.over`` when the round is not open.

    """
    seat = seat_of(room=round_.step.meeting_id, device=device)
    if seat is None or device is None:
        raise NotAllowed(
            "seats.none", _("You are not in this meeting."), _("Join with the code on the screen.")
        )
    if round_.state != RoundState.OPEN or round_.secret is None:
        raise Gone("rounds.over", _("This step is over."), _("Look at what runs now."))
    if looks_on and seat.sits_out == round_.id:
        raise NotAllowed(
            "seats.looks_on",
            _("You changed phones during this step, so you look on."),
            _("You are in again from the next step."),
        )
    return device_token(secret=bytes(round_.secret), device=device)


def is_late_but_welcome(*, round_: Round, at: datetime) -> bool:
    """Tell whether a note for an ended round is still taken in: for ten minutes."""
    return (
        round_.state != RoundState.OPEN and round_.ended_at is not None and at - round_.ended_at <= LATE_FOR
    )
