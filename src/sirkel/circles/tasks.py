"""What this room leaves to the worker: news of meetings and lines, reminders, looks back, and forgetting."""

import uuid

from sirkel.circles.domain import (
    answering,
    asking,
    follow_up_mails,
    invitations,
    keeping,
    line_asking,
    line_mails,
    reminders,
)
from sirkel.circles.domain.access import tell_access
from sirkel.circles.domain.signals import meeting_announced
from sirkel.circles.models import Meeting
from sirkel.kernel import clock
from sirkel.kernel.tasks import DAY_SECONDS, task
from sirkel.people.domain import outbox
from sirkel.people.enums import MailKind


@task(attempts=5, wait_seconds=60)
def mail_meeting(meeting: str, person: str, sequence: int) -> None:
    """Post one member the state of one meeting: work that an older version handed out and did not finish."""
    found = Meeting.objects.select_related("circle__workplace").filter(id=meeting).first()
    if found and found.calendar_sequence == sequence:
        invitations.invite(meeting=found, people=[uuid.UUID(person)], at=clock.now())


@task(attempts=1, every_seconds=300)
def remind() -> None:
    """Draft the reminders of meetings that begin within two days, and post those that are due."""
    now = clock.now()
    reminders.draft(at=now)
    reminders.write(at=now)


@task(attempts=1, every_seconds=3600)
def ask_follow_ups() -> None:
    """Post the mails about looks back whose day has come at their workplace."""
    follow_up_mails.ask(at=clock.now())


@task(every_seconds=DAY_SECONDS)
def forget_answers() -> None:
    """Forget who said what about meetings that are over."""
    answering.tidy(at=clock.now())


@task(every_seconds=DAY_SECONDS)
def tell_who_takes_part() -> None:
    """Tell the half-years that are over to the representatives, once each."""
    tell_access(at=clock.now())


@task(attempts=1, every_seconds=1800)
def follow_lines() -> None:
    """Settle the lines that a circle was asked about, and remind leaders of those that wait."""
    now = clock.now()
    line_asking.settle(at=now)
    line_mails.remind_leaders(at=now)


@task(every_seconds=DAY_SECONDS)
def empty_circles() -> None:
    """Delete what circles wrote whose time is over."""
    keeping.empty_circles(at=clock.now())


def _announce(meeting: Meeting, **_given: object) -> None:
    """Post one mail per member and change, and let the reminder follow, inside the transaction of the change."""
    people = invitations.members_with_mail(meeting)
    invitations.invite(meeting=meeting, people=people, at=meeting.calendar_changed_at or clock.now())
    reminders.follow(meeting=meeting)


def listen() -> None:
    """Begin to hear of meetings that are published, changed or cancelled, and to write about them."""
    meeting_announced.connect(_announce, dispatch_uid="circles.mail_meeting")
    outbox.compose_with(MailKind.DATES, invitations.compose)
    outbox.compose_with(MailKind.REMINDER, reminders.compose)
    outbox.compose_with(MailKind.FOLLOW_UP, follow_up_mails.compose)
    outbox.compose_with(MailKind.LINES, line_mails.compose)
    outbox.compose_with(MailKind.LEFT, answering.compose)
    outbox.compose_with(MailKind.ASKED, asking.compose)
