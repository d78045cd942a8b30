"""What changed between two rounds, for people who answered both.

The standardised changes are named: ``d_z`` over the spread of the changes; ``d_av`` over the mean spread of both
rounds (Lakens D. *Calculating and reporting effect sizes.* Frontiers in Psychology 2013;4:863) with the interval of
Bonett DG. *Confidence intervals for standardized linear contrasts of means.* Psychological Methods 2008;13:99-109;
``g_av`` is d_av times J(n - 1). A change is second minus first. From rows or from sums the same numbers come out.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike
from scipy import special, stats

from sirkel.evidence.descriptives import mean_of, sd_of
from sirkel.evidence.moments import Moments, Numbers
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
    rounds = _Rounds(
        n=n,
        means=(mean_of(one), mean_of(two)),
        difference=mean_of(gone),
        variances=(sd_of(one) ** 2, sd_of(two) ** 2),
        crossed=float(_away(one) @ _away(two)) / (n - 1),
        spread=_spread(gone, one, two),
    )
    return _change(rounds, (float(np.median(one)), float(np.median(two))), signed_rank_p(gone))


def paired_change_of(moments: Moments) -> PairedChange:
    """Return the change from the sums of both rounds: two items, the first round's score and the second's.

    Medians and the signed rank test need single answers and are absent.

    Raises:
        ValueError: there are not two items.

    """
    if len(moments.items) != _TWO:
        raise ValueError("A change has two rounds")
    n, hidden = moments.complete, Absent(Why.SUMS_ALONE)
    if n < _TWO:
        there = moments.means()[None, :] if n else np.zeros((0, 2))
        few = _too_few(there[:, 0], there[:, 1])
        return replace(few, median_1=hidden, median_2=hidden) if n else few
    covariance, means = moments.covariance(), moments.means()
    variance = float(covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1])
    least = 1e-13 * float(np.trace(covariance))
    rounds = _Rounds(
        n=n,
        means=(float(means[0]), float(means[1])),
        difference=float(means[1] - means[0]),
        variances=(float(covariance[0, 0]), float(covariance[1, 1])),
        crossed=float(covariance[0, 1]),
        spread=variance**0.5 if variance > least else 0.0,
    )
    return _change(rounds, (hidden, hidden), hidden)


@dataclass(frozen=True, slots=True)
class _Rounds:
    """What two rounds of at least two people say: means, variances, covariance, and the spread of the changes."""

    n: int
    means: tuple[float, float]
    difference: float
    variances: tuple[float, float]
    crossed: float
    spread: float


def _change(rounds: _Rounds, medians: tuple[Number, Number], rank_p: Number) -> PairedChange:
    n, difference, spread = rounds.n, rounds.difference, rounds.spread
    se = spread / n**0.5
    t = difference / se if spread else Absent(Why.ALIKE if difference else Why.NO_CHANGE)
    width = float(stats.t.ppf(_LEVEL, n - 1)) * se
    d_av, ci = _standardised(rounds)
    return PairedChange(
        n=n,
        mean_1=rounds.means[0],
        mean_2=rounds.means[1],
        median_1=medians[0],
        median_2=medians[1],
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
        wilcoxon_p=rank_p,
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


def _standardised(rounds: _Rounds) -> tuple[Number, Interval]:
    """Return d_av and Bonett's interval."""
    n, (var_1, var_2) = rounds.n, rounds.variances
    mean_var = (var_1 + var_2) / 2
    if not mean_var:
        return Absent(Why.CONSTANT), Absent(Why.CONSTANT)
    d = rounds.difference / mean_var**0.5
    part = d**2 * (var_1**2 + var_2**2 + 2 * rounds.crossed**2) / (8 * (n - 1) * mean_var**2)
    variance = part + rounds.spread**2 / ((n - 1) * mean_var)
    width = float(stats.norm.ppf(_LEVEL)) * variance**0.5
    return d, (d - width, d + width)


def small_sample_factor(df: float) -> float:
    """Return J(df), Hedges' correction for df above 1: gamma(df/2) / (sqrt(df/2) gamma((df - 1)/2))."""
    return float(np.exp(special.gammaln(df / 2) - special.gammaln((df - 1) / 2)) / (df / 2) ** 0.5)


def _away(values: Numbers) -> Numbers:
    moved = values - values[0]
    return np.asarray(moved - moved.mean(), dtype=float)


def _spread(gone: Numbers, one: Numbers, two: Numbers) -> float:
    """Return the standard deviation of the changes; nothing when they differ in rounding alone."""
    spread = sd_of(gone)
    size = max(float(np.abs(one).max()), float(np.abs(two).max()))
    return spread if spread > 1e-14 * size else 0.0
