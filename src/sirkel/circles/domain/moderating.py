"""Looking after what is written: holding back, flagging, and whether names may stand under notes."""

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from sirkel.circles.domain.driving import record_step
from sirkel.circles.domain.participation import must_take_part
from sirkel.circles.enums import Signing
from sirkel.circles.models import InboxNote, Note
from sirkel.circles.queries.leading import meeting_led
from sirkel.circles.queries.rounds import round_in
from sirkel.kernel import live
from sirkel.kernel.errors import NotAllowed, NotFound
from sirkel.people.models import Person


def hold_note(
    *, acting: Person, meeting_id: uuid.UUID, note_id: uuid.UUID, is_held: bool, at: datetime
) -> None:
    """Hold a note back from the room, or release it. The writer is never named; nothing is deleted.

    The audit chain keeps that it was done in this meeting, and of which note only that it was one.

    Raises:
        NotFound: the meeting has no such note.

    """
    meeting = meeting_led(acting=acting, meeting_id=meeting_id)
    with transaction.atomic():
        # What a participant asked about is answered either way.
        changed = _turn(Note.objects.all(), meeting_id, note_id, is_held=is_held, is_reported=False)
        changed = _turn(InboxNote.objects.all(), meeting_id, note_id, is_held=is_held) or changed
        if changed is None:
            raise NotFound("notes.none", _("There is no such note."))
        live.emit(room_id=meeting_id)
        if changed:
            record_step(meeting, acting, "note.held" if is_held else "note.released", at)


def _turn(
    notes: QuerySet[Any], meeting_id: uuid.UUID, note_id: uuid.UUID, *, is_held: bool, **more: bool
) -> bool | None:
    """Set whether a note is held; tell whether that is new, and None when it is not here."""
    note = notes.select_for_update(of=("self",)).filter(id=note_id, round__step__meeting_id=meeting_id)
    before = note.values_list("is_held", flat=True).first()
    if before is None:
        return None
    notes.filter(id=note_id).update(is_held=is_held, **more)
    return bool(before) != is_held


def flag_note(
    *, meeting_id: uuid.UUID, note_id: uuid.UUID, device: str | None, is_about_somebody: bool = False
) -> None:
    """Say of a note that it stands wrong among others, or that it may point at somebody; who said so is not kept.

    That it may point at somebody is told to the facilitator alone: on every screen it would be pointing too.

    Raises:
        NotFound: the meeting has no such note. NotAllowed: no seat.

    """
    must_take_part(meeting_id=meeting_id, device=device)
    mark = {"is_reported": True} if is_about_somebody else {"is_flagged": True}
    with transaction.atomic():
        if not Note.objects.filter(id=note_id, round__step__meeting_id=meeting_id).update(**mark):
            raise NotFound("notes.none", _("There is no such note."))
        live.emit(room_id=meeting_id)


def set_signing(*, acting: Person, meeting_id: uuid.UUID, round_id: uuid.UUID, signing: Signing) -> None:
    """Choose whether names may stand under the notes of a round, before its first note.

    Raises:
        NotAllowed: ``notes.signing_fixed`` once a note is there.

    """
    meeting_led(acting=acting, meeting_id=meeting_id)
    with transaction.atomic():
        round_ = round_in(meeting_id=meeting_id, round_id=round_id, lock=True)
        if round_.has_posts:
            raise NotAllowed(
                "notes.signing_fixed", _("Somebody has written already, so this cannot change any more.")
            )
        round_.signing = signing
        round_.save(update_fields=["signing"])
        live.emit(room_id=meeting_id)
