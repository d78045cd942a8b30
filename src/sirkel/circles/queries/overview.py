"""A person's circles at a glance: how far each has come, and the one thing to do next."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import Count, QuerySet

from sirkel.circles.enums import CircleState, GoesOn, MeetingState, MemberRole, TrialDecision
from sirkel.circles.models import Circle, Meeting, Membership, Trial
from sirkel.circles.queries.closing import Ending, endings_of
from sirkel.circles.queries.leading import circles_visible_to
from sirkel.circles.queries.trial_page import today_at
from sirkel.circles.rules.follow_ups import MONTHS
from sirkel.circles.rules.sittings import counts
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
    CLOSE = "close"  # the closing waits to be written
    LOOK_BACK = "look_back"  # the time of a follow-up has come
    FAREWELL = "farewell"  # everything is looked back at; the circle can be closed
    STAYS = "stays"  # the circle is over or followed up; what stays of it
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
    *, circle: Circle, meetings: list[Meeting], is_led: bool, at: datetime, ending: Ending | None = None
) -> tuple[Next, Meeting | None]:
    """Return the one thing to do next, and the meeting it is about.

    Args:
        circle: the circle, with its workplace.
        meetings: all its meetings, by number.
        is_led: whether the reader facilitates it.
        at: now.
        ending: how it closed, as far as it has.

    """
    ending = ending or Ending()
    upcoming = [meeting for meeting in meetings if meeting.state in _UPCOMING]
    held = [meeting for meeting in meetings if meeting.state == MeetingState.HELD]
    running = next((meeting for meeting in upcoming if meeting.is_running), None)
    first = min(upcoming, key=lambda meeting: meeting.starts_at, default=None)
    if running and is_led:
        return Next.ENTER, running
    if first and is_led and first.starts_at - at <= OPENS_BEFORE:
        return Next.OPEN, first
    if circle.state == CircleState.FOLLOWUP and ending.waiting(today_at(circle, at=at)):
        return Next.LOOK_BACK, None
    if first:
        return (Next.PREPARE, first) if is_led else (Next.SEE, running or upcoming[0])
    at_the_end = _at_the_end(circle, ending, is_led=is_led)
    if at_the_end or not held:
        return at_the_end or Next.NOTHING, None
    return Next.READ, held[-1]


def _at_the_end(circle: Circle, ending: Ending, *, is_led: bool) -> Next | None:
    """Return what is to do with a circle that has no meeting to come; None when nothing but reading is left."""
    if circle.state == CircleState.CLOSING and is_led:
        return Next.CLOSE
    if circle.state == CircleState.ENDED_EARLY and is_led and not ending.is_finished:
        return Next.CLOSE
    if circle.state == CircleState.FOLLOWUP:
        last = ending.look_back(MONTHS[-1])
        if is_led and last and last.follow_up.is_answered:
            return Next.FAREWELL
        goes_on = ending.record.goes_on if ending.record else ""
        may_plan = goes_on in {GoesOn.AS_IS, GoesOn.OTHER_FORM, ""}
    else:
        may_plan = circle.state not in _OVER
    if is_led and may_plan:
        return Next.PLAN
    return Next.STAYS if ending.is_finished else None


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
    circles = list(mine)
    endings = endings_of(circle.id for circle in circles)
    cards = [
        _card(
            circle,
            meetings.get(circle.id, []),
            kept=kept.get(circle.id, 0),
            is_led=circle.id in led,
            at=at,
            ending=endings[circle.id],
        )
        for circle in circles
    ]
    return sorted(cards, key=_soonest)


def _card(
    circle: Circle, meetings: list[Meeting], *, kept: int, is_led: bool, at: datetime, ending: Ending
) -> CircleCard:
    for meeting in meetings:
        meeting.circle = circle
    action, about = next_step(circle=circle, meetings=meetings, is_led=is_led, at=at, ending=ending)
    upcoming = [meeting for meeting in meetings if meeting.state in _UPCOMING]
    held, planned = counts((meeting.number, meeting.state) for meeting in meetings)
    return CircleCard(
        circle=circle,
        held=held,
        planned=planned,
        kept=kept,
        next_meeting=min(upcoming, key=lambda meeting: meeting.starts_at, default=None),
        action=action,
        action_meeting=about,
        is_led=is_led,
    )


def _soonest(card: CircleCard) -> tuple[bool, float, str]:
    following = card.next_meeting
    return following is None, following.starts_at.timestamp() if following else 0.0, card.circle.name
