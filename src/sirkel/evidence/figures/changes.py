"""A mean in each round, from left to right, with the line on which it may lie."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from sirkel.evidence.figures.drawing import (
    ACCENT,
    EDGE,
    INK,
    SMALL,
    Axis,
    Named,
    dot,
    line,
    lines_of,
    percent,
    scale_beside,
    svg,
    upright,
    words,
)

_TOP, _FOOT, _HIGH = 24, 204, 234
# Room for the axis' numbers on the left, in per cent.
_LEFT = 9.0
_LETTERS_ACROSS = 34


@dataclass(frozen=True)
class Moment:
    """One round's mean; None where there is none."""

    label: str
    mean: float | None
    interval: tuple[float, float] | None = None


def changes(moments: Sequence[Moment], axis: Axis, named: Named) -> str:
    """Draw the means of rounds in the order given. Neighbours that both have one are joined by a thin line."""
    marks = scale_beside(axis, _TOP, _FOOT)
    step = (100 - _LEFT) / max(len(moments), 1)
    places = [_LEFT + step * (at + 0.5) for at in range(len(moments))]
    for (one, x1), (two, x2) in pairwise(zip(moments, places, strict=True)):
        if one.mean is not None and two.mean is not None:
            y1, y2 = (upright(axis, mean, _TOP, _FOOT) for mean in (one.mean, two.mean))
            marks += line(percent(x1), y1, percent(x2), y2, colour=EDGE, width=1.5, dashes="2 5")
    for moment, place in zip(moments, places, strict=True):
        x = percent(place)
        label = lines_of(moment.label, letters=max(4, _LETTERS_ACROSS // len(moments)), most=1)[0]
        marks += words(label, x, _FOOT + 24, anchor="middle", colour=INK, size=SMALL)
        marks += _mark(moment, axis, x)
    return svg(named, _HIGH, marks)


def _mark(moment: Moment, axis: Axis, x: str) -> str:
    if moment.mean is None:
        return words("–", x, _FOOT - 6, anchor="middle")
    drawn = ""
    if moment.interval is not None:
        low, high = (upright(axis, end, _TOP, _FOOT) for end in moment.interval)
        drawn = line(x, low, x, high, colour=ACCENT, width=3)
    return drawn + dot(x, upright(axis, moment.mean, _TOP, _FOOT))
