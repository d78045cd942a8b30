"""Meetings as calendar entries: one to send, or a feed to subscribe to (RFC 5545, RFC 5546, RFC 7986)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from icalendar import Calendar, Event, vCalAddress, vText, vUri

from sirkel.exchange.ics_zone import describe_zone
from sirkel.exchange.text import clean_line, clean_text

CalendarMethod = Literal["REQUEST", "CANCEL", "PUBLISH"]
MeetingStatus = Literal["confirmed", "cancelled", "tentative"]

_PRODUCT = "-//Sirkel//Learning circles//EN"
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
_LINK = re.compile(r"https?://[^\s\x00-\x20\x7f-\xa0\"<>\\^`{|}]+")
_UID = re.compile(r"[\x21-\x7e]{1,255}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
_MINUTES_PER_DAY = 24 * 60


class _Text(vText):
    """A TEXT value escaped by RFC 5545 3.3.11 to the letter.

    The library takes a backslash before a capital N for a line break, and a shared folder may be called that.
    """

    def to_ical(self) -> bytes:
        escaped = str(self).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")
        return escaped.encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarMeeting:
    """One meeting as a calendar shows it.

    A calendar is often read by others than its owner. So an entry holds the title, when, where and how to
    come in, and never a note, a theme or who takes part; `description` is for practical words only.

    `uid` stays the same for the life of the meeting and `sequence` rises by one at every change that those
    invited must hear of, also when it is cancelled. `starts_at` and `changed_at` are aware; `time_zone` is
    the IANA name of the workplace's zone, in which the entry is written. `place` and `link` may be empty.
    Raises `ValueError` where a calendar program could not read the result.
    """

    uid: str
    sequence: int
    starts_at: datetime
    duration_minutes: int
    time_zone: str
    title: str
    changed_at: datetime
    language: str
    description: str = ""
    place: str = ""
    link: str = ""
    status: MeetingStatus = "confirmed"
    organiser_name: str | None = None
    organiser_address: str | None = None

    def __post_init__(self) -> None:
        if not _UID.fullmatch(self.uid):
            raise ValueError("A uid is 1 to 255 visible ASCII characters")
        if self.sequence < 0 or not 0 < self.duration_minutes <= _MINUTES_PER_DAY:
            raise ValueError("A sequence is never negative, and a meeting lasts 1 minute to a day")
        if self.starts_at.tzinfo is None or self.changed_at.tzinfo is None:
            raise ValueError("Times of a meeting must be aware")
        if self.status not in {"confirmed", "cancelled", "tentative"}:
            raise ValueError("The status is confirmed, cancelled or tentative")
        if not clean_line(self.title) or not _LANGUAGE.fullmatch(self.language):
            raise ValueError("A meeting has a title, and a language tag such as nb")
        if self.link and not _LINK.fullmatch(self.link):
            raise ValueError("A link begins with http:// or https:// and holds no space")
        if self.organiser_address is not None:
            _checked_address(self.organiser_address)
        zone_named(self.time_zone)

    @property
    def ends_at(self) -> datetime:
        """When the meeting ends, in UTC."""
        return self.starts_at.astimezone(UTC) + timedelta(minutes=self.duration_minutes)


def zone_named(name: str) -> ZoneInfo:
    """Return the IANA time zone with this name; raise `ValueError` when there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as problem:
        raise ValueError(f"No time zone is called {name!r}") from problem


def calendar_method(meeting: CalendarMeeting, *, attendee_address: str | None = None) -> CalendarMethod:
    """Say which METHOD the entry gets; the mail part's content type must name the same.

    An invitation needs both an organiser and the one person it is sent to. Everything else, such as a file
    behind "add to calendar", is published.
    """
    if meeting.organiser_address is None or attendee_address is None:
        return "PUBLISH"
    return "CANCEL" if meeting.status == "cancelled" else "REQUEST"


def calendar_entry(meeting: CalendarMeeting, *, at: datetime, attendee_address: str | None = None) -> bytes:
    """Return one meeting as an iCalendar file, UTF-8 with CRLF.

    `at` is the aware time at which the entry is made (DTSTAMP). `attendee_address` is the person the entry is
    mailed to; nobody else who is invited is ever named. The same input gives the same bytes.
    """
    calendar = _calendar(calendar_method(meeting, attendee_address=attendee_address))
    _add_zones(calendar, [meeting])
    calendar.add_component(_event(meeting, at=at, attendee_address=attendee_address))
    return calendar.to_ical()


