"""A note that points at somebody: marked by anybody, held back and not deleted, told to its writer alone (T17)."""

import hashlib
import re

import pytest
from django.test import Client

from sirkel.circles.domain import moderating
from sirkel.circles.models import InboxNote, Note
from sirkel.kernel import clock
from sirkel.kernel.ids import new_receipt
from sirkel.kernel.models import AuditEvent
from tests.circles.web.hands import Phone
from tests.factories.anchoring import make_leader, make_representative
from tests.factories.meetings import make_meeting, sign_in

pytestmark = pytest.mark.django_db
WORDS = "Hun på natta gjør aldri ferdig"
DISAGREE = "Talk to the facilitator, or to the union or safety representative"


@pytest.fixture
def live():
    return make_meeting(step="write")


@pytest.fixture
def phones(live):
    return three(live)


def three(live):
    """Return three phones that wrote; the first wrote the words, with this receipt."""
    phones = [Phone(live) for _number in range(3)]
    phones[0].receipt = new_receipt()
    phones[0].note(WORDS, receipt=phones[0].receipt)
    for phone in phones[1:]:
        phone.note("Noe annet")
    return phones


def hold(live, *, is_held=True):
    note = Note.objects.filter(text=WORDS).first() or InboxNote.objects.get(text=WORDS)
    where = {"acting": live.facilitator, "meeting_id": live.meeting.id, "note_id": note.id}
    moderating.hold_note(**where, is_held=is_held, at=clock.now())


def read(person, path):
    client = Client(headers={"accept-language": "en"})
    sign_in(client, person)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", client.get(path).content.decode()))


def asked(receipt, language="en"):
    return Client().post(f"/receipt/?lang={language}", {"receipt": receipt}).content.decode()


def sign_of(page):
    return re.search(r'data-held="([^"]*)"', page)[1]


@pytest.mark.threat(row="T17")
def test_what_the_facilitator_did_is_a_row_of_the_trail_without_note_or_writer(live, phones):
    live.reveal()
    for is_held in (True, True, False, True):
        hold(live, is_held=is_held)
    rows = AuditEvent.objects.filter(verb__startswith="note.").order_by("sequence")
    assert [row.verb for row in rows] == ["note.held", "note.released", "note.held"]
    assert {(row.actor, row.target) for row in rows} == {(live.facilitator.id, live.meeting.id)}
    assert [row.facts for row in rows] == [{}, {}, {}]


@pytest.mark.threat(row="T17")
def test_both_sides_read_that_it_was_done_and_how_often_once_the_meeting_is_over(live, phones):
    leader, union = make_leader(live.circle), make_representative(live.circle)
    pages = [(leader, "/leader/"), (union, f"/representative/{live.circle.id}/")]
    before = [read(*page) for page in pages]
    live.reveal()
    for is_held in (True, False, True):
        hold(live, is_held=is_held)
    assert [read(*page) for page in pages] == before, "no number moves while people write"
    live.close()
    for page in pages:
        told = read(*page)
        assert "The facilitator held a note back 2 times. A note was let go again 1 time." in told
        assert WORDS not in told


@pytest.mark.threat(row="T17")
def test_where_notes_are_seen_at_once_all_phones_ask_again_alike_and_one_learns_of_it():
    live = make_meeting(step="share")
    phones = three(live)

    def keys():
        return {re.search(r'data-mine="(\w+)"', phone.page())[1] for phone in phones}

    before = keys()
    hold(live)
    assert len(before) == len(keys()) == 1
    assert before != keys()
    told = phones[0].page()
    assert "It is not deleted, and nobody sees whose it is." in told
    assert "say it aloud in your own way, or take it back." in told
    assert all("The facilitator holds this note back" not in phone.page() for phone in phones[1:])
    assert "not deleted" in asked(phones[0].receipt)
    assert "on the phone that wrote it" in asked(phones[0].receipt)
    assert phones[0].post(f"notes/{InboxNote.objects.get(text=WORDS).client_id}/", {"do": "delete"}).json()
    assert not InboxNote.objects.filter(text=WORDS).exists()


@pytest.mark.threat(row="T17")
def test_once_shown_the_page_is_the_same_for_all_and_only_the_receipt_finds_itself_on_it(live, phones):
    live.reveal()
    assert sign_of(phones[0].page()) == ""
    hold(live)
    pages = [phone.page() for phone in phones]
    (sign,) = {sign_of(page) for page in pages}
    assert sign == hashlib.sha256(phones[0].receipt.encode()).hexdigest()[:16]
    note = Note.objects.get(text=WORDS)
    for page in pages:
        assert "1 note is held back by the facilitator." in page
        assert DISAGREE in page
        assert not [one for one in (WORDS, str(note.id), str(note.client_id)) if one in page]
    hold(live, is_held=False)
    assert sign_of(phones[1].page()) == ""


@pytest.mark.threat(row="T17")
def test_the_receipt_says_what_happened_what_one_can_do_and_whom_to_turn_to(live, phones):
    live.reveal()
    hold(live)
    told = asked(phones[0].receipt)
    assert "It is not deleted, the circle does not see it now, and nobody is told whose it is." in told
    assert "write it anew without names" in told
    assert DISAGREE in told
    assert "Take my note back" in told
    hold(live, is_held=False)
    assert "It is not deleted" not in asked(phones[0].receipt)


@pytest.mark.threat(row="T17")
def test_anybody_asks_the_facilitator_to_look_at_a_note_and_no_other_screen_shows_it(live, phones):
    assert 'form="mark"' not in phones[1].page(), "what nobody has seen is marked by nobody"
    live.reveal()
    note = Note.objects.get(text=WORDS)
    before = phones[2].page()
    assert f"/notes/{note.id}/flag/" in before
    flag = f"/notes/{note.id}/flag/"
    assert phones[1].post(flag, {"why": "person"}).status_code == 200
    assert phones[1].post(flag, {"why": "person"}, json=False).status_code == 303
    assert "The facilitator is asked to look at it." in phones[1].page()
    assert "may point at a person" not in phones[2].page()
    assert "not the same?" not in phones[2].page()
    lead = f"/meetings/{live.meeting.id}/lead/"
    assert "somebody says: it may point at a person" in read(live.facilitator, lead)
    hold(live)
    hold(live, is_held=False)
    assert "somebody says: it may point at a person" not in read(live.facilitator, lead)


@pytest.mark.threat(row="T17")
def test_whoever_is_not_in_the_meeting_marks_nothing(live, phones):
    live.reveal()
    note = Note.objects.get(text=WORDS)
    elsewhere = Phone(make_meeting(step="write"))
    path = f"/m/{live.meeting.id}/notes/{note.id}/flag/"
    assert elsewhere.client.post(path, {"why": "person"}).status_code == 403
    assert phones[1].client.post(path, {"why": "person"}).status_code == 303
    assert Note.objects.get(id=note.id).is_reported
