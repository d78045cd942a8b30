"""From which state a handover may go where, and when its answer is due. The words are those of ``enums.HandoverState``."""

from collections.abc import Mapping
from datetime import date, timedelta

ALLOWED: Mapping[str, frozenset[str]] = {
    "draft": frozenset({"approved_by_circle"}),
    "approved_by_circle": frozenset({"sent"}),
    "sent": frozenset({"seen", "answered"}),
    "seen": frozenset({"answered"}),
    "answered": frozenset({"followed_up"}),
    "followed_up": frozenset(),
}

# With the leader and not answered: the states in which a handover can be overdue.
WAITING = frozenset({"sent", "seen"})
# Everything that a leader may ever see of a handover.
WITH_LEADER = frozenset({"sent", "seen", "answered", "followed_up"})

DEFAULT_ANSWER_DAYS = 10
# For how many days a circle may be asked between meetings; the first is what is offered.
ASK_DAYS = (7, 3, 5, 14)
MOST_OBSTACLES = 3
_FRIDAY = 4


def may_go(state: str, to: str) -> bool:
    """Tell whether a handover may go from one state to another."""
    return to in ALLOWED.get(state, frozenset())


def after_working_days(day: date, days: int) -> date:
    """Return the day so many working days after a day: Mondays to Fridays, holidays not left out."""
    while days > 0:
        day += timedelta(days=1)
        days -= day.weekday() <= _FRIDAY
    return day


def before_working_days(day: date, days: int) -> date:
    """Return the day so many working days before a day: Mondays to Fridays, holidays not left out."""
    while days > 0:
        day -= timedelta(days=1)
        days -= day.weekday() <= _FRIDAY
    return day
