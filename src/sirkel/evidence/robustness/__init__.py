"""Robustness: how well a circle keeps going when something disturbs it, counted from what happened alone.

A figure is about a circle, never about a person. There is no figure of all figures and no order of circles: what a
number means depends on what disturbed the circle, and that is read beside it.
"""

from collections.abc import Iterable

from sirkel.evidence.robustness.definitions import (
    DEFINITIONS,
    FACETS,
    PERCENT_FROM,
    Definition,
    Facet,
    Figure,
    Unit,
    chosen,
    newest,
)
from sirkel.evidence.robustness.measures import Count
from sirkel.evidence.robustness.process import Attempt, Gathering, Line, LookBack, Pause, Process

__all__ = [
    "DEFINITIONS",
    "FACETS",
    "PERCENT_FROM",
    "Attempt",
    "Count",
    "Definition",
    "Facet",
    "Figure",
    "Gathering",
    "Line",
    "LookBack",
    "Pause",
    "Process",
    "Unit",
    "chosen",
    "measure",
    "newest",
]


def measure(process: Process, definitions: Iterable[Definition]) -> tuple[Figure, ...]:
    """Return the figures of one circle by these definitions, in their order."""
    return tuple(Figure(one, one.measure(process)) for one in definitions)
