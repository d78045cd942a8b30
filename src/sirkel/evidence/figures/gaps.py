"""How employees and leaders see the same thing: a dot and a ring on one line, and the distance between them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sirkel.evidence.figures.drawing import (
    EDGE,
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
    words,
)

_MARK, _AFTER, _KEY = 30, 10, 56


@dataclass(frozen=True)
class Gap:
    """One place or scale: what employees say and what leaders say; without both ``why`` says the reason."""

    label: str
    employees: float | None
    leaders: float | None
    why: str = ""


def gaps(rows: Sequence[Gap], axis: Axis, named: Named, *, employees: str, leaders: str) -> str:
    """Draw gaps in the order given, with the words for the dot and for the ring above."""
    marks = dot("10", 12) + _key(employees, 17) + dot("10", 36, is_open=True, radius=8)
    marks += _key(leaders, 41)
    y = float(_KEY)
    for row in rows:
        label = lines_of(row.label)
        marks += paragraph(label, y + 15)
        y += LINE_HEIGHT * len(label)
        if row.employees is None and row.leaders is None:
            why = lines_of(row.why)
            marks += paragraph(why, y + 14, colour=QUIET, size=SMALL)
            y += LINE_HEIGHT * len(why) + _AFTER
            continue
        marks += rules(axis, y + 2, y + _MARK - 2)
        marks += _mark(row, axis, y + _MARK / 2)
        y += _MARK + _AFTER
    return svg(named, y + 22, marks + scale_below(axis, y))


def _key(said: str, y: float) -> str:
    return words(lines_of(said, letters=30, most=1)[0], "26", y)


def _mark(row: Gap, axis: Axis, y: float) -> str:
    drawn = ""
    if row.employees is not None and row.leaders is not None:
        drawn = line(axis.across(row.employees), y, axis.across(row.leaders), y, colour=EDGE, width=3)
    # The ring lies below, so that a dot at the same place stands inside it.
    if row.leaders is not None:
        drawn += dot(axis.across(row.leaders), y, is_open=True, radius=8)
    return drawn + (dot(axis.across(row.employees), y, radius=5) if row.employees is not None else "")
