"""A mean and the line on which it may lie, with people who work together taken for what they are: not independent.

With one workplace, or none known, the interval is Student's. From ten workplaces on, they are taken as drawn from many:
the means' spread between workplaces makes the interval (Cochran WG. *Sampling Techniques.* 3rd ed. 1977, 9A, clusters of
unequal size), with one degree of freedom less than there are workplaces. Below ten, the mean is about these workplaces
alone, and only the spread within them counts.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from sirkel.evidence.descriptives import mean_of, sd_of
from sirkel.evidence.honesty import is_unit_fixed
from sirkel.evidence.moments import Numbers
from sirkel.evidence.why import Absent, Interval, Number, Why

_TWO = 2


@dataclass(frozen=True, slots=True)
class Mean:
    """n people, their mean, their standard deviation and the mean's 95 % interval."""

    n: int
    mean: Number
    sd: Number
    ci95: Interval


def mean_interval(scores: ArrayLike, unit: ArrayLike | None = None) -> Mean:
    """Return the mean of scores, NaN left out; ``unit`` says who works together."""
    values = np.asarray(scores, dtype=float)
    there = ~np.isnan(values)
    kept = values[there]
    n = int(kept.size)
    if n < _TWO:
        few = Absent(Why.ONE_PERSON if n else Why.NO_ANSWERS)
        return Mean(n, mean_of(kept) if n else few, few, few)
    spread = sd_of(kept)
    if not spread:
        return Mean(n, mean_of(kept), spread, Absent(Why.CONSTANT))
    codes = (
        np.zeros(n, dtype=np.int64)
        if unit is None
        else np.unique(np.asarray(unit)[there], return_inverse=True)[1]
    )
    return Mean(n, mean_of(kept), spread, _interval(kept, codes))


def _interval(values: Numbers, codes: NDArray[np.intp]) -> Interval:
    groups = int(codes.max()) + 1
    sizes = np.bincount(codes)
    means = np.bincount(codes, weights=values) / sizes
    n, middle = values.size, mean_of(values)
    if is_unit_fixed(groups):
        df = n - groups
        if df < 1:
            return Absent(Why.SINGLETONS)
        # What is left of each answer without its workplace's mean, pooled.
        error = (float(((values - means[codes]) ** 2).sum()) / df / n) ** 0.5
    else:
        df = groups - 1
        error = (groups / df * float(((sizes * (means - middle)) ** 2).sum())) ** 0.5 / n
    if not error:
        return Absent(Why.CONSTANT)
    width = float(stats.t.ppf(0.975, df)) * error
    return middle - width, middle + width
