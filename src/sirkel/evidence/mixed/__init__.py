"""The mixed model for change over waves, from sufficient statistics: ``score ~ wave + (1 | unit) + (1 | person)``.

``cells`` gathers what the data say, ``fit`` maximises the restricted likelihood, ``inference`` gives standard
errors, degrees of freedom and p values.
"""

from sirkel.evidence.mixed.cells import Cells
from sirkel.evidence.mixed.fit import Fit, NotEstimableError, fit
from sirkel.evidence.mixed.inference import Estimate, contrast, fixed_effects, wave_means

__all__ = [
    "Cells",
    "Estimate",
    "Fit",
    "NotEstimableError",
    "contrast",
    "fit",
    "fixed_effects",
    "wave_means",
]
