"""The model for change in a few workplaces, which stand for themselves: ``score ~ wave + unit + (1 | person)``.

With fewer than ten units their variance cannot be estimated, and the results are about these units. Each unit has an
indicator of its own then, persons alone are random, and the model has no intercept. The restricted likelihood is that
of ``fit``, with units among the fixed effects.
"""

from dataclasses import dataclass

import numpy as np
from scipy import linalg, optimize

from sirkel.evidence.mixed.algebra import (
    Complex,
    gradient,
    log_det_and_rest,
    units_without_persons,
    without_persons,
)
from sirkel.evidence.mixed.cells import Cells, Numbers
from sirkel.evidence.mixed.fit import SINGULAR_BELOW, NotEstimableError

_REACH = 1e8


@dataclass(frozen=True)
class FixedUnits:
    """A fitted model. ``coefficients`` are the units' means in the first wave, then the changes to later waves.

    Attributes:
        cells: what it was fitted to.
        ratio: variance of persons over the residual variance; 0 where the model has none.
        residual_variance: variance of an answer around its person.
        coefficients: units in their order, then later waves.
        unscaled: their covariance over the residual variance.
        criterion: minus twice the restricted log-likelihood, as lme4 gives it.
        is_free: whether the variance of persons was estimated above zero.

    """

    cells: Cells
    ratio: float
    residual_variance: float
    coefficients: Numbers
    unscaled: Numbers
    criterion: float
    is_free: tuple[bool]

    @property
    def person_variance(self) -> float | None:
        """Variance between persons of a unit; None when the model has no persons."""
        return self.ratio * self.residual_variance if self.cells.has_person else None

    @property
    def is_singular(self) -> bool:
        """Whether no variance could be estimated for persons."""
        return self.cells.has_person and self.ratio**0.5 < SINGULAR_BELOW

    @property
    def variances(self) -> Numbers:
        """The ratio and the residual variance."""
        return np.array([self.ratio, self.residual_variance])

    @property
    def free(self) -> int:
        """Answers less fixed effects."""
        return _free(self.cells)

    def at(self, variances: Complex) -> tuple[Complex, complex]:
        """Return the weighted cross products and log determinant at other variances, given as ``variances`` are."""
        return products_of(self.cells, variances[0])


def fit_units_fixed(cells: Cells) -> FixedUnits:
    """Fit the model to the statistics of a model with units.

    Raises:
        NotEstimableError: ``few`` for fewer answers than the model needs, ``empty_wave`` for a wave without answers,
            ``answered_once`` when no person answered more than once, ``confounded`` when waves and units cannot be
            told apart, ``constant`` when nothing varies within units and waves.

    """
    if not cells.has_unit or _free(cells) < 1:
        raise NotEstimableError("few")
    if (cells.wave_answers == 0).any():
        raise NotEstimableError("empty_wave")
    if cells.has_person and int(cells.persons.sum()) >= cells.answers:
        raise NotEstimableError("answered_once")
    plain = products_of(cells, 0)[0].real
    own = plain[:-1, :-1] / np.sqrt(np.outer(np.diag(plain)[:-1], np.diag(plain)[:-1]))
    if linalg.eigvalsh(own)[0] < 1e-10:  # noqa: PLR2004 -- zero, but for rounding
        raise NotEstimableError("confounded")
    if log_det_and_rest(plain)[1].real <= 1e-12 * max(cells.squares, 1e-300):
        raise NotEstimableError("constant")
    ratio = _minimum(cells) if cells.has_person else 0.0
    found, _log = products_of(cells, ratio)
    products = found.real
    inverse = linalg.inv(products[:-1, :-1])
    coefficients = inverse @ products[:-1, -1]
    coefficients[: cells.units] += cells.shift
    return FixedUnits(
        cells=cells,
        ratio=ratio,
        residual_variance=log_det_and_rest(found)[1].real / _free(cells),
        coefficients=coefficients,
        unscaled=inverse,
        criterion=_criterion(cells, ratio).real,
        is_free=(ratio > 0,),
    )


def products_of(cells: Cells, q: complex) -> tuple[Complex, complex]:
    """Return the cross products of units, later waves and scores weighted by the inverse of V, and V's log determinant."""
    inner, log_v = without_persons(cells, q)
    between, sums = units_without_persons(cells, q)
    together = np.diag(between) if between.ndim == 1 else between.toarray()
    across = sums[:, 1:]
    return np.block([[together, across], [across.T, inner[1:, 1:]]]).astype(complex), log_v


def _free(cells: Cells) -> int:
    return cells.answers - cells.units - len(cells.waves) + 1


def _criterion(cells: Cells, q: complex) -> complex:
    products, log_v = products_of(cells, q)
    free = _free(cells)
    log_det, rest = log_det_and_rest(products)
    return complex(log_v + log_det + free * (1.0 + np.log(2 * np.pi * rest / free)))


def _minimum(cells: Cells) -> float:
    """Return the ratio at the criterion's minimum; exactly 0 where it lies there."""

    def slope(log_ratio: float) -> float:
        at = np.array([np.exp(log_ratio)])
        return float(gradient(lambda point: _criterion(cells, point[0]), at)[0] * at[0])

    found = optimize.minimize_scalar(
        lambda log_ratio: _criterion(cells, np.exp(log_ratio)).real,
        bounds=(2 * np.log(SINGULAR_BELOW), np.log(_REACH)),
        method="bounded",
        options={"xatol": 1e-6},
    )
    best = float(found.x)
    if _criterion(cells, 0).real <= float(found.fun):
        return 0.0
    low, high = best - 1e-2, best + 1e-2
    if slope(low) < 0 < slope(high):
        best = float(optimize.brentq(slope, low, high, xtol=1e-13))
    return float(np.exp(best))
