"""Paper cards: typed in by the facilitator for somebody without a phone, with a receipt to write on the card."""

import uuid

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sirkel.circles.domain.notes import Draft, Posted, known_note, max_length, store, tell_of
from sirkel.circles.domain.wording import words_for_circle
from sirkel.circles.enums import RoundState, StepKind
from sirkel.circles.models import InboxNote, Round
from sirkel.circles.queries.leading import meeting_led
from sirkel.circles.queries.rounds import round_in
from sirkel.circles.rules.tokens import card_client_id, card_receipt, card_token
from sirkel.kernel.errors import Conflict, Gone, NotFound, Refused
from sirkel.people.models import Person

HIGHEST_CARD = 999
TYPED_IN = {StepKind.WRITE, StepKind.LOOK_BACK, StepKind.DEEPEN, StepKind.TALK}


def type_in_card(
    *, acting: Person, meeting_id: uuid.UUID, round_id: uuid.UUID, card_number: int, text: str, lang: str
) -> str:
    """Type in a paper card. The same card with the same words again changes nothing.

    Args:
        acting: the facilitator.
        meeting_id: the running meeting.
        round_id: an open round in which notes are written.
        card_number: the number printed on the card, 1 to 999.
        text: the words on the card.
        lang: the language they are in.

    Returns:
        The note's receipt, to be written on the card; the server keeps only its hash.

    Raises:
        Refused: ``cards.number``, ``notes.not_here``; as for notes.
        Conflict: ``notes.other_words`` when this card was typed in with other words.
        Gone: ``rounds.over`` when the round has ended.

    """
    secret = _secret(acting, meeting_id, round_id, card_number)
    receipt = card_receipt(secret=secret, card_number=card_number)
    draft = Draft(
        client_id=card_client_id(secret=secret, card_number=card_number),
        text=text,
        lang=lang,
        receipt=receipt,
    )
    post_card(acting=acting, meeting_id=meeting_id, round_id=round_id, card_number=card_number, draft=draft)
    return receipt


def correct_card(
    *, acting: Person, meeting_id: uuid.UUID, round_id: uuid.UUID, card_number: int, text: str
) -> str:
    """Type a card anew with the right words while its round is open; its receipt stays the same.

    Raises:
        NotFound: this card was not typed in here.
        Refused, Gone: as for ``type_in_card``.

    """
    secret = _secret(acting, meeting_id, round_id, card_number)
    with transaction.atomic():
        round_ = round_in(meeting_id=meeting_id, round_id=round_id, lock=True)
        kept = words_for_circle(text, most=max_length(round_), is_sure=True)
        note = InboxNote.objects.filter(
            round=round_,
            client_id=card_client_id(secret=secret, card_number=card_number),
            is_from_card=True,
        ).first()
        if note is None:
            raise NotFound("cards.none", _("There is no such card in this step."))
        note.text, note.version = kept, note.version + 1
        note.save(update_fields=["text", "version"])
        tell_of(round_, note)
    return card_receipt(secret=secret, card_number=card_number)


def _secret(acting: Person, meeting_id: uuid.UUID, round_id: uuid.UUID, card_number: int) -> bytes:
    meeting_led(acting=acting, meeting_id=meeting_id)
    if not 1 <= card_number <= HIGHEST_CARD:
        raise Refused(
            "cards.number", _("The card has a number from 1 to 999."), _("It is printed at the top.")
        )
    round_: Round = round_in(meeting_id=meeting_id, round_id=round_id)
    if round_.secret is None:
        raise Gone("rounds.over", _("This step is over."), _("Go back to the step to add the card."))
    if round_.step.kind not in TYPED_IN:
        raise Refused("notes.not_here", _("This step has no notes."))
    return bytes(round_.secret)


def post_card(
    *, acting: Person, meeting_id: uuid.UUID, round_id: uuid.UUID, card_number: int, draft: Draft
) -> Posted:
    """Type in a paper card for somebody without a phone; it is marked "from card" and can be typed again.

    Raises:
        Refused: as for ``post_note``.
        Gone: ``rounds.over`` when the round has ended.

    """
    meeting_led(acting=acting, meeting_id=meeting_id)
    with transaction.atomic():
        round_ = round_in(meeting_id=meeting_id, round_id=round_id, lock=True)
        if round_.state != RoundState.OPEN or round_.secret is None:
            raise Gone("rounds.over", _("This step is over."), _("Go back to the step to add the card."))
        text = words_for_circle(draft.text, most=max_length(round_), is_sure=True)
        known = known_note(round_, draft.client_id)
        if known is not None and known.text != text:
            raise Conflict(
                "notes.other_words", _("This card was typed in with other words."), facts={"kept": known.text}
            )
        if known is None:
            store(
                round_,
                card_token(secret=bytes(round_.secret), card_number=card_number),
                draft,
                text,
                is_from_card=True,
            )
    return Posted(client_id=draft.client_id, state="sent", version=1)
