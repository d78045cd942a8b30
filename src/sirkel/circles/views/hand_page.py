"""What the hand shows of a meeting beyond the shared view: the same for everybody with that language."""

import hashlib
import math
from functools import cached_property

from sirkel.circles.enums import RoundState, Signing, StepKind
from sirkel.circles.queries.note_views import held_signs
from sirkel.circles.queries.set_ups import with_leaders
from sirkel.circles.queries.surfaces import MeetingView

LONGEST_NOTE = 500
_WRITES = {StepKind.WRITE, StepKind.LOOK_BACK, StepKind.DEEPEN}


class HandPage:
    """The hand's own words; each is worked out when the template asks for it."""

    def __init__(self, view: MeetingView) -> None:
        self.view = view
        self.meeting = view.meeting

    @cached_property
    def steps_now(self) -> int:
        """Which step runs, counted from 1 among those that are not skipped; 0 before the first."""
        return next((index for index, line in enumerate(self.view.steps, start=1) if line.is_now), 0)

    @property
    def steps_total(self) -> int:
        """How many steps the meeting has."""
        return len(self.view.steps)

    @property
    def steps_before(self) -> list[str]:
        """The titles of the steps that are over, for somebody who comes late."""
        return [line.title for line in self.view.steps if line.is_past] if self.view.is_open else []

    @property
    def ends_ms(self) -> int:
        """When the step is meant to end, in milliseconds since 1970; 0 without an end."""
        return int(self.view.ends_at.timestamp() * 1000) if self.view.ends_at else 0

    @property
    def minutes_left(self) -> int:
        """Whole minutes left of the step, a begun one counted."""
        return max(0, math.ceil((self.view.remaining_seconds or 0) / 60))

    @property
    def is_shown(self) -> bool:
        """Whether what this round gathered has been shown."""
        return self.view.round is not None and self.view.round.state != RoundState.OPEN

    @cached_property
    def with_leaders(self) -> bool:
        """Whether the head of the page says that leaders take part; not while it has enough to ask for."""
        is_busy = self.view.kind in {StepKind.GROUP, StepKind.CHOOSE}
        return not is_busy and self.leaders_read

    @cached_property
    def leaders_read(self) -> bool:
        """Whether leaders may read what is written now, and so no page says that the leader does not."""
        return with_leaders(self.meeting)

    @property
    def may_mark(self) -> bool:
        """Whether the notes on the page are shown ones, of which somebody may say that they point at a person."""
        return self.is_shown and self.view.kind in _WRITES | {StepKind.TALK}

    @cached_property
    def held_signs(self) -> str:
        """The signs by which a phone knows that a shown note of its own is held back.

        Where notes are grouped or chosen among, the page has enough to ask for, and the phone is told a step later.
        """
        is_busy = self.view.kind in {StepKind.GROUP, StepKind.CHOOSE}
        return "" if is_busy else " ".join(held_signs(self.meeting))

    @property
    def writes(self) -> bool:
        """Whether the step is there for writing."""
        return self.view.is_open and self.view.kind in _WRITES

    @property
    def may_skip(self) -> bool:
        """Whether there is something to leave out now."""
        return self.view.is_open and self.view.kind in _WRITES | {StepKind.CHOOSE, StepKind.CHECK_OUT}

    @property
    def may_park(self) -> bool:
        """Whether a solution can be parked for later."""
        return self.view.now is not None and bool(self.view.now.step.settings.get("parking", True))

    @property
    def is_hidden(self) -> bool:
        """Whether notes of the step stay hidden until they are shown together."""
        return (
            self.view.kind == StepKind.WRITE
            and self.view.now is not None
            and bool(self.view.now.step.settings.get("hidden", True))
        )

    @property
    def may_sign(self) -> bool:
        """Whether a first name may stand under a note."""
        return self.view.round is not None and self.view.round.signing == Signing.CHOICE

    @property
    def max_length(self) -> int:
        """How many characters a note may have."""
        settings = self.view.now.step.settings if self.view.now else {}
        return min(int(settings.get("max_length", 200)), LONGEST_NOTE)

    @property
    def most_dots(self) -> int:
        """How many dots everybody has."""
        return int(self.view.now.step.settings.get("dots", 3)) if self.view.now else 0

    @property
    def mine_key(self) -> str:
        """A short sign that changes whenever the personal part must be fetched again."""
        view = self.view
        parts: list[object] = [view.kind]
        if view.round:
            parts += [view.round.id, view.round.state, view.round.signing]
        # All phones ask again when a note is held or released: which one learns of it shows in nothing.
        parts += [view.held_ids]
        parts += [(option.id, option.text) for option in view.options]
        parts += [(item.id, item.state, item.text) for item in view.items]
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:12]

    @property
    def turn_key(self) -> str:
        """The same for whose turn it is."""
        return f"{self.view.round.turn_at}" if self.view.round else ""

    @property
    def has_turns(self) -> bool:
        """Whether the word goes round in this step."""
        return self.view.round is not None and bool(self.view.round.turn_order)
