"""The mixed model's algebra from sufficient statistics: persons' effects eliminated first, units' after them.

Gradients are taken by complex steps (Squire W, Trapp G. SIAM Review 1998;40:110-112): exact to the last digits, with
no formula of their own that could be wrong. Everything here is analytic in the variances for that.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse
from scipy.linalg import lapack
from scipy.sparse.linalg import splu

from sirkel.evidence.mixed.cells import Cells, Numbers

Complex = NDArray[np.complex128] | NDArray[np.float64]
_STEP = 1e-30
# Up to here a full matrix of units is solved faster than a sparse one.
DENSE_UNITS = 1500


@dataclass(frozen=True)
class PersonsOut:
    """What is left when persons' effects are eliminated, units' not yet: the same for every variance of units.

    Attributes:
        products: the weighted cross products (columns + 1 squared).
        log_v: the log determinant of V without units.
        between: how units' indicators go together; None for a model without units.
        sums: how they go with the model's columns, scores last (units x columns + 1).

    """

    products: Complex
    log_v: complex
    between: Any
    sums: Complex


def reduced(cells: Cells, u: complex, q: complex) -> tuple[Complex, complex]:
    """Return the cross products weighted by the inverse of V, and the log determinant of V.

    Args:
        cells: the statistics.
        u: variance of units over the residual variance.
        q: variance of persons over the residual variance. Numbers that are both real are reckoned with as such.

    """
    return without_units(cells, u, persons_out(cells, q, has_unit=cells.has_unit and u != 0))


def persons_out(cells: Cells, q: complex, *, has_unit: bool) -> PersonsOut:
    """Eliminate persons' effects; with ``has_unit`` for a model with units."""
    between, sums = units_without_persons(cells, q) if has_unit else (None, cells.total)
    return PersonsOut(*without_persons(cells, q), between, sums)


def without_units(cells: Cells, u: complex, left: PersonsOut) -> tuple[Complex, complex]:
    """Eliminate units' effects; nothing where there are none."""
    between, sums = left.between, left.sums
    if between is None or u == 0:
        return left.products, left.log_v
    if between.ndim == 1:
        scale = 1.0 + u * between
        products = left.products - sums.T @ ((u / scale)[:, None] * sums)
        return products, complex(left.log_v + np.log(scale).sum())
    tied = sparse.csc_matrix(sparse.eye_array(cells.units) + u * between)
    solved, log_between = _solve_units(tied, sums)
    rest: Complex = np.asarray(left.products - u * (sums.T @ solved))
    return rest, complex(left.log_v + log_between)


def without_persons(cells: Cells, q: complex) -> tuple[Complex, complex]:
    """Return the cross products and the log determinant of V with persons' effects eliminated, units not yet."""
    n = cells.kinds[:, 0]
    w = 1.0 / (1.0 + q * n)
    products = cells.total.astype(w.dtype)
    taken = q * w
    products[:-1, :-1] -= cells.kinds.T @ ((cells.persons * taken)[:, None] * cells.kinds)
    mixed = cells.kinds.T @ (taken * cells.person_sum)
    products[:-1, -1] -= mixed
    products[-1, :-1] -= mixed
    products[-1, -1] -= taken @ cells.person_square
    return products, complex(cells.persons @ np.log(1.0 + q * n))


def units_without_persons(cells: Cells, q: complex) -> tuple[Any, Complex]:
    """Return how units' indicators go together, and with the model's columns, persons' effects eliminated.

    The first is a vector (units), or a sparse matrix (units x units) where movers tie units; the second has scores
    last (units x columns + 1).
    """
    w = 1.0 / (1.0 + q * cells.kinds[:, 0])
    persons, person_sums = cells.unit_tables
    sums = np.column_stack([persons @ (w[:, None] * cells.kinds), person_sums @ w])
    # A unit's indicator goes with itself as with the intercept, the first column.
    weight = sums[:, 0]
    if cells.movers is None:
        return weight, sums
    moved = cells.movers.answers
    many = moved.shape[0]
    own = np.column_stack([cells.kinds[-many:], cells.person_sum[-many:]])
    lost = sparse.diags_array(q * w[-many:])
    sums = sums + cells.movers.sums - moved.T @ (lost @ own)
    return sparse.diags_array(weight + moved.sum(axis=0)) - moved.T @ lost @ moved, sums


def _solve_units(matrix: sparse.csc_matrix, right: Complex) -> tuple[Complex, complex]:
    """Solve for the units where movers tie them together; also return the log determinant of the matrix."""
    if matrix.shape[0] <= DENSE_UNITS:
        lower, pivots = linalg.lu_factor(matrix.toarray())
        return linalg.lu_solve((lower, pivots), right), complex(0.5 * np.log(np.diag(lower) ** 2).sum())
    factor = splu(matrix)
    solved: Complex = np.asarray(factor.solve(np.ascontiguousarray(right)))
    return solved, complex(0.5 * np.log(factor.U.diagonal() ** 2).sum())


def log_det_and_rest(products: Complex) -> tuple[complex, complex]:
    """Eliminate the fixed effects: the log determinant of their block, and the weighted sum of squares they leave.

    The block has to be positive definite in its real part. It is small and this is done for every step of a search,
    so LAPACK is called without what NumPy puts around it.

    Raises:
        LinAlgError: the block is singular.

    """
    block, right = products[:-1, :-1], products[:-1, -1]
    is_real = np.isrealobj(products)
    factored, solved = (lapack.dgetrf, lapack.dgetrs) if is_real else (lapack.zgetrf, lapack.zgetrs)
    lower, pivots, fault = factored(block)
    if fault:
        raise linalg.LinAlgError("Singular matrix")
    effects, _fault = solved(lower, pivots, right)
    # Squared, for a row that was exchanged turns the sign.
    log_det = 0.5 * np.log(np.diag(lower) ** 2).sum()
    return complex(log_det), complex(products[-1, -1] - right @ effects)


def value_and_gradient(function: Callable[[Complex], complex], at: Numbers) -> tuple[float, Numbers]:
    """Return an analytic function of real numbers and its gradient, by complex steps.

    A step is so small that its square is lost beside the value: the real part at a step is the value itself.
    """
    found = [function(at + step) for step in np.eye(len(at)) * 1j * _STEP]
    return float(found[0].real), np.array([one.imag / _STEP for one in found])


def gradient(function: Callable[[Complex], complex], at: Numbers) -> Numbers:
    """Return the gradient of an analytic function of real numbers, by complex steps."""
    return value_and_gradient(function, at)[1]
