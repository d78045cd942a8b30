"""Who is in a circle: choosing its set-up, and letting a leader in only where the group has agreed to it."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sirkel.circles.domain.agreeing import MOST_AGREEING
from sirkel.circles.domain.signals import meeting_announced
from sirkel.circles.enums import MeetingState, Perspective, SetUpKind
from sirkel.circles.models import Circle, Meeting, Membership, SetUp
from sirkel.circles.models.forming import LEAST_AGREEING
from sirkel.circles.queries.leading import circle_led, meeting_led
from sirkel.circles.queries.set_ups import has_inside, kind_of, leads_at, may_choose, set_up_of
from sirkel.kernel import audit
from sirkel.kernel.errors import Conflict, NotAllowed, Refused
from sirkel.people.models import Person


def choose_set_up(
    *,
    acting: Person,
    circle_id: uuid.UUID,
    kind: str,
    at: datetime,
    agreed_count: int | None = None,
    is_unopposed: bool = False,
) -> SetUp:
    """Choose who is in a circle. Saying the same twice changes nothing.

    Args:
        acting: a facilitator of the circle.
        circle_id: the circle.
        kind: a ``SetUpKind``.
        at: now.
        agreed_count: for the mixed one, how many in the group agreed to it; never who.
        is_unopposed: for the mixed one, that nobody in the group was against it.

    Raises:
        Refused: ``set_ups.kind``, ``set_ups.late`` for a circle of leaders after the circle began or any change
            after it is over, ``set_ups.not_agreed`` for a mixed one without the group's agreement.
        Conflict: ``set_ups.leader_inside``, ``set_ups.employee_inside`` while somebody takes part whom the new
            set-up would not let in; ``set_ups.running`` while a meeting runs.
        NotFound: this person does not facilitate it.

    """
    circle_led(acting=acting, circle_id=circle_id)
    if kind not in SetUpKind.values:
        raise Refused("set_ups.kind", _("Choose one of the three."), facts={"field": "kind"})
    with transaction.atomic():
        circle = locked_circle(circle_id)
        newest = set_up_of(circle)
        if kind == kind_of(circle):
            return newest or SetUp(circle=circle, version=0, kind=kind, chosen_at=at)
        if not may_choose(circle, kind):
            raise Refused("set_ups.late", _("This cannot be changed any more."), status=409)
        _must_not_be_running(circle)
        _must_fit_those_inside(circle, kind)
        if kind == SetUpKind.MIXED:
            _must_be_agreed(agreed_count, is_unopposed=is_unopposed)
        chosen = SetUp.objects.create(
            circle=circle,
            version=(newest.version if newest else 0) + 1,
            kind=kind,
            agreed_count=agreed_count if kind == SetUpKind.MIXED else None,
            chosen_at=at,
        )
        audit.record(
            chain=circle.organisation_id,
            acting=acting.id,
            verb="circle.set_up",
            target=circle.id,
            facts={"kind": kind, "version": chosen.version},
            at=at,
        )
    return chosen


def allowed_by(*, circle: Circle, is_leader: bool) -> SetUp | None:
    """Return the set-up by which a leader may take part, None for an employee; refuse whoever may not.

    Must run inside the caller's transaction, with the circle's row locked: the set-up may change meanwhile.

    Raises:
        NotAllowed: ``set_ups.no_leaders``, ``set_ups.leaders_only``.

    """
    newest = set_up_of(circle)
    kind = newest.kind if newest else SetUpKind.JOINT
    if is_leader and kind == SetUpKind.JOINT:
        raise NotAllowed(
            "set_ups.no_leaders",
            _("This circle is for employees. Leaders come to the joint meetings."),
            _("The group can agree to have leaders in it. The facilitator writes that down first."),
        )
    if not is_leader and kind == SetUpKind.LEADERS:
        raise NotAllowed(
            "set_ups.leaders_only",
            _("This is a circle of leaders."),
            _("Ask the facilitator whether there is a circle for you."),
        )
    return newest if is_leader else None


def perspective_of(*, person: Person | None, circle: Circle, says_leads: bool, at: datetime) -> Perspective:
    """Return from where somebody sees the work: a leader is whoever says so, or is known to lead there."""
    is_leader = says_leads or (person is not None and leads_at(person=person, circle=circle, at=at))
    return Perspective.LEADER if is_leader else Perspective.EMPLOYEE


def must_be_welcome(*, person: Person, meeting: Meeting, at: datetime) -> None:
    """Refuse a known leader at the door of a meeting that leaders are not invited to.

    Raises:
        NotAllowed: ``set_ups.no_leaders``.

    """
    circle = meeting.circle
    if meeting.is_joint or kind_of(circle) != SetUpKind.JOINT:
        return
    is_member = Membership.objects.filter(circle=circle, person=person, left_at__isnull=True).exists()
    if not is_member and leads_at(person=person, circle=circle, at=at):
        raise NotAllowed(
            "set_ups.no_leaders",
            _("This meeting is for the employees alone."),
            _("Leaders come to the joint meetings, or when the group has agreed to have them in it."),
        )


def mark_joint(*, acting: Person, meeting_id: uuid.UUID, is_joint: bool, at: datetime) -> Meeting:
    """Say that the leaders are invited to a meeting, or that they are not; members with an address are told.

    Raises:
        Refused: ``meetings.state`` once it is running, held or cancelled; ``set_ups.not_joint`` in a circle
            that has leaders in it anyway.
        NotFound: this person does not facilitate it.

    """
    with transaction.atomic():
        meeting = meeting_led(acting=acting, meeting_id=meeting_id, lock=True)
        if meeting.state not in {MeetingState.DRAFT, MeetingState.PLANNED}:
            raise Refused("meetings.state", _("This meeting cannot be changed any more."), status=409)
        if is_joint and kind_of(meeting.circle) != SetUpKind.JOINT:
            raise Refused("set_ups.not_joint", _("In this circle every meeting is with leaders."), status=409)
        if meeting.is_joint == is_joint:
            return meeting
        meeting.is_joint = is_joint
        if meeting.state == MeetingState.PLANNED:
            meeting.calendar_sequence += 1
            meeting.calendar_changed_at = at
        meeting.save(update_fields=["is_joint", "calendar_sequence", "calendar_changed_at"])
        audit.record(
            chain=meeting.circle.organisation_id,
            acting=acting.id,
            verb="meeting.joint",
            target=meeting.id,
            facts={"number": meeting.number, "is_joint": is_joint},
            at=at,
        )
        if meeting.state == MeetingState.PLANNED:
            meeting_announced.send(sender=Meeting, meeting=meeting)
    return meeting


def locked_circle(circle_id: uuid.UUID) -> Circle:
    """Return a circle with its row locked, inside the caller's transaction."""
    return Circle.objects.select_for_update(of=("self",)).select_related("workplace").get(id=circle_id)


