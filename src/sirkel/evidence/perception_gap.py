"""How a leader and the employees of a unit see the same thing, and how far apart they are over many units.

In one unit with one leader there is nothing to test: the employees' mean with its interval is shown, and the leader's
own answer only when she agreed. Over units, leader minus employees' mean is tested as pairs of units (Fleenor JW,
Smither JW, Atwater LE, Braddy PW, Sturm RE. *Self-other rating agreement in leadership.* The Leadership Quarterly
2010;21:1005-1034), and the profile's distance is the mean absolute gap over the scales.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from sirkel.evidence.change import PairedChange, paired_change
from sirkel.evidence.descriptives import mean_of, sd_of
from sirkel.evidence.moments import Numbers
from sirkel.evidence.why import Absent, Interval, Number, Why

_TWO = 2
# Employees' means and leaders', by unit.
UnitMeans = tuple[dict[Any, float], dict[Any, float]]


@dataclass(frozen=True, slots=True)
class UnitGap:
    """One unit on one scale: n employees, their mean with its interval (t, n - 1), the leaders' mean, and the gap.

    ``gap`` is the employees' mean minus the leaders'. Both are absent when no leader answered or not all agreed.
    """

    employees: int
    mean: Number
    ci95: Interval
    leaders: int
    leader: Number
    gap: Number


@dataclass(frozen=True, slots=True)
class GapOverUnits:
    """All units that have both: ``paired`` takes the employees' means as first and the leaders' as second."""

    units: int
    paired: PairedChange


def unit_gap(employees: ArrayLike, leaders: ArrayLike, *, is_agreed: bool) -> UnitGap:
    """Return one unit's gap.

    Args:
        employees: their scores; NaN is left out.
        leaders: the leaders' scores, most often one.
        is_agreed: whether every leader agreed that the answer is shown.

    """
    others, own = _there(employees), _there(leaders)
    n = others.size
    mean = mean_of(others) if n else Absent(Why.NO_ANSWERS)
    ci = _interval(others)
    if not own.size or not is_agreed:
        why = Absent(Why.NOT_CONSENTED if own.size else Why.NO_LEADER)
        return UnitGap(n, mean, ci, own.size, why, why)
    leader = mean_of(own)
    gap = mean if isinstance(mean, Absent) else mean - leader
    return UnitGap(n, mean, ci, own.size, leader, gap)


def gap_over_units(scores: ArrayLike, unit: ArrayLike, is_leader: ArrayLike) -> GapOverUnits:
    """Return the gap over all units in which a leader and an employee answered.

    Args:
        scores: one scale (people), NaN where missing.
        unit: each person's unit, of any kind that sorts.
        is_leader: whether each person leads the unit.

    """
    return gap_of_means(*unit_means(scores, unit, is_leader))


def gap_of_means(employees: Mapping[Any, float], leaders: Mapping[Any, float]) -> GapOverUnits:
    """Return the gap over all units that stand in both: the employees' means and the leaders', by unit."""
    both = sorted(employees.keys() & leaders.keys(), key=str)
    paired = paired_change([employees[one] for one in both], [leaders[one] for one in both])
    return GapOverUnits(len(both), paired)


def profile_distance(
    scales: Mapping[str, ArrayLike], unit: ArrayLike, is_leader: ArrayLike, *, least: int = 1
) -> dict[object, Number]:
    """Return each unit's mean absolute gap over the scales that both sides answered, at least so many.

    Units without a leader or without employees are absent with their reason.
    """
    found = [unit_means(scores, unit, is_leader) for scores in scales.values()]
    units = np.unique(np.asarray(unit)).tolist()
    return {one: _distance(one, found, least) for one in units}


def _distance(
    unit: object,
    found: Collection[tuple[dict[object, float], dict[object, float]]],
    least: int,
) -> Number:
    gaps = [
        abs(employees[unit] - leaders[unit])
        for employees, leaders in found
        if unit in employees and unit in leaders
    ]
    if len(gaps) >= max(least, 1):
        return sum(gaps) / len(gaps)
    has_leader = any(unit in leaders for _employees, leaders in found)
    return Absent((Why.FEW if gaps else Why.NO_ANSWERS) if has_leader else Why.NO_LEADER)


def unit_means(scores: ArrayLike, unit: ArrayLike, is_leader: ArrayLike) -> UnitMeans:
    """Return employees' and leaders' means by unit, of units in which such a person answered."""
    values, leads = np.asarray(scores, dtype=float), np.asarray(is_leader, dtype=bool)
    names, code = np.unique(np.asarray(unit), return_inverse=True)
    there = ~np.isnan(values)
    sides = []
    for side in (there & ~leads, there & leads):
        n = np.bincount(code[side], minlength=names.size)
        sums = np.bincount(code[side], weights=values[side], minlength=names.size)
        sides.append({names[at].item(): float(sums[at] / n[at]) for at in np.flatnonzero(n)})
    return sides[0], sides[1]


def _interval(values: Numbers) -> Interval:
    n = values.size
    if n < _TWO:
        return Absent(Why.ONE_PERSON if n else Why.NO_ANSWERS)
    if not sd_of(values):
        return Absent(Why.CONSTANT)
    width = float(stats.t.ppf(0.975, n - 1)) * sd_of(values) / n**0.5
    return mean_of(values) - width, mean_of(values) + width


def _there(values: ArrayLike) -> Numbers:
    numbers = np.asarray(values, dtype=float).ravel()
    return np.asarray(numbers[~np.isnan(numbers)], dtype=float)
