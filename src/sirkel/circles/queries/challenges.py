"""Challenges that people left between meetings: which of them a page shows."""

from sirkel.circles.enums import MeetingState
from sirkel.circles.models import Challenge, Circle, Meeting
from sirkel.circles.queries.set_ups import reads_words_since
from sirkel.circles.queries.sittings import siblings
from sirkel.kernel import clock
from sirkel.people.models import Person

_TO_COME = (MeetingState.DRAFT, MeetingState.PLANNED, MeetingState.RUNNING)


def challenges_seen(*, person: Person, circle: Circle) -> bool:
    """Tell whether a member sees what was left between the meetings: a leader among employees does not."""
    return reads_words_since(person=person, circle=circle, at=clock.now()) is None


def challenges_waiting(circle: Circle) -> list[Challenge]:
    """Return what waits for the circle's next meeting, in the order of random ids."""
    return list(Challenge.objects.filter(circle=circle, meeting=None).order_by("id"))


def challenges_at(meeting: Meeting) -> list[Challenge]:
    """Return what was brought to a held meeting, or what waits for this one if it is the circle's next."""
    if meeting.state == MeetingState.HELD:
        return list(Challenge.objects.filter(meeting=meeting).order_by("id"))
    brought = Challenge.objects.filter(meeting__in=siblings(meeting)).order_by("id")
    if meeting.state in _TO_COME and brought.exists():
        return [*brought, *challenges_waiting(meeting.circle)]
    following = (
        Meeting.objects.filter(circle=meeting.circle_id, state__in=_TO_COME)
        .order_by("starts_at", "number")
        .first()
    )
    return challenges_waiting(meeting.circle) if following == meeting else []
