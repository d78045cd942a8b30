"""What became of a note, from the room up to the public page: the circle's hops, then the network's, then ours."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sirkel.circles.enums import ShareState
from sirkel.circles.queries.thread import NoteFate, NoteStory, what_became_of
from sirkel.network.queries.cards import CardReading, cards_grown_from
from sirkel.policy.queries.support import ClauseView, clauses_resting_on


class End(StrEnum):
    """How far a note has come."""

    WAITING = "waiting"
    HELD = "held"
    ROOM = "room"
    THEME = "theme"
    TRIAL = "trial"
    CARD = "card"
    RECOMMENDATION = "recommendation"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Hop:
    """One step of the story. ``kind`` is note, theme, trial, kept, card or clause; ``thing`` what it shows."""

    number: int
    kind: str
    thing: Any


@dataclass(frozen=True)
class Story:
    """A note's story for whoever holds its receipt, who was in the room and may see what the circle saw."""

    note: NoteStory
    cards: list[CardReading] = field(default_factory=list)
    clauses: list[ClauseView] = field(default_factory=list)

    @property
    def is_withdrawn(self) -> bool:
        """Whether the writer took the note back."""
        return self.note.fate == NoteFate.WITHDRAWN

    @property
    def can_take_back(self) -> bool:
        """Whether there are words to take back; a note that waits is deleted on the phone that wrote it."""
        return bool(self.note.text) and self.note.fate in {NoteFate.SHOWN, NoteFate.HELD}

    @property
    def end(self) -> End:
        """How far the note has come; what was taken back does not count."""
        if self.note.fate != NoteFate.SHOWN:
            return End(self.note.fate.value)
        if self.clauses:
            return End.RECOMMENDATION
        if any(not card.is_gone for card in self.cards):
            return End.CARD
        if self.note.trials:
            return End.TRIAL
        return End.THEME if self.note.is_theme_chosen else End.ROOM

    @property
    def hops(self) -> list[Hop]:
        """The story from top to bottom."""
        note = self.note
        things: list[tuple[str, Any]] = [("note", note)]
        if note.theme_title:
            things.append(("theme", note))
        things += [("trial", trial) for trial in note.trials]
        things += [("kept", item) for item in note.items if item.state == ShareState.OBJECTED]
        things += [("card", card) for card in self.cards]
        things += [("clause", clause) for clause in self.clauses]
        return [Hop(number, kind, thing) for number, (kind, thing) in enumerate(things, start=1)]


def story_of(receipt: str) -> Story | None:
    """Return the story of the note with this receipt, or None when no note has it."""
    note = what_became_of(receipt)
    if note is None:
        return None
    cards = cards_grown_from(item.id for item in note.items)
    return Story(note=note, cards=cards, clauses=clauses_resting_on(card.id for card in cards))
