"""Whether a released mean says too much about single persons, although enough of them stand behind it."""

from bisect import bisect_left
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from sirkel.evidence.disclosure.thresholds import Scale, step_of

# Nobody's answer may be known to better than this share of the scale.
LEAST_DOUBT = 0.5
# A set whose members nearly all answer in one third of the scale is an answer of each.
MOST_IN_ONE_BAND = 0.9
# Below this many the mean alone decides: what is hidden must not tell which answers it would have been hidden for.
FEW = 7
# So many members may put what they know of themselves together.
COLLUDING = 2
# A sum that lies so many widths of the scale from its lowest and from its highest leaves room for every answer, also
# without the answers of two members: for that COLLUDING + 1 widths are enough, and one more is for the last digits.
FAR = COLLUDING + 2

Many = TypeVar("Many", int, NDArray[np.int64])


def gives_away(values: NDArray[np.float64], scale: Scale, *, answered: int) -> str:
    """Return "close" when the mean of these answers may not be seen; nothing when it may.

    It may not when all but one, or nine in ten, lie in one third of the scale; when the mean alone bounds an answer to
    less than half of the scale; or when it tells the third in which somebody answered to members who put up to two
    answers of their own together. Which of these it is nobody learns, for that would tell what is hidden.

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
    if is_alike(max(below, under - below, len(ordered) - under), len(ordered)):
        return "close"
    blur = answered * step_of(answered, scale.width) / 2
    total = sum(ordered)
    room = min(total - scale.minimum * len(ordered), scale.maximum * len(ordered) - total)
    if len(ordered) < FEW and room <= COLLUDING * scale.width + blur:
        return "close"
    is_far = room >= FAR * scale.width
    return "" if is_far or not _bounds_somebody(ordered, total, scale, blur) else "close"


def _bounds_somebody(ordered: list[float], total: float, scale: Scale, blur: float) -> bool:
    """Tell whether a mean bounds an answer too closely, alone or for members who tell each other their own answers."""
    low, high = cuts(scale)
    lowest, highest = _bounds(total, len(ordered), scale, blur)
    if highest - lowest < LEAST_DOUBT * scale.width:
        return True
    for many in range(1, COLLUDING + 1):
        for told in (sum(ordered[:many]), sum(ordered[-many:])):
            lowest, highest = _bounds(total - told, len(ordered) - many, scale, blur)
            if highest < low or lowest >= high or (lowest >= low and highest < high):
                return True
    return False


def is_alike(most: Many, answered: Many) -> Any:
    """Tell whether so many in one third of the scale are nearly all: nine in ten, and all but one at the least.

    All but one, because of a ward whose number is hidden only when all answer alike, everybody's answer is known.
    """
    return (most >= MOST_IN_ONE_BAND * answered) | (most >= answered - 1)


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
