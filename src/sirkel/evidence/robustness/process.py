"""What happened to a circle, as plain days: the events that robustness is computed from.

Everything here was written down because it happened, and nobody was asked for it. A day is the day at the
workplace. There is no person in any of it: no name, no attendance, no answer of one member.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Gathering:
    """One published meeting: the day it was held or is planned for, and the days it was moved away from."""

    day: date
    is_held: bool = False
    is_cancelled: bool = False
    moved_from: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Pause:
    """A pause: from its first day to the day on which it was over; ``ends`` is None while it lasts.

    ``is_lifted`` tells a circle that went on from one that ended out of its pause.
    """

    begins: date
    ends: date | None = None
    is_lifted: bool = True


@dataclass(frozen=True, slots=True)
class Attempt:
    """One trial that was planned: whether the circle decided about it, and its last day."""

    is_decided: bool
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line handed over to the leader: the promised day, and the day it was answered."""

    due_on: date
    answered_on: date | None = None


@dataclass(frozen=True, slots=True)
class LookBack:
    """A look back some months after the closing: how many things that the circle kept, and how many are in use."""

    months: int
    kept: int
    in_use: int


@dataclass(frozen=True, slots=True)
class Process:
    """All events of one circle until ``today``. The order inside each tuple says nothing.

    ``closed_on`` is the day on which the series was closed, ``ended_on`` the day on which a circle ended early.
    """

    today: date
    meetings: tuple[Gathering, ...] = ()
    pauses: tuple[Pause, ...] = ()
    facilitator_changes: tuple[date, ...] = ()
    leader_changes: tuple[date, ...] = ()
    trials: tuple[Attempt, ...] = ()
    lines: tuple[Line, ...] = ()
    closed_on: date | None = None
    ended_on: date | None = None
    look_backs: tuple[LookBack, ...] = ()

    @property
    def held(self) -> list[date]:
        """The days on which the circle met, each once, in order."""
        return sorted({one.day for one in self.meetings if one.is_held})

    @property
    def last_day(self) -> date:
        """The last day that counts for a disturbance: the end, or the closing, or today."""
        return min(day for day in (self.today, self.closed_on, self.ended_on) if day)

    def is_paused(self, day: date) -> bool:
        """Tell whether the circle was paused on a day. The day it went on is no day of the pause."""
        return any(one.begins <= day and (one.ends is None or day < one.ends) for one in self.pauses)

    def days_between(self, start: date, end: date) -> int:
        """Return the days from one day to a later one, those of pauses left out."""
        return (end - start).days - sum(
            (stop - begin).days for begin, stop in _joined(self.pauses, start, end, self.today)
        )


def _joined(pauses: Iterable[Pause], start: date, end: date, today: date) -> Sequence[tuple[date, date]]:
    """Return the parts of a stretch of time that are paused, no day twice."""
    parts: list[tuple[date, date]] = []
    for begin, stop in sorted((one.begins, one.ends or max(today, one.begins)) for one in pauses):
        first, last = max(begin, start), min(stop, end)
        if parts:
            first = max(first, parts[-1][1])
        if first < last:
            parts.append((first, last))
    return parts
