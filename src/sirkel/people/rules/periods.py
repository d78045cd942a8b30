"""Days of a role on the calendar of its place, and the moments at which they begin and are over."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE_OF_AREA = {
    "DK": "Europe/Copenhagen",
    "NO": "Europe/Oslo",
    "SE": "Europe/Stockholm",
    "FI": "Europe/Helsinki",
    "AX": "Europe/Mariehamn",
    "IS": "Atlantic/Reykjavik",
    "FO": "Atlantic/Faroe",
    "GL": "America/Nuuk",
}

# A network lies in several zones; its roles keep the days of Denmark, Norway and Sweden.
NETWORK_ZONE = ZONE_OF_AREA["NO"]


def begin_of(day: date, zone: str) -> datetime:
    """Return the moment (UTC) at which a day begins in a time zone."""
    return datetime.combine(day, time.min, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def end_of(day: date, zone: str) -> datetime:
    """Return the moment (UTC) at which a day is over in a time zone: the midnight that follows it."""
    return begin_of(day + timedelta(days=1), zone)


def day_of(moment: datetime, zone: str) -> date:
    """Return on which day of a time zone a moment lies."""
    return moment.astimezone(ZoneInfo(zone)).date()


def last_day_of(end: datetime, zone: str) -> date:
    """Return the last day of a period that is over at ``end``: the day before where that is a midnight."""
    return day_of(end - timedelta(microseconds=1), zone)
