"""The readiness check: what is asked before a circle begins, and what the answers advise.

Every question is about the workplace, none about a person. An answer counts as fine, as a reason for care, or
as a reason to wait; the advice is the strongest of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

ANSWERS: Mapping[str, Any] = {"yes": _("Yes"), "partly": _("Partly, or not sure"), "no": _("No")}


class Weight(StrEnum):
    """What an answer counts as; the values are the advice it leads to."""

    FINE = "go"
    CARE = "go_with_care"
    WAIT = "wait"


@dataclass(frozen=True)
class Question:
    """One question: what yes, partly and no count as, what an answer says stands in the way, and what would help."""

    key: str
    text: Any
    weights: tuple[Weight, Weight, Weight]
    reason: Any
    change: Any

    def weight_of(self, answer: str) -> Weight:
        """Return what an answer counts as.

        Raises:
            KeyError: no such answer.

        """
        return dict(zip(ANSWERS, self.weights, strict=True))[answer]


_GOOD = (Weight.FINE, Weight.CARE, Weight.WAIT)
_GOOD_SOFT = (Weight.FINE, Weight.CARE, Weight.CARE)
_BAD = (Weight.WAIT, Weight.CARE, Weight.FINE)
_BAD_SOFT = (Weight.CARE, Weight.CARE, Weight.FINE)

QUESTIONS = (
    Question(
        "time",
        _("Can everybody who takes part come in paid, rostered time?"),
        _GOOD,
        _("The time is not in the roster."),
        _("The meetings stand in the roster as working time, for every shift."),
    ),
    Question(
        "cover",
        _("Is there cover for the work while the circle meets?"),
        _GOOD,
        _("Nobody covers the work meanwhile."),
        _("Somebody is named who covers, meeting by meeting."),
    ),
    Question(
        "leader_wish",
        _("Does the nearest leader want this, and will the leader answer what the circle asks?"),
        _GOOD,
        _("The leader does not stand behind it yet."),
        _("The leader has seen what is asked and says yes without being pushed."),
    ),
    Question(
        "facilitators",
        _("Are two facilitators found?"),
        _GOOD,
        _("Two facilitators are not found yet."),
        _("Two people want to facilitate and have time to prepare."),
    ),
    Question(
        "voluntary",
        _("Can anybody say no, or leave, without consequences?"),
        _GOOD,
        _("It is not clear that taking part is voluntary."),
        _("Everybody has heard from the leader that a no has no consequences."),
    ),
    Question(
        "union_informed",
        _("Are the union and safety representatives told and heard?"),
        _GOOD_SOFT,
        _("The representatives have not been heard."),
        _("The representatives have read the leader commitment and said what they think."),
    ),
    Question(
        "reorganisation",
        _("Is there a reorganisation now, or one to come within half a year?"),
        _BAD,
        _("A reorganisation takes the attention."),
        _("It is settled who works where for the next half year."),
    ),
    Question(
        "conflict",
        _("Is there an open conflict that would fill the meetings?"),
        _BAD,
        _("A conflict would fill the meetings."),
        _("The conflict is taken care of in its own place, with help from outside if needed."),
    ),
    Question(
        "other_events",
        _("Is something else big going on: a move, a new system, an inspection?"),
        _BAD_SOFT,
        _("Something else big is going on at the same time."),
        _("Wait until the worst of it is over, or let the circle begin in small steps."),
    ),
)


@dataclass(frozen=True)
class Reading:
    """What the answers advise. ``waits`` and ``cares`` are the questions that speak for waiting and for care."""

    advice: Weight
    waits: tuple[Question, ...]
    cares: tuple[Question, ...]


def read_answers(answers: Mapping[str, str]) -> Reading:
    """Return what the answers to all questions advise. A question that was added later is not held against them.

    Raises:
        KeyError: an answer that is none.

    """
    weighed = [(one, one.weight_of(answers[one.key])) for one in QUESTIONS if one.key in answers]
    waits = tuple(one for one, weight in weighed if weight == Weight.WAIT)
    cares = tuple(one for one, weight in weighed if weight == Weight.CARE)
    advice = Weight.WAIT if waits else Weight.CARE if cares else Weight.FINE
    return Reading(advice, waits, cares)
