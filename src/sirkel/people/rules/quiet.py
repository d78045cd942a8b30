"""Quiet hours: when nobody is written to, by the clock on the wall of the workplace."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

QUIET_FROM, QUIET_TO = time(20), time(7)


def is_quiet(moment: datetime, zone: str, begin: time, end: time) -> bool:
    """Tell whether an aware moment lies in the quiet hours of a zone.

    They last from ``begin`` up to, and without, ``end``, over midnight where ``begin`` is the later one. The same
    time for both means that no hour is quiet.
    """
    wall = moment.astimezone(ZoneInfo(zone)).time()
    if begin <= end:
        return begin <= wall < end
    return wall >= begin or wall < end


def after_quiet(moment: datetime, zone: str, begin: time, end: time) -> datetime:
    """Return the moment itself, or when the quiet hours that it lies in are over (UTC), never too early.

    An end that the clock is put forward over counts an hour later; of an end that comes twice in autumn the
    first counts, and the hour that then comes again is quiet again.
    """
    if not is_quiet(moment, zone, begin, end):
        return moment
    place = ZoneInfo(zone)
    today = moment.astimezone(place).date()
    ends = (
        datetime.combine(today + timedelta(days=days), end, tzinfo=place).replace(fold=fold).astimezone(UTC)
        for days in (0, 1)
        for fold in (0, 1)
    )
    return min(one for one in ends if one > moment and not is_quiet(one, zone, begin, end))
