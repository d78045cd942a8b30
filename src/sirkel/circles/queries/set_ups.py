"""Who is in a circle by its set-up, and whether a leader may be."""

from collections.abc import Iterable
from datetime import UTC, datetime

from sirkel.circles.enums import CircleState, MemberRole, Perspective, SetUpKind
from sirkel.circles.models import Circle, Meeting, Membership, Participant, SetUp
from sirkel.circles.queries.gate import BEFORE_GATE
from sirkel.people.enums import Role
from sirkel.people.models import Person
from sirkel.people.queries.roles import holders_at

OVER = frozenset({CircleState.CLOSED, CircleState.ENDED_EARLY})
NEVER = datetime.max.replace(tzinfo=UTC)


def set_up_of(circle: Circle) -> SetUp | None:
    """Return a circle's newest set-up; None while it has the usual one and never had another."""
    return SetUp.objects.filter(circle=circle).order_by("-version").first()


def kind_of(circle: Circle) -> SetUpKind:
    """Return who is in a circle now."""
    chosen = set_up_of(circle)
    return SetUpKind(chosen.kind) if chosen else SetUpKind.JOINT


def kinds_of(circles: Iterable[Circle]) -> dict[object, SetUpKind]:
    """Return who is in each circle now, by the circle's id."""
    wanted = list(circles)
    newest = dict(SetUp.objects.filter(circle__in=wanted).order_by("version").values_list("circle", "kind"))
    return {one.id: SetUpKind(newest.get(one.id, SetUpKind.JOINT)) for one in wanted}


def with_leaders(meeting: Meeting) -> bool:
    """Tell whether leaders may be in a meeting: they are invited to it, or belong to the circle.

    Everybody is told of it before anything can be read, on the wall and on every phone. Which phone is a leader's
    nobody can tell: a phone has no account.
    """
    return meeting.is_joint or kind_of(meeting.circle) != SetUpKind.JOINT


def is_of_leaders(circle: Circle) -> bool:
    """Tell whether everybody in a circle leads: then no page promises that the leader does not see something."""
    return kind_of(circle) == SetUpKind.LEADERS


def may_choose(circle: Circle, kind: str) -> bool:
    """Tell whether a circle may get this set-up now: a circle of leaders is made before the circle begins."""
    if circle.state in OVER:
        return False
    is_about_leaders = SetUpKind.LEADERS in {kind, kind_of(circle)}
    return not is_about_leaders or circle.state in BEFORE_GATE


def leads_at(*, person: Person, circle: Circle, at: datetime) -> bool:
    """Tell whether somebody leads the circle's workplace."""
    return holders_at(circle.workplace, Role.LEADER, at=at).filter(id=person.id).exists()


def reads_words_since(*, person: Person, circle: Circle, at: datetime) -> datetime | None:
    """Return since when somebody may read what the circle wrote unsigned; None without a limit.

    Only for a leader who takes part among employees there is one: the moment at which the group let leaders in.
    Whoever wrote before that, or between the meetings, was promised that the leader does not see it. A member who
    came to lead the workplace without the group's word on it reads none of it: ``NEVER``.
    """
    own = Membership.objects.filter(circle=circle, person=person, left_at__isnull=True)
    member = own.select_related("allowed_by").first()
    if member is None or member.role == MemberRole.FACILITATOR:
        return None
    if member.allowed_by is not None:
        return member.allowed_by.chosen_at if member.allowed_by.kind == SetUpKind.MIXED else None
    return NEVER if leads_at(person=person, circle=circle, at=at) else None


def has_inside(circle: Circle, perspective: Perspective) -> bool:
    """Tell whether somebody with this perspective takes part, facilitators left aside."""
    members = Membership.objects.filter(
        circle=circle, left_at__isnull=True, role=MemberRole.PARTICIPANT, perspective=perspective
    )
    listed = Participant.objects.filter(
        circle=circle, state="joined", membership__isnull=True, perspective=perspective
    )
    return members.exists() or listed.exists()
