"""What one device sees for itself in a running meeting: its own notes, choices and turn.

Nothing here goes to anybody else. Ownership is worked out from the device's secret and the
round's; once the round is shown or over, not even the device can be told what was its own.
"""

import uuid
from dataclasses import dataclass, field
from typing import Any

from sirkel.circles.enums import RoundState, StepKind
from sirkel.circles.models import Ballot, InboxNote, PulseAnswer, Round
from sirkel.circles.queries.surfaces import MeetingView
from sirkel.circles.rules.tokens import device_token
from sirkel.people.models import Seat


@dataclass(frozen=True)
class OwnNote:
    """An own note in an open round. ``is_held`` notes are kept from the room until released or changed."""

    client_id: uuid.UUID
    text: str
    lang: str
    version: int
    is_parked: bool
    is_held: bool


@dataclass(frozen=True)
class OptionChoice:
    """One option with what this device gave it: dots, or a stance."""

    id: uuid.UUID
    text: str
    lang: str
    dots: int = 0
    stance: str = ""


@dataclass
class Personal:
    """The personal part of a screen. Without a seat everything is empty."""

    seat: Seat | None
    is_looking_on: bool = False
    notes: list[OwnNote] = field(default_factory=list)
    options: list[OptionChoice] = field(default_factory=list)
    dots_left: int = 0
    objects: set[uuid.UUID] = field(default_factory=set)
    pulse: PulseAnswer | None = None
    is_my_turn: bool = False

    @property
    def is_shared(self) -> bool:
        """Whether the device passes from hand to hand."""
        return self.seat is not None and self.seat.is_shared

    @property
    def is_kept(self) -> bool:
        """Whether a PIN opens this seat again once the device has been handed on."""
        return self.seat is not None and self.seat.pin_tries > 0

    @property
    def has_chosen(self) -> bool:
        """Whether this device gave a dot or a stance."""
        return any(option.dots or option.stance for option in self.options)


def personal(*, view: MeetingView, seat: Seat | None, device: str | None) -> Personal:
    """Return what a device sees for itself beside the shared view."""
    mine = Personal(seat=seat)
    round_ = view.round
    if seat is None or device is None or round_ is None:
        return mine
    mine.is_looking_on = seat.sits_out == round_.id
    mine.is_my_turn = view.speaker_id == str(seat.id)
    if round_.state != RoundState.OPEN or round_.secret is None:
        return mine
    token = device_token(secret=bytes(round_.secret), device=device)
    kind = round_.step.kind
    if kind == StepKind.CHOOSE:
        _choices(mine, view, round_, _picks(round_, token))
    elif kind == StepKind.CARRY_OUT:
        mine.objects = {uuid.UUID(item) for item in _picks(round_, token)}
    elif kind == StepKind.CHECK_OUT:
        mine.pulse = PulseAnswer.objects.filter(round=round_, token=token).first()
    else:
        mine.notes = [
            OwnNote(
                client_id=note.client_id,
                text=note.text,
                lang=note.lang,
                version=note.version,
                is_parked=note.is_parked,
                is_held=note.is_held,
            )
            for note in InboxNote.objects.filter(round=round_, token=token).order_by("id")
        ]
    return mine


def _picks(round_: Round, token: bytes) -> dict[str, Any]:
    found = Ballot.objects.filter(round=round_, token=token).values_list("picks", flat=True).first()
    return dict(found or {})


def _choices(mine: Personal, view: MeetingView, round_: Round, picks: dict[str, Any]) -> None:
    is_stance = view.method == "stance"
    for option in view.options:
        value = picks.get(str(option.id))
        mine.options.append(
            OptionChoice(
                id=option.id,
                text=option.text,
                lang=option.lang,
                dots=0 if is_stance else int(value or 0),
                stance=str(value or "") if is_stance else "",
            )
        )
    given = sum(option.dots for option in mine.options)
    mine.dots_left = max(0, int(round_.step.settings.get("dots", 3)) - given)
