"""Who answered again and who did not: the first round of those who stayed beside that of those who left, per unit.

A stayer has a score in the first round and in the later one, a leaver in the first alone. Their standardised mean
difference is leavers' mean minus stayers' over the pooled standard deviation; positive when those who left stood
higher.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from sirkel.evidence.descriptives import mean_of, sd_of
from sirkel.evidence.moments import Numbers
from sirkel.evidence.why import Absent, Number, Why

_TWO = 2


@dataclass(frozen=True, slots=True)
class Attrition:
    """Stayers and leavers of one unit, by their first score; ``smd`` is their standardised difference."""

    stayers: int
    leavers: int
    stayers_mean: Number
    leavers_mean: Number
    smd: Number


def attrition(first: ArrayLike, later: ArrayLike, unit: ArrayLike) -> dict[object, Attrition]:
    """Return the table by unit, in the units' order.

    Args:
        first: scores of the first round (people), NaN where missing.
        later: the same people's scores of the later round.
        unit: each person's unit in the first round, of any kind that sorts.

    """
    one, two, where = np.asarray(first, dtype=float), np.asarray(later, dtype=float), np.asarray(unit)
    there = ~np.isnan(one)
    stayed = there & ~np.isnan(two)
    left = there & ~stayed
    if not where.size:
        return {}
    names, code = np.unique(where, return_inverse=True)
    order = np.argsort(code, kind="stable")
    starts = np.searchsorted(code[order], np.arange(1, names.size))
    return {
        name: _row(one[people[stayed[people]]], one[people[left[people]]])
        for name, people in zip(names.tolist(), np.split(order, starts), strict=True)
    }


def wave_patterns(scores: ArrayLike, waves: Sequence[str]) -> dict[tuple[str, ...], int]:
    """Return how many people answered in exactly these waves, the most frequent first.

    Args:
        scores: one person a row, one wave a column, NaN where missing (people x waves).
        waves: the waves' names.

    """
    there = ~np.isnan(np.asarray(scores, dtype=float))
    counted = Counter(map(tuple, there.tolist()))
    named = {
        tuple(wave for wave, given in zip(waves, pattern, strict=True) if given): count
        for pattern, count in counted.items()
    }
    return dict(sorted(named.items(), key=lambda pair: (-pair[1], pair[0])))


def _row(stayed: Numbers, left: Numbers) -> Attrition:
    n, m = stayed.size, left.size
    none = Absent(Why.NO_ANSWERS)
    means = [mean_of(group) if group.size else none for group in (stayed, left)]
    return Attrition(n, m, means[0], means[1], _smd(stayed, left))


def _smd(stayed: Numbers, left: Numbers) -> Number:
    n, m = stayed.size, left.size
    if n < _TWO or m < _TWO:
        return Absent(Why.FEW if n and m else Why.ONE_GROUP if n or m else Why.NO_ANSWERS)
    pooled = ((n - 1) * sd_of(stayed) ** 2 + (m - 1) * sd_of(left) ** 2) / (n + m - 2)
    return (mean_of(left) - mean_of(stayed)) / pooled**0.5 if pooled else Absent(Why.CONSTANT)
