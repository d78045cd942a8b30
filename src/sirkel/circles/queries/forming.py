"""What is around the forming of a circle: its invitation as the invited see it, and the list its facilitators see."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sirkel.circles.enums import Listed, MeetingState, MemberRole, SetUpKind
from sirkel.circles.models import Circle, Meeting, Membership, OpenInvitation, Participant
from sirkel.circles.queries.commitments import commitment_of
from sirkel.circles.queries.leading import circle_led
from sirkel.circles.queries.open_links import circle_by_invitation_address, invitation_address
from sirkel.circles.queries.set_ups import OVER, kind_of
from sirkel.people.domain.mail_settings import no_such_link
from sirkel.people.models import Person
from sirkel.people.rules import links


@dataclass(frozen=True)
class Offer:
    """What somebody is invited to. ``first_meeting`` is the first published one to come; ``minutes`` the usual length.

    ``is_paid`` says whether a leader of today has signed that it is working time. ``by`` are the facilitators' first
    names. ``meetings`` is 0 while none is planned.
    """

    circle: Circle
    kind: SetUpKind
    by: tuple[str, ...]
    meetings: int
    minutes: int
    first_meeting: Meeting | None
    is_paid: bool

    @property
    def is_joint(self) -> bool:
        """Whether the circle is for employees, with some meetings together with the leaders."""
        return self.kind == SetUpKind.JOINT


def offer_of(circle: Circle, *, at: datetime) -> Offer:
    """Return what a circle invites to."""
    meetings = [
        one
        for one in Meeting.objects.filter(circle=circle).order_by("starts_at", "id")
        if one.state != MeetingState.CANCELLED
    ]
    for one in meetings:
        one.circle = circle
    lengths = sorted(one.duration_minutes for one in meetings)
    return Offer(
        circle=circle,
        kind=kind_of(circle),
        by=facilitator_names(circle),
        meetings=len({one.number for one in meetings}),
        minutes=lengths[len(lengths) // 2] if lengths else 0,
        first_meeting=next(
            (one for one in meetings if one.state == MeetingState.PLANNED and one.starts_at > at), None
        ),
        is_paid=commitment_of(circle, at=at).is_signed,
    )


def facilitator_names(circle: Circle) -> tuple[str, ...]:
    """Return the first names of those who lead a circle."""
    leading = Membership.objects.filter(circle=circle, left_at__isnull=True, role=MemberRole.FACILITATOR)
    names = leading.order_by("person__first_name", "id").values_list("person__first_name", flat=True)
    return tuple(names)


def offer_by_address(address: str, *, at: datetime) -> Offer:
    """Return what a link on paper invites to.

    Raises:
        NotFound: ``links.none`` for a link that was never ours, is old or closed, and for a circle that is over.

    """
    return offer_of(circle_by_invitation_address(address), at=at)


@dataclass(frozen=True)
class InvitationPage:
    """The invitation for a circle's facilitator. ``asked`` are those who did not join, whatever they said."""

    circle: Circle
    invitation: OpenInvitation | None
    address: str
    kind: SetUpKind
    joined: tuple[Participant, ...]
    asked: tuple[Participant, ...]
    is_over: bool

    @property
    def is_open(self) -> bool:
        """Whether the link opens."""
        return self.invitation is not None and self.invitation.is_open and not self.is_over


def invitation_page(*, person: Person, circle_id: uuid.UUID) -> InvitationPage:
    """Return a circle's invitation for one of its facilitators.

    Raises:
        NotFound: it does not exist, or this person does not facilitate it.

    """
    circle = circle_led(acting=person, circle_id=circle_id)
    invitation = OpenInvitation.objects.filter(circle=circle).first()
    listed = list(
        Participant.objects.filter(circle=circle)
        .exclude(membership__left_at__isnull=False)
        .select_related("membership")
        .order_by("first_name", "id")
    )
    return InvitationPage(
        circle=circle,
        invitation=invitation,
        address=invitation_address(circle, invitation) if invitation else "",
        kind=kind_of(circle),
        joined=tuple(one for one in listed if one.state == Listed.JOINED),
        asked=tuple(one for one in listed if one.state == Listed.ASKED),
        is_over=circle.state in OVER,
    )


def join_path(circle: uuid.UUID, person: uuid.UUID) -> str:
    """Return the path at which one person says whether they join a circle."""
    return f"/link/join/{links.sign(links.For.JOIN, circle, person)}/"


def asked_by_link(token: str) -> Participant:
    """Return the row of whoever is asked by a mail, with circle, workplace and person.

    Raises:
        NotFound: ``links.none`` for a forged link, one for something else, somebody who is off the list, and a
            circle that is over.

    """
    found = links.read(links.For.JOIN, token, ids=2)
    if found is None or found[1]:
        raise no_such_link()
    circle_id, person_id = found[0]
    row = (
        Participant.objects.filter(circle=circle_id, person=person_id, person__is_active=True)
        .exclude(membership__left_at__isnull=False)
        .exclude(circle__state__in=OVER)
        .select_related("circle__workplace", "circle__organisation", "person", "membership")
        .first()
    )
    if row is None:
        raise no_such_link()
    return row
