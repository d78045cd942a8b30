"""Taking back: a note by its writer, something shared by its circle. The words go everywhere."""

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sirkel.circles.domain.approved_lines import NO_WORDS, let_go_of_lines
from sirkel.circles.domain.closing import forget_on_disk
from sirkel.circles.domain.signals import items_thinned, items_withdrawn
from sirkel.circles.enums import ShareState
from sirkel.circles.models import Note, ShareItem, Theme
from sirkel.circles.queries.leading import meeting_led
from sirkel.circles.queries.thread import items_grown_from
from sirkel.circles.rules.texts import quotes
from sirkel.circles.rules.tokens import receipt_hash
from sirkel.kernel import audit, clock, live
from sirkel.kernel.errors import NotFound
from sirkel.people.domain.erasing import delete_again, enter_in_ledger
from sirkel.people.models import Person

TITLE_LENGTH = 200


def withdraw_by_receipt(*, receipt: str) -> Note:
    """Take a note back for good by its receipt: its words go, and what rests on it is marked.

    What the circle shared as the note's own words is taken back with it; what it wrote in words of
    its own about a theme stays, one note thinner. Doing it twice changes nothing.

    Raises:
        NotFound: ``receipts.none`` when no note has this receipt.

    """
    with transaction.atomic():
        note = (
            Note.objects.select_for_update(of=("self",))
            .select_related("round__step__meeting")
            .filter(receipt_hash=receipt_hash(receipt))
            .first()
        )
        if note is None:
            raise NotFound("receipts.none", _("No note has this receipt."), _("Check the signs, one by one."))
        if not note.is_withdrawn:
            _forget(note)
    return note


def _forget(note: Note) -> None:
    at, words = clock.now(), note.text
    meeting = note.round.step.meeting
    note.text, note.signed_name, note.is_withdrawn = "", "", True
    note.save(update_fields=["text", "signed_name", "is_withdrawn"])
    _rename_themes(note, words)
    items = list(items_grown_from(note).select_related("circle").exclude(state=ShareState.WITHDRAWN))
    own = [item for item in items if item.note_id == note.id or quotes(item.text, words)]
    _take_back(own, at=at, acting=None)
    if rest := [item for item in items if item not in own]:
        items_thinned.send(sender=ShareItem, items=rest, at=at)
    if meeting.is_running:
        live.emit(room_id=meeting.id)
    transaction.on_commit(lambda: enter_in_ledger([note.id], at=at))


def take_back_again(was_erased: Callable[[uuid.UUID], bool]) -> int:
    """Take back what an old backup brought back of what somebody had taken back, in all rooms; tell of how many.

    Args:
        was_erased: tells of a row's number whether the ledger has it.

    """
    notes = Note.objects.filter(is_withdrawn=False)
    with transaction.atomic():
        back = [one for one in notes.values_list("id", flat=True).iterator() if was_erased(one)]
        for note in Note.objects.select_related("round__step__meeting").filter(id__in=back):
            _forget(note)
        return len(back) + delete_again(was_erased)


def _rename_themes(note: Note, words: str) -> None:
    """Name a theme that still bore the note's words after another note of it, or not at all."""
    meeting = note.round.step.meeting_id
    for theme in Theme.objects.filter(meeting=meeting, title=words[:TITLE_LENGTH]):
        other = theme.notes.filter(is_withdrawn=False, is_held=False).order_by("position", "id").first()
        theme.title, theme.lang = (other.text[:TITLE_LENGTH], other.lang) if other else (NO_WORDS, theme.lang)
        theme.save(update_fields=["title", "lang"])


def _take_back(items: Sequence[ShareItem], *, at: datetime, acting: Person | None) -> None:
    """Empty what was shared and tell whoever built on it. Must run inside the caller's transaction."""
    transaction.on_commit(forget_on_disk)
    if not items:
        return
    ShareItem.objects.filter(id__in=[item.id for item in items]).update(state=ShareState.WITHDRAWN, text="")
    for item in items:
        item.state, item.text = ShareState.WITHDRAWN, ""
        audit.record(
            chain=item.circle.organisation_id,
            acting=acting.id if acting else None,
            verb="share.withdrawn",
            target=item.id,
            facts={},
            at=at,
        )
    let_go_of_lines(items=items)
    items_withdrawn.send(sender=ShareItem, items=list(items), at=at, acting=acting)


def withdraw_item(*, acting: Person, item_id: uuid.UUID, at: datetime) -> ShareItem:
    """Take back something the circle shared. What rests on it elsewhere is marked as weaker, not deleted.

    Raises:
        NotFound: not shared by a circle this person facilitates.

    """
    item = ShareItem.objects.filter(id=item_id).select_related("circle").first()
    if item is None:
        raise NotFound("share.none", _("There is no such card."))
    meeting_led(acting=acting, meeting_id=item.meeting_id)
    with transaction.atomic():
        item = ShareItem.objects.select_for_update(of=("self",)).select_related("circle").get(id=item_id)
        if item.state != ShareState.WITHDRAWN:
            _take_back([item], at=at, acting=acting)
    return item
