"""Means as dots with the line on which they may lie, one below the other."""

from collections.abc import Sequence
from dataclasses import dataclass

from sirkel.evidence.figures.drawing import (
    ACCENT,
    LINE_HEIGHT,
    QUIET,
    SMALL,
    Axis,
    Named,
    dot,
    line,
    lines_of,
    paragraph,
    rules,
    scale_below,
    svg,
)

_MARK, _AFTER = 30, 8


@dataclass(frozen=True)
class Row:
    """One mean with its interval. Without a mean ``why`` says the reason; without an interval the dot stands alone."""

    label: str
    mean: float | None
    interval: tuple[float, float] | None = None
    why: str = ""


def intervals(rows: Sequence[Row], axis: Axis, named: Named) -> str:
    """Draw means in the order given, on one axis."""
    y, marks = 0.0, ""
    for row in rows:
        label = lines_of(row.label)
        marks += paragraph(label, y + 15)
        y += LINE_HEIGHT * len(label)
        if row.mean is None:
            why = lines_of(row.why)
            marks += paragraph(why, y + 14, colour=QUIET, size=SMALL)
            y += LINE_HEIGHT * len(why) + _AFTER
            continue
        marks += rules(axis, y + 2, y + _MARK - 2)
        marks += _mark(row.mean, row.interval, axis, y + _MARK / 2)
        y += _MARK + _AFTER
    return svg(named, y + 22, marks + scale_below(axis, y))


def _mark(mean: float, interval: tuple[float, float] | None, axis: Axis, y: float) -> str:
    at = axis.across(mean)
    if interval is None:
        return dot(at, y)
    low, high = (axis.across(end) for end in interval)
    ends = "".join(line(end, y - 5, end, y + 5, colour=ACCENT, width=2) for end in (low, high))
    return line(low, y, high, y, colour=ACCENT, width=3) + ends + dot(at, y)
