"""What changed between two rounds, for people who answered both, and how two groups differ.

The standardised changes are named: ``d_z`` over the spread of the changes; ``d_av`` over the mean spread of both
rounds (Lakens D. *Calculating and reporting effect sizes.* Frontiers in Psychology 2013;4:863) with the interval of
Bonett DG. *Confidence intervals for standardized linear contrasts of means.* Psychological Methods 2008;13:99-109;
``g_av`` is d_av times J(n - 1). Hedges' g of two groups has the interval from the noncentral t distribution. A change
is second minus first.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import optimize, special, stats

from sirkel.evidence.descriptives import mean_of, sd_of
from sirkel.evidence.moments import Numbers
from sirkel.evidence.signed_rank import signed_rank_p
from sirkel.evidence.why import Absent, Interval, Number, Why

_TWO = 2
_LEVEL = 0.975


@dataclass(frozen=True, slots=True)
class PairedChange:
    """The change of n people who answered both rounds.

    ``ci95`` (lower, upper) and ``p`` are those of the paired t test with n - 1 degrees of freedom.
    """

    n: int
    mean_1: Number
    mean_2: Number
    median_1: Number
    median_2: Number
    difference: Number
    sd_difference: Number
    t: Number
    df: int
    ci95: Interval
    p: Number
    d_z: Number
    d_av: Number
    g_av: Number
    d_av_ci95: Interval
    wilcoxon_p: Number


def paired_change(first: ArrayLike, second: ArrayLike) -> PairedChange:
    """Return the change from the first round to the second.

    Args:
        first: scores of the first round (people), NaN where missing.
        second: the same people's scores of the second.

    Raises:
        ValueError: the lists differ in length, or a score is infinite.

    """
    one, two = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    if one.shape != two.shape or np.isinf(one).any() or np.isinf(two).any():
        raise ValueError("Both rounds have the same people, and every score is finite or missing")
    both = ~(np.isnan(one) | np.isnan(two))
    one, two = one[both], two[both]
    n = one.size
    if n < _TWO:
        return _too_few(one, two)
    gone = two - one
    difference, spread = mean_of(gone), _spread(gone, one, two)
    se = spread / n**0.5
    t = difference / se if spread else Absent(Why.ALIKE if difference else Why.NO_CHANGE)
    width = float(stats.t.ppf(_LEVEL, n - 1)) * se
    d_av, ci = standardised_change(one, two)
    return PairedChange(
        n=n,
        mean_1=mean_of(one),
        mean_2=mean_of(two),
        median_1=float(np.median(one)),
        median_2=float(np.median(two)),
        difference=difference,
        sd_difference=spread,
        t=t,
        df=n - 1,
        ci95=(difference - width, difference + width) if spread else Absent(Why.ALIKE),
        p=t if isinstance(t, Absent) else float(2 * stats.t.sf(abs(t), n - 1)),
        d_z=difference / spread if spread else Absent(Why.ALIKE),
        d_av=d_av,
        g_av=_corrected(d_av, n - 1),
        d_av_ci95=ci,
        wilcoxon_p=signed_rank_p(gone),
    )


def _too_few(one: Numbers, two: Numbers) -> PairedChange:
    """Return what one person's change, or nobody's, says."""
    n = one.size
    why = Absent(Why.ONE_PERSON if n else Why.NO_PAIRS)
    means: list[Number] = [float(one[0]), float(two[0]), float(two[0] - one[0])] if n else [why] * 3
    return PairedChange(
        n=n,
        mean_1=means[0],
        mean_2=means[1],
        median_1=means[0],
        median_2=means[1],
        difference=means[2],
        sd_difference=why,
        t=why,
        df=0,
        ci95=why,
        p=why,
        d_z=why,
        d_av=why,
        g_av=why,
        d_av_ci95=why,
        wilcoxon_p=why,
    )


def _corrected(d: Number, df: float) -> Number:
    """Return d for small samples; absent where one degree of freedom leaves nothing of it."""
    if isinstance(d, Absent):
        return d
    return d * small_sample_factor(df) if df > 1 else Absent(Why.FEW)


def standardised_change(one: Numbers, two: Numbers) -> tuple[Number, Interval]:
    """Return d_av of at least two people's scores, and Bonett's interval."""
    n = one.size
    var_1, var_2 = sd_of(one) ** 2, sd_of(two) ** 2
    mean_var = (var_1 + var_2) / 2
    if not mean_var:
        return Absent(Why.CONSTANT), Absent(Why.CONSTANT)
    d = mean_of(two - one) / mean_var**0.5
    away = _away(one), _away(two)
    crossed = float(away[0] @ away[1]) / (n - 1)  # r s1 s2
    part = d**2 * (var_1**2 + var_2**2 + 2 * crossed**2) / (8 * (n - 1) * mean_var**2)
    variance = part + sd_of(two - one) ** 2 / ((n - 1) * mean_var)
    width = float(stats.norm.ppf(_LEVEL)) * variance**0.5
    return d, (d - width, d + width)


def small_sample_factor(df: float) -> float:
    """Return J(df), Hedges' correction for df above 1: gamma(df/2) / (sqrt(df/2) gamma((df - 1)/2))."""
    return float(np.exp(special.gammaln(df / 2) - special.gammaln((df - 1) / 2)) / (df / 2) ** 0.5)


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
    """Return the noncentrality at which ``share`` of the distribution lies below t; None when it cannot be found."""

    def beyond(ncp: float) -> float:
        below = float(special.nctdtr(df, ncp, t)) if t >= 0 else 1 - float(special.nctdtr(df, -ncp, -t))
        return below - share

    reach = 4.0 + 4.0 * abs(t) / max(df, 1) ** 0.5
    for _doubled in range(6):
        low, high = t - reach, t + reach
        if beyond(low) > 0 > beyond(high):
            return float(optimize.brentq(beyond, low, high, xtol=1e-12, rtol=1e-12))
        reach *= 2
    return None


def _away(values: Numbers) -> Numbers:
    moved = values - values[0]
    return np.asarray(moved - moved.mean(), dtype=float)


def _spread(gone: Numbers, one: Numbers, two: Numbers) -> float:
    """Return the standard deviation of the changes; nothing when they differ in rounding alone."""
    spread = sd_of(gone)
    size = max(float(np.abs(one).max()), float(np.abs(two).max()))
    return spread if spread > 1e-14 * size else 0.0
