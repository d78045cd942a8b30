"""Grouping: which notes belong together, and what the group is called."""

import uuid

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sirkel.circles.domain.wording import words_for_circle
from sirkel.circles.models import Note, Theme
from sirkel.circles.queries.leading import meeting_led
from sirkel.kernel import live
from sirkel.kernel.errors import NotFound
from sirkel.people.models import Person

TITLE_LENGTH = 200


def _note(meeting_id: uuid.UUID, note_id: uuid.UUID) -> Note:
    note = Note.objects.select_for_update().filter(id=note_id, round__step__meeting_id=meeting_id).first()
    if note is None or note.is_withdrawn:
        raise NotFound("notes.none", _("There is no such note."))
    return note


def put_together(*, acting: Person, meeting_id: uuid.UUID, note_id: uuid.UUID, with_note: uuid.UUID) -> Theme:
    """Say that a note belongs with another; without a group there yet, the other's words name a new one.

    Raises:
        NotFound: one of the notes is not in this meeting.

    """
    meeting = meeting_led(acting=acting, meeting_id=meeting_id, lock=False)
    with transaction.atomic():
        other = _note(meeting_id, with_note)
        note = _note(meeting_id, note_id)
        theme = other.theme
        if theme is None:
            theme = Theme.objects.create(
                circle=meeting.circle,
                meeting=meeting,
                title=other.text[:TITLE_LENGTH],
                lang=other.lang,
                position=meeting.themes.count(),
            )
            other.theme = theme
            other.save(update_fields=["theme"])
        _move(note, theme)
        live.emit(room_id=meeting_id)
    return theme


def put_into(
    *, acting: Person, meeting_id: uuid.UUID, note_id: uuid.UUID, theme_id: uuid.UUID | None
) -> None:
    """Put a note into a group, or (None) let it stand alone again. An emptied group goes.

    Raises:
        NotFound: note or group is not in this meeting.

    """
    meeting_led(acting=acting, meeting_id=meeting_id)
    with transaction.atomic():
        theme = None
        if theme_id is not None:
            theme = Theme.objects.filter(id=theme_id, meeting_id=meeting_id).first()
            if theme is None:
                raise NotFound("themes.none", _("There is no such group."))
        _move(_note(meeting_id, note_id), theme)
        live.emit(room_id=meeting_id)


def _move(note: Note, theme: Theme | None) -> None:
    left = note.theme_id
    note.theme, note.is_flagged = theme, False
    note.save(update_fields=["theme", "is_flagged"])
    if left and left != note.theme_id:
        Theme.objects.filter(id=left, notes__isnull=True, trials__isnull=True, is_chosen=False).delete()


def name_theme(*, acting: Person, meeting_id: uuid.UUID, theme_id: uuid.UUID, title: str, lang: str) -> None:
    """Give a group its name.

    Raises:
        NotFound: the meeting has no such group.
        Refused: as for notes.

    """
    meeting_led(acting=acting, meeting_id=meeting_id)
    kept = words_for_circle(title, most=TITLE_LENGTH, is_sure=True)
    with transaction.atomic():
        if not Theme.objects.filter(id=theme_id, meeting_id=meeting_id).update(title=kept, lang=lang):
            raise NotFound("themes.none", _("There is no such group."))
        live.emit(room_id=meeting_id)
