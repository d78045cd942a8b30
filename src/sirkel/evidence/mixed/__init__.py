"""The mixed model for change over waves, from sufficient statistics: ``score ~ wave + (1 | unit) + (1 | person)``.

``cells`` gathers what the data say, ``fit`` maximises the restricted likelihood, ``inference`` gives standard
errors, degrees of freedom and p values. ``fixed_units`` takes the units of a small study as they are.
"""

from sirkel.evidence.mixed.cells import Cells
from sirkel.evidence.mixed.fit import Fit, NotEstimableError, fit
from sirkel.evidence.mixed.fixed_units import FixedUnits, fit_units_fixed
from sirkel.evidence.mixed.inference import (
    Estimate,
    balanced_means,
    changes,
    contrast,
    fixed_effects,
    wave_means,
)

__all__ = [
    "Cells",
    "Estimate",
    "Fit",
    "FixedUnits",
    "NotEstimableError",
    "balanced_means",
    "changes",
    "contrast",
    "fit",
    "fit_units_fixed",
    "fixed_effects",
    "wave_means",
]
