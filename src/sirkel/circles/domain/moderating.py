"""Looking after what is written: holding back, flagging, and whether names may stand under notes."""

import uuid

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sirkel.circles.domain.participation import must_take_part
from sirkel.circles.enums import Signing
from sirkel.circles.models import InboxNote, Note
from sirkel.circles.queries.leading import meeting_led
from sirkel.circles.queries.rounds import round_in
from sirkel.kernel import live
from sirkel.kernel.errors import NotAllowed, NotFound
from sirkel.people.models import Person


def hold_note(*, acting: Person, meeting_id: uuid.UUID, note_id: uuid.UUID, is_held: bool) -> None:
    """Hold a note back from the room, or release it. The writer is never named; nothing is deleted.

    Raises:
        NotFound: the meeting has no such note.

    """
    meeting_led(acting=acting, meeting_id=meeting_id)
    with transaction.atomic():
        changed = Note.objects.filter(id=note_id, round__step__meeting_id=meeting_id).update(is_held=is_held)
        changed += InboxNote.objects.filter(id=note_id, round__step__meeting_id=meeting_id).update(
            is_held=is_held
        )
        if not changed:
            raise NotFound("notes.none", _("There is no such note."))
        live.emit(room_id=meeting_id)


def flag_note(*, meeting_id: uuid.UUID, note_id: uuid.UUID, device: str | None) -> None:
    """Say "this does not belong here" about a grouped note; who said so is not kept."""
    must_take_part(meeting_id=meeting_id, device=device)
    with transaction.atomic():
        if not Note.objects.filter(id=note_id, round__step__meeting_id=meeting_id).update(is_flagged=True):
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
