"""Run chart: whether a count that was kept over time is more than chance around its middle.

The two rules and their limits are those of Anhøj J, Olesen AV. *Run charts revisited: a simulation study of run
chart rules for detection of non-random variation in health care processes.* PLoS ONE 2014;9(11):e113825, with the
limit for crossings after Chen Z. *A note on the runs test.* Model Assisted Statistics and Applications 2010;5:73-77;
the R package ``qicharts2`` uses the same formulas. They say that something changed, never why.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from statistics import median

# With fewer useful points than this the limits mean nothing.
LEAST_USEFUL = 10
_ONE_IN = 20  # the 5 % of the crossings rule, in whole numbers


class Verdict(StrEnum):
    """What a run chart may say."""

    TOO_FEW = "too_few"
    STEADY = "steady"
    SIGNAL = "signal"


@dataclass(frozen=True, slots=True)
class RunChart:
    """A series of counts measured against its middle.

    ``centre`` is the median of the baseline. ``useful`` counts the points that do not lie on it. ``longest_run``
    is the most useful points in a row on one side and ``crossings`` how often the series goes to the other side.
    The limits are None where there are too few useful points for a verdict.
    """

    centre: float
    useful: int
    longest_run: int
    crossings: int
    run_limit: int | None
    crossings_least: int | None

    @property
    def verdict(self) -> Verdict:
        """``signal`` when a run is longer than its limit or the crossings are fewer than theirs."""
        if self.run_limit is None or self.crossings_least is None:
            return Verdict.TOO_FEW
        is_signal = self.longest_run > self.run_limit or self.crossings < self.crossings_least
        return Verdict.SIGNAL if is_signal else Verdict.STEADY


def run_chart(values: Sequence[float], *, baseline: int | None = None) -> RunChart:
    """Return the run chart of a series in the order of time.

    Args:
        values: finite numbers, at least one.
        baseline: how many of the first values make the centre; None for all of them.

    Raises:
        ValueError: no values, a value that is not finite, or a baseline outside 1 to the number of values.

    """
    if not values or not all(math.isfinite(value) for value in values):
        raise ValueError("A run chart needs finite values")
    if baseline is not None and not 1 <= baseline <= len(values):
        raise ValueError("The baseline is some of the values")
    centre = float(median(values[:baseline]))
    sides = [value > centre for value in values if value != centre]
    has_verdict = len(sides) >= LEAST_USEFUL
    return RunChart(
        centre=centre,
        useful=len(sides),
        longest_run=_longest_run(sides),
        crossings=sum(one != other for one, other in pairwise(sides)),
        run_limit=longest_run_limit(len(sides)) if has_verdict else None,
        crossings_least=least_crossings(len(sides)) if has_verdict else None,
    )


def longest_run_limit(useful: int) -> int:
    """Return the longest run that chance explains, round(log2(n) + 3), for n of at least 1 useful points."""
    return round(math.log2(useful) + 3)


def least_crossings(useful: int) -> int:
    """Return the fewest crossings that chance explains, qbinom(0.05, n - 1, 0.5), for n of at least 1 useful points.

    Worked out in whole numbers: the smallest k of which the binomial distribution holds at least a twentieth.
    """
    steps = useful - 1
    held, crossings = 1, 0
    while held * _ONE_IN < 2**steps:
        crossings += 1
        held += math.comb(steps, crossings)
    return crossings


def _longest_run(sides: Sequence[bool]) -> int:
    longest = running = 0
    last: bool | None = None
    for side in sides:
        running = running + 1 if side == last else 1
        longest, last = max(longest, running), side
    return longest
