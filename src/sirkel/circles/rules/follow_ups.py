"""When a circle is looked back at after its closing: days on the calendar of its workplace, nothing else."""

import calendar
from collections.abc import Mapping
from datetime import date, timedelta

MONTHS = (3, 6)
# A follow-up may be answered from so long before its day, and its answer changed until so long after it was given.
OPENS_BEFORE = timedelta(days=14)
CHANGEABLE_FOR = timedelta(days=14)
# How far a follow-up may be moved from the day that the closing gave it.
EARLIEST, LATEST = timedelta(days=30), timedelta(days=60)
# What a closing lets out to the leader is seen there so long after it was finished.
LEADER_SEES_AFTER = timedelta(days=7)
_SATURDAY = 5


def months_after(day: date, months: int) -> date:
    """Return the same day of the month so many months later; the last of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def due_day(closed_on: date, months: int) -> date:
    """Return the day of a follow-up: so many months after the closing, a weekend's Monday."""
    day = months_after(closed_on, months)
    return day + timedelta(days=7 - day.weekday()) if day.weekday() >= _SATURDAY else day


def due_days(closed_on: date) -> Mapping[int, date]:
    """Return the days of all follow-ups of a circle that closed on a day, by their months."""
    return {months: due_day(closed_on, months) for months in MONTHS}


def bounds(closed_on: date, months: int) -> tuple[date, date]:
    """Return between which days, both included, a follow-up may be moved. Those of three and of six months never meet."""
    day = due_day(closed_on, months)
    return day - EARLIEST, day + (LATEST if months == MONTHS[-1] else EARLIEST)


def may_be_answered(due_on: date, today: date) -> bool:
    """Tell whether a follow-up's time has come."""
    return today >= due_on - OPENS_BEFORE


def may_be_changed(answered_on: date, today: date) -> bool:
    """Tell whether an answer is still young enough to be changed."""
    return today <= answered_on + CHANGEABLE_FOR
