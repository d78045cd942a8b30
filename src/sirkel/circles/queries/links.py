"""What a member's signed links lead to. A link that leads nowhere has one answer, whatever the reason."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from sirkel.circles.enums import MeetingState
from sirkel.circles.models import Answer, Leaving, Meeting, Membership
from sirkel.people.domain.mail_settings import no_such_link
from sirkel.people.rules import links

UNDO_FOR = timedelta(hours=24)


@dataclass(frozen=True)
class Asked:
    """A member who is asked whether they come to a meeting; ``says`` is empty before there is an answer."""

    membership: Membership
    meeting: Meeting
    says: str


@dataclass(frozen=True)
class Farewell:
    """A member who may leave, or has left and may still come back until ``undo_until``."""

    membership: Membership
    undo_until: datetime | None


def answer_path(membership: uuid.UUID, meeting: uuid.UUID) -> str:
    """Return the path at which one member says whether they come to one meeting."""
    return f"/link/answer/{links.sign(links.For.ANSWER, membership, meeting)}/"


def leave_path(membership: uuid.UUID) -> str:
    """Return the path at which one member leaves the circle."""
    return f"/link/leave/{links.sign(links.For.LEAVE, membership)}/"


def whole(path: str) -> str:
    """Return a path as it stands in a mail."""
    return f"{settings.SITE_URL}{path}"


def asked_by(token: str, *, at: datetime) -> Asked:
    """Return who is asked about which meeting, as often as they like until the meeting begins.

    Raises:
        NotFound: ``links.none`` for a forged link, one for something else, a member who has left, and a meeting
            that began, was held or is cancelled.

    """
    found = links.read(links.For.ANSWER, token, ids=2)
    if found is None or found[1]:
        raise no_such_link()
    member_id, meeting_id = found[0]
    membership = _member(member_id)
    meeting = (
        Meeting.objects.filter(
            id=meeting_id, circle=membership.circle_id, state=MeetingState.PLANNED, starts_at__gt=at
        )
        .select_related("circle", "circle__workplace")
        .first()
        if membership and membership.left_at is None
        else None
    )
    if membership is None or meeting is None:
        raise no_such_link()
    said = Answer.objects.filter(meeting=meeting, membership=membership, starts_at=meeting.starts_at).first()
    return Asked(membership=membership, meeting=meeting, says=said.says if said else "")


def farewell_of(token: str, *, at: datetime) -> Farewell:
    """Return who may leave by a link, or come back.

    Raises:
        NotFound: ``links.none`` for a forged link, one for something else, and a day after leaving.

    """
    found = links.read(links.For.LEAVE, token, ids=1)
    membership = _member(found[0][0]) if found is not None and not found[1] else None
    if membership is None:
        raise no_such_link()
    if membership.left_at is None:
        return Farewell(membership=membership, undo_until=None)
    left = Leaving.objects.filter(membership=membership, left_at__gt=at - UNDO_FOR).first()
    if left is None:
        raise no_such_link()
    return Farewell(membership=membership, undo_until=left.left_at + UNDO_FOR)


def _member(membership_id: uuid.UUID) -> Membership | None:
    return (
        Membership.objects.select_related("person", "circle", "circle__workplace")
        .filter(id=membership_id, person__is_active=True)
        .first()
    )
