"""When a meeting is, in words: ``{{ meeting|day }}``, ``{{ meeting|span }}``, by the workplace's clock."""

from collections.abc import Iterable
from datetime import date, datetime

from django import template
from django.utils.translation import get_language

from sirkel.circles.forms.wizard import RowForm
from sirkel.circles.models import Meeting, Reminder
from sirkel.circles.queries.links import Farewell
from sirkel.circles.rules import when

register = template.Library()


def _zone(meeting: Meeting) -> str:
    return meeting.circle.workplace.time_zone


def _language() -> str:
    return get_language() or "en"


@register.filter
def day(meeting: Meeting) -> str:
    """Return the day of a meeting in full."""
    return when.day_words(when.on_wall(meeting.starts_at, _zone(meeting)).date(), _language())


@register.filter
def span(meeting: Meeting) -> str:
    """Return from when to when a meeting is planned."""
    return when.span_words(meeting.starts_at, meeting.duration_minutes, _zone(meeting))


@register.filter
def wall_iso(meeting: Meeting) -> str:
    """Return the start for a ``datetime`` attribute, with its offset."""
    return when.on_wall(meeting.starts_at, _zone(meeting)).isoformat(timespec="minutes")


@register.filter
def long_day(value: date) -> str:
    """Return a plain day with its year, without its weekday."""
    return when.short_day(value, _language())


@register.filter
def row_day(row: RowForm) -> str:
    """Return the day and time of a right row, so that a wrong weekday is seen."""
    moment = row.cleaned_data["starts_at"].astimezone(row.zone)
    return f"{when.day_words(moment.date(), _language())} {when.clock_words(moment)}"


@register.filter
def any_errors(forms: Iterable[RowForm]) -> bool:
    """Tell whether any of several forms has an error."""
    return any(form.errors for form in forms)


@register.filter
def due(reminder: Reminder) -> str:
    """Return when a reminder goes out, by the clock where the circle meets. Needs its meeting's workplace."""
    return _day_and_clock(reminder.due_at, _zone(reminder.meeting))


@register.filter
def undo_until(farewell: Farewell) -> str:
    """Return until when somebody may come back, by the clock where the circle meets."""
    until = farewell.undo_until
    return _day_and_clock(until, farewell.membership.circle.workplace.time_zone) if until else ""


def _day_and_clock(moment: datetime, zone: str) -> str:
    wall = when.on_wall(moment, zone)
    return f"{when.day_words(wall.date(), _language())} {when.clock_words(wall)}"