def calendar_feed(meetings: Sequence[CalendarMeeting], *, name: str, language: str, at: datetime) -> bytes:
    """Return many meetings as one iCalendar file to subscribe to, in order of time.

    `name` is what the calendar is called in the subscriber's list. `at` is the aware time of DTSTAMP: give the
    latest `changed_at` to get the same bytes until something changes. Cancelled meetings stay in, marked so,
    or they would linger in the subscriber's calendar. An empty feed is a valid file without entries.
    """
    if not _LANGUAGE.fullmatch(language):
        raise ValueError("A feed has a language tag such as nb")
    calendar = _calendar("PUBLISH")
    calendar.add("name", _Text(clean_line(name), params={"LANGUAGE": language}))
    calendar.add("x-wr-calname", _Text(clean_line(name)))
    calendar.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    in_order = sorted(meetings, key=lambda meeting: (meeting.starts_at, meeting.uid))
    _add_zones(calendar, in_order)
    for meeting in in_order:
        calendar.add_component(_event(meeting, at=at, attendee_address=None))
    return calendar.to_ical()


def _calendar(method: CalendarMethod) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    return calendar


def _add_zones(calendar: Calendar, meetings: Sequence[CalendarMeeting]) -> None:
    for key in sorted({meeting.time_zone for meeting in meetings}):
        times = [meeting.starts_at for meeting in meetings if meeting.time_zone == key]
        calendar.add_component(describe_zone(ZoneInfo(key), min(times), max(times)))


def _event(meeting: CalendarMeeting, *, at: datetime, attendee_address: str | None) -> Event:
    if at.tzinfo is None:
        raise ValueError("The time of a calendar entry must be aware")
    tongue = {"LANGUAGE": meeting.language}
    event = Event()
    event.add("uid", meeting.uid)
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", at.astimezone(UTC))
    event.add("last-modified", meeting.changed_at.astimezone(UTC))
    starts, ends = _written_times(meeting)
    event.add("dtstart", starts)
    event.add("dtend", ends)
    event.add("summary", _Text(clean_line(meeting.title), params=tongue))
    event.add("status", meeting.status.upper())
    event.add("transp", "TRANSPARENT" if meeting.status == "cancelled" else "OPAQUE")
    # Shared calendars are the rule at work: who goes to a circle is not everybody's business.
    event.add("class", "PRIVATE")
    if description := _description(meeting):
        event.add("description", _Text(description, params=tongue))
    if place := clean_line(meeting.place):
        event.add("location", _Text(place, params=tongue))
    if meeting.link:
        event.add("url", vUri(meeting.link))
    _add_people(event, meeting, attendee_address)
    return event


def _written_times(meeting: CalendarMeeting) -> tuple[datetime, datetime]:
    """Return start and end as workplace time, or as UTC when a clock shows that hour twice.

    A local time in the hour that comes twice in autumn can only be read as its first occurrence.
    """
    zone = ZoneInfo(meeting.time_zone)
    starts, ends = meeting.starts_at.astimezone(zone), meeting.ends_at.astimezone(zone)
    if starts.fold or ends.fold:
        return meeting.starts_at.astimezone(UTC), meeting.ends_at
    return starts, ends


def _description(meeting: CalendarMeeting) -> str:
    """Return the practical words with the link last: few calendar programs show URL."""
    words = clean_text(meeting.description)
    parts = [words] if words else []
    if meeting.link and meeting.link not in words:
        parts.append(meeting.link)
    return "\n\n".join(parts)


def _add_people(event: Event, meeting: CalendarMeeting, attendee_address: str | None) -> None:
    if meeting.organiser_address is None:
        return
    organiser = vCalAddress(f"mailto:{meeting.organiser_address}")
    if name := clean_line(meeting.organiser_name or "").replace('"', "'"):
        organiser.params["CN"] = name
    event.add("organizer", organiser)
    if attendee_address is None:
        return
    attendee = vCalAddress(f"mailto:{_checked_address(attendee_address)}")
    # Taking part is voluntary, and nobody counts answers: optional, and no reply is asked for.
    attendee.params.update({"ROLE": "OPT-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION", "RSVP": "FALSE"})
    event.add("attendee", attendee)


def _checked_address(address: str) -> str:
    if not _ADDRESS.fullmatch(address):
        raise ValueError("An e-mail address in a calendar is plain: name@place")
    return address
