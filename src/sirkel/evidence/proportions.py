"""Shares of people: their interval, and whether a share changed among people who answered twice.

The interval is that of Wilson EB. *Probable inference, the law of succession, and statistical inference.* Journal of
the American Statistical Association 1927;22:209-212; the change is McNemar's test in its exact, binomial form.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from sirkel.evidence.why import Absent, Interval, Number, Why


@dataclass(frozen=True, slots=True)
class Share:
    """How many of n, as a share with its interval (lower, upper)."""

    count: int
    n: int
    share: Number
    ci95: Interval


def share(count: int, n: int) -> Share:
    """Return the share of ``count`` in ``n``.

    Raises:
        ValueError: the count is not between 0 and n.

    """
    if not 0 <= count <= n:
        raise ValueError("A count lies between 0 and the number of people")
    if not n:
        return Share(0, 0, Absent(Why.NO_ANSWERS), Absent(Why.NO_ANSWERS))
    z = float(stats.norm.ppf(0.975))
    p, wide = count / n, 1 + z**2 / n
    centre = (p + z**2 / (2 * n)) / wide
    width = z / wide * (p * (1 - p) / n + z**2 / (4 * n**2)) ** 0.5
    return Share(count, n, p, (max(centre - width, 0.0), min(centre + width, 1.0)))


@dataclass(frozen=True, slots=True)
class ShareChange:
    """A share at two rounds among n people who answered both; ``gained`` and ``lost`` are those who changed."""

    n: int
    gained: int
    lost: int
    share_1: Number
    share_2: Number
    p: Number


def share_change(first: ArrayLike, second: ArrayLike) -> ShareChange:
    """Return how a yes or no changed, with McNemar's exact p.

    Args:
        first: 1 for yes, 0 for no, NaN where missing (people).
        second: the same people's second answers.

    Raises:
        ValueError: the lists differ in length, or an answer is neither yes nor no.

    """
    one, two = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    if one.shape != two.shape:
        raise ValueError("Both rounds have the same people")
    both = ~(np.isnan(one) | np.isnan(two))
    one, two = one[both], two[both]
    if not (np.isin(one, [0, 1]).all() and np.isin(two, [0, 1]).all()):
        raise ValueError("An answer is yes (1), no (0) or missing")
    n = one.size
    if not n:
        none = Absent(Why.NO_PAIRS)
        return ShareChange(0, 0, 0, none, none, none)
    gained, lost = int((two > one).sum()), int((two < one).sum())
    moved = gained + lost
    p = float(stats.binomtest(gained, moved).pvalue) if moved else Absent(Why.NO_CHANGE)
    return ShareChange(n, gained, lost, float(one.mean()), float(two.mean()), p)
