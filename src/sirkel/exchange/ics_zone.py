"""A time zone written out for calendar programs that do not know its name."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

_DAYS_PER_WEEK = 7


@dataclass(frozen=True, slots=True)
class _Change:
    """One turn of the clock: the wall time at which it happens and what it leads to."""

    wall_time: datetime
    offset_from: timedelta
    offset_to: timedelta
    name: str
    is_summer_time: bool

    @property
    def kind(self) -> tuple[timedelta, timedelta, str, bool]:
        return (self.offset_from, self.offset_to, self.name, self.is_summer_time)

    @property
    def is_on_last_sunday(self) -> bool:
        is_sunday = self.wall_time.isoweekday() == _DAYS_PER_WEEK
        return is_sunday and (self.wall_time + timedelta(weeks=1)).month != self.wall_time.month


def describe_zone(zone: ZoneInfo, first: datetime, last: datetime) -> Timezone:
    """Return the VTIMEZONE that covers every moment from `first` to `last`, both aware.

    Zones that turn their clocks on the last Sunday of a month, as all Nordic countries with summer time on
    the European rule do, are described by that rule: it is the form that every calendar program reads. Other
    zones are described turn by turn. A zone without turns gets its one offset.
    """
    years = range(first.astimezone(UTC).year - 1, last.astimezone(UTC).year + 2)
    component = Timezone()
    component.add("tzid", zone.key)
    changes = _changes(zone.key, years.start, years.stop)
    if not changes:
        component.add_component(_fixed(zone, first))
        return component
    has_rule = _follows_last_sundays(changes, years)
    seen: set[object] = set()
    for change in changes:
        if has_rule and change.kind in seen:
            continue
        seen.add(change.kind)
        component.add_component(_observance(change, has_rule=has_rule))
    return component


def _observance(change: _Change, *, has_rule: bool) -> TimezoneStandard | TimezoneDaylight:
    part = TimezoneDaylight() if change.is_summer_time else TimezoneStandard()
    part.add("dtstart", change.wall_time)
    part.add("tzoffsetfrom", change.offset_from)
    part.add("tzoffsetto", change.offset_to)
    part.add("tzname", change.name)
    if has_rule:
        part.add("rrule", {"freq": "yearly", "bymonth": change.wall_time.month, "byday": "-1SU"})
    return part


def _fixed(zone: ZoneInfo, at: datetime) -> TimezoneStandard:
    local = at.astimezone(zone)
    part = TimezoneStandard()
    part.add("dtstart", datetime(1970, 1, 1))  # noqa: DTZ001 - an onset is wall time by definition
    part.add("tzoffsetfrom", local.utcoffset())
    part.add("tzoffsetto", local.utcoffset())
    part.add("tzname", local.tzname())
    return part


def _follows_last_sundays(changes: Sequence[_Change], years: range) -> bool:
    """Say whether the same turns come on the last Sunday of the same months every year."""
    turns = {(c.kind, c.wall_time.month, c.wall_time.time()) for c in changes}
    every_year = len(changes) == len(turns) * len(years) and len(turns) == len({c.kind for c in changes})
    return every_year and all(change.is_on_last_sunday for change in changes)


@lru_cache(maxsize=64)
def _changes(key: str, first_year: int, year_after: int) -> tuple[_Change, ...]:
    zone = ZoneInfo(key)
    found = []
    for before, after in pairwise(_days(first_year, year_after)):
        if before.astimezone(zone).utcoffset() != after.astimezone(zone).utcoffset():
            found.append(_turn_between(zone, before, after))
    return tuple(found)


def _days(first_year: int, year_after: int) -> Iterator[datetime]:
    day = datetime(first_year, 1, 1, tzinfo=UTC)
    end = datetime(year_after, 1, 1, tzinfo=UTC)
    while day <= end:
        yield day
        day += timedelta(days=1)


def _turn_between(zone: ZoneInfo, before: datetime, after: datetime) -> _Change:
    """Find by halving the first second with the new offset."""
    old, new = before, after
    while new - old > timedelta(seconds=1):
        middle = old + (new - old) // 2
        middle = middle.replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == before.astimezone(zone).utcoffset():
            old = middle
        else:
            new = middle
    local = new.astimezone(zone)
    offset_from = before.astimezone(zone).utcoffset() or timedelta()
    return _Change(
        wall_time=(new + offset_from).replace(tzinfo=None),
        offset_from=offset_from,
        offset_to=local.utcoffset() or timedelta(),
        name=local.tzname() or zone.key,
        is_summer_time=bool(local.dst()),
    )
