"""Writing: one note at a time, owned by a token while its round is open."""

import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sirkel.circles.domain.closing import take_in_late
from sirkel.circles.domain.participation import is_late_but_welcome, must_take_part, open_token
from sirkel.circles.domain.voice_counting import tag_note, untag_note
from sirkel.circles.domain.wording import words_for_circle
from sirkel.circles.enums import MeetingState, RoundState, Signing, StepKind
from sirkel.circles.models import InboxNote, Note, Round
from sirkel.circles.queries.rounds import is_hidden, round_in
from sirkel.circles.rules.tokens import receipt_hash
from sirkel.kernel import live
from sirkel.kernel.errors import Conflict, Gone, NotFound, Refused, TooMany
from sirkel.people.domain.erasing import delete_for_good

MOST_NOTES_PER_TOKEN = 30
NAME_LENGTH = 40
# Written out: it runs with every note, and building a union anew each time costs more than asking it.
_WITH_RECEIPT = (
    "SELECT 1 FROM circles_inboxnote WHERE receipt_hash = %s "
    "UNION ALL SELECT 1 FROM circles_note WHERE receipt_hash = %s LIMIT 1"
)
WRITABLE = {StepKind.WRITE, StepKind.LOOK_BACK, StepKind.DEEPEN, StepKind.TALK}


@dataclass(frozen=True)
class Draft:
    """What somebody wrote, as it comes from a phone.

    ``client_id`` is made by the phone and the same in every try; ``receipt`` is 80 random bits that
    the phone keeps, of which only a hash is stored.
    """

    client_id: uuid.UUID
    text: str
    lang: str
    receipt: str
    signed_name: str = ""
    is_parked: bool = False


@dataclass(frozen=True)
class Posted:
    """What the writer is told: the same answer however often the same note is sent."""

    client_id: uuid.UUID
    state: str
    version: int


def post_note(
    *,
    meeting_id: uuid.UUID,
    round_id: uuid.UUID,
    device: str | None,
    draft: Draft,
    at: datetime,
    seat_pass: str | None = None,
    is_sure: bool = False,
    mark: str = "",
) -> Posted:
    """Take in a note: once, however often it is sent; late by up to ten minutes if the network was.

    Args:
        meeting_id: the running (or just closed) meeting.
        round_id: the round in which it was written.
        device: the device's secret from its cookie.
        draft: the note.
        at: now.
        seat_pass: lets a phone deliver after the close, when seats are gone.
        is_sure: the writer was asked about a possible personal number and says it is none.
        mark: the sealed answer of a phone that was asked from where its owner speaks.

    Raises:
        Refused: ``notes.empty``, ``notes.too_long``, ``notes.national_id``, ``notes.maybe_id``,
            ``notes.not_here``, ``notes.receipt``.
        NotAllowed: ``seats.none``.
        Conflict: ``notes.other_words`` when this id came before with other words; both are in the facts.
        Gone: ``notes.too_late``.
        TooMany: ``notes.many``.

    """
    with transaction.atomic():
        round_ = round_in(meeting_id=meeting_id, round_id=round_id, lock=True)
        if round_.state != RoundState.OPEN:
            must_take_part(meeting_id=meeting_id, device=device, seat_pass=seat_pass)
            text = words_for_circle(draft.text, most=max_length(round_), is_sure=is_sure)
            known = known_note(round_, draft.client_id)
            return _repeated(known, text, None) if known else _late(round_, draft, text, at)
        token = open_token(round_=round_, device=device, looks_on=False)
        text = words_for_circle(draft.text, most=max_length(round_), is_sure=is_sure)
        # While a round is open all its notes wait in the inbox: there is nowhere else to look.
        known_or_own = InboxNote.objects.filter(Q(client_id=draft.client_id) | Q(token=token), round=round_)
        waiting = {note.client_id: note for note in known_or_own}
        if draft.client_id in waiting:
            return _repeated(waiting[draft.client_id], text, token)
        if round_.step.kind not in WRITABLE:
            raise Refused("notes.not_here", _("This step has no notes."), _("Look at what runs now."))
        if len(waiting) >= MOST_NOTES_PER_TOKEN:
            raise TooMany(
                "notes.many", _("That is a lot of notes for one step."), _("Let the others see these first.")
            )
        store(round_, token, draft, text)
        tag_note(round_=round_, client_id=draft.client_id, mark=mark)
    return Posted(client_id=draft.client_id, state="sent", version=1)


def store(round_: Round, token: bytes, draft: Draft, text: str, *, is_from_card: bool = False) -> None:
    """Put a checked note into an open round's inbox and tell the screens; in the caller's transaction."""
    if not round_.has_posts:
        round_.has_posts = True
        round_.save(update_fields=["has_posts"])
    may_sign = round_.signing == Signing.CHOICE
    _must_be_fresh(draft.receipt)
    note = InboxNote.objects.create(
        round=round_,
        token=token,
        client_id=draft.client_id,
        text=text,
        lang=draft.lang,
        signed_name=words_for_circle(draft.signed_name, most=NAME_LENGTH, may_be_empty=True)
        if may_sign
        else "",
        receipt_hash=receipt_hash(draft.receipt),
        is_from_card=is_from_card,
        is_parked=draft.is_parked and round_.step.kind == StepKind.DEEPEN,
    )
    tell_of(round_, note)


def _must_be_fresh(receipt: str) -> None:
    """Refuse a receipt that another note has: two notes must never answer to one receipt."""
    with connection.cursor() as cursor:
        cursor.execute(_WITH_RECEIPT, [receipt_hash(receipt)] * 2)
        is_taken = cursor.fetchone() is not None
    if is_taken:
        raise Refused("notes.receipt", _("This receipt belongs to another note."), _("Load the page again."))