def _must_be_agreed(count: int | None, *, is_unopposed: bool) -> None:
    if count is None or not LEAST_AGREEING <= count <= MOST_AGREEING:
        raise Refused(
            "set_ups.not_agreed",
            _("Choose a number from %(least)d to %(most)d.")
            % {"least": LEAST_AGREEING, "most": MOST_AGREEING},
            facts={"field": "agreed_count"},
        )
    if not is_unopposed:
        raise Refused(
            "set_ups.not_agreed",
            _("If somebody is against it, the circle stays without leaders."),
            facts={"field": "is_unopposed"},
        )


def _must_not_be_running(circle: Circle) -> None:
    """Refuse while a meeting runs: what is written in it was promised to those who were let in as it began."""
    if Meeting.objects.filter(circle=circle, state=MeetingState.RUNNING).exists():
        raise Conflict(
            "set_ups.running",
            _("A meeting is running."),
            _("Close it first. Then change who is in the circle."),
        )


def _must_fit_those_inside(circle: Circle, kind: str) -> None:
    if kind == SetUpKind.JOINT and has_inside(circle, Perspective.LEADER):
        raise Conflict(
            "set_ups.leader_inside",
            _("A leader takes part in the circle."),
            _("Talk to them first. When they have left, change it here."),
        )
    if kind == SetUpKind.LEADERS and has_inside(circle, Perspective.EMPLOYEE):
        raise Conflict(
            "set_ups.employee_inside",
            _("Employees take part in the circle."),
            _("Begin a circle of its own for the leaders."),
        )
