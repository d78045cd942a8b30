"""What a leader commits to: the promises that always belong to it, what may be provided, and what it costs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

# The promises stand in every commitment; a version keeps the names of those it was written with.
PROMISES: Mapping[str, Any] = {
    "no_appraisal": _("Nothing from the circle is used in appraisals, pay talks or references."),
    "no_monitoring": _("Nobody's work is watched or measured through the circle."),
    "no_names": _("The leader asks for no names: not who came, not who said or answered what."),
    "voluntary": _("Taking part is voluntary. A no, and leaving, have no consequence."),
    "paid": _("The time is working time, paid and in the roster."),
}
PROVISIONS: Mapping[str, Any] = {
    "room": _("A room where the circle is not disturbed, and devices that work"),
    "training": _("Training time for both facilitators"),
    "staff_meeting": _("A place on the staff meeting's agenda"),
    "colleagues": _("All colleagues are told what the circle is and why it meets"),
    "representatives": _("The union and safety representatives are told and heard"),
}
MOST_ANSWER_DAYS = 30
_HOUR = 60


@dataclass(frozen=True)
class Cost:
    """What a circle costs in working time. All in hours, to the nearest half."""

    meetings: float
    preparation: float

    @property
    def total(self) -> float:
        """Both together, in hours."""
        return self.meetings + self.preparation


def cost_in_hours(
    *, participants: int, meetings: int, meeting_minutes: int, facilitators: int, preparation_minutes: int
) -> Cost:
    """Return what a circle costs.

    Args:
        participants: how many sit in each meeting, facilitators included.
        meetings: how many meetings.
        meeting_minutes: the length of one meeting.
        facilitators: how many prepare.
        preparation_minutes: what each of them needs for one meeting.

    """
    return Cost(
        meetings=_halves(participants * meetings * meeting_minutes),
        preparation=_halves(facilitators * meetings * preparation_minutes),
    )


def _halves(minutes: int) -> float:
    return round(minutes * 2 / _HOUR) / 2
