"""How two groups of people differ: Welch's t test, and Hedges' g with the interval from the noncentral t distribution.

Welch BL. *The generalization of Student's problem when several different population variances are involved.*
Biometrika 1947;34:28-35; Hedges LV. *Distribution theory for Glass's estimator of effect size and related estimators.*
Journal of Educational Statistics 1981;6:107-128.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import optimize, special, stats

from sirkel.evidence.change import small_sample_factor
from sirkel.evidence.descriptives import mean_of, sd_of
from sirkel.evidence.moments import Numbers
from sirkel.evidence.why import Absent, Interval, Number, Why

_TWO = 2
_LEVEL = 0.975
_MOST_STEPS = 12


@dataclass(frozen=True, slots=True)
class GroupDifference:
    """The first group's mean minus the second's, by Welch's t test; ``g`` is Hedges' g over the pooled spread."""

    n_1: int
    n_2: int
    mean_1: Number
    mean_2: Number
    difference: Number
    t: Number
    df: Number
    ci95: Interval
    p: Number
    g: Number
    g_ci95: Interval


def group_difference(first: ArrayLike, second: ArrayLike) -> GroupDifference:
    """Return how two groups' scores differ; NaN is left out.

    Raises:
        ValueError: a score is infinite.

    """
    one, two = (np.asarray(group, dtype=float).ravel() for group in (first, second))
    one, two = one[~np.isnan(one)], two[~np.isnan(two)]
    if np.isinf(one).any() or np.isinf(two).any():
        raise ValueError("Every score is finite or missing")
    n_1, n_2 = one.size, two.size
    if n_1 < _TWO or n_2 < _TWO:
        none = Absent(Why.FEW if n_1 and n_2 else Why.ONE_GROUP if n_1 or n_2 else Why.NO_ANSWERS)
        means = [mean_of(group) if group.size else none for group in (one, two)]
        gap = mean_of(one) - mean_of(two) if n_1 and n_2 else none
        return GroupDifference(n_1, n_2, means[0], means[1], gap, *(none,) * 2, none, none, none, none)
    difference = mean_of(one) - mean_of(two)
    parts = sd_of(one) ** 2 / n_1, sd_of(two) ** 2 / n_2
    error = sum(parts)
    if not error:
        alike = Absent(Why.CONSTANT)
        return GroupDifference(
            n_1, n_2, mean_of(one), mean_of(two), difference, alike, alike, alike, alike, alike, alike
        )
    df = error**2 / (parts[0] ** 2 / (n_1 - 1) + parts[1] ** 2 / (n_2 - 1))
    t = difference / error**0.5
    width = float(stats.t.ppf(_LEVEL, df)) * error**0.5
    g, ci = hedges_g(one, two)
    return GroupDifference(
        n_1=n_1,
        n_2=n_2,
        mean_1=mean_of(one),
        mean_2=mean_of(two),
        difference=difference,
        t=t,
        df=df,
        ci95=(difference - width, difference + width),
        p=float(2 * stats.t.sf(abs(t), df)),
        g=g,
        g_ci95=ci,
    )


def hedges_g(one: Numbers, two: Numbers) -> tuple[Number, Interval]:
    """Return Hedges' g of two groups of at least two, and its interval from the noncentral t distribution."""
    n_1, n_2 = one.size, two.size
    df = n_1 + n_2 - 2
    pooled = (((n_1 - 1) * sd_of(one) ** 2 + (n_2 - 1) * sd_of(two) ** 2) / df) ** 0.5
    if not pooled:
        return Absent(Why.CONSTANT), Absent(Why.CONSTANT)
    d = (mean_of(one) - mean_of(two)) / pooled
    scale, factor = (1 / n_1 + 1 / n_2) ** 0.5, small_sample_factor(df)
    low, high = (_noncentrality(d / scale, df, share) for share in (_LEVEL, 1 - _LEVEL))
    if low is None or high is None:
        return d * factor, Absent(Why.NOT_CONVERGED)
    return d * factor, (low * scale * factor, high * scale * factor)


def _noncentrality(t: float, df: float, share: float) -> float | None:
    """Return the noncentrality at which ``share`` of the distribution lies below t; None when it cannot be found.

    The search begins at t and steps outwards by the standard error of t about its noncentrality,
    ``(1 + t**2 / (2 df))**0.5``: far out, where nobody needs it, the distribution function has holes without a number.
    """

    def beyond(ncp: float) -> float:
        below = float(special.nctdtr(df, ncp, t)) if t >= 0 else 1 - float(special.nctdtr(df, -ncp, -t))
        return below - share

    step = (1 + t**2 / (2 * df)) ** 0.5
    low = high = t
    for _further in range(_MOST_STEPS):
        low, high = low if beyond(low) > 0 else low - step, high if beyond(high) < 0 else high + step
        if beyond(low) > 0 > beyond(high):
            return float(optimize.brentq(beyond, low, high, xtol=1e-12, rtol=1e-12))
    return None
