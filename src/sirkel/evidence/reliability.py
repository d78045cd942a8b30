"""How well the items of a scale go together: Cronbach's alpha, its interval, and what each item adds.

Everything is made from ``Moments``, so that a million sheets and the sums that a register delivers give the same
digits. Alpha is that of Cronbach LJ. *Coefficient alpha and the internal structure of tests.* Psychometrika
1951;16:297-334, on unstandardised items; the interval is that of Feldt LS, Woodruff DJ, Salih FA. *Statistical
inference for coefficient alpha.* Applied Psychological Measurement 1987;11:93-103. Both stand for all k items that
the scale has, also when everybody answered one of them alike; such items are named.
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from sirkel.evidence.moments import Moments, Numbers
from sirkel.evidence.why import Absent, Interval, Number, Why, finite


@dataclass(frozen=True, slots=True)
class ItemStatistics:
    """One item on the complete sheets.

    ``item_rest`` is its correlation with the sum of the others, ``alpha_if_dropped`` the others' alpha.
    """

    n: int
    mean: Number
    sd: Number
    item_rest: Number
    alpha_if_dropped: Number


@dataclass(frozen=True, slots=True)
class Reliability:
    """The reliability block of one scale.

    ``n`` counts complete sheets; ``alpha``, ``ci95`` (lower, upper) and ``items`` rest on them. ``pairwise`` is alpha
    from each pair's own sheets, as most published tables have it. ``constant`` names the items that every complete
    sheet answers alike.
    """

    n: int
    alpha: Number
    ci95: Interval
    pairwise: Number
    items: dict[str, ItemStatistics]
    constant: tuple[str, ...]


def reliability(moments: Moments) -> Reliability:
    """Return the reliability block of the items, reversed where they must be."""
    n = moments.complete
    value = listwise_alpha(moments)
    return Reliability(
        n=n,
        alpha=value,
        ci95=feldt_interval(value, n, len(moments.items)),
        pairwise=pairwise_alpha(moments),
        items=item_statistics(moments),
        constant=_constant(moments),
    )


def listwise_alpha(moments: Moments) -> Number:
    """Return alpha on the complete sheets."""
    if len(moments.items) < 2:  # noqa: PLR2004 -- one item has no others
        return Absent(Why.ONE_ITEM)
    short = _too_few(moments.complete)
    return short or alpha_of(moments.covariance())


def pairwise_alpha(moments: Moments) -> Number:
    """Return alpha from each pair's own sheets."""
    if len(moments.items) < 2:  # noqa: PLR2004 -- one item has no others
        return Absent(Why.ONE_ITEM)
    short = _too_few(int(moments.counts.min()))
    return short or alpha_of(moments.pairwise_covariance())


def alpha_of(covariance: Numbers) -> Number:
    """Return alpha of a covariance matrix (k x k): k / (k - 1) * (1 - trace / sum)."""
    k = len(covariance)
    if k < 2:  # noqa: PLR2004 -- one item has no others
        return Absent(Why.ONE_ITEM)
    trace, total = float(np.trace(covariance)), float(covariance.sum())
    if total <= 1e-12 * trace or not trace:
        return Absent(Why.CONSTANT)
    return finite(k / (k - 1) * (1 - trace / total), Why.CONSTANT)


def feldt_interval(alpha: Number, n: int, k: int, *, level: float = 0.95) -> Interval:
    """Return the interval of alpha from n complete sheets of k items, after Feldt."""
    if isinstance(alpha, Absent):
        return alpha
    df1, df2 = n - 1, (n - 1) * (k - 1)
    tail = (1 - level) / 2
    low = 1 - (1 - alpha) * float(stats.f.ppf(1 - tail, df1, df2))
    high = 1 - (1 - alpha) * float(stats.f.ppf(tail, df1, df2))
    return low, high


def item_statistics(moments: Moments) -> dict[str, ItemStatistics]:
    """Return each item's statistics on the complete sheets."""
    n = moments.complete
    short = _too_few(n)
    if short:
        means = moments.means() if n else None
        return {
            item: ItemStatistics(n, short if means is None else float(means[at]), short, short, short)
            for at, item in enumerate(moments.items)
        }
    covariance, means = moments.covariance(), moments.means()
    return {
        item: ItemStatistics(
            n=n,
            mean=float(means[at]),
            sd=float(covariance[at, at] ** 0.5),
            item_rest=item_rest_of(covariance, at),
            alpha_if_dropped=alpha_of(np.delete(np.delete(covariance, at, 0), at, 1)),
        )
        for at, item in enumerate(moments.items)
    }


def item_rest_of(covariance: Numbers, at: int) -> Number:
    """Return the correlation of one item with the sum of the others: (r - v) / sqrt(v * (S - 2r + v))."""
    if len(covariance) < 2:  # noqa: PLR2004 -- one item has no others
        return Absent(Why.ONE_ITEM)
    own, row, total = float(covariance[at, at]), float(covariance[at].sum()), float(covariance.sum())
    rest = total - 2 * row + own
    if own <= 0 or rest <= 1e-12 * float(np.trace(covariance)):
        return Absent(Why.CONSTANT)
    return float((row - own) / (own * rest) ** 0.5)


def _too_few(n: int) -> Absent | None:
    if not n:
        return Absent(Why.NO_ANSWERS)
    return Absent(Why.ONE_PERSON) if n == 1 else None


def _constant(moments: Moments) -> tuple[str, ...]:
    if moments.complete < 2:  # noqa: PLR2004 -- of one answer nobody can say that it varies
        return ()
    spread = np.diag(moments.covariance())
    return tuple(item for item, own in zip(moments.items, spread, strict=True) if own == 0)
