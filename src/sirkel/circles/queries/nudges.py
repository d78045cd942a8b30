"""What a meeting's page says about its reminder and its answers, and whom a mail about a meeting still concerns."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, QuerySet

from sirkel.circles.enums import MeetingState, Says
from sirkel.circles.models import Answer, Meeting, Membership, Reminder
from sirkel.circles.queries.leading import meeting_led
from sirkel.circles.queries.links import answer_path
from sirkel.people.models import Mail, Person
from sirkel.people.queries.mail import late_count, mail_counts


@dataclass(frozen=True)
class Told:
    """A mail that waits, its meeting (with circle and workplace) and the membership of its reader."""

    mail: Mail
    meeting: Meeting
    membership: Membership


@dataclass(frozen=True)
class Answers:
    """Who means to come, as the facilitator may know it: counts of members with an account, and who said no."""

    yes: int
    maybe: int
    no: int
    silent: int
    said_no: tuple[str, ...]


@dataclass(frozen=True)
class Nudges:
    """What is around a meeting for one of its members; all but the way to answer is for facilitators alone."""

    answer_at: str
    says: str
    reminder: Reminder | None = None
    answers: Answers | None = None
    late: int = 0
    sent: int = 0


def told_by(mails: Sequence[Mail]) -> Iterator[Told]:
    """Yield the mails whose meeting is still there and whose reader is still a member, in two queries for all."""
    meetings = (
        Meeting.objects.select_related("circle", "circle__workplace")
        .defer("circle__purpose", "circle__theme_frame")
        .in_bulk({mail.about for mail in mails})
    )
    current = Membership.objects.filter(
        circle__in={meeting.circle_id for meeting in meetings.values()},
        person__in={mail.person_id for mail in mails},
        left_at__isnull=True,
    )
    members = {(one.circle_id, one.person_id): one for one in current}
    for mail in mails:
        meeting = meetings.get(mail.about)
        member = members.get((meeting.circle_id, mail.person_id)) if meeting else None
        if meeting and member:
            yield Told(mail=mail, meeting=meeting, membership=member)


def declined(meetings: set[uuid.UUID]) -> set[tuple[uuid.UUID, uuid.UUID]]:
    """Return (meeting, membership) of everybody who said no to one of these meetings as it is planned now."""
    said = Answer.objects.filter(meeting__in=meetings, says=Says.NO, starts_at=F("meeting__starts_at"))
    return set(said.values_list("meeting", "membership"))


def comes_to_other_sitting(meetings: set[uuid.UUID]) -> set[tuple[uuid.UUID, uuid.UUID]]:
    """Return (meeting, membership) of everybody who comes to the other sitting: one reminder per meeting number."""
    said = Answer.objects.filter(
        says=Says.YES,
        starts_at=F("meeting__starts_at"),
        meeting__circle__meetings__in=meetings,
        meeting__circle__meetings__number=F("meeting__number"),
    ).values_list("meeting__circle__meetings", "membership", "meeting")
    return {(meeting, member) for meeting, member, other in said if meeting != other}


def nudges_of(*, person: Person, meeting: Meeting, is_led: bool, at: datetime) -> Nudges:
    """Return what a member sees around a meeting: the own answer, and for its facilitator reminder and answers."""
    member = Membership.objects.filter(circle=meeting.circle_id, person=person, left_at__isnull=True).first()
    asks = member is not None and meeting.state == MeetingState.PLANNED and meeting.starts_at > at
    said = _current(meeting).filter(membership=member).first() if asks else None
    way = answer_path(member.id, meeting.id) if asks and member else ""
    if not is_led or meeting.state != MeetingState.PLANNED:
        return Nudges(answer_at=way, says=said.says if said else "")
    return Nudges(
        answer_at=way,
        says=said.says if said else "",
        reminder=Reminder.objects.filter(meeting=meeting)
        .select_related("meeting__circle__workplace")
        .first(),
        answers=answers_to(acting=person, meeting_id=meeting.id),
        late=late_count(meeting.id, at=at),
        sent=mail_counts(meeting.id).get("sent", 0),
    )


def answers_to(*, acting: Person, meeting_id: uuid.UUID) -> Answers:
    """Return who means to come, for a facilitator of the circle.

    Raises:
        NotFound: for everybody else, whatever their role.

    """
    meeting = meeting_led(acting=acting, meeting_id=meeting_id)
    said = _current(meeting).filter(membership__left_at__isnull=True)
    counts = dict(said.order_by().values("says").annotate(n=Count("id")).values_list("says", "n"))
    names = said.filter(says=Says.NO).order_by("membership__person__first_name", "id")
    members = Membership.objects.filter(
        circle=meeting.circle_id, left_at__isnull=True, person__is_active=True
    ).count()
    return Answers(
        yes=counts.get(Says.YES.value, 0),
        maybe=counts.get(Says.MAYBE.value, 0),
        no=counts.get(Says.NO.value, 0),
        silent=max(members - sum(counts.values()), 0),
        said_no=tuple(names.values_list("membership__person__first_name", flat=True)),
    )


def _current(meeting: Meeting) -> QuerySet[Answer]:
    return Answer.objects.filter(meeting=meeting, starts_at=meeting.starts_at)
