"""Restricted maximum likelihood for random intercepts of units and persons, exact and from sufficient statistics.

With person effects eliminated first and unit effects after them, the model's likelihood needs nothing but sums per
kind of person and per unit: ``V = I + q * persons + u * units`` in units of the residual variance, with
``w = 1 / (1 + q n)`` for a person with n answers. The profiled criterion is that of Bates D, Mächler M, Bolker B,
Walker S. *Fitting linear mixed-effects models using lme4.* Journal of Statistical Software 2015;67(1), equation 41.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, optimize

from sirkel.evidence.mixed.algebra import (
    Complex,
    log_det_and_rest,
    persons_out,
    reduced,
    value_and_gradient,
    without_units,
)
from sirkel.evidence.mixed.cells import Cells, Numbers

# Ratios of a standard deviation to the residual's below this are none, as R's ``isSingular`` has it.
SINGULAR_BELOW = 1e-4
# Where the search may begin: it begins at the lowest of all pairs of these ratios.
_STARTS = (1e-3, 0.02, 0.1, 0.4, 1.5, 12.0)
# The search goes no further than this from its start before it looks around anew: far out a logarithm has no slope.
_BOX = 3.0
_ROUNDS = 12
_LOWEST, _HIGHEST = 2 * np.log(SINGULAR_BELOW), np.log(1e8)


class NotEstimableError(ValueError):
    """Say that these data cannot carry the model. ``why`` is a word for the reason."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Fit:
    """A fitted model.

    Attributes:
        cells: what it was fitted to.
        ratios: variance of units and of persons over the residual variance; 0 where the model has none.
        residual_variance: variance of an answer around its person.
        coefficients: intercept (mean of the first wave) and the change to each later wave.
        unscaled: their covariance over the residual variance.
        criterion: minus twice the restricted log-likelihood, as lme4 gives it.
        is_free: whether the variance of units and that of persons were estimated above zero.

    """

    cells: Cells
    ratios: tuple[float, float]
    residual_variance: float
    coefficients: Numbers
    unscaled: Numbers
    criterion: float
    is_free: tuple[bool, bool]

    @property
    def unit_variance(self) -> float | None:
        """Variance between units; None when the model has no units."""
        return self.ratios[0] * self.residual_variance if self.cells.has_unit else None

    @property
    def person_variance(self) -> float | None:
        """Variance between persons of a unit; None when the model has no persons."""
        return self.ratios[1] * self.residual_variance if self.cells.has_person else None

    @property
    def icc(self) -> float | None:
        """The share of the variance that lies between units; None when the model has no units."""
        if not self.cells.has_unit:
            return None
        return self.ratios[0] / (self.ratios[0] + self.ratios[1] + 1.0)

    @property
    def variances(self) -> Numbers:
        """The ratios and the residual variance."""
        return np.array([*self.ratios, self.residual_variance])

    @property
    def free(self) -> int:
        """Answers less fixed effects."""
        return self.cells.answers - len(self.cells.waves)

    def at(self, variances: Complex) -> tuple[Complex, complex]:
        """Return the weighted cross products and log determinant at other variances, given as ``variances`` are."""
        return reduced(self.cells, variances[0], variances[1])

    @property
    def is_singular(self) -> bool:
        """Whether no variance could be estimated for units or for persons."""
        asked = (self.cells.has_unit, self.cells.has_person)
        return any(has and ratio**0.5 < SINGULAR_BELOW for has, ratio in zip(asked, self.ratios, strict=True))


def fit(cells: Cells) -> Fit:
    """Fit the model.

    Raises:
        NotEstimableError: ``few`` for fewer answers than the model needs, ``empty_wave`` for a wave without
            answers, ``one_unit``, ``one_person``, ``answered_once`` when no person (or no unit) answered more than
            once, ``constant`` when all answers are the same within persons or units.

    """
    _must_carry(cells)
    asked = np.array([cells.has_unit, cells.has_person])
    best = _minimum(cells, asked)
    found, log_v = reduced(cells, best[0], best[1])
    products = found.real
    columns = len(cells.waves)
    free = cells.answers - columns
    inverse = linalg.inv(products[:-1, :-1])
    coefficients = inverse @ products[:-1, -1]
    rest = float(products[-1, -1] - products[:-1, -1] @ coefficients)
    criterion = float(_profiled(cells, found, log_v).real)
    coefficients[0] += cells.shift
    return Fit(
        cells=cells,
        ratios=(float(best[0]), float(best[1])),
        residual_variance=rest / free,
        coefficients=coefficients,
        unscaled=inverse,
        criterion=criterion,
        is_free=(bool(best[0] > 0), bool(best[1] > 0)),
    )


def _must_carry(cells: Cells) -> None:
    if cells.wave_answers.size == 0 or cells.answers <= len(cells.waves):
        raise NotEstimableError("few")
    if (cells.wave_answers == 0).any():
        raise NotEstimableError("empty_wave")
    people = int(cells.persons.sum())
    if cells.has_unit and cells.units < 2:  # noqa: PLR2004 -- a variance needs two
        raise NotEstimableError("one_unit")
    if cells.has_person and people < 2:  # noqa: PLR2004 -- as above
        raise NotEstimableError("one_person")
    if (cells.has_person and people >= cells.answers) or (cells.has_unit and cells.units >= cells.answers):
        raise NotEstimableError("answered_once")
    means = cells.wave_sum / cells.wave_answers
    within = cells.squares - float(cells.wave_answers @ means**2)
    if within <= 1e-12 * max(cells.squares, cells.answers * cells.shift**2 * 1e-12, 1e-300):
        raise NotEstimableError("constant")


