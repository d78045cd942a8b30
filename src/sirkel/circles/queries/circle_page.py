"""A circle as its members see it: phase, meetings, themes and trials on one page."""

import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sirkel.circles.enums import CircleState, MeetingState, MemberRole, TrialDecision, TrialState
from sirkel.circles.models import Circle, Meeting, Membership, Theme, Trial
from sirkel.circles.queries.closing import Ending, ending_of
from sirkel.circles.queries.keeping import kept_until
from sirkel.circles.queries.leading import circle_for
from sirkel.circles.queries.links import leave_path
from sirkel.circles.queries.overview import Next, next_step
from sirkel.circles.queries.set_ups import OVER
from sirkel.circles.rules.sittings import counts
from sirkel.kernel.errors import NotFound
from sirkel.people.models import Person

PHASES = (
    CircleState.ANCHORING,
    CircleState.FORMING,
    CircleState.FOCUSING,
    CircleState.COCREATING,
    CircleState.CLOSING,
    CircleState.FOLLOWUP,
)


@dataclass(frozen=True)
class CirclePage:
    """What one member sees of a circle.

    ``meetings`` are in order of time; a draft is seen by facilitators alone. ``phase`` counts from 1 in
    ``PHASES``, 0 before and beside them. Trials under way stand before decided ones. ``leave_at`` is the path at
    which this member leaves the circle. ``kept_until`` is when what an ended circle wrote is deleted.
    """

    circle: Circle
    is_led: bool
    facilitators: tuple[str, ...]
    meetings: tuple[Meeting, ...]
    themes: tuple[Theme, ...]
    trials: tuple[Trial, ...]
    held: int
    planned: int
    kept: int
    phase: int
    action: Next
    action_meeting: Meeting | None
    ending: Ending
    leave_at: str
    kept_until: datetime | None

    @property
    def is_over(self) -> bool:
        """Whether the circle has ended: what it has stays readable, and nothing more is offered."""
        return self.circle.state in OVER

    @property
    def drafts(self) -> int:
        """How many meetings are not published yet."""
        return sum(meeting.state == MeetingState.DRAFT for meeting in self.meetings)

    @property
    def gaps(self) -> tuple[int, ...]:
        """For each meeting that was cancelled after it was published, how many were held before it."""
        held: dict[int, datetime] = {}
        for each in reversed(self.meetings):
            if each.state == MeetingState.HELD:
                held[each.number] = each.starts_at
        others = {each.number for each in self.meetings if each.state != MeetingState.CANCELLED}
        lost = {
            each.number: each.starts_at
            for each in self.meetings
            if each.calendar_changed_at and each.number not in others
        }
        return tuple(sum(day < lost_day for day in held.values()) for lost_day in lost.values())

    @property
    def learned(self) -> int:
        """How many trials the circle has decided about. Each counts as learning, a dropped one like a kept one."""
        return sum(trial.state == TrialState.DECIDED for trial in self.trials)

    @property
    def decided(self) -> list[tuple[str, int]]:
        """What was decided and how often, without what never was."""
        counts = Counter(trial.decision for trial in self.trials if trial.state == TrialState.DECIDED)
        return [(str(one.label), counts[one]) for one in TrialDecision if counts[one]]

    @property
    def last_held(self) -> Meeting | None:
        """The newest meeting that was held, or None."""
        return next((each for each in reversed(self.meetings) if each.state == MeetingState.HELD), None)

    @property
    def phase_count(self) -> int:
        """How many phases there are."""
        return len(PHASES)


def circle_page(*, person: Person, circle_id: uuid.UUID, at: datetime) -> CirclePage:
    """Return a circle's page for one of its members.

    Raises:
        NotFound: it does not exist, or not for this person.

    """
    circle = circle_for(person=person, circle_id=circle_id)
    members = list(
        Membership.objects.filter(
            Q(role=MemberRole.FACILITATOR) | Q(person=person), circle=circle, left_at__isnull=True
        )
        .select_related("person")
        .order_by("person__first_name")
    )
    own = [member for member in members if member.person_id == person.id]
    members = [member for member in members if member.role == MemberRole.FACILITATOR]
    is_led = any(member.person_id == person.id for member in members)
    meetings = list(Meeting.objects.filter(circle=circle).order_by("starts_at", "number"))
    if not is_led:
        meetings = [meeting for meeting in meetings if meeting.state != MeetingState.DRAFT]
    for meeting in meetings:
        meeting.circle = circle
    trials = sorted(
        Trial.objects.filter(circle=circle).select_related("theme", "meeting"),
        key=_under_way_first,
    )
    ending = ending_of(circle)
    action, about = next_step(
        circle=circle,
        meetings=sorted(meetings, key=lambda meeting: meeting.number),
        is_led=is_led,
        at=at,
        ending=ending,
    )
    held, planned = counts((meeting.number, meeting.state) for meeting in meetings)
    return CirclePage(
        circle=circle,
        is_led=is_led,
        facilitators=tuple(member.person.first_name for member in members),
        meetings=tuple(meetings),
        themes=tuple(
            Theme.objects.filter(circle=circle, is_chosen=True)
            .exclude(title="…")
            .select_related("meeting")
            .order_by("-meeting__number", "position")
        ),
        trials=tuple(trials),
        held=held,
        planned=planned,
        kept=sum(trial.decision == TrialDecision.KEEP for trial in trials),
        phase=PHASES.index(CircleState(circle.state)) + 1 if circle.state in PHASES else 0,
        action=action,
        action_meeting=about,
        ending=ending,
        leave_at=next((leave_path(one.id) for one in own), ""),
        kept_until=kept_until(circle),
    )


def _under_way_first(trial: Trial) -> tuple[bool, int, uuid.UUID]:
    return trial.state == TrialState.DECIDED, -trial.ends_on.toordinal() if trial.ends_on else 0, trial.id


def meeting_of(*, person: Person, circle_id: uuid.UUID, number: int) -> tuple[Meeting, bool]:
    """Return a meeting its circle's member asks for, and whether the asker facilitates it.

    Raises:
        NotFound: there is none, it is a draft that only facilitators see, or not this person's circle.

    """
    circle = circle_for(person=person, circle_id=circle_id)
    is_led = Membership.objects.filter(
        circle=circle, person=person, left_at__isnull=True, role=MemberRole.FACILITATOR
    ).exists()
    found = Meeting.objects.filter(circle=circle, number=number, sitting=getattr(number, "sitting", 1))
    meeting = found.select_related("current_step").first()
    if meeting is None or (meeting.state == MeetingState.DRAFT and not is_led):
        raise NotFound("meetings.none", _("There is no such meeting here."), _("Go to your circles."))
    meeting.circle = circle
    return meeting, is_led


def meeting_before(meeting: Meeting) -> Meeting | None:
    """Return the circle's newest meeting that was held before this one, or None."""
    return (
        Meeting.objects.filter(
            circle=meeting.circle_id, state=MeetingState.HELD, starts_at__lt=meeting.starts_at
        )
        .exclude(number=meeting.number)
        .order_by("-starts_at")
        .first()
    )
