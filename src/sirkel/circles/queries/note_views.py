"""A note as the circle sees it: nothing of who wrote it, nothing of when it came."""

import uuid
from dataclasses import dataclass

from sirkel.circles.enums import RoundState
from sirkel.circles.models import InboxNote, Meeting, Note
from sirkel.circles.queries.rounds import is_hidden

SIGN_BYTES = 8


@dataclass(frozen=True)
class NoteView:
    """A note as the circle sees it. ``lang`` is what it was written in."""

    id: uuid.UUID
    text: str
    lang: str
    signed_name: str = ""
    is_from_card: bool = False
    is_late: bool = False
    is_parked: bool = False
    is_held: bool = False
    is_flagged: bool = False
    is_reported: bool = False


def note_view(note: InboxNote | Note) -> NoteView:
    """Return a note of either table as the circle sees it."""
    return NoteView(
        id=note.id,
        text=note.text,
        lang=note.lang,
        signed_name=note.signed_name,
        is_from_card=note.is_from_card,
        is_late=getattr(note, "is_late", False),
        is_parked=note.is_parked,
        is_held=note.is_held,
        is_flagged=getattr(note, "is_flagged", False),
        is_reported=getattr(note, "is_reported", False),
    )


def waiting_note(note_id: uuid.UUID) -> InboxNote | None:
    """Return a note of an inbox with its round and step, or None when it is gone from there."""
    return InboxNote.objects.filter(id=note_id).select_related("round__step").first()


def held_signs(meeting: Meeting) -> list[str]:
    """Return a sign of each shown note of a meeting that is held back: the beginning of its receipt's hash, sorted.

    The same for everybody: only the phone that has the receipt can tell that a sign is its own.
    """
    held = Note.objects.filter(round__step__meeting=meeting, is_held=True, is_withdrawn=False)
    return sorted(bytes(kept)[:SIGN_BYTES].hex() for kept in held.values_list("receipt_hash", flat=True))


def note_alone(note: InboxNote) -> NoteView | None:
    """Return a note that can be shown without the others, at its place among the ids of the list.

    None where more changes than one line of the list, or where nobody may see it yet.
    """
    round_ = note.round
    if note.is_held or note.is_late or round_.state != RoundState.OPEN or is_hidden(round_):
        return None
    return note_view(note)
