"""Whether people who code the same texts code them alike: Krippendorff's alpha and Cohen's kappa.

Alpha is 1 - observed / expected disagreement from the coincidence matrix (Krippendorff K. *Computing Krippendorff's
alpha-reliability.* University of Pennsylvania 2011), for any number of coders, with gaps; its interval resamples what
was coded. Kappa is that of Cohen J. Educational and Psychological Measurement 1960;20:37-46 and Psychological Bulletin
1968;70:213-220, with the standard error of Fleiss JL, Cohen J, Everitt BS. *Large sample standard errors of kappa and
weighted kappa.* Psychological Bulletin 1969;72:323-327.
"""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from sirkel.evidence.moments import Numbers
from sirkel.evidence.why import Absent, Interval, Number, Why

Level = Literal["nominal", "ordinal", "interval", "ratio"]
_TWO = 2
_BATCH = 200


@dataclass(frozen=True, slots=True)
class Krippendorff:
    """Alpha, its interval by bootstrap (lower, upper; None when not asked for), and how many units were comparable."""

    alpha: Number
    ci95: Interval | None
    units: int


def krippendorff(
    codes: ArrayLike, level: Level = "nominal", *, replicates: int = 0, seed: int = 0
) -> Krippendorff:
    """Return Krippendorff's alpha.

    Args:
        codes: numbers, one coder a row and one coded unit a column, NaN where not coded (coders x units).
        level: what the numbers mean; ``ratio`` takes numbers of at least 0.
        replicates: how often to resample the units for the interval; 0 for none.
        seed: of the resampling.

    Raises:
        ValueError: a code is infinite, or below 0 on a ratio scale, or there is no such level.

    """
    table = np.asarray(codes, dtype=float)
    if np.isinf(table).any() or (level == "ratio" and (table < 0).any()):
        raise ValueError("Codes are finite, and on a ratio scale not below 0")
    if level not in {"nominal", "ordinal", "interval", "ratio"}:
        raise ValueError("A level is nominal, ordinal, interval or ratio")
    table = table[:, (~np.isnan(table)).sum(axis=0) >= _TWO]
    units = table.shape[1]
    if not units:
        none = Absent(Why.ONE_RATER if np.asarray(codes).shape[0] < _TWO else Why.NO_PAIRS)
        return Krippendorff(none, none if replicates else None, 0)
    values = np.unique(table[~np.isnan(table)])
    counts = np.array([(table == value).sum(axis=0) for value in values], dtype=float).T
    alpha = _alpha(_coincidences(counts, np.ones((1, units))), values, level)[0]
    found: Number = float(alpha) if np.isfinite(alpha) else Absent(Why.CONSTANT)
    ci = _bootstrap(counts, values, level, replicates, seed) if replicates else None
    return Krippendorff(found, found if replicates and isinstance(found, Absent) else ci, units)


def _coincidences(counts: Numbers, weights: Numbers) -> Numbers:
    """Return coincidence matrices for weights of the units (replicates x values x values).

    ``counts`` says how many coders gave each value (units x values), ``weights`` how often a unit counts
    (replicates x units).
    """
    many = counts.shape[1]
    pairs = counts / (counts.sum(axis=1, keepdims=True) - 1)
    found = np.empty((len(weights), many, many))
    for c in range(many):
        crossed = pairs[:, [c]] * counts
        crossed[:, c] -= pairs[:, c]
        found[:, c] = weights @ crossed
    return found


def _alpha(coincidence: Numbers, values: Numbers, level: Level) -> Numbers:
    """Return alpha of each coincidence matrix; NaN where only one value occurs."""
    n_c = coincidence.sum(axis=2)
    n = n_c.sum(axis=1)
    apart = _distances(n_c, values, level)
    observed = (coincidence * apart).sum(axis=(1, 2))
    expected = np.einsum("ri,rij,rj->r", n_c, apart, n_c)
    alpha = np.full(len(n), np.nan)
    is_varied = expected > 0
    alpha[is_varied] = 1 - (n[is_varied] - 1) * observed[is_varied] / expected[is_varied]
    return alpha


def _distances(n_c: Numbers, values: Numbers, level: Level) -> Numbers:
    """Return the squared distances between values (replicates or 1 x values x values)."""
    if level == "ordinal":
        upto = np.cumsum(n_c, axis=1) - n_c / 2
        return np.asarray((upto[:, :, None] - upto[:, None, :]) ** 2)
    gap = values[:, None] - values
    if level == "nominal":
        return (gap[None] != 0).astype(float)
    if level == "interval":
        return np.asarray(gap[None] ** 2)
    total = values[:, None] + values
    return np.divide(gap, total, out=np.zeros_like(gap), where=total > 0)[None] ** 2


