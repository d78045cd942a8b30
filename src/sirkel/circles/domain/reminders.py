"""The reminder of a meeting: drafted two days ahead, sent the day before unless the facilitator holds it back.

A reminder never nags: it goes once for one start of a meeting, not to those who said that they do not come, not
when the dates themselves were mailed within the last day, and not once the meeting has begun.
"""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from sirkel.circles.domain.invitations import question, way_on, when_and_where
from sirkel.circles.domain.wording import words_for_circle
from sirkel.circles.enums import CircleState, MeetingState, ReminderState
from sirkel.circles.models import Meeting, Membership, Reminder
from sirkel.circles.queries.leading import meeting_led
from sirkel.circles.queries.nudges import comes_to_other_sitting, declined, told_by
from sirkel.circles.rules.when import day_words, on_wall
from sirkel.kernel import audit
from sirkel.kernel.errors import Refused
from sirkel.people.domain import outbox
from sirkel.people.domain.outbox import Letter
from sirkel.people.enums import MailKind
from sirkel.people.models import Mail, Person
from sirkel.people.queries.mail import reach_of

DRAFTED_BEFORE = timedelta(days=2)
DUE_BEFORE = timedelta(days=1)
BATCH = 500
MOST_LINE = 140
SILENT = (CircleState.PAUSED, CircleState.CLOSED, CircleState.ENDED_EARLY)
"""A circle that has stopped reminds nobody; when it goes on in time, its reminder does too."""


def draft(*, at: datetime) -> int:
    """Draft the reminders of all meetings that begin within two days; tell how many. A draft is made once."""
    soon = (
        Meeting.objects.filter(
            state=MeetingState.PLANNED,
            starts_at__gt=at,
            starts_at__lte=at + DRAFTED_BEFORE,
            reminder__isnull=True,
        )
        .exclude(circle__state__in=SILENT)
        .order_by("id")
    )
    made, batch = 0, list(soon[:BATCH])
    while batch:
        Reminder.objects.bulk_create([_drafted(meeting) for meeting in batch], ignore_conflicts=True)
        made += len(batch)
        batch = list(soon.filter(id__gt=batch[-1].id)[:BATCH])
    return made


def write(*, at: datetime) -> int:
    """Put the reminders that are due into the outbox; tell how many mails were offered to it.

    One transaction per batch of meetings; each mail waits for the end of its reader's quiet hours.
    """
    posted = 0
    while True:
        with transaction.atomic():
            due = list(
                Reminder.objects.filter(
                    state=ReminderState.DRAFTED,
                    due_at__lte=at,
                    starts_at__gt=at,
                    meeting__state=MeetingState.PLANNED,
                )
                .exclude(meeting__circle__state__in=SILENT)
                .select_for_update(of=("self",))
                .order_by("due_at", "id")[:BATCH]
            )
            if not due:
                return posted
            posted += outbox.post(_mails(due, at))
            Reminder.objects.filter(id__in=[one.id for one in due]).update(state=ReminderState.WRITTEN)


def follow(*, meeting: Meeting) -> None:
    """Let the reminder follow a meeting that was moved or cancelled, inside the transaction of the change.

    What waits in the outbox is taken out. A reminder that was held back stays so.
    """
    reminder = Reminder.objects.filter(meeting=meeting).first()
    if reminder is None:
        return
    is_on = meeting.state == MeetingState.PLANNED
    if is_on and reminder.starts_at == meeting.starts_at:
        return
    outbox.take_out(about=meeting.id, kind=MailKind.REMINDER)
    fresh = _drafted(meeting)
    reminder.edition += 1
    reminder.starts_at, reminder.due_at = fresh.starts_at, fresh.due_at
    if not is_on:
        reminder.state = ReminderState.NOT_NEEDED
    elif reminder.state != ReminderState.HELD_BACK:
        reminder.state = fresh.state
    reminder.save()


def change_line(*, acting: Person, meeting_id: uuid.UUID, line: str) -> Reminder:
    """Put one line of the facilitator's into the reminder, or take it out again.

    Raises:
        NotFound: this person does not facilitate the circle.
        Refused: ``reminders.gone`` once it went out or where there is none; as for notes.

    """
    kept = words_for_circle(line, most=MOST_LINE, is_sure=True, may_be_empty=True)
    with transaction.atomic():
        reminder = _open(acting, meeting_id, {ReminderState.DRAFTED, ReminderState.HELD_BACK})
        reminder.line = " ".join(kept.split())
        reminder.save(update_fields=["line"])
    return reminder


def hold_back(*, acting: Person, meeting_id: uuid.UUID, at: datetime) -> Reminder:
    """Hold the reminder back; of one that is on its way, whatever still waits is taken out.

    Raises:
        NotFound: this person does not facilitate the circle.
        Refused: ``reminders.gone`` where there is none that could be held back.

    """
    with transaction.atomic():
        reminder = _open(acting, meeting_id, {ReminderState.DRAFTED, ReminderState.WRITTEN})
        outbox.take_out(about=meeting_id, kind=MailKind.REMINDER)
        _set(reminder, ReminderState.HELD_BACK, acting, "reminder.held_back", at)
    return reminder


