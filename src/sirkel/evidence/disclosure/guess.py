"""Whether a released mean says too much about single persons, although enough of them stand behind it."""

from bisect import bisect_left

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
    low, high = cuts(scale)
    ordered = sorted(values.tolist())
    below, under = bisect_left(ordered, low), bisect_left(ordered, high)
    if max(below, under - below, len(ordered) - under) >= MOST_IN_ONE_BAND * len(ordered):
        return "alike"
    blur = answered * (0.05 if answered < 50 else 0.005)  # noqa: PLR2004 -- how means are rounded
    total = sum(ordered)
    lowest, highest = _bounds(total, len(ordered), scale, blur)
    if highest - lowest < LEAST_DOUBT * scale.width:
        return "narrow"
    for many in range(1, COLLUDING + 1):
        for told in (sum(ordered[:many]), sum(ordered[-many:])):
            lowest, highest = _bounds(total - told, len(ordered) - many, scale, blur)
            if highest < low or lowest >= high or (lowest >= low and highest < high):
                return "narrow"
    return ""


def cuts(scale: Scale) -> tuple[float, float]:
    """Return where the middle and the highest third of a scale begin."""
    return scale.minimum + scale.width / 3, scale.minimum + 2 * scale.width / 3


def bands_of(values: NDArray[np.float64], scale: Scale) -> NDArray[np.int64]:
    """Return in which third of the scale each answer lies: 0, 1 or 2."""
    return np.digitize(values, cuts(scale))


def _bounds(total: float, many: int, scale: Scale, blur: float) -> tuple[float, float]:
    """Return the bounds of one of so many answers for somebody who knows their sum up to ``blur``."""
    others = many - 1
    lowest = max(scale.minimum, total - blur - others * scale.maximum)
    highest = min(scale.maximum, total + blur - others * scale.minimum)
    return lowest, highest
