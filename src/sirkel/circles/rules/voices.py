"""What is counted for voice balance, and in which words three meetings are told."""

import struct
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from sirkel.evidence.bands import released_sets, share_in_thirds

WINDOW_MEETINGS = 3
_PAIRS = struct.Struct(">6I")


class SpeaksAs(TextChoices):
    """From where somebody speaks, as they say themselves; never kept with a person or a note."""

    EMPLOYEE = "employee", _("Employee")
    LEADER = "leader", _("Leader")
    UNSAID = "unsaid", _("I would rather not say")


_CODES = {SpeaksAs.UNSAID: b"\x00", SpeaksAs.EMPLOYEE: b"\x01", SpeaksAs.LEADER: b"\x02"}


def to_byte(perspective: SpeaksAs) -> bytes:
    """Return a perspective as the one byte that is sealed: as long for each."""
    return _CODES[perspective]


def from_byte(code: bytes | None) -> SpeaksAs:
    """Return the perspective of a byte; what cannot be read is unsaid."""
    return next((each for each, known in _CODES.items() if known == code), SpeaksAs.UNSAID)


@dataclass(frozen=True)
class Sums:
    """Writers, notes and adopted ideas of employees and of leaders, each as a pair in that order.

    ``writers`` is the most that wrote in one step, the same for no two people: over several steps or meetings
    there are at least as many, and nobody needs to be known again to say so.
    """

    writers: tuple[int, int] = (0, 0)
    notes: tuple[int, int] = (0, 0)
    ideas: tuple[int, int] = (0, 0)

    def to_bytes(self) -> bytes:
        """Return the sums as 24 bytes, whatever they are."""
        return _PAIRS.pack(*self.writers, *self.notes, *self.ideas)

    @classmethod
    def from_bytes(cls, packed: bytes | None) -> "Sums":
        """Return the sums of packed bytes; of nothing, nothing."""
        if packed is None or len(packed) != _PAIRS.size:
            return cls()
        numbers = _PAIRS.unpack(packed)
        return cls(numbers[0:2], numbers[2:4], numbers[4:6])

    def and_then(self, other: "Sums") -> "Sums":
        """Return the sums of both: things add up, of writers the fuller step counts."""
        return Sums(
            (max(self.writers[0], other.writers[0]), max(self.writers[1], other.writers[1])),
            (self.notes[0] + other.notes[0], self.notes[1] + other.notes[1]),
            (self.ideas[0] + other.ideas[0], self.ideas[1] + other.ideas[1]),
        )

    @property
    def may_count(self) -> bool:
        """Whether enough of both wrote in one step for the meeting to be counted at all."""
        return bool(released_sets({SpeaksAs.EMPLOYEE: self.writers[0], SpeaksAs.LEADER: self.writers[1]}))

    def told(self) -> tuple[str, str]:
        """Return the leaders' share of notes and of ideas in thirds; empty where it cannot be told."""
        if not self.may_count:
            return "", ""
        notes = share_in_thirds(self.notes[1], sum(self.notes))
        ideas = share_in_thirds(self.ideas[1], sum(self.ideas)) if notes else None
        return notes or "", ideas or ""


def pair(perspectives: Iterable[SpeaksAs]) -> tuple[int, int]:
    """Return how many employees and leaders there are among perspectives; the unsaid are left out."""
    counts = Counter(perspectives)
    return counts[SpeaksAs.EMPLOYEE], counts[SpeaksAs.LEADER]


def fullest(first: tuple[int, int], second: tuple[int, int]) -> tuple[int, int]:
    """Return of two steps the one in which the smaller group was larger; both groups come from one step."""
    return max(first, second, key=lambda step: (min(step), sum(step)))