def _profiled(cells: Cells, products: Complex, log_v: complex) -> complex:
    free = cells.answers - len(cells.waves)
    log_det, rest = log_det_and_rest(products)
    return complex(log_v + log_det + free * (1.0 + np.log(2 * np.pi * rest / free)))


def _minimum(cells: Cells, asked: NDArray[np.bool_]) -> Numbers:
    """Return the variance ratios at the criterion's minimum; exactly 0 where it lies at the bound.

    The minimum is looked for with each set of ratios above zero, for a criterion can have one inside and one at a
    bound; of minima alike the simpler is taken.
    """
    sets = [np.array(free) for free in ((True, False), (False, True), (True, True))]
    rough = [_minimum_inside(cells, free) for free in sets if (asked | ~free).all()]
    nothing = float(_criterion(cells, np.zeros(2)).real)
    near = min([nothing, *(value for _free, _logs, value in rough)])
    options = [(np.zeros(2), nothing)]
    # Sharpening gains far less than this: what lies higher is no minimum, and need not be sharp.
    options += [
        _polished(cells, free, logs)
        for free, logs, value in rough
        if value <= near + 1e-3 * max(abs(near), 1.0)
    ]
    lowest = min(value for _ratios, value in options)
    return next(ratios for ratios, value in options if value <= lowest + 1e-10 * max(abs(lowest), 1.0))


def _spread(free: NDArray[np.bool_], inner: NDArray[np.generic]) -> Complex:
    """Return both ratios, the ones that are not free at zero."""
    full: Complex = np.zeros(2, dtype=inner.dtype)
    full[free] = inner
    return full


def _criterion(cells: Cells, ratios: Complex) -> complex:
    u, q = ratios.tolist()
    return _profiled(cells, *reduced(cells, u, q))


def _value_and_slope(cells: Cells, free: NDArray[np.bool_], logs: Numbers) -> tuple[float, Numbers]:
    """Return the criterion and its slope over the logarithms of the free ratios."""
    inner = np.exp(logs)
    value, slope = value_and_gradient(lambda at: _criterion(cells, _spread(free, at)), inner)
    return value, slope * inner


def _start(cells: Cells, free: NDArray[np.bool_]) -> Numbers:
    """Return the logarithms of the free ratios at the lowest of all pairs where a search may begin."""
    found = []
    for q in _STARTS if free[1] else (0.0,):
        left = persons_out(cells, q, has_unit=bool(free[0]))
        for u in _STARTS if free[0] else (0.0,):
            value = _profiled(cells, *without_units(cells, u, left)).real
            found.append((value, np.array([u, q])[free]))
    return np.log(min(found, key=lambda one: one[0])[1])


def _minimum_inside(cells: Cells, free: NDArray[np.bool_]) -> tuple[NDArray[np.bool_], Numbers, float]:
    """Return which ratios are above zero, their logarithms at the minimum, and the criterion there.

    The search goes over the logarithms of the ratios, in which the criterion bends alike everywhere.
    """

    def value_and_slope(logs: Numbers) -> tuple[float, Numbers]:
        return _value_and_slope(cells, free, logs)

    logs, value = _start(cells, free), np.inf
    for _round in range(_ROUNDS):
        box = [(max(_LOWEST, one - _BOX), min(_HIGHEST, one + _BOX)) for one in logs]
        found = optimize.minimize(
            value_and_slope,
            logs,
            jac=True,
            method="L-BFGS-B",
            bounds=box,
            options={"ftol": 1e-14, "gtol": 1e-7, "maxiter": 500},
        )
        logs, value = np.asarray(found.x, dtype=float), float(found.fun)
        at_wall = [
            one in ends and one not in (_LOWEST, _HIGHEST) for one, ends in zip(logs, box, strict=True)
        ]
        if not any(at_wall):
            break
    return free, logs, value


def _polished(cells: Cells, inside: NDArray[np.bool_], start: Numbers) -> tuple[Numbers, float]:
    """Sharpen a minimum by Newton steps on what lies above its bound; return the ratios and the criterion there."""

    def value_and_slope(logs: Numbers) -> tuple[float, Numbers]:
        return _value_and_slope(cells, inside, logs)

    def ratios(logs: Numbers) -> Numbers:
        return _spread(inside, np.exp(logs)).real

    value = value_and_slope(start)[0]
    free = start > _LOWEST + 1e-9
    logs = start.copy()

    def slope(inner: Numbers) -> Numbers:
        moved = start.copy()
        moved[free] = inner
        return value_and_slope(moved)[1][free]

    for _round in range(8 if free.any() else 0):
        width = 1e-5
        steps = np.eye(int(free.sum())) * width
        curve = np.array(
            [(slope(logs[free] + step) - slope(logs[free] - step)) / (2 * width) for step in steps]
        )
        curve = (curve + curve.T) / 2
        if np.linalg.eigvalsh(curve).min() <= 0:
            break
        step = np.linalg.solve(curve, slope(logs[free]))
        if np.abs(step).max() > 1:
            break
        logs[free] -= step
        if np.abs(step).max() < 1e-12:  # noqa: PLR2004 -- the digits a double has
            break
    polished = value_and_slope(logs)[0]
    return (ratios(logs), polished) if polished <= value + 1e-9 else (ratios(start), value)
