"""Study hours: 45 minutes each, as study associations count, and whether a circle's meetings make a study circle.

Minutes and meetings are all that is counted. Who took part, and how often, an association asks of each person; no
rule here knows it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from enum import StrEnum

STUDY_HOUR_MINUTES = 45
_TENTH = Decimal("0.1")


class Country(StrEnum):
    """Where a rule counts."""

    SWEDEN = "sweden"
    FINLAND = "finland"  # and Åland


@dataclass(frozen=True)
class StudyRule:
    """What a study association asks of a circle, in study hours of 45 minutes. None: no upper end.

    ``least_people`` and ``most_people`` are what it asks of the group; Sirkel does not judge them.
    """

    country: Country
    least_hours: int
    most_hours: int | None
    least_meetings: int
    least_people: int
    most_people: int | None


RULES = (
    StudyRule(
        Country.SWEDEN, least_hours=9, most_hours=None, least_meetings=3, least_people=3, most_people=20
    ),
    StudyRule(
        Country.FINLAND, least_hours=10, most_hours=20, least_meetings=3, least_people=5, most_people=None
    ),
)
# A meeting of fewer or more study hours than these is counted otherwise by some associations.
USUAL_HOURS = range(1, 5)


@dataclass(frozen=True)
class Reading:
    """How held meetings stand to one rule. Both numbers are 0 when enough is reached."""

    rule: StudyRule
    hours_missing: Decimal
    meetings_missing: int
    is_over: bool

    @property
    def is_met(self) -> bool:
        """Whether hours and meetings are enough and not too many."""
        return not self.hours_missing and not self.meetings_missing and not self.is_over


def study_hours(minutes: int) -> Decimal:
    """Return minutes as study hours with one place, rounded down: nobody is told of time that was not held."""
    return (Decimal(minutes) / STUDY_HOUR_MINUTES).quantize(_TENTH, ROUND_FLOOR)


def read_rule(rule: StudyRule, minutes: Iterable[int]) -> Reading:
    """Return how meetings of these lengths stand to a rule. The sum is compared, never a rounded number."""
    held = [each for each in minutes if each > 0]
    missing = max(0, rule.least_hours * STUDY_HOUR_MINUTES - sum(held))
    return Reading(
        rule=rule,
        hours_missing=(Decimal(missing) / STUDY_HOUR_MINUTES).quantize(_TENTH, ROUND_CEILING),
        meetings_missing=max(0, rule.least_meetings - len(held)),
        is_over=rule.most_hours is not None and sum(held) > rule.most_hours * STUDY_HOUR_MINUTES,
    )


def is_unusual(minutes: int) -> bool:
    """Tell whether an association may count a meeting of this length otherwise: under one study hour, or over four."""
    return not USUAL_HOURS.start * STUDY_HOUR_MINUTES <= minutes <= USUAL_HOURS[-1] * STUDY_HOUR_MINUTES