def let_go(*, acting: Person, meeting_id: uuid.UUID, at: datetime) -> Reminder:
    """Let a reminder that was held back go out after all; who got it before gets it no second time.

    Raises:
        NotFound: this person does not facilitate the circle.
        Refused: ``reminders.gone`` where none is held back.

    """
    with transaction.atomic():
        reminder = _open(acting, meeting_id, {ReminderState.HELD_BACK})
        _set(reminder, ReminderState.DRAFTED, acting, "reminder.let_go", at)
    return reminder


def compose(mails: Sequence[Mail], at: datetime) -> Mapping[uuid.UUID, Letter]:
    """Make the words of the reminders that still make sense; the others are left out."""
    reminders = {one.meeting_id: one for one in Reminder.objects.filter(meeting__in={m.about for m in mails})}
    no = declined(set(reminders)) | comes_to_other_sitting(set(reminders))
    letters = {}
    for told in told_by(mails):
        meeting, reminder = told.meeting, reminders.get(told.meeting.id)
        is_right = (
            reminder is not None
            and reminder.state == ReminderState.WRITTEN
            and reminder.edition == told.mail.edition
            and meeting.state == MeetingState.PLANNED
            and meeting.circle.state not in SILENT
            and meeting.starts_at > at
        )
        if reminder is None or not is_right or (meeting.id, told.membership.id) in no:
            continue
        language = told.mail.person.language or meeting.circle.language
        with override(language):
            subject, lines = draft_words(meeting, reminder.line, language)
            text = "\n".join([*lines, "", *question(told), "", *way_on(told)])
        letters[told.mail.id] = Letter(language=language, subject=subject, text=text)
    return letters


def draft_words(meeting: Meeting, line: str, language: str) -> tuple[str, list[str]]:
    """Return subject and lines of a reminder as its readers get it, without the links that are theirs alone."""
    zone = meeting.circle.workplace.time_zone
    subject = _("Reminder: meeting %(number)d of %(circle)s, %(day)s") % {
        "number": meeting.number,
        "circle": meeting.circle.name,
        "day": day_words(on_wall(meeting.starts_at, zone).date(), language),
    }
    words = ["", _("From the facilitator: %(line)s") % {"line": line}] if line else []
    return subject, [subject, "", *when_and_where(meeting, language), *words]


def _drafted(meeting: Meeting) -> Reminder:
    """Return the reminder of a meeting as it is planned now; not needed where its dates are fresher than the due time."""
    due_at = meeting.starts_at - DUE_BEFORE
    is_fresh = meeting.calendar_changed_at is not None and meeting.calendar_changed_at >= due_at
    state = ReminderState.NOT_NEEDED if is_fresh else ReminderState.DRAFTED
    return Reminder(meeting=meeting, starts_at=meeting.starts_at, due_at=due_at, state=state)


def _mails(due: Sequence[Reminder], at: datetime) -> Iterator[outbox.Posted]:
    """Yield one mail per member and reminder, in three queries however many they are."""
    about = {one.meeting_id: one for one in due}
    members = list(
        Membership.objects.filter(
            circle__meetings__in=list(about), left_at__isnull=True, person__is_active=True
        )
        .order_by("id")
        .values_list("circle__meetings", "person", "circle__workplace__time_zone")
    )
    reach = reach_of((person for _meeting, person, _zone in members), at=at)
    for meeting, person, zone in members:
        reminder = about.get(meeting)
        if reminder is not None:
            yield outbox.Posted(
                key=f"reminder:{meeting}:{reminder.edition}:{person}",
                person=person,
                kind=MailKind.REMINDER,
                about=meeting,
                edition=reminder.edition,
                time_zone=zone,
                not_before=reach[person].next_moment(at, otherwise=zone),
                outdated_at=reminder.starts_at,
            )


def _open(acting: Person, meeting_id: uuid.UUID, states: set[ReminderState]) -> Reminder:
    meeting = meeting_led(acting=acting, meeting_id=meeting_id, lock=True)
    reminder = Reminder.objects.filter(meeting=meeting, state__in=states).first()
    if reminder is None or meeting.state != MeetingState.PLANNED:
        raise Refused(
            "reminders.gone",
            gettext_lazy("This reminder cannot be changed any more."),
            gettext_lazy("Look at the meeting's page to see where it stands."),
            status=409,
        )
    reminder.meeting = meeting
    return reminder


def _set(reminder: Reminder, state: ReminderState, acting: Person, verb: str, at: datetime) -> None:
    reminder.state = state
    reminder.save(update_fields=["state"])
    audit.record(
        chain=reminder.meeting.circle.organisation_id,
        acting=acting.id,
        verb=verb,
        target=reminder.meeting_id,
        facts={"number": reminder.meeting.number},
        at=at,
    )
