"""A person's circles at a glance: how far each has come, and the one thing to do next."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import Count, QuerySet

from sirkel.circles.enums import CircleState, MeetingState, MemberRole, TrialDecision
from sirkel.circles.models import Circle, Meeting, Membership, Trial
from sirkel.circles.queries.leading import circles_visible_to
from sirkel.people.models import Person

# From this long before its start a meeting is opened rather than prepared.
OPENS_BEFORE = timedelta(hours=2)
_UPCOMING = {MeetingState.DRAFT, MeetingState.PLANNED, MeetingState.RUNNING}
_OVER = {CircleState.CLOSED, CircleState.ENDED_EARLY}


class Next(StrEnum):
    """The one clear thing to do next with a circle."""

    ENTER = "enter"  # a meeting runs
    OPEN = "open"  # a meeting is about to begin
    PREPARE = "prepare"  # a meeting is to come
    SEE = "see"  # a meeting is to come, and somebody else leads it
    PLAN = "plan"  # nothing is planned
    READ = "read"  # nothing more is to come; the last recap
    NOTHING = "nothing"


@dataclass(frozen=True)
class CircleCard:
    """A circle on its member's list. ``planned`` counts all meetings that are not cancelled, held ones included.

    ``next_meeting`` is the first that is neither held nor cancelled; ``action`` is about ``action_meeting``.
    """

    circle: Circle
    held: int
    planned: int
    kept: int
    next_meeting: Meeting | None
    action: Next
    action_meeting: Meeting | None
    is_led: bool


def next_step(
    *, circle: Circle, meetings: list[Meeting], is_led: bool, at: datetime
) -> tuple[Next, Meeting | None]:
    """Return the one thing to do next, and the meeting it is about.

    Args:
        circle: the circle.
        meetings: all its meetings, by number.
        is_led: whether the reader facilitates it.
        at: now.

    """
    upcoming = [meeting for meeting in meetings if meeting.state in _UPCOMING]
    held = [meeting for meeting in meetings if meeting.state == MeetingState.HELD]
    running = next((meeting for meeting in upcoming if meeting.is_running), None)
    if running and is_led:
        return Next.ENTER, running
    if upcoming and not is_led:
        return Next.SEE, running or upcoming[0]
    if upcoming:
        first = min(upcoming, key=lambda meeting: meeting.starts_at)
        return (Next.OPEN if first.starts_at - at <= OPENS_BEFORE else Next.PREPARE), first
    if is_led and circle.state not in _OVER:
        return Next.PLAN, None
    return (Next.READ, held[-1]) if held else (Next.NOTHING, None)


def kept_counts(circles: QuerySet[Circle]) -> dict[object, int]:
    """Return how many trials each circle kept, by its id; circles without any are left out."""
    kept = Trial.objects.filter(circle__in=circles, decision=TrialDecision.KEEP)
    return dict(kept.values("circle").annotate(n=Count("id")).values_list("circle", "n"))


def circle_cards(*, person: Person, at: datetime) -> list[CircleCard]:
    """Return a card per circle the person belongs to: first those with a meeting to come, the soonest on top."""
    mine = circles_visible_to(person)
    ids = Circle.objects.filter(id__in=mine.order_by().values("id"))
    meetings: dict[object, list[Meeting]] = {}
    for meeting in Meeting.objects.filter(circle__in=ids).order_by("number"):
        meetings.setdefault(meeting.circle_id, []).append(meeting)
    kept = kept_counts(ids)
    led = set(
        Membership.objects.filter(
            person=person, circle__in=ids, left_at__isnull=True, role=MemberRole.FACILITATOR
        ).values_list("circle", flat=True)
    )
    cards = [
        _card(circle, meetings.get(circle.id, []), kept.get(circle.id, 0), circle.id in led, at)
        for circle in mine
    ]
    return sorted(cards, key=_soonest)


def _card(circle: Circle, meetings: list[Meeting], kept: int, is_led: bool, at: datetime) -> CircleCard:  # noqa: FBT001 -- one private caller
    for meeting in meetings:
        meeting.circle = circle
    action, about = next_step(circle=circle, meetings=meetings, is_led=is_led, at=at)
    upcoming = [meeting for meeting in meetings if meeting.state in _UPCOMING]
    return CircleCard(
        circle=circle,
        held=sum(meeting.state == MeetingState.HELD for meeting in meetings),
        planned=sum(meeting.state != MeetingState.CANCELLED for meeting in meetings),
        kept=kept,
        next_meeting=min(upcoming, key=lambda meeting: meeting.starts_at, default=None),
        action=action,
        action_meeting=about,
        is_led=is_led,
    )


def _soonest(card: CircleCard) -> tuple[bool, float, str]:
    following = card.next_meeting
    return following is None, following.starts_at.timestamp() if following else 0.0, card.circle.name
