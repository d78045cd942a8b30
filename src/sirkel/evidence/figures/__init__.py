"""Figures for reports: numbers in, one SVG string out, readable in light, dark and print, at 320 pixels and wide.

Every figure has a title and a description and is shown beside a table with its numbers. Nothing is told by colour alone,
and rows come in the order in which they were given: no figure sorts.
"""

from sirkel.evidence.figures.changes import Moment, changes
from sirkel.evidence.figures.drawing import Axis, Named
from sirkel.evidence.figures.gaps import Gap, gaps
from sirkel.evidence.figures.intervals import Row, intervals
from sirkel.evidence.figures.runs import runs
from sirkel.evidence.figures.spread import Spread, shares_of, spread

__all__ = [
    "Axis",
    "Gap",
    "Moment",
    "Named",
    "Row",
    "Spread",
    "changes",
    "gaps",
    "intervals",
    "runs",
    "shares_of",
    "spread",
]
