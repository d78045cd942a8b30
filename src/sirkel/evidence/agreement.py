"""How much people of one workplace say the same, and how much raters do.

ICC(1) and ICC(2) from the analysis of variance are those of Bartko JJ. *On various intraclass correlation reliability
coefficients.* Psychological Bulletin 1976;83:762-765 and Bliese PD. *Within-group agreement, non-independence, and
reliability.* In: Klein, Kozlowski (eds) 2000. They take the mean group size, as R's ``multilevel`` does; ``icc1_n0``
takes the size that uneven groups ask for. The mixed model's ICC is another number: never mix them. Rater ICCs: Shrout
PE, Fleiss JL. *Intraclass correlations.* Psychological Bulletin 1979;86:420-428.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from sirkel.evidence.moments import Numbers
from sirkel.evidence.why import Absent, Interval, Number, Why

_TWO = 2


@dataclass(frozen=True, eq=False)
class Groups:
    """Sufficient statistics of scores in groups: per group n, sum and sum of squares around the group's mean.

    Groups without an answer do not count. ``shift`` was taken off every score.
    """

    n: Numbers
    sums: Numbers
    within: Numbers
    shift: float

    @classmethod
    def from_sums(cls, n: ArrayLike, sums: ArrayLike, squares: ArrayLike, *, shift: float = 0.0) -> "Groups":
        """Gather them from sums that somebody else added up.

        Args:
            n: scores per group.
            sums: the scores' sum per group, ``shift`` taken off each score before.
            squares: the sum of the squares of the same.
            shift: a number near the mean; without it the squares of large scores lose digits.

        Raises:
            ValueError: the lists differ in length.

        """
        count, total, square = (np.asarray(part, dtype=float) for part in (n, sums, squares))
        if not count.shape == total.shape == square.shape:
            raise ValueError("Every group has its n, its sum and its sum of squares")
        there = count > 0
        count, total, square = count[there], total[there], square[there]
        left = square - total**2 / count
        within = np.where(left > 1e-13 * square, left, 0.0)
        return cls(count, total, np.where(count > 1, within, 0.0), shift)

    @classmethod
    def from_rows(cls, values: ArrayLike, group: ArrayLike) -> "Groups":
        """Gather them from scores (rows; NaN is left out) and the group of each, of any kind that sorts."""
        numbers, names = np.asarray(values, dtype=float), np.asarray(group)
        there = ~np.isnan(numbers)
        numbers, names = numbers[there], names[there]
        if not numbers.size:
            return cls(np.zeros(0), np.zeros(0), np.zeros(0), 0.0)
        shift = float(np.rint(numbers.mean()))
        moved = numbers - shift
        code = np.unique(names, return_inverse=True)[1]
        n = np.bincount(code).astype(float)
        sums = np.asarray(np.bincount(code, weights=moved), dtype=float)
        within = np.asarray(np.bincount(code, weights=(moved - (sums / n)[code]) ** 2), dtype=float)
        return cls(n, sums, within, shift)


@dataclass(frozen=True, slots=True)
class GroupIcc:
    """ICCs of the analysis of variance.

    ``icc1`` and ``icc2`` take the mean group size, ``icc1_n0`` the one for uneven groups. ``ci95`` belongs to
    ``icc1``: exact for even groups, near for uneven ones. ``f`` is MSB / MSW.
    """

    groups: int
    n: int
    mean_group_size: Number
    n0: Number
    icc1: Number
    icc2: Number
    icc1_n0: Number
    ci95: Interval
    f: Number


def group_icc(groups: Groups) -> GroupIcc:
    """Return the ICCs of scores in groups."""
    many, n = groups.n.size, int(groups.n.sum())
    why = _no_variance_analysis(groups)
    if why:
        none = Absent(why)
        return GroupIcc(many, n, n / many if many else none, none, none, none, none, none, none)
    grand = float(groups.sums.sum()) / n
    between = float((groups.n * (groups.sums / groups.n - grand) ** 2).sum()) / (many - 1)
    within = float(groups.within.sum()) / (n - many)
    size = n / many
    n0 = (n - float((groups.n**2).sum()) / n) / (many - 1)
    icc1 = _share(between, within, size)
    return GroupIcc(
        groups=many,
        n=n,
        mean_group_size=size,
        n0=n0,
        icc1=icc1,
        icc2=(between - within) / between if between > 0 else Absent(Why.ALIKE),
        icc1_n0=_share(between, within, n0),
        ci95=_interval(between, within, many - 1, n - many, size),
        f=between / within if within > 0 else Absent(Why.ALIKE),
    )


def _no_variance_analysis(groups: Groups) -> Why | None:
    n = float(groups.n.sum())
    if not n:
        return Why.NO_ANSWERS
    if n == 1:
        return Why.ONE_PERSON
    if groups.n.size == 1:
        return Why.ONE_UNIT
    if n == groups.n.size:
        return Why.SINGLETONS
    means = groups.sums / groups.n
    if not groups.within.any() and np.ptp(means) <= 1e-12 * max(float(np.abs(means).max()), 1.0):
        return Why.CONSTANT
    return None


def _share(between: float, within: float, size: float) -> float:
    return (between - within) / (between + (size - 1) * within)


def _interval(between: float, within: float, df1: float, df2: float, size: float) -> Interval:
    if not within:
        return Absent(Why.ALIKE)
    f = between / within
    low, high = f / float(stats.f.ppf(0.975, df1, df2)), f * float(stats.f.ppf(0.975, df2, df1))
    return (low - 1) / (low + size - 1), (high - 1) / (high + size - 1)


@dataclass(frozen=True, slots=True)
class RaterIcc:
    """One rater ICC with its F test: ``ci95`` is (lower, upper)."""

    icc: Number
    f: Number
    df1: int
    df2: int
    p: Number
    ci95: Interval


FORMS = ("ICC1", "ICC2", "ICC3", "ICC1k", "ICC2k", "ICC3k")


def rater_icc(ratings: ArrayLike) -> Mapping[str, RaterIcc] | Absent:
    """Return the six forms of Shrout and Fleiss by name (``FORMS``).

    Args:
        ratings: one thing judged a row, one rater a column (things x raters); rows with a gap are left out.

    Absent for fewer than two raters or complete rows, and when all ratings are the same.

    """
    table = np.asarray(ratings, dtype=float)
    table = table[~np.isnan(table).any(axis=1)]
    n, k = table.shape
    if k < _TWO:
        return Absent(Why.ONE_RATER)
    if n < _TWO:
        return Absent(Why.FEW if n else Why.NO_ANSWERS)
    table = table - table.mean()
    rows, columns = table.mean(axis=1), table.mean(axis=0)
    left = table - rows[:, None] - columns
    floor = 1e-13 * float((table**2).sum())
    between, judges, error = k * float((rows**2).sum()), n * float((columns**2).sum()), float((left**2).sum())
    between, judges, error = (0.0 if part <= floor else part for part in (between, judges, error))
    if not between + judges + error:
        return Absent(Why.CONSTANT)
    within = (judges + error) / (n * (k - 1))
    msb, msj, mse = between / (n - 1), judges / (k - 1), error / ((n - 1) * (k - 1))
    dfs = (n - 1, n * (k - 1)), (n - 1, (n - 1) * (k - 1))
    one = _ratio(msb - within, msb + (k - 1) * within), _ratio(msb - within, msb)
    two = (
        _ratio(msb - mse, msb + (k - 1) * mse + k * (msj - mse) / n),
        _ratio(msb - mse, msb + (msj - mse) / n),
    )
    three = _ratio(msb - mse, msb + (k - 1) * mse), _ratio(msb - mse, msb)
    absolute = _f_bounds(msb, within, *dfs[0])
    fixed = _f_bounds(msb, mse, *dfs[1])
    random = _random_bounds(msb, msj, mse, n, k, two[0])
    forms = {
        "ICC1": (one[0], within, dfs[0], _single(absolute, k)),
        "ICC2": (two[0], mse, dfs[1], random),
        "ICC3": (three[0], mse, dfs[1], _single(fixed, k)),
        "ICC1k": (one[1], within, dfs[0], _average(absolute)),
        "ICC2k": (two[1], mse, dfs[1], _stepped_up(random, k)),
        "ICC3k": (three[1], mse, dfs[1], _average(fixed)),
    }
    return {name: _rated(icc, msb, noise, df, ci) for name, (icc, noise, df, ci) in forms.items()}


def _rated(icc: Number, msb: float, noise: float, df: tuple[int, int], ci: Interval) -> RaterIcc:
    f = _ratio(msb, noise)
    p = f if isinstance(f, Absent) else float(stats.f.sf(f, *df))
    return RaterIcc(icc=icc, f=f, df1=df[0], df2=df[1], p=p, ci95=ci)


def _ratio(part: float, whole: float) -> Number:
    return part / whole if whole else Absent(Why.ALIKE)


def _f_bounds(msb: float, noise: float, df1: int, df2: int) -> Interval:
    if not noise or not msb:
        return Absent(Why.ALIKE)
    f = msb / noise
    return f / float(stats.f.ppf(0.975, df1, df2)), f * float(stats.f.ppf(0.975, df2, df1))


def _single(bounds: Interval, k: int) -> Interval:
    if isinstance(bounds, Absent):
        return bounds
    low, high = bounds
    return (low - 1) / (low + k - 1), (high - 1) / (high + k - 1)


def _average(bounds: Interval) -> Interval:
    return bounds if isinstance(bounds, Absent) else (1 - 1 / bounds[0], 1 - 1 / bounds[1])


def _random_bounds(msb: float, msj: float, mse: float, n: int, k: int, icc: Number) -> Interval:
    """Return the interval of ICC(2,1), with Satterthwaite's degrees of freedom."""
    if isinstance(icc, Absent) or not mse or not msb:
        return Absent(Why.ALIKE)
    fj = msj / mse
    rest = n * (1 + (k - 1) * icc) - k * icc
    upper = (k - 1) * (n - 1) * (k * icc * fj + rest) ** 2
    lower = (n - 1) * k**2 * icc**2 * fj**2 + rest**2
    if not upper or not lower:
        return Absent(Why.ALIKE)
    df = upper / lower
    high, low = float(stats.f.ppf(0.975, n - 1, df)), float(stats.f.ppf(0.975, df, n - 1))
    noise = k * msj + (k * n - k - n) * mse
    # Divided by the upper quantile, which may be beyond all numbers where degrees of freedom are few.
    lowest = n * (msb / high - mse) / (noise + n * msb / high)
    highest = n * (low * msb - mse) / (noise + n * low * msb)
    if not np.isfinite((lowest, highest)).all():
        return Absent(Why.FEW)
    return lowest, highest


def _stepped_up(bounds: Interval, k: int) -> Interval:
    if isinstance(bounds, Absent):
        return bounds
    low, high = bounds
    if 1 + low * (k - 1) <= 1e-12:  # noqa: PLR2004 -- below what k raters' mean can be stepped up from
        return Absent(Why.FEW)
    return k * low / (1 + low * (k - 1)), k * high / (1 + high * (k - 1))
