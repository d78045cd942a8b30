"""A published meeting on its way into the calendars of those with an account: one mail each."""

import uuid
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils.translation import gettext as _
from django.utils.translation import override

from sirkel.circles.enums import MeetingState
from sirkel.circles.models import Meeting, Membership
from sirkel.circles.queries.calendars import calendar_meeting
from sirkel.circles.rules.when import day_words, on_wall, span_words
from sirkel.exchange.ics import CalendarMeeting, calendar_entry, calendar_method
from sirkel.people.models import Person


def send_invitation(*, meeting_id: uuid.UUID, person_id: uuid.UUID, sequence: int, at: datetime) -> bool:
    """Mail a meeting's calendar entry to one member, in the member's language; tell whether it was sent.

    Nothing is sent when there is newer news on its way, the meeting is over, or the person is no longer a
    member. The mail says when and where, and nothing about what the circle talks about.
    """
    meeting = Meeting.objects.select_related("circle", "circle__workplace").filter(id=meeting_id).first()
    membership = (
        Membership.objects.select_related("person")
        .filter(circle__meetings=meeting_id, person=person_id, left_at__isnull=True, person__is_active=True)
        .first()
    )
    if meeting is None or membership is None or not _is_news(meeting, sequence, at):
        return False
    _mail(meeting, membership.person, at).send()
    return True


def _is_news(meeting: Meeting, sequence: int, at: datetime) -> bool:
    is_over = meeting.starts_at + timedelta(minutes=meeting.duration_minutes) <= at
    is_told = meeting.state in {MeetingState.PLANNED, MeetingState.CANCELLED}
    return is_told and not is_over and meeting.calendar_sequence == sequence


def _mail(meeting: Meeting, person: Person, at: datetime) -> EmailMultiAlternatives:
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    entry = replace(
        calendar_meeting(meeting=meeting, language=person.language),
        organiser_name=name or None,
        organiser_address=address or None,
    )
    file, method = _entry_for(entry, person.email, at)
    with override(person.language):
        subject, text = _words(meeting, person.language)
    mail = EmailMultiAlternatives(subject, text, to=[person.email])
    kind = f"text/calendar; method={method}"
    mail.attach_alternative(file.decode(), kind)
    mail.attach("sirkel.ics", file, "application/ics")
    return mail


def _entry_for(entry: CalendarMeeting, address: str, at: datetime) -> tuple[bytes, str]:
    """Return the file and its METHOD: an invitation, or a plain entry where a calendar could not read the address."""
    try:
        return (
            calendar_entry(entry, at=at, attendee_address=address),
            calendar_method(entry, attendee_address=address),
        )
    except ValueError:
        return calendar_entry(entry, at=at), calendar_method(entry)


def _words(meeting: Meeting, language: str) -> tuple[str, str]:
    zone = meeting.circle.workplace.time_zone
    day = day_words(on_wall(meeting.starts_at, zone).date(), language)
    facts = {"number": meeting.number, "circle": meeting.circle.name, "day": day}
    if meeting.state == MeetingState.CANCELLED:
        subject = _("Cancelled: meeting %(number)d of %(circle)s, %(day)s") % facts
    elif meeting.calendar_sequence:
        subject = _("Changed: meeting %(number)d of %(circle)s, %(day)s") % facts
    else:
        subject = _("Meeting %(number)d of %(circle)s, %(day)s") % facts
    where = [part for part in (meeting.place, meeting.link) if part]
    page = f"{settings.SITE_URL}/circles/{meeting.circle_id}/meetings/{meeting.number}/"
    lines = [
        subject,
        "",
        f"{day}, {span_words(meeting.starts_at, meeting.duration_minutes, zone)}",
        *where,
        "",
        _("Your calendar can read the file that comes with this mail."),
        page,
    ]
    return " ".join(subject.split()), "\n".join(lines)
