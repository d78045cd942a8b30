"""How each figure is counted. What the counts mean stands beside them in ``definitions``."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from statistics import median_low

from sirkel.evidence.robustness.process import Process

RHYTHM_DAYS = 42
SURVIVAL_DAYS = 56
AFTER_DAYS = 90


@dataclass(frozen=True, slots=True)
class Count:
    """What was counted: ``part`` of ``whole``, cases that ``wait`` for their outcome left out of both.

    ``days`` is the middle number of days where days are what is asked for; None where there are none.
    ``is_known`` is False while there is nothing to count, and then the numbers say nothing.
    """

    part: int = 0
    whole: int = 0
    waiting: int = 0
    days: int | None = None
    is_known: bool = True


Measure = Callable[[Process], Count]


def _share(part: int, whole: int, *, waiting: int = 0, days: Iterable[int] = ()) -> Count:
    found = sorted(days)
    return Count(
        part=part,
        whole=whole,
        waiting=waiting,
        days=median_low(found) if found else None,
        is_known=whole > 0,
    )


def _due(process: Process, day: date) -> bool:
    """Tell whether a meeting that was not held on a day counts as lost: its day is past and nothing excused it."""
    stop = process.closed_on or process.ended_on
    return day < process.today and not process.is_paused(day) and not (stop and day > stop)


def held_of_planned(process: Process) -> Count:
    """Count the meetings held of those whose day has come, up to the closing."""
    until = process.closed_on
    held = sum(one.is_held and not (until and one.day > until) for one in process.meetings)
    lost = sum(not one.is_held and _due(process, one.day) for one in process.meetings)
    return _share(held, held + lost)


def days_to_next(process: Process) -> Count:
    """Count the lost meeting days after which the circle met again, and the days it took (the lower median).

    A day on which the circle met after all, since another meeting was moved there, is not lost.
    """
    lost = [one.day for one in process.meetings if not one.is_held and _due(process, one.day)]
    lost += [
        day for one in process.meetings for day in set(one.moved_from) if day < one.day and _due(process, day)
    ]
    lost = [day for day in lost if day not in process.held]
    took = []
    for day in lost:
        following = next((held for held in process.held if held > day), None)
        if following is not None:
            took.append(process.days_between(day, following))
    is_over = process.ended_on is not None
    waiting = 0 if is_over else len(lost) - len(took)
    return Count(
        part=len(took),
        whole=len(lost) - waiting,
        waiting=waiting,
        days=median_low(sorted(took)) if took else None,
        is_known=bool(lost) and (bool(took) or is_over),
    )


def steady_rhythm(process: Process) -> Count:
    """Count the gaps between meetings in a row that were no longer than six weeks, pauses left out."""
    days = [day for day in process.held if not (process.closed_on and day > process.closed_on)]
    gaps = [process.days_between(one, other) for one, other in pairwise(days)]
    return _share(sum(gap <= RHYTHM_DAYS for gap in gaps), len(gaps), days=gaps)


def answered_in_time(process: Process) -> Count:
    """Count the lines answered by the promised day, of those answered or overdue."""
    due = [one for one in process.lines if one.answered_on or one.due_on < process.today]
    in_time = sum(one.answered_on is not None and one.answered_on <= one.due_on for one in due)
    return _share(in_time, len(due), waiting=len(process.lines) - len(due))


def trials_decided(process: Process) -> Count:
    """Count the trials that reached a decision, whichever, of those decided or past their last day."""
    over = [one for one in process.trials if one.is_decided or (one.ends_on and one.ends_on < process.today)]
    return _share(sum(one.is_decided for one in over), len(over), waiting=len(process.trials) - len(over))


def facilitator_survived(process: Process) -> Count:
    """Count the days on which a facilitator left and the circle met again within eight weeks."""
    return _survived(process, process.facilitator_changes)


def leader_survived(process: Process) -> Count:
    """Count the days on which a leader left and the circle met again within eight weeks."""
    return _survived(process, process.leader_changes)


def pause_survived(process: Process) -> Count:
    """Count the pauses after which the circle went on and met within eight weeks, of those that are over."""
    over = [one for one in process.pauses if one.ends is not None]
    lifted = [one.ends for one in over if one.is_lifted and one.ends]
    found = [_outcome(process, day, same_day=True) for day in lifted]
    came_back = [days for is_known, days in found if is_known and days is not None]
    waiting = sum(not is_known for is_known, _days in found)
    return _share(
        len(came_back),
        len(over) - waiting,
        waiting=waiting + len(process.pauses) - len(over),
        days=came_back,
    )


def met_after_closing(process: Process) -> Count:
    """Count the meetings held after the closing; none counts only when three months have gone by."""
    if process.closed_on is None:
        return Count(is_known=False)
    count = sum(one.is_held and one.day > process.closed_on for one in process.meetings)
    is_known = count > 0 or (process.today - process.closed_on).days >= AFTER_DAYS
    return Count(part=count, whole=count, is_known=is_known)


def still_in_use(months: int) -> Measure:
    """Return the measure that counts what is in use, of what the circle kept, so many months after the closing."""

    def measure(process: Process) -> Count:
        found = [one for one in process.look_backs if one.months == months and one.kept]
        return _share(sum(one.in_use for one in found), sum(one.kept for one in found))

    return measure


def _survived(process: Process, changes: Iterable[date]) -> Count:
    until = process.closed_on
    days = sorted({day for day in changes if day <= process.today and not (until and day >= until)})
    found = [_outcome(process, day) for day in days]
    took = [days for is_known, days in found if is_known and days is not None]
    known = sum(is_known for is_known, _days in found)
    # A circle that was closed before the eight weeks were over needed no meeting more.
    waiting = 0 if until else len(found) - known
    return _share(len(took), known, waiting=waiting, days=took)


def _outcome(process: Process, day: date, *, same_day: bool = False) -> tuple[bool, int | None]:
    """Return whether it is known what came of a disturbance, and after how many days the circle met; None: not."""
    following = next((held for held in process.held if held > day or (same_day and held == day)), None)
    if following is not None:
        days = process.days_between(day, following)
        return True, days if days <= SURVIVAL_DAYS else None
    is_over = process.ended_on is not None
    return is_over or process.days_between(day, max(day, process.last_day)) > SURVIVAL_DAYS, None
