"""The Wilcoxon signed rank test, as R's ``wilcox.test`` does it.

People without a change are dropped. Exact without ties or dropped people and for fewer than 50; else the normal
approximation with a correction for ties and for continuity (Hollander M, Wolfe DA. *Nonparametric statistical
methods.* Wiley 1973).
"""

import numpy as np
from scipy import special, stats

from sirkel.evidence.moments import Numbers
from sirkel.evidence.why import Absent, Number, Why

EXACT_BELOW = 50


def signed_rank_p(changes: Numbers) -> Number:
    """Return the two-sided p of the changes (people), none of them missing."""
    moved = changes[changes != 0]
    n = moved.size
    if not n:
        return Absent(Why.NO_CHANGE if changes.size else Why.NO_PAIRS)
    ranks = stats.rankdata(np.abs(moved))
    statistic = float(ranks[moved > 0].sum())
    ties = np.unique(ranks, return_counts=True)[1].astype(float)
    if n < EXACT_BELOW and n == changes.size and (ties == 1).all():
        return _exact(round(statistic), n)
    centre = n * (n + 1) / 4
    variance = n * (n + 1) * (2 * n + 1) / 24 - float((ties**3 - ties).sum()) / 48
    away = statistic - centre
    z = (away - float(np.sign(away)) * 0.5) / variance**0.5
    return min(1.0, 2 * float(special.ndtr(-abs(z)))) if away else 1.0


def _exact(statistic: int, n: int) -> float:
    """Return twice the smaller tail of the exact distribution, counted in whole numbers."""
    ways = [1] + [0] * (n * (n + 1) // 2)
    for rank in range(1, n + 1):
        for total in range(len(ways) - 1, rank - 1, -1):
            ways[total] += ways[total - rank]
    lower, upper = sum(ways[: statistic + 1]), sum(ways[statistic:])
    return min(1.0, 2 * min(lower, upper) / 2**n)
