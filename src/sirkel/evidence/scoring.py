"""From answers to a scale's score: reversal, the rule for missing answers, and the 0 to 100 transform.

A score is the mean of a person's answered items, valid when enough are answered. Half of the items is the rule of
the Copenhagen Psychosocial Questionnaire (Burr H et al. *The third version of the Copenhagen Psychosocial
Questionnaire.* Safety and Health at Work 2019;10:482-503), as is the transform.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sirkel.evidence.moments import Numbers

MissingRule = Literal["half", "none"] | int


class Gap(IntEnum):
    """Why an answer, or a score, is missing. Numbers, so that a million fit into a megabyte."""

    ANSWERED = 0
    SKIPPED = 1
    NOT_SHOWN = 2
    NOT_RELEVANT = 3
    REFUSED = 4
    TOO_FEW_ITEMS = 5


@dataclass(frozen=True, eq=False)
class Scores:
    """One score a person.

    Attributes:
        values: the means of the answered items, on the items' scale (persons); NaN where the score is not valid.
        answered: items answered (persons).
        gap: ``Gap`` of each score: ``ANSWERED`` when valid; the items' common reason when all of them miss for the
            same; else ``TOO_FEW_ITEMS`` (persons).
        items: how many items the scale has.

    """

    values: Numbers
    answered: NDArray[np.int64]
    gap: NDArray[np.int8]
    items: int

    @property
    def valid(self) -> Numbers:
        """The valid scores alone."""
        return self.values[self.gap == Gap.ANSWERED]

    @property
    def sums(self) -> Numbers:
        """Sum scores: mean times items; NaN where the score is not valid."""
        return self.values * self.items


def items_needed(rule: MissingRule, items: int) -> int:
    """Return how many of a scale's items must be answered: half rounded up, all of them, or the number itself.

    Raises:
        ValueError: no such rule, or a number outside 1 to the number of items.

    """
    if rule == "half":
        return -(-items // 2)
    if rule == "none":
        return items
    if not isinstance(rule, int) or isinstance(rule, bool) or not 1 <= rule <= items:
        raise ValueError(
            "The rule for missing answers is half, none, or a number from 1 to the number of items"
        )
    return rule


def reverse(rows: ArrayLike, which: Sequence[int], *, low: float, high: float) -> Numbers:
    """Return the answers with ``x`` turned to ``low + high - x`` in some columns; missing stays missing."""
    turned = np.array(rows, dtype=float)
    columns = list(which)
    turned[:, columns] = low + high - turned[:, columns]
    return turned


def score(rows: ArrayLike, rule: MissingRule = "half", *, gaps: ArrayLike | None = None) -> Scores:
    """Return each person's score.

    Args:
        rows: answers after reversal, NaN where missing (persons x items).
        rule: how many items must be answered.
        gaps: ``Gap`` of every answer (persons x items); None when all that is missing was skipped.

    Raises:
        ValueError: the rule is none, there is no item, or a gap and an answer contradict each other.

    """
    table = np.asarray(rows, dtype=float)
    items = table.shape[1]
    if not items:
        raise ValueError("A scale has at least one item")
    there = ~np.isnan(table)
    reasons = np.where(there, Gap.ANSWERED, Gap.SKIPPED) if gaps is None else np.asarray(gaps)
    if ((reasons == Gap.ANSWERED) != there).any():
        raise ValueError("An answer is there or has a reason why not")
    answered = there.sum(axis=1)
    is_valid = answered >= items_needed(rule, items)
    total = np.where(there, table, 0.0).sum(axis=1)
    values = np.full(len(table), np.nan)
    values[is_valid] = total[is_valid] / answered[is_valid]
    gap = np.where(is_valid, Gap.ANSWERED, Gap.TOO_FEW_ITEMS)
    is_common = ~is_valid & (reasons == reasons[:, :1]).all(axis=1)
    gap = np.where(is_common, reasons[:, 0], gap)
    return Scores(values=values, answered=answered, gap=gap.astype(np.int8), items=items)


def to_hundred(values: ArrayLike, *, low: float, high: float, first_is_most: bool = False) -> Numbers:
    """Return answers or scores on 0 to 100; missing stays missing.

    Args:
        values: on the scale from low to high.
        low: the first category's number.
        high: the last category's number.
        first_is_most: whether the first category is 100, as in questions from *always* to *never*: five categories
            become 100, 75, 50, 25, 0.

    Raises:
        ValueError: the scale has no length.

    """
    if not high > low:
        raise ValueError("A scale goes from a lower to a higher number")
    share = (np.asarray(values, dtype=float) - low) / (high - low)
    return 100.0 * (1.0 - share) if first_is_most else 100.0 * share
