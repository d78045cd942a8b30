"""Why a number is not there: a word for the program and a sentence for a leader.

A result of this room holds either a finite number or an ``Absent`` with its reason, never a number that is none.
The sentences are English; whoever shows them translates them.
"""

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar


class Why(StrEnum):
    """The reasons."""

    NO_ANSWERS = "no_answers"
    FEW = "few"
    ONE_PERSON = "one_person"
    ONE_UNIT = "one_unit"
    NO_UNITS = "no_units"
    ONE_RATER = "one_rater"
    ONE_GROUP = "one_group"
    ONE_ITEM = "one_item"
    TWO_ITEMS = "two_items"
    SINGLETONS = "singletons"
    CONSTANT = "constant"
    NO_PAIRS = "no_pairs"
    NO_CHANGE = "no_change"
    ALIKE = "alike"
    SUMS_ALONE = "sums_alone"
    SINGULAR = "singular"
    HEYWOOD = "heywood"
    NOT_CONVERGED = "not_converged"
    MANY_GAPS = "many_gaps"
    MANY_UNITS = "many_units"
    ANSWERED_ONCE = "answered_once"
    EMPTY_WAVE = "empty_wave"
    CONFOUNDED = "confounded"
    NO_LEADER = "no_leader"
    NOT_CONSENTED = "not_consented"
    TOO_FEW_TO_COMPARE = "too_few_to_compare"
    TOO_FEW_FOR_P = "too_few_for_p"
    NOT_DECLARED = "not_declared"
    TOO_FEW_FOR_ALPHA = "too_few_for_alpha"
    TOO_FEW_UNITS = "too_few_units"
    TOO_FEW_FOR_PERCENT = "too_few_for_percent"
    SUBGROUP_TOO_SMALL = "subgroup_too_small"


SENTENCES: dict[Why, str] = {
    Why.NO_ANSWERS: "Nobody answered this.",
    Why.FEW: "There are too few answers for this number.",
    Why.ONE_PERSON: "There is only one person.",
    Why.ONE_UNIT: "There is only one workplace, so workplaces cannot be compared.",
    Why.NO_UNITS: "The data do not say who works where.",
    Why.ONE_RATER: "Only one person judged, so judgements cannot be compared.",
    Why.ONE_GROUP: "There is only one group, so there is nothing to compare it with.",
    Why.ONE_ITEM: "The scale has one question only, and this number tells how several questions go together.",
    Why.TWO_ITEMS: "This number needs at least three questions.",
    Why.SINGLETONS: "Nobody shares a group with anybody else.",
    Why.CONSTANT: "Everybody gave the same answer, so there is nothing to measure.",
    Why.NO_PAIRS: "Nobody answered both times.",
    Why.NO_CHANGE: "Nobody's answer changed.",
    Why.ALIKE: "The differences are all alike, so there is no measure of their spread.",
    Why.SUMS_ALONE: "This number needs each person's answer, and only sums are known.",
    Why.SINGULAR: "One question says exactly what others say together.",
    Why.HEYWOOD: "These answers do not fit one common idea behind the questions.",
    Why.NOT_CONVERGED: "The calculation did not come to an end on these answers.",
    Why.MANY_GAPS: "There are too many kinds of gaps in the answers for this number.",
    Why.MANY_UNITS: "There are too many workplaces to list them.",
    Why.ANSWERED_ONCE: "Nobody answered more than once.",
    Why.EMPTY_WAVE: "Nobody answered in one of the rounds.",
    Why.CONFOUNDED: "Workplaces answered in different rounds, so the two cannot be told apart.",
    Why.NO_LEADER: "There is no answer from a leader.",
    Why.NOT_CONSENTED: "The leader has not agreed that this is shown.",
    Why.TOO_FEW_TO_COMPARE: "Too few answered both times to compare.",
    Why.TOO_FEW_FOR_P: "Too few answered for a test. Look at the interval.",
    Why.NOT_DECLARED: "This question was not chosen for a test beforehand. Look at the interval.",
    Why.TOO_FEW_FOR_ALPHA: "Too few answered to say how well the questions go together.",
    Why.TOO_FEW_UNITS: "There are too few workplaces to estimate how much they differ.",
    Why.TOO_FEW_FOR_PERCENT: "Too few answered for percentages.",
    Why.SUBGROUP_TOO_SMALL: "This group is too small to be looked at on its own.",
}


@dataclass(frozen=True, slots=True)
class Absent:
    """A number that is not there."""

    why: Why

    @property
    def sentence(self) -> str:
        """The reason in plain words."""
        return SENTENCES[self.why]


Value = TypeVar("Value")
Number = float | Absent
Interval = tuple[float, float] | Absent


def finite(value: float, otherwise: Why) -> Number:
    """Return a number as it is when it is finite, else the reason given."""
    return float(value) if math.isfinite(value) else Absent(otherwise)


def is_there(value: object) -> bool:
    """Tell whether a value is not absent."""
    return not isinstance(value, Absent)


def known(value: Value | Absent) -> Value:
    """Return a value that must be there.

    Raises:
        ValueError: it is absent, for the reason in the message.

    """
    if isinstance(value, Absent):
        raise ValueError(value.why.value)  # noqa: TRY004 -- the type is right, the value is not there
    return value
