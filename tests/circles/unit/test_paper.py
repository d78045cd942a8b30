import pytest

from sirkel.circles.domain import paper
from sirkel.circles.models import InboxNote, Note
from sirkel.circles.rules.tokens import card_client_id, receipt_hash
from sirkel.kernel.errors import Conflict, Gone, NotFound, Refused
from tests.factories.meetings import make_meeting

pytestmark = pytest.mark.django_db


@pytest.fixture
def live():
    return make_meeting(step="write", people=2)


def asked(live, **more):
    return {
        "acting": live.facilitator,
        "meeting_id": live.meeting.id,
        "round_id": live.round.id,
        "card_number": 7,
        "text": "Ingen tid til å sitte ned",
        **more,
    }


def type_in(live, **more):
    return paper.type_in_card(**asked(live, **more), lang="nb")


def test_a_card_becomes_a_note_with_a_receipt_of_its_own(live):
    receipt = type_in(live)
    live.reveal()
    note = Note.objects.get()
    assert note.is_from_card
    assert note.text == "Ingen tid til å sitte ned"
    assert len(receipt) == 16
    assert bytes(note.receipt_hash) == receipt_hash(receipt)


def test_the_same_card_twice_is_one_note_and_one_receipt(live):
    assert type_in(live) == type_in(live)
    assert InboxNote.objects.count() == 1


def test_two_cards_are_two_notes_with_different_receipts(live):
    assert type_in(live) != type_in(live, card_number=8)
    assert InboxNote.objects.count() == 2


def test_a_card_with_other_words_asks_first_and_can_be_corrected(live):
    receipt = type_in(live)
    with pytest.raises(Conflict) as refused:
        type_in(live, text="Ingen tid")
    assert refused.value.facts["kept"] == "Ingen tid til å sitte ned"
    assert paper.correct_card(**asked(live, text="Ingen tid")) == receipt
    assert InboxNote.objects.get().text == "Ingen tid"


def test_a_card_that_was_never_typed_in_cannot_be_corrected(live):
    type_in(live)
    with pytest.raises(NotFound):
        paper.correct_card(**asked(live, card_number=8))


@pytest.mark.parametrize("number", [0, -1, 1000])
def test_a_card_has_a_number_that_is_printed_on_cards(live, number):
    with pytest.raises(Refused) as refused:
        type_in(live, card_number=number)
    assert refused.value.code == "cards.number"


@pytest.mark.parametrize("text", ["", "x" * 201])
def test_a_card_is_as_long_as_a_note(live, text):
    with pytest.raises(Refused):
        type_in(live, text=text)
    assert not InboxNote.objects.exists()


def test_when_the_notes_are_shown_the_card_comes_too_late_and_its_number_is_forgotten(live):
    secret = bytes(live.round.secret)
    type_in(live)
    live.write("a", "b").reveal()
    with pytest.raises(Gone):
        type_in(live, card_number=8)
    ids = {note.client_id for note in Note.objects.all()}
    assert card_client_id(secret=secret, card_number=7) in ids
    assert live.round.secret is None  # and with it the only way from the number to the note


def test_only_its_facilitator_types_in(live):
    stranger = make_meeting().facilitator
    with pytest.raises(NotFound):
        type_in(live, acting=stranger)
    type_in(live)


def test_a_step_without_notes_takes_no_cards():
    live = make_meeting(step="check-out")
    with pytest.raises(Refused) as refused:
        type_in(live)
    assert refused.value.code == "notes.not_here"
