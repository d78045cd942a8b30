"""Whether a released mean says too much about single persons, although enough of them stand behind it."""

import numpy as np
from numpy.typing import NDArray

from sirkel.evidence.disclosure.thresholds import Scale

# Nobody's answer may be known to better than this share of the scale.
LEAST_DOUBT = 0.5
# A set whose members nearly all answer in one third of the scale is an answer of each.
MOST_IN_ONE_BAND = 0.9
# So many members may put what they know of themselves together.
COLLUDING = 2


def gives_away(values: NDArray[np.float64], scale: Scale, *, answered: int) -> str:
    """Return why the mean of these answers may not be seen, as a code; empty when it may.

    ``alike`` when nine in ten lie in one third of the scale or nobody differs; ``narrow`` when the mean alone bounds
    an answer to less than half of the scale, or tells the third in which somebody answered to members who put up to
    two answers of their own together.

    Args:
        values: the answers.
        scale: what was asked.
        answered: how many answers the mean is rounded for.

    """
    if not values.size:
        return ""
    if np.ptp(values) == 0 or _band_shares(values, scale).max() >= MOST_IN_ONE_BAND:
        return "alike"
    blur = answered * (0.05 if answered < 50 else 0.005)  # noqa: PLR2004 -- how means are rounded
    ordered = np.sort(values)
    lowest, highest = _bounds(ordered, scale, blur)
    if highest - lowest < LEAST_DOUBT * scale.width:
        return "narrow"
    for many in range(1, COLLUDING + 1):
        for rest in (ordered[many:], ordered[:-many]):
            if rest.size and _is_in_one_band(*_bounds(rest, scale, blur), scale):
                return "narrow"
    return ""


def _bounds(values: NDArray[np.float64], scale: Scale, blur: float) -> tuple[float, float]:
    """Return between which bounds the answer of one of these lies for somebody who knows their sum up to ``blur``."""
    total, others = float(values.sum()), values.size - 1
    lowest = max(scale.minimum, total - blur - others * scale.maximum)
    highest = min(scale.maximum, total + blur - others * scale.minimum)
    return lowest, highest


def _cuts(scale: Scale) -> tuple[float, float]:
    return scale.minimum + scale.width / 3, scale.minimum + 2 * scale.width / 3


def _band_shares(values: NDArray[np.float64], scale: Scale) -> NDArray[np.float64]:
    return np.bincount(np.digitize(values, _cuts(scale)), minlength=3) / values.size


def _is_in_one_band(lowest: float, highest: float, scale: Scale) -> bool:
    bands = np.digitize([lowest, highest], _cuts(scale))
    return bool(bands[0] == bands[1])
