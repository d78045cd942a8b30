"""The one-factor model from all answers that were given, gaps and all: full information maximum likelihood.

Every sheet adds the likelihood of what it answers; sheets that answer the same items are taken together, so that a
million cost what their patterns cost. Valid when what is missing depends on what was answered alone (Rubin DB.
*Inference and missing data.* Biometrika 1976;63:581-592; Arbuckle JL. In: Marcoulides, Schumacker (eds) *Advanced
structural equation modeling.* 1996). R: ``lavaan::cfa(missing = "fiml")``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize

from sirkel.evidence.moments import Numbers
from sirkel.evidence.why import Absent, Why

_LEAST_ITEMS = 3
_HEYWOOD = 1e-6
_SMALLEST = 1e-9
# A standard deviation below this share of an item's size is rounding.
_ALIKE = 1e-12


@dataclass(frozen=True, eq=False)
class Pattern:
    """The sheets that answer exactly some items: n, their means, and covariances with denominator n.

    ``items`` are the positions of the answered ones.
    """

    items: NDArray[np.intp]
    n: int
    means: Numbers
    covariance: Numbers


@dataclass(frozen=True, eq=False)
class FimlFactor:
    """The fitted model: means, loadings and own variances of the items (k), on their scale.

    ``n`` counts the sheets with any answer; ``omega`` is over the variance that the model implies.
    """

    n: int
    means: Numbers
    loadings: Numbers
    own: Numbers
    omega: float
    log_likelihood: float


def fiml_factor(rows: ArrayLike) -> FimlFactor | Absent:
    """Fit the model to answers (people x k), NaN where missing, reversed where they must be.

    Absent for fewer than three items, an item nobody or everybody answers alike, two items that nobody answers
    together, an item whose own variance would be zero or less, and when the search does not end.
    """
    table = np.asarray(rows, dtype=float)
    return fiml_of(patterns_of(table), table.shape[1])


def fiml_of(seen: Sequence[Pattern], k: int) -> FimlFactor | Absent:
    """Fit the model to k items' patterns; absent as ``fiml_factor`` is."""
    answered = np.zeros((k, k))
    for one in seen:
        answered[np.ix_(one.items, one.items)] += one.n
    why = _unfit(answered)
    if why:
        return Absent(why)
    many = np.diag(answered)
    centre, spread, size = np.zeros(k), np.zeros(k), np.ones(k)
    for one in seen:
        centre[one.items] += one.n * one.means / many[one.items]
    for one in seen:
        away = one.means - centre[one.items]
        spread[one.items] += one.n * (np.diag(one.covariance) + away**2) / many[one.items]
        size[one.items] = np.maximum(size[one.items], np.abs(one.means))
    spread = np.sqrt(spread)
    if (spread <= _ALIKE * size).any():
        return Absent(Why.CONSTANT)
    patterns = [
        Pattern(
            one.items,
            one.n,
            (one.means - centre[one.items]) / spread[one.items],
            one.covariance / np.outer(spread[one.items], spread[one.items]),
        )
        for one in seen
    ]
    n = sum(one.n for one in patterns)

    def discrepancy(point: Numbers) -> tuple[float, Numbers]:
        return minus_twice(point, patterns, n)

    start = np.concatenate([np.zeros(k), _start(patterns, k), np.full(k, np.log(0.6))])
    reach = [(-np.inf, np.inf)] * (2 * k) + [(float(np.log(_SMALLEST)), 2.0)] * k
    found = optimize.minimize(
        discrepancy,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=reach,
        options={"maxiter": 5000, "ftol": 1e-15, "gtol": 1e-8},
    )
    value, slope = minus_twice(found.x, patterns, n)
    means, loadings, own = found.x[:k], found.x[k : 2 * k], np.exp(found.x[2 * k :])
    if (own < _HEYWOOD).any():
        return Absent(Why.HEYWOOD)
    if not np.abs(slope).max() < 1e-5:  # noqa: PLR2004 -- of a value that is about k
        return Absent(Why.NOT_CONVERGED)
    loadings = loadings * spread * (1.0 if (loadings * spread).sum() >= 0 else -1.0)
    own = own * spread**2
    common = float(loadings.sum() ** 2)
    return FimlFactor(
        n=n,
        means=centre + means * spread,
        loadings=loadings,
        own=own,
        omega=common / (common + float(own.sum())),
        log_likelihood=-n * value / 2 - float((many * np.log(spread)).sum()),
    )


def _unfit(answered: Numbers) -> Why | None:
    """Return what keeps the model from items of which each pair is answered on so many sheets."""
    if len(answered) < _LEAST_ITEMS:
        return Why.ONE_ITEM if len(answered) < 2 else Why.TWO_ITEMS  # noqa: PLR2004 -- two items are two
    if not np.diag(answered).all():
        return Why.NO_ANSWERS
    return None if (answered > 1).all() else Why.FEW


def patterns_of(table: Numbers) -> list[Pattern]:
    """Return the sheets by what they answer (rows x k, NaN where missing); empty sheets say nothing."""
    there = ~np.isnan(table)
    kinds, code = np.unique(there, axis=0, return_inverse=True)
    code = code.ravel()
    found = []
    for number, kind in enumerate(kinds):
        items = np.flatnonzero(kind)
        if items.size:
            own = table[code == number][:, items]
            means = own.mean(axis=0)
            away = own - means
            found.append(Pattern(items, len(own), means, away.T @ away / len(own)))
    return found


def minus_twice(point: Numbers, patterns: list[Pattern], n: int) -> tuple[float, Numbers]:
    """Return minus twice the mean log-likelihood of a sheet, and its gradient.

    ``point`` holds means, loadings and logarithms of own variances (3 k).
    """
    k = point.size // 3
    value, slope = 0.0, np.zeros(3 * k)
    for one in patterns:
        at, share = one.items, one.n / n
        loading, own = point[k + at], np.exp(point[2 * k + at])
        away = one.means - point[at]
        # The inverse of loading loading' + diag(own), after Sherman and Morrison.
        scaled = loading / own
        bulk = 1 + float(loading @ scaled)
        inverse = np.diag(1 / own) - np.outer(scaled, scaled) / bulk
        seen = one.covariance + np.outer(away, away)
        log_det = float(np.log(own).sum()) + np.log(bulk)
        value += share * (at.size * np.log(2 * np.pi) + log_det + float((inverse * seen).sum()))
        left = inverse - inverse @ seen @ inverse
        slope[at] -= share * 2 * inverse @ away
        slope[k + at] += share * 2 * left @ loading
        slope[2 * k + at] += share * np.diag(left) * own
    return float(value), slope


def _start(patterns: list[Pattern], k: int) -> Numbers:
    """Return first loadings: the signs of how each item goes with the sum of the others."""
    together = np.zeros((k, k))
    for one in patterns:
        together[np.ix_(one.items, one.items)] += one.n * (one.covariance + np.outer(one.means, one.means))
    vector = np.linalg.eigh(together)[1][:, -1]
    return np.where(vector * np.sign(vector.sum() or 1.0) < 0, -0.6, 0.6)
