"""Days and times of meetings: as the clock on the workplace's wall shows them, in the reader's language."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date
from django.utils.formats import date_format
from django.utils.translation import pgettext

from sirkel.exchange.language import locale_of, long_date


class NoSuchTime(ValueError):  # noqa: N818 -- what it says is what happened
    """The clock is put forward over this time: no clock on the wall ever shows it."""


def at_wall(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """Return the moment (UTC) at which a clock in a zone shows a day and a time.

    Of a time that comes twice in autumn, the first is meant.

    Raises:
        NoSuchTime: the time is left out on that day in spring.

    """
    wall = datetime.combine(day, clock, tzinfo=zone)
    moment = wall.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != wall.replace(tzinfo=None):
        raise NoSuchTime(f"{day} {clock} {zone.key}")
    return moment


def on_wall(moment: datetime, zone: str) -> datetime:
    """Return a moment as the clock in a zone shows it."""
    return moment.astimezone(ZoneInfo(zone))


def in_minutes(moment: datetime) -> int:
    """Return a moment as whole minutes since 1970 (UTC): how an audit row holds one."""
    return int(moment.timestamp()) // 60


def from_minutes(minutes: int) -> datetime:
    """Return the moment (UTC) that `in_minutes` wrote down."""
    return datetime.fromtimestamp(minutes * 60, tz=UTC)


def days_of_series(first: date, *, weeks: int, count: int) -> list[date]:
    """Return the days of a series, ``weeks`` apart: the same weekday all the way."""
    return [first + timedelta(weeks=weeks * place) for place in range(count)]


def day_words(day: date, language: str) -> str:
    """Write a day in full: ``onsdag 4. mars 2026``."""
    return long_date(day, language)


def short_day(day: date, language: str) -> str:
    """Write a day in short, with its year: ``4. mars 2026``."""
    return str(format_date(day, "long", locale=locale_of(language)))


def clock_words(wall: datetime) -> str:
    """Write a time of day as the reader's language does: ``14:00`` or ``14.00``. The language is the active one."""
    return date_format(wall, pgettext("time of day", "H:i"))


def span_words(starts: datetime, minutes: int, zone: str) -> str:
    """Write from when to when: ``14.00–15.30``."""
    ends = starts + timedelta(minutes=minutes)
    return f"{clock_words(on_wall(starts, zone))}–{clock_words(on_wall(ends, zone))}"
