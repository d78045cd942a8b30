"""Who answered again and who did not: the first round of those who stayed beside that of those who left, per unit.

A stayer has a score in the first round and in the later one, a leaver in the first alone. Their standardised mean
difference is leavers' mean minus stayers' over the pooled standard deviation; positive when those who left stood
higher.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from sirkel.evidence.moments import Numbers
from sirkel.evidence.why import Absent, Number, Why

_TWO = 2


@dataclass(frozen=True, slots=True)
class Group:
    """The first scores of some people: how many, their mean, and the sum of squares around it."""

    n: int
    mean: float
    squares: float

    @classmethod
    def of(cls, values: Numbers) -> "Group":
        """Sum up scores; those that are all alike have squares of exactly 0."""
        if not values.size:
            return NOBODY
        away = values - values[0]
        return cls(values.size, float(values[0] + away.mean()), float(((away - away.mean()) ** 2).sum()))

    def __add__(self, other: "Group") -> "Group":
        """Take two groups together (Chan TF, Golub GH, LeVeque RJ. The American Statistician 1983;37:242-247)."""
        if not self.n or not other.n:
            return self if self.n else other
        n, apart = self.n + other.n, other.mean - self.mean
        squares = self.squares + other.squares + apart**2 * self.n * other.n / n
        return Group(n, self.mean + apart * other.n / n, squares)


NOBODY = Group(0, 0.0, 0.0)
Sides = tuple[Group, Group]
"""Those who stayed and those who left."""


@dataclass(frozen=True, slots=True)
class Attrition:
    """Stayers and leavers of one unit, by their first score; ``smd`` is their standardised difference."""

    stayers: int
    leavers: int
    stayers_mean: Number
    leavers_mean: Number
    smd: Number


def attrition(first: ArrayLike, later: ArrayLike, unit: ArrayLike) -> dict[Any, Attrition]:
    """Return the table by unit, in the units' order.

    Args:
        first: scores of the first round (people), NaN where missing.
        later: the same people's scores of the later round.
        unit: each person's unit in the first round, of any kind that sorts.

    """
    return {name: attrition_of(*sides) for name, sides in sides_of(first, later, unit).items()}


def sides_of(first: ArrayLike, later: ArrayLike, unit: ArrayLike) -> dict[Any, Sides]:
    """Return stayers and leavers by unit; the arguments are those of ``attrition``."""
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
        name: (Group.of(one[people[stayed[people]]]), Group.of(one[people[left[people]]]))
        for name, people in zip(names.tolist(), np.split(order, starts), strict=True)
    }


def wave_patterns(scores: ArrayLike, waves: Sequence[str]) -> dict[tuple[str, ...], int]:
    """Return how many people answered in exactly these waves, the most frequent first.

    Args:
        scores: one person a row, one wave a column, NaN where missing (people x waves).
        waves: the waves' names.

    """
    there = ~np.isnan(np.asarray(scores, dtype=float))
    return named_patterns(Counter(map(tuple, there.tolist())), waves)


def named_patterns(
    counted: Mapping[tuple[bool, ...], int], waves: Sequence[str]
) -> dict[tuple[str, ...], int]:
    """Return patterns of whether people answered in each wave by the names of the waves, the most frequent first."""
    named = {
        tuple(wave for wave, given in zip(waves, pattern, strict=True) if given): many
        for pattern, many in counted.items()
    }
    return dict(sorted(named.items(), key=lambda pair: (-pair[1], pair[0])))


def attrition_of(stayed: Group, left: Group) -> Attrition:
    """Return the row of one unit."""
    none = Absent(Why.NO_ANSWERS)
    means = [group.mean if group.n else none for group in (stayed, left)]
    return Attrition(stayed.n, left.n, means[0], means[1], _smd(stayed, left))


def _smd(stayed: Group, left: Group) -> Number:
    n, m = stayed.n, left.n
    if n < _TWO or m < _TWO:
        return Absent(Why.FEW if n and m else Why.ONE_GROUP if n or m else Why.NO_ANSWERS)
    pooled = (stayed.squares + left.squares) / (n + m - 2)
    return (left.mean - stayed.mean) / pooled**0.5 if pooled else Absent(Why.CONSTANT)
