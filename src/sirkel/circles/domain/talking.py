"""The round of talk: a random start, everybody in turn, passing costs nothing."""

import random
import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sirkel.circles.enums import RoundState, StepKind
from sirkel.circles.models import Round
from sirkel.circles.queries.leading import meeting_led
from sirkel.circles.queries.rounds import round_in
from sirkel.kernel import live
from sirkel.kernel.errors import Conflict, NotAllowed
from sirkel.people.models import Person
from sirkel.people.queries.seats import seat_of, seats_in

_random = random.SystemRandom()


def draw_order(*, round_: Round, room: uuid.UUID) -> None:
    """Lay down who speaks after whom: the seats in random order."""
    seats = [str(seat) for seat in seats_in(room=room).values_list("id", flat=True)]
    _random.shuffle(seats)
    round_.turn_order = seats
    round_.turn_at = 0
    round_.save(update_fields=["turn_order", "turn_at"])


def let_chance_begin(*, acting: Person, meeting_id: uuid.UUID, round_id: uuid.UUID) -> Round:
    """Draw who begins a talk that has no order yet; the others follow in random order.

    Raises:
        Conflict: ``talk.moved_on`` when the round is over or has an order already.
        NotFound: not this person's meeting, or no such round.

    """
    meeting_led(acting=acting, meeting_id=meeting_id)
    with transaction.atomic():
        round_ = round_in(meeting_id=meeting_id, round_id=round_id, lock=True)
        if round_.state != RoundState.OPEN or round_.turn_order or round_.step.kind != StepKind.TALK:
            raise Conflict("talk.moved_on", _("The word has moved on."), _("Look at what runs now."))
        draw_order(round_=round_, room=meeting_id)
        live.emit(room_id=meeting_id, kind="turn")
    return round_


def next_turn(
    *,
    meeting_id: uuid.UUID,
    round_id: uuid.UUID,
    turn: int,
    at: datetime,
    acting: Person | None = None,
    device: str | None = None,
) -> Round:
    """Give the word to the next one, because somebody is done or passes: which of the two is not recorded.

    Args:
        meeting_id: the meeting.
        round_id: the talk round.
        turn: the turn the asking screen shows, so that a double tap skips nobody.
        at: now.
        acting: the facilitator, or
        device: the device whose turn it is.

    Raises:
        Conflict: ``talk.moved_on`` when the turn has passed already.
        NotAllowed: ``talk.not_yours`` when it is somebody else's turn.

    """
    del at
    if acting is not None:
        meeting_led(acting=acting, meeting_id=meeting_id)
    with transaction.atomic():
        round_ = round_in(meeting_id=meeting_id, round_id=round_id, lock=True)
        if round_.state != RoundState.OPEN or round_.turn_at != turn:
            raise Conflict("talk.moved_on", _("The word has moved on."), _("Look at what runs now."))
        if acting is None:
            seat = seat_of(room=meeting_id, device=device)
            speaking = round_.turn_order[turn] if turn < len(round_.turn_order) else None
            if seat is None or str(seat.id) != speaking:
                raise NotAllowed("talk.not_yours", _("It is somebody else's turn."))
        late = [
            str(seat)
            for seat in seats_in(room=meeting_id).values_list("id", flat=True)
            if str(seat) not in round_.turn_order
        ]
        round_.turn_order = round_.turn_order + late
        round_.turn_at = min(turn + 1, len(round_.turn_order))
        round_.save(update_fields=["turn_order", "turn_at"])
        live.emit(room_id=meeting_id, kind="turn")
    return round_
