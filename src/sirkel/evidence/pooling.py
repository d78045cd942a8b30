"""One result from several completed data sets, by Rubin's rules.

The variance is the mean of the variances plus (1 + 1/m) times the variance of the estimates (Rubin DB. *Multiple
imputation for nonresponse in surveys.* Wiley 1987); degrees of freedom after Barnard J, Rubin DB. *Small-sample
degrees of freedom with multiple imputation.* Biometrika 1999;86:948-955, as R's ``mice::pool.scalar`` has them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from sirkel.evidence.descriptives import mean_of, sd_of
from sirkel.evidence.why import Absent, Interval, Number, Why

_TWO = 2


@dataclass(frozen=True, slots=True)
class Pooled:
    """The pooled estimate.

    ``within`` is the mean of the variances, ``between`` the variance of the estimates; ``missing_share`` is the share
    of the total variance that is due to what was missing. ``df`` is None when nothing limits it.
    """

    estimate: Number
    within: Number
    between: Number
    total: Number
    df: float | None
    ci95: Interval
    missing_share: Number


def pool(
    estimates: Sequence[float], variances: Sequence[float], *, complete_df: float | None = None
) -> Pooled:
    """Return the pooled estimate of m completed data sets.

    Args:
        estimates: one of each.
        variances: the squared standard error of each.
        complete_df: degrees of freedom that the complete data would have; None for a large sample.

    Raises:
        ValueError: the lists differ in length, or a number is infinite, missing or a variance below 0.

    """
    q, u = np.asarray(estimates, dtype=float), np.asarray(variances, dtype=float)
    if q.shape != u.shape or not np.isfinite(q).all() or not np.isfinite(u).all() or (u < 0).any():
        raise ValueError("Each estimate has its variance, and all are numbers")
    m = q.size
    if m < _TWO:
        few = Absent(Why.FEW)
        return Pooled(few, few, few, few, None, few, few)
    within, between = mean_of(u), sd_of(q) ** 2
    total = within + (1 + 1 / m) * between
    if not total:
        alike = Absent(Why.ALIKE)
        return Pooled(mean_of(q), within, between, total, None, alike, alike)
    share = (1 + 1 / m) * between / total
    df = _degrees(m, share, complete_df)
    if df == 0:
        return Pooled(mean_of(q), within, between, total, df, Absent(Why.FEW), share)
    quantile = stats.norm.ppf(0.975) if df is None else stats.t.ppf(0.975, df)
    width = float(quantile) * total**0.5
    estimate = mean_of(q)
    return Pooled(estimate, within, between, total, df, (estimate - width, estimate + width), share)


def _degrees(m: int, share: float, complete_df: float | None) -> float | None:
    """Return the degrees of freedom of Barnard and Rubin; None for no limit."""
    old = (m - 1) / share**2 if share else None
    if complete_df is None:
        return old
    observed = (complete_df + 1) / (complete_df + 3) * complete_df * (1 - share)
    if old is None or not observed:
        return observed if old is None else 0.0
    return old * observed / (old + observed)
