"""Standard errors, degrees of freedom and p values of a fitted mixed model.

Degrees of freedom are Satterthwaite's as in Kuznetsova A, Brockhoff PB, Christensen RHB. *lmerTest package: tests in
linear mixed effects models.* Journal of Statistical Software 2017;82(13): twice the squared variance of a contrast
over the variance of that variance, by the delta method. A variance estimated at zero is taken as known to be zero.
"""

from dataclasses import dataclass

import numpy as np
from scipy import linalg, stats

from sirkel.evidence.mixed.algebra import Complex, gradient, log_det_and_rest
from sirkel.evidence.mixed.cells import Numbers
from sirkel.evidence.mixed.fit import Fit
from sirkel.evidence.mixed.fixed_units import FixedUnits
from sirkel.evidence.why import Absent, Interval, Number, Why

# Curvature per doubling of a variance below which a criterion is flat; one answer more adds about a half.
_FLAT = 1e-7


@dataclass(frozen=True)
class Estimate:
    """One number of a model, with what is known of its uncertainty. ``ci95`` is (lower, upper).

    ``df`` and what rests on it are absent where so few answers say nothing of how sure the variances are.
    """

    estimate: float
    se: float
    df: Number
    t: Number
    p: Number
    ci95: Interval


def changes(fitted: FixedUnits) -> dict[str, Estimate]:
    """Return the change to each later wave with units fixed, by name."""
    units, waves = fitted.cells.units, fitted.cells.waves
    rows = np.eye(units + len(waves) - 1)[units:]
    return dict(zip([f"wave {wave}" for wave in waves[1:]], contrasts(fitted, rows), strict=True))


def balanced_means(fitted: FixedUnits) -> dict[str, Estimate]:
    """Return the model's mean of each wave with units fixed, each unit counting the same."""
    units, waves = fitted.cells.units, fitted.cells.waves
    rows = np.zeros((len(waves), units + len(waves) - 1))
    rows[:, :units] = 1 / units
    rows[1:, units:] = np.eye(len(waves) - 1)
    return dict(zip(waves, contrasts(fitted, rows), strict=True))


def fixed_effects(fitted: Fit) -> dict[str, Estimate]:
    """Return the intercept (mean of the first wave) and the change to each later wave, by name."""
    names = ["intercept", *(f"wave {wave}" for wave in fitted.cells.waves[1:])]
    rows = np.eye(len(names))
    return dict(zip(names, contrasts(fitted, rows), strict=True))


def wave_means(fitted: Fit) -> dict[str, Estimate]:
    """Return the model's mean of each wave."""
    rows = np.eye(len(fitted.cells.waves))
    rows[:, 0] = 1.0
    return dict(zip(fitted.cells.waves, contrasts(fitted, rows), strict=True))


def contrast(fitted: Fit, weights: Numbers) -> Estimate:
    """Return one linear combination of the fixed effects."""
    return contrasts(fitted, np.atleast_2d(weights))[0]


def contrasts(fitted: Fit | FixedUnits, rows: Numbers) -> list[Estimate]:
    """Return several linear combinations of the fixed effects (rows x columns), one estimate each."""
    free = np.array([*fitted.is_free, True])
    at = fitted.variances
    spread = _spread_of_variances(fitted, at, free)
    found = []
    for row in rows:
        value = float(row @ fitted.coefficients)
        variance = float(row @ fitted.unscaled @ row) * fitted.residual_variance

        def variance_at(point: Complex, row: Numbers = row) -> complex:
            full = _full(at, free, point)
            products, _log = fitted.at(full)
            return complex(full[-1] * (row @ linalg.solve(products[:-1, :-1], row.astype(complex))))

        df: Number = Absent(Why.FEW)
        if spread is not None:
            slope = gradient(variance_at, at[free])
            doubt = float(slope @ spread @ slope)
            df = 2 * variance**2 / doubt if doubt > 0 else df
        found.append(_estimate(value, variance**0.5, df))
    return found


def _estimate(value: float, se: float, df: Number) -> Estimate:
    t: Number = value / se if se else Absent(Why.ALIKE)
    if isinstance(df, Absent):
        return Estimate(value, se, df, t, df, df)
    width = float(stats.t.ppf(0.975, df)) * se
    return Estimate(
        estimate=value,
        se=se,
        df=df,
        t=t,
        p=t if isinstance(t, Absent) else float(2 * stats.t.sf(abs(t), df)),
        ci95=(value - width, value + width) if np.isfinite(width) else Absent(Why.FEW),
    )


def _full(at: Numbers, free: Numbers, point: Complex) -> Complex:
    full = at.astype(complex)
    full[free] = point
    return full


def _spread_of_variances(fitted: Fit | FixedUnits, at: Numbers, free: Numbers) -> Numbers | None:
    """Return the covariance of the estimated variances: twice the inverse of the criterion's curvature.

    None where the criterion is flat, for then the answers say nothing of it.
    """

    def criterion(point: Complex) -> complex:
        full = _full(at, free, point)
        products, log_v = fitted.at(full)
        log_det, rest = log_det_and_rest(products)
        return complex(fitted.free * np.log(full[-1]) + log_v + log_det + rest / full[-1])

    where = at[free]
    widths = 1e-4 * where
    curve = np.array(
        [
            (gradient(criterion, where + step) - gradient(criterion, where - step)) / (2 * width)
            for width, step in zip(widths, np.diag(widths), strict=True)
        ]
    )
    relative = (curve + curve.T) / 2 * np.outer(where, where)
    if not np.isfinite(relative).all() or linalg.eigvalsh(relative)[0] < _FLAT:
        return None
    return np.asarray(2 * linalg.inv(relative) * np.outer(where, where), dtype=float)
