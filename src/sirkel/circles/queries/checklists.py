"""What there is to do before a circle's first meeting, and by which day: computed, so that it moves with the meeting."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from sirkel.circles.enums import MeetingState
from sirkel.circles.models import ChecklistTick, Circle, Meeting
from sirkel.circles.queries.set_ups import OVER
from sirkel.circles.rules.methods import checklist
from sirkel.circles.rules.texts import in_language
from sirkel.circles.rules.when import on_wall


@dataclass(frozen=True)
class Item:
    """One thing to do. ``due_on`` is a day at the workplace, None while no meeting is planned."""

    id: str
    weeks: int
    page: str
    text: str
    lang: str
    is_done: bool
    due_on: date | None
    is_late: bool


@dataclass(frozen=True)
class Checklist:
    """The whole list, for a facilitator. ``first_meeting`` is the one that it counts back from."""

    circle: Circle
    first_meeting: Meeting | None
    items: tuple[Item, ...]
    is_past: bool

    @property
    def next_item(self) -> Item | None:
        """The one thing to do next; None when all is done, nothing is planned, or the circle has met."""
        if self.is_past or self.first_meeting is None:
            return None
        return next((item for item in self.items if not item.is_done), None)

    @property
    def done(self) -> int:
        """How many are done."""
        return sum(item.is_done for item in self.items)

    @property
    def by_week(self) -> list[tuple[int, date | None, list[Item]]]:
        """The items by how many weeks before, with the day."""
        groups = []
        for weeks, found in groupby(self.items, key=lambda item: item.weeks):
            items = list(found)
            groups.append((weeks, items[0].due_on, items))
        return groups


def checklist_of(
    circle: Circle, *, language: str, at: datetime, meetings: Iterable[Meeting] | None = None
) -> Checklist:
    """Return a circle's list in the reader's language. The workplace must be loaded.

    ``meetings`` are all the circle's, when the caller has read them already.
    """
    known = Meeting.objects.filter(circle=circle) if meetings is None else meetings
    meetings = sorted(
        (one for one in known if one.state != MeetingState.CANCELLED),
        key=lambda one: (one.number, one.starts_at),
    )
    first = meetings[0] if meetings else None
    is_past = circle.state in OVER or any(
        one.state in {MeetingState.RUNNING, MeetingState.HELD} for one in meetings
    )
    zone = circle.workplace.time_zone
    day = on_wall(first.starts_at, zone).date() if first else None
    today = on_wall(at, zone).date()
    ticked = set(ChecklistTick.objects.filter(circle=circle).values_list("item", flat=True))
    items = []
    for one in checklist():
        text, lang = in_language(one.text, language)
        due_on = day - timedelta(weeks=one.weeks) if day else None
        items.append(
            Item(
                id=one.id,
                weeks=one.weeks,
                page=one.page,
                text=text,
                lang=lang,
                is_done=one.id in ticked,
                due_on=due_on,
                is_late=one.id not in ticked and due_on is not None and due_on < today and not is_past,
            )
        )
    return Checklist(circle=circle, first_meeting=first, items=tuple(items), is_past=is_past)