def tell_of(round_: Round, note: InboxNote) -> None:
    """Tell the screens of a new or changed note of an open round; in the caller's transaction."""
    if is_hidden(round_):
        live.emit(room_id=round_.step.meeting_id, kind="count")
    elif note.is_parked:  # it stands outside the list of the others
        live.emit(room_id=round_.step.meeting_id)
    else:
        note.round = round_
        live.emit(room_id=round_.step.meeting_id, kind="note", payload={"note": str(note.id)}, at_hand=note)


def max_length(round_: Round) -> int:
    """Return how many characters a note of this round may have."""
    return min(int(round_.step.settings.get("max_length", 200)), 500)


def known_note(round_: Round, client_id: uuid.UUID) -> InboxNote | Note | None:
    """Return the note that came before under this id, waiting or shown, or None."""
    waiting = InboxNote.objects.filter(round=round_, client_id=client_id).first()
    return waiting or Note.objects.filter(round=round_, client_id=client_id).first()


def _repeated(known: InboxNote | Note, text: str, token: bytes | None) -> Posted:
    """Answer a note that came before: the same answer for the same words, both for other words.

    ``token`` is the asking device's in an open round, None when the round is over.
    """
    if isinstance(known, Note):
        if known.text == text or known.is_withdrawn:
            return Posted(client_id=_id_of(known), state="sent", version=1)
        raise Conflict(
            "notes.shown", _("The note was shown before this change arrived."), facts={"kept": known.text}
        )
    if known.text == text:
        state = "late" if known.is_late else "sent"
        return Posted(client_id=known.client_id, state=state, version=known.version)
    if bytes(known.token) != token:
        raise Conflict("notes.taken", _("This note was sent from another phone."), _("Load the page again."))
    raise Conflict(
        "notes.other_words",
        _("This note was sent before with other words."),
        _("Choose which words the circle shall see."),
        facts={"kept": known.text, "version": known.version},
    )


def _id_of(note: Note) -> uuid.UUID:
    return note.client_id or note.id


def _late(round_: Round, draft: Draft, text: str, at: datetime) -> Posted:
    if round_.step.kind not in WRITABLE or not is_late_but_welcome(round_=round_, at=at):
        raise Gone(
            "notes.too_late",
            _("The step ended before this note arrived."),
            _("Bring it up in the room, or at the next meeting."),
        )
    meeting = round_.step.meeting
    _must_be_fresh(draft.receipt)
    note = InboxNote.objects.create(
        round=round_,
        token=secrets.token_bytes(32),
        client_id=draft.client_id,
        text=text,
        lang=draft.lang,
        receipt_hash=receipt_hash(draft.receipt),
        is_parked=draft.is_parked and round_.step.kind == StepKind.DEEPEN,
        is_late=True,
    )
    if meeting.state == MeetingState.RUNNING:
        live.emit(room_id=meeting.id, kind="note", payload={"note": str(note.id)})
    else:
        take_in_late(meeting=meeting)
    return Posted(client_id=draft.client_id, state="late", version=1)


def _own(round_: Round, client_id: uuid.UUID, device: str | None) -> InboxNote:
    token = open_token(round_=round_, device=device, looks_on=False)
    note = InboxNote.objects.filter(round=round_, client_id=client_id, token=token, is_late=False).first()
    if note is None:
        raise NotFound("notes.none", _("This note cannot be changed any more."))
    return note


def edit_note(
    *,
    meeting_id: uuid.UUID,
    round_id: uuid.UUID,
    device: str | None,
    client_id: uuid.UUID,
    text: str,
    version: int,
    is_sure: bool = False,
) -> Posted:
    """Change an own note while its round is open.

    Raises:
        Conflict: ``notes.other_words`` when the note changed since ``version``; the kept words are in the facts.
        NotFound: not this device's note, or shown already.

    """
    with transaction.atomic():
        round_ = round_in(meeting_id=meeting_id, round_id=round_id, lock=True)
        tidy_text = words_for_circle(text, most=max_length(round_), is_sure=is_sure)
        note = _own(round_, client_id, device)
        if note.text == tidy_text:
            return Posted(client_id=client_id, state="sent", version=note.version)
        if note.version != version:
            raise Conflict(
                "notes.other_words",
                _("The note was changed elsewhere meanwhile."),
                _("Choose which words the circle shall see."),
                facts={"kept": note.text, "version": note.version},
            )
        note.text, note.version = tidy_text, note.version + 1
        note.save(update_fields=["text", "version"])
        tell_of(round_, note)
    return Posted(client_id=client_id, state="sent", version=note.version)


def delete_note(
    *, meeting_id: uuid.UUID, round_id: uuid.UUID, device: str | None, client_id: uuid.UUID
) -> None:
    """Take an own note back while its round is open; taking it back twice changes nothing."""
    with transaction.atomic():
        round_ = round_in(meeting_id=meeting_id, round_id=round_id, lock=True)
        try:
            note = _own(round_, client_id, device)
        except NotFound:
            if Note.objects.filter(round=round_, client_id=client_id).exists():
                raise
            return
        gone = str(note.id)
        delete_for_good(InboxNote.objects.filter(id=note.id))
        untag_note(round_=round_, client_id=client_id)
        live.emit(
            room_id=meeting_id,
            kind="count" if is_hidden(round_) else "gone",
            payload={} if is_hidden(round_) else {"note": gone},
        )
