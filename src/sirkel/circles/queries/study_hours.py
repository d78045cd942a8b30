"""How long a circle's held meetings were, for its members: meetings and minutes, and nobody's name."""

import uuid
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sirkel.circles.enums import MeetingState
from sirkel.circles.models import Circle, Meeting
from sirkel.circles.queries.leading import circle_for
from sirkel.circles.rules.study_hours import RULES, Reading, read_rule, study_hours
from sirkel.circles.rules.when import on_wall
from sirkel.people.models import Person

_MINUTE = 60


@dataclass(frozen=True)
class HeldMeeting:
    """A held meeting: its number, its day where the circle meets, and its whole minutes."""

    number: int
    day: date
    minutes: int

    @property
    def hours(self) -> Decimal:
        """The same in study hours."""
        return study_hours(self.minutes)


@dataclass(frozen=True)
class StudyHours:
    """A circle's held meetings in the order of their days, and how they stand to the associations' rules."""

    circle: Circle
    meetings: tuple[HeldMeeting, ...]

    @property
    def minutes(self) -> int:
        """All minutes together."""
        return sum(meeting.minutes for meeting in self.meetings)

    @property
    def hours(self) -> Decimal:
        """All study hours, from the sum of the minutes."""
        return study_hours(self.minutes)

    @property
    def readings(self) -> tuple[Reading, ...]:
        """How the meetings stand to each rule."""
        return tuple(read_rule(rule, [meeting.minutes for meeting in self.meetings]) for rule in RULES)


def study_hours_for(*, person: Person, circle_id: uuid.UUID) -> StudyHours:
    """Return a circle's study hours for one of its members.

    Raises:
        NotFound: it does not exist, or not for this person: the answer is the same.

    """
    return study_hours_of(circle_for(person=person, circle_id=circle_id))


def study_hours_of(circle: Circle) -> StudyHours:
    """Return a circle's study hours. The workplace must be loaded."""
    zone = circle.workplace.time_zone
    held: dict[int, Meeting] = {}
    # Nobody sits twice: of two sittings the longer one counts for everybody.
    for meeting in Meeting.objects.filter(circle=circle, state=MeetingState.HELD).order_by(
        "starts_at", "number"
    ):
        known = held.get(meeting.number)
        if known is None or _minutes(meeting) > _minutes(known):
            held[meeting.number] = meeting
    return StudyHours(
        circle,
        tuple(
            HeldMeeting(
                meeting.number,
                on_wall(meeting.opened_at or meeting.starts_at, zone).date(),
                _minutes(meeting),
            )
            for meeting in held.values()
        ),
    )


def _minutes(meeting: Meeting) -> int:
    """Return the minutes from opening to closing, never more than planned: a meeting left open is no longer one."""
    if meeting.opened_at is None or meeting.closed_at is None:
        return meeting.duration_minutes
    took = int((meeting.closed_at - meeting.opened_at).total_seconds() // _MINUTE)
    return max(0, min(took, meeting.duration_minutes))
