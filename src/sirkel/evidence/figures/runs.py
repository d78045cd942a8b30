"""A run chart: a series over time and its middle, as the page of a trial draws it."""

from collections.abc import Sequence
from itertools import pairwise

from sirkel.evidence.figures.drawing import (
    ACCENT,
    QUIET,
    WARM,
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
from sirkel.evidence.run_chart import RunChart

_TOP, _FOOT = 24, 184
_LEFT, _RIGHT = 9.0, 3.0


def runs(values: Sequence[float], chart: RunChart, axis: Axis, named: Named, *, middle: str) -> str:
    """Draw a series in the order of time.

    Args:
        values: the series, at least one.
        chart: what the series was measured to be.
        axis: from where to where.
        named: what it is called.
        middle: the words for the dashed line.

    """
    room = 100 - _LEFT - _RIGHT
    places = [percent(_LEFT + room * (at / max(len(values) - 1, 1))) for at in range(len(values))]
    heights = [upright(axis, value, _TOP, _FOOT) for value in values]
    centre = upright(axis, chart.centre, _TOP, _FOOT)
    marks = scale_beside(axis, _TOP, _FOOT)
    marks += line(percent(_LEFT), centre, "100%", centre, colour=WARM, width=2, dashes="5 6")
    points = list(zip(places, heights, strict=True))
    marks += "".join(
        line(x1, y1, x2, y2, colour=ACCENT, width=2.5) for (x1, y1), (x2, y2) in pairwise(points)
    )
    marks += "".join(dot(x, y, radius=3) for x, y in points)
    key = lines_of(middle, letters=30)
    marks += line("0", _FOOT + 28, "28", _FOOT + 28, colour=WARM, width=2, dashes="5 6")
    marks += "".join(words(text, "38", _FOOT + 33 + 20 * at, colour=QUIET) for at, text in enumerate(key))
    return svg(named, _FOOT + 24 + 20 * len(key), marks)
