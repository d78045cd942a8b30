"""An organisation's audit trail as its administrator reads it."""

import uuid
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sirkel.kernel import audit
from sirkel.kernel.models import AuditEvent
from sirkel.people.models import Organisation, Person, RoleAssignment
from sirkel.people.queries.administration import zone_of
from sirkel.people.rules.trail_words import is_about_the_house, words_of

# A page is so many lines. Rows of one day that say the same of a circle are one line, up to so many rows a page.
PAGE, MOST_ROWS = 50, 500


@dataclass(frozen=True)
class Entry:
    """One row in words, by the clock of the organisation's area, or several of a day that say the same.

    ``number`` is the newest row's, ``first`` the oldest's of ``rows``: the same for one row. ``who`` is None and ``time`` empty for
    what happened in a circle: there the day is all that is said.
    """

    number: int
    first: int
    rows: int
    day: date
    time: str
    words: object
    who: str | None
    about: str


@dataclass(frozen=True)
class Trail:
    """A page of the trail, the newest first, and whether the whole chain holds."""

    entries: tuple[Entry, ...]
    rows: int
    broken_at: int | None
    older: int | None


def trail_of(organisation: Organisation, *, before: int | None) -> Trail:
    """Return the rows before a number, or the newest ones, after walking the whole chain.

    Names are those of people who have an account still; whoever was erased has none.
    """
    report = audit.verify(chain=organisation.id)
    events = AuditEvent.objects.filter(chain=organisation.id).order_by("-sequence")
    if before is not None:
        events = events.filter(sequence__lt=before)
    read = list(events[:MOST_ROWS])
    names = _names(read, organisation)
    zone = ZoneInfo(zone_of(organisation))
    entries = _folded([_entry(event, names, zone) for event in read])[:PAGE]
    older = entries[-1].first if entries and entries[-1].first > 1 else None
    broken = report.breaks[0].sequence if report.breaks else None
    return Trail(tuple(entries), report.rows, broken, older)


@dataclass(frozen=True)
class Acts:
    """What the trail says of some days, the oldest first; ``left_off`` rows more than can be read on a page."""

    entries: tuple[Entry, ...]
    left_off: int
    broken_at: int | None


def acts_between(organisation: Organisation, *, begins: datetime, ends: datetime) -> Acts:
    """Return the rows of the moments from ``begins`` until before ``ends``, in words, after walking the whole chain."""
    report = audit.verify(chain=organisation.id)
    events = AuditEvent.objects.filter(chain=organisation.id, at__gte=begins, at__lt=ends)
    read = list(events.order_by("sequence")[:MOST_ROWS])
    names, zone = _names(read, organisation), ZoneInfo(zone_of(organisation))
    entries = _folded([_entry(event, names, zone) for event in reversed(read)])
    broken = report.breaks[0].sequence if report.breaks else None
    return Acts(tuple(reversed(entries)), events.count() - len(read), broken)


def _entry(event: AuditEvent, names: dict[str, str], zone: ZoneInfo) -> Entry:
    at = event.at.astimezone(zone)
    if not is_about_the_house(event.verb):
        return Entry(event.sequence, event.sequence, 1, at.date(), "", words_of(event.verb), None, "")
    about = names.get(str(event.facts.get("person", "")), "")
    who = names.get(str(event.actor), "") if event.actor else ""
    return Entry(
        event.sequence, event.sequence, 1, at.date(), f"{at:%H:%M}", words_of(event.verb), who, about
    )


def _folded(entries: list[Entry]) -> list[Entry]:
    """Make one line of neighbours that say the same of a circle on the same day; the newest first, as they came."""
    folded: list[Entry] = []
    for entry in entries:
        last = folded[-1] if folded else None
        if last and entry.who is None and (last.day, last.words, last.who) == (entry.day, entry.words, None):
            folded[-1] = replace(last, first=entry.first, rows=last.rows + 1)
        else:
            folded.append(entry)
    return folded


def _names(events: list[AuditEvent], organisation: Organisation) -> dict[str, str]:
    """Return the full names of those who acted or were acted upon, who have or had a role in the organisation."""
    wanted: set[str] = set()
    for event in events:
        if is_about_the_house(event.verb):
            wanted |= {str(event.actor), str(event.facts.get("person", ""))} - {"None", ""}
    ids = [uuid.UUID(one) for one in wanted]
    here = RoleAssignment.objects.filter(organisation=organisation).values("person")
    people = Person.objects.filter(id__in=ids).filter(id__in=here)
    return {str(one.id): f"{one.first_name} {one.family_name}".strip() for one in people}
