"""A published, moved or cancelled meeting on its way into the calendars of those with an account: one mail each."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import parseaddr

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from sirkel.circles.enums import MeetingState
from sirkel.circles.models import Meeting, Membership
from sirkel.circles.queries.calendars import calendar_meeting
from sirkel.circles.queries.links import answer_path, leave_path, whole
from sirkel.circles.queries.nudges import Told, told_by
from sirkel.circles.rules.when import day_words, on_wall, span_words
from sirkel.exchange.ics import CalendarMeeting, calendar_entry, calendar_method
from sirkel.people.domain import outbox
from sirkel.people.domain.outbox import Letter
from sirkel.people.enums import MailKind
from sirkel.people.models import Mail


def invite(*, meeting: Meeting, people: Iterable[uuid.UUID], at: datetime) -> int:
    """Post the news of a meeting to these people, inside the transaction of the change; tell how many.

    The same news is posted once: its number is the calendar entry's.
    """
    return outbox.post(
        outbox.Posted(
            key=f"dates:{meeting.id}:{meeting.calendar_sequence}:{person}",
            person=person,
            kind=MailKind.DATES,
            about=meeting.id,
            edition=meeting.calendar_sequence,
            time_zone=meeting.circle.workplace.time_zone,
            not_before=at,
            outdated_at=_ends_at(meeting),
        )
        for person in people
    )


def members_with_mail(meeting: Meeting) -> list[uuid.UUID]:
    """Return the people who are told of a meeting: the circle's members with an account that is in use."""
    members = Membership.objects.filter(
        circle=meeting.circle_id, left_at__isnull=True, person__is_active=True
    )
    return list(members.order_by("id").values_list("person", flat=True))


def compose(mails: Sequence[Mail], at: datetime) -> Mapping[uuid.UUID, Letter]:
    """Make the words of the mails that are still news.

    Nothing is said when there is newer news on its way, the meeting is over, or the person is no longer a
    member. The mail says when and where, and nothing about what the circle talks about.
    """
    return {
        told.mail.id: _letter(told, at)
        for told in told_by(mails)
        if _is_news(told.meeting, told.mail.edition, at)
    }


def way_on(told: Told) -> list[str]:
    """Return the last lines of a mail about a meeting: its page, and the way out of the circle."""
    meeting = told.meeting
    page = whole(f"/circles/{meeting.circle_id}/meetings/{meeting.address}/")
    return [
        _("The meeting's page: %(address)s") % {"address": page},
        _("Leave the circle: %(address)s") % {"address": whole(leave_path(told.membership.id))},
    ]


def question(told: Told) -> list[str]:
    """Return the lines that ask whether somebody comes; answering is voluntary and needs no account."""
    address = whole(answer_path(told.membership.id, told.meeting.id))
    return [_("Will you come? Yes, no or maybe, as you like: %(address)s") % {"address": address}]


def when_and_where(meeting: Meeting, language: str) -> list[str]:
    """Return the lines that say when and where, by the clock at the workplace."""
    zone = meeting.circle.workplace.time_zone
    day = day_words(on_wall(meeting.starts_at, zone).date(), language)
    where = [part for part in (meeting.place, meeting.link) if part]
    who = [_("The leaders are invited to this meeting.")] if meeting.is_joint else []
    return [f"{day}, {span_words(meeting.starts_at, meeting.duration_minutes, zone)}", *where, *who]


def _ends_at(meeting: Meeting) -> datetime:
    return meeting.starts_at + timedelta(minutes=meeting.duration_minutes)


def _is_news(meeting: Meeting, sequence: int, at: datetime) -> bool:
    is_told = meeting.state in {MeetingState.PLANNED, MeetingState.CANCELLED}
    return is_told and _ends_at(meeting) > at and meeting.calendar_sequence == sequence


def _letter(told: Told, at: datetime) -> Letter:
    meeting, person = told.meeting, told.mail.person
    language = person.language or meeting.circle.language
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    entry = replace(
        calendar_meeting(meeting=meeting, language=language),
        organiser_name=name or None,
        organiser_address=address or None,
    )
    file, method = _entry_for(entry, person.email, at)
    with override(language):
        subject, text = _words(told, language)
    return Letter(
        language=language,
        subject=subject,
        text=text,
        parts=((file.decode(), f"text/calendar; method={method}"),),
        files=(("sirkel.ics", file, "application/ics"),),
    )


def _entry_for(entry: CalendarMeeting, address: str, at: datetime) -> tuple[bytes, str]:
    """Return the file and its METHOD: an invitation, or a plain entry where a calendar could not read the address."""
    try:
        return (
            calendar_entry(entry, at=at, attendee_address=address),
            calendar_method(entry, attendee_address=address),
        )
    except ValueError:
        return calendar_entry(entry, at=at), calendar_method(entry)


def _words(told: Told, language: str) -> tuple[str, str]:
    meeting = told.meeting
    day = day_words(on_wall(meeting.starts_at, meeting.circle.workplace.time_zone).date(), language)
    facts = {"number": meeting.number, "circle": meeting.circle.name, "day": day}
    asks = question(told)
    if meeting.state == MeetingState.CANCELLED:
        subject, asks = _("Cancelled: meeting %(number)d of %(circle)s, %(day)s") % facts, []
    elif meeting.calendar_sequence:
        subject = _("Changed: meeting %(number)d of %(circle)s, %(day)s") % facts
    else:
        subject = _("Meeting %(number)d of %(circle)s, %(day)s") % facts
    lines = [
        subject,
        "",
        *when_and_where(meeting, language),
        "",
        _("Your calendar can read the file that comes with this mail."),
        *asks,
        "",
        *way_on(told),
    ]
    return subject, "\n".join(lines)
