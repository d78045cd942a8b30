"""The thread out of a circle: from a note upwards, and what stands beneath something shared."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from sirkel.circles.enums import ShareState
from sirkel.circles.models import Circle, InboxNote, Meeting, Note, ShareItem, Theme, Trial
from sirkel.circles.queries.leading import circles_led_by, circles_visible_to
from sirkel.circles.rules.tokens import receipt_hash
from sirkel.kernel import rows
from sirkel.people.models import Organisation, Person, Workplace
from sirkel.people.queries.seats import seat_count


class NoteFate(StrEnum):
    """Where a note itself stands."""

    WAITING = "waiting"  # its step is not over
    HELD = "held"  # kept back from the circle
    SHOWN = "shown"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class TrialHop:
    """A trial of the note's theme, in the circle's words. Nobody's name is in it."""

    what: str
    lang: str
    state: str
    decision: str
    learning: str


@dataclass(frozen=True)
class ItemHop:
    """Words that were to leave the room; ``state`` says whether they did."""

    id: uuid.UUID
    state: str
    audience: str


@dataclass(frozen=True)
class NoteStory:
    """What became of a note inside its circle.

    Everything here its writer saw in the room. ``text`` is empty for a note that waits or was taken
    back; ``month`` is the first day of the meeting's month; without a theme ``theme_title`` is empty.
    """

    fate: NoteFate
    text: str
    lang: str
    meeting_number: int
    month: date
    theme_title: str = ""
    theme_lang: str = ""
    is_theme_chosen: bool = False
    trials: list[TrialHop] = field(default_factory=list)
    items: list[ItemHop] = field(default_factory=list)


def items_grown_from(note: Note) -> QuerySet[ShareItem]:
    """Return what the circle was asked to share that rests on a note, directly or through its theme.

    An item rests on its note; without one on its trial, and so on every note of the trial's theme;
    without either on every note of its theme.
    """
    rests = Q(note=note)
    if note.theme_id:
        rests |= Q(note__isnull=True) & (Q(theme=note.theme_id) | Q(trial__theme=note.theme_id))
    return ShareItem.objects.filter(rests).distinct()


def what_became_of(receipt: str) -> NoteStory | None:
    """Return a note's story for whoever holds its receipt; None when no note has it.

    Spelling of the receipt is forgiven as ``rules.tokens.plain_receipt`` does.
    """
    kept = receipt_hash(receipt)
    note = (
        Note.objects.filter(receipt_hash=kept)
        .select_related("theme", "round__step__meeting__circle__workplace")
        .first()
    )
    if note is None:
        return _waiting(kept)
    meeting = note.round.step.meeting
    theme: Theme | None = note.theme
    fate = NoteFate.HELD if note.is_held else NoteFate.SHOWN
    trials = Trial.objects.filter(theme=theme).order_by("ends_on", "id") if theme else []
    return NoteStory(
        fate=NoteFate.WITHDRAWN if note.is_withdrawn else fate,
        text=note.text,
        lang=note.lang,
        meeting_number=meeting.number,
        month=_month(meeting),
        theme_title=theme.title if theme else "",
        theme_lang=theme.lang if theme else "",
        is_theme_chosen=bool(theme and theme.is_chosen),
        trials=[
            TrialHop(
                what=trial.what,
                lang=trial.lang,
                state=trial.state,
                decision=trial.decision,
                learning=trial.learning,
            )
            for trial in trials
        ],
        items=[
            ItemHop(id=item.id, state=item.state, audience=item.audience)
            for item in items_grown_from(note).order_by("id")
        ],
    )


def _waiting(kept: bytes) -> NoteStory | None:
    note = (
        InboxNote.objects.filter(receipt_hash=kept)
        .select_related("round__step__meeting__circle__workplace")
        .first()
    )
    if note is None:
        return None
    meeting = note.round.step.meeting
    # What waits has not been shown to anybody; a held one says so at once.
    fate = NoteFate.HELD if note.is_held else NoteFate.WAITING
    return NoteStory(fate=fate, text="", lang=note.lang, meeting_number=meeting.number, month=_month(meeting))


def _month(meeting: Meeting) -> date:
    zone = ZoneInfo(meeting.circle.workplace.time_zone)
    return meeting.starts_at.astimezone(zone).date().replace(day=1)


@dataclass(frozen=True)
class Origin:
    """Where a shared item comes from. ``people`` is the largest number known to have sat in the circle, 0 when unknown."""

    circle: Circle
    organisation: Organisation
    workplace: Workplace
    meeting_number: int
    people: int


def origin_of(item: ShareItem) -> Origin:
    """Return where an item comes from, for the room above that tells only a part of it."""
    circle = Circle.objects.select_related("organisation", "workplace").get(id=item.circle_id)
    meeting = Meeting.objects.get(id=item.meeting_id)
    counts = Meeting.objects.filter(circle=circle).values_list("attendance_count", flat=True)
    return Origin(
        circle=circle,
        organisation=circle.organisation,
        workplace=circle.workplace,
        meeting_number=meeting.number,
        people=max([seat_count(room=meeting.id), *(count or 0 for count in counts)]),
    )


def circles_behind(item_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    """Return the circle of each shared item, for counting how many circles something rests on."""
    with rows.everything(rows.Why.CARDS):
        return dict(ShareItem.objects.filter(id__in=list(item_ids)).values_list("id", "circle_id"))


def items_of_own_circles(person: Person) -> QuerySet[ShareItem]:
    """Return what the circles that a person belongs to now have shared."""
    return ShareItem.objects.filter(circle__in=circles_visible_to(person).values("id")).exclude(
        state=ShareState.WITHDRAWN
    )


def leads_circle_of(person: Person, item_id: uuid.UUID) -> bool:
    """Tell whether a person facilitates the circle that shared an item."""
    return ShareItem.objects.filter(id=item_id, circle__in=circles_led_by(person).values("id")).exists()