def _bootstrap(counts: Numbers, values: Numbers, level: Level, replicates: int, seed: int) -> Interval:
    """Return the middle 95 % of alpha over resampled units; resamples with one value alone count as agreement."""
    dice = np.random.default_rng(seed)
    units = len(counts)
    if units < _TWO:
        return Absent(Why.FEW)
    found = []
    for first in range(0, replicates, _BATCH):
        weights = dice.multinomial(units, np.full(units, 1 / units), min(_BATCH, replicates - first))
        found.append(_alpha(_coincidences(counts, weights.astype(float)), values, level))
    low, high = np.quantile(np.nan_to_num(np.concatenate(found), nan=1.0), [0.025, 0.975])
    return float(low), float(high)


@dataclass(frozen=True, slots=True)
class Kappa:
    """Cohen's kappa with standard error and interval (lower, upper, within -1 and 1)."""

    n: float
    kappa: Number
    se: Number
    ci95: Interval


def kappa(
    one: ArrayLike, other: ArrayLike, *, weights: ArrayLike | Literal["squared"] | None = None
) -> Kappa:
    """Return kappa of two coders' codes (n each, of any kind that sorts; None and NaN are left out with their pair)."""
    table = crossed(one, other)
    return kappa_of(table, weights=weights)


def crossed(one: ArrayLike, other: ArrayLike) -> Numbers:
    """Return how often each pair of codes occurs (categories x categories), categories in order."""
    first, second = np.asarray(one), np.asarray(other)
    there = _is_there(first) & _is_there(second)
    both = np.concatenate([first[there], second[there]])
    names, code = np.unique(both, return_inverse=True)
    table = np.zeros((names.size, names.size))
    np.add.at(table, (code[: there.sum()], code[there.sum() :]), 1.0)
    return table


def kappa_of(
    table: ArrayLike, *, weights: ArrayLike | Literal["squared"] | None = None, n: float | None = None
) -> Kappa:
    """Return kappa of a square table of counts, or of shares with ``n`` given.

    Args:
        table: how often each pair of categories occurs (k x k).
        weights: None for plain kappa; ``squared`` for the squared distance of ordered categories; else a matrix
            (k x k) of agreement (1 on the diagonal) or of disagreement (0 on the diagonal).
        n: how many pairs, when the table holds shares.

    Raises:
        ValueError: the table or the weights are not square alike, or a count is below 0.

    """
    counts = np.asarray(table, dtype=float)
    if counts.ndim != _TWO or counts.shape[0] != counts.shape[1] or (counts < 0).any():
        raise ValueError("A table of agreement is square and counts")
    total = float(counts.sum())
    many = total if n is None else n
    if not total:
        return Kappa(0, *(Absent(Why.NO_PAIRS),) * 2, Absent(Why.NO_PAIRS))
    p = counts / total
    w = _agreement(weights, len(p))
    rows, columns = p.sum(axis=1), p.sum(axis=0)
    observed, expected = float((w * p).sum()), float((w * np.outer(rows, columns)).sum())
    if 1 - expected <= 1e-12:  # noqa: PLR2004 -- all in one category, but for rounding
        return Kappa(many, *(Absent(Why.CONSTANT),) * 2, Absent(Why.CONSTANT))
    value = (observed - expected) / (1 - expected)
    around = w * (1 - expected) - ((w @ columns)[:, None] + w.T @ rows) * (1 - observed)
    spread = float((p * around**2).sum()) - (observed * expected - 2 * expected + observed) ** 2
    se = (max(spread, 0.0) / many) ** 0.5 / (1 - expected) ** 2
    width = float(stats.norm.ppf(0.975)) * se
    return Kappa(many, value, se, (max(value - width, -1.0), min(value + width, 1.0)))


def _agreement(weights: ArrayLike | str | None, k: int) -> Numbers:
    if weights is None:
        return np.eye(k)
    if isinstance(weights, str):
        steps = np.subtract.outer(np.arange(k), np.arange(k)).astype(float)
        return np.asarray(1 - steps**2 / max(k - 1, 1) ** 2)
    given = np.asarray(weights, dtype=float)
    if given.shape != (k, k):
        raise ValueError("Weights have a row and a column for each category")
    return given if np.diag(given).any() else 1 - given / given.max()


def _is_there(values: NDArray[np.generic]) -> NDArray[np.bool_]:
    if values.dtype.kind == "f":
        return np.asarray(~np.isnan(values.astype(float)))
    if values.dtype.kind == "O":
        return np.array(
            [
                value is not None and not (isinstance(value, float) and math.isnan(value))
                for value in values.tolist()
            ],
            dtype=bool,
        )
    return np.ones(values.shape, dtype=bool)
