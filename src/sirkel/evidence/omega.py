"""McDonald's omega: how much of a scale's sum is its one common idea, from a one-factor model by maximum likelihood.

Omega is (sum of loadings)^2 over the variance of the sum (McDonald RP. *Test theory: a unified treatment.* Erlbaum
1999). The variance is what the model implies, or what was observed: both are given, for programs differ (R's
``semTools`` takes the observed one). The model is fitted as Jöreskog KG. *Some contributions to maximum likelihood
factor analysis.* Psychometrika 1967;32:443-482: the loading follows from the largest eigenvalue, so that only the
items' own variances are searched for, with an exact gradient, in logarithms so that they stay above zero.
"""

from dataclasses import dataclass

import numpy as np
from scipy import linalg, optimize

from sirkel.evidence.moments import Moments, Numbers
from sirkel.evidence.why import Absent, Number, Why

# An item's own variance below this share of the whole is none: the model does not fit these answers.
_HEYWOOD = 1e-6
_SMALLEST = 1e-9
_LEAST_ITEMS = 3


@dataclass(frozen=True, eq=False)
class OneFactor:
    """A fitted one-factor model: loadings and own variances on the items' scale (k), and minus the log-likelihood ratio.

    ``discrepancy`` is log|Sigma| + tr(S inverse(Sigma)) - log|S| - k at its minimum.
    """

    loadings: Numbers
    own: Numbers
    discrepancy: float


@dataclass(frozen=True, slots=True)
class Omega:
    """Omega total with either denominator: the variance that the model implies, or the observed one."""

    model_implied: Number
    observed: Number


def omega(moments: Moments) -> Omega:
    """Return omega of the items on the complete sheets."""
    if not moments.complete:
        return _none(Why.NO_ANSWERS)
    if moments.complete == 1:
        return _none(Why.ONE_PERSON)
    return omega_of(moments.covariance())


def omega_of(covariance: Numbers) -> Omega:
    """Return omega of a covariance matrix (k x k)."""
    fitted = one_factor(covariance)
    if isinstance(fitted, Absent):
        return Omega(fitted, fitted)
    common = float(fitted.loadings.sum() ** 2)
    implied, observed = common + float(fitted.own.sum()), float(covariance.sum())
    return Omega(model_implied=common / implied, observed=common / observed)


def one_factor(covariance: Numbers) -> OneFactor | Absent:
    """Fit the model to a covariance matrix (k x k).

    Absent for fewer than three items, a constant item, an item that others add up to, an item whose own variance
    would be zero or less, and when the search does not end.
    """
    k = len(covariance)
    variance = np.diag(covariance)
    if k < _LEAST_ITEMS:
        return Absent(Why.ONE_ITEM if k < 2 else Why.TWO_ITEMS)  # noqa: PLR2004 -- two items are two
    if (variance <= 0).any():
        return Absent(Why.CONSTANT)
    spread = np.sqrt(variance)
    correlation = covariance / np.outer(spread, spread)
    if linalg.eigvalsh(correlation)[0] < 1e-10:  # noqa: PLR2004 -- a correlation of one, but for rounding
        return Absent(Why.SINGULAR)
    log_det = float(np.linalg.slogdet(correlation)[1])

    def discrepancy(logs: Numbers) -> tuple[float, Numbers]:
        own = np.exp(logs)
        root = np.sqrt(own)
        values, vectors = linalg.eigh(correlation / np.outer(root, root))
        top = max(float(values[-1]), 1.0)
        # F = sum over the smaller eigenvalues of e - log(e) - 1, and what is left of the largest when below one.
        rest = float(values.sum() - top - (np.log(values).sum() - np.log(top)) - (k - 1))
        along = vectors**2 @ _slopes(values)
        return rest, along

    start = np.log(np.clip((1 - 0.5 / k) / np.diag(linalg.inv(correlation)), 0.005, 1.0))
    found = optimize.minimize(
        discrepancy,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=[(np.log(_SMALLEST), 0.7)] * k,
        options={"maxiter": 2000, "ftol": 1e-16, "gtol": 1e-9},
    )
    own = np.exp(found.x)
    if (own < _HEYWOOD).any():
        return Absent(Why.HEYWOOD)
    value, slope = discrepancy(found.x)
    if not np.abs(slope).max() < 1e-5:  # noqa: PLR2004 -- of a discrepancy that is about one
        return Absent(Why.NOT_CONVERGED)
    root = np.sqrt(own)
    values, vectors = linalg.eigh(correlation / np.outer(root, root))
    loadings = root * vectors[:, -1] * max(float(values[-1]) - 1, 0.0) ** 0.5
    loadings *= 1.0 if loadings.sum() >= 0 else -1.0
    fit = value if np.isfinite(log_det) else float("inf")
    return OneFactor(loadings=loadings * spread, own=own * variance, discrepancy=fit)


def _slopes(values: Numbers) -> Numbers:
    """Return what each eigenvalue adds to the gradient in the logarithms: 1 - e, nothing for a largest above one."""
    slopes = 1.0 - values
    slopes[-1] = max(slopes[-1], 0.0)
    return slopes


def _none(why: Why) -> Omega:
    return Omega(Absent(why), Absent(why))
