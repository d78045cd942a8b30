"""Writing on a phone: what is taken in, what is refused and why, and that nothing is lost or doubled."""

import pytest

from sirkel.circles.domain import moderating
from sirkel.circles.enums import Signing
from sirkel.circles.models import InboxNote, Note
from sirkel.kernel import clock
from sirkel.kernel.ids import new_id, new_receipt
from tests.circles.web.hands import JSON, Phone, written
from tests.factories.meetings import make_meeting

pytestmark = pytest.mark.django_db

A_REAL_NUMBER = "Hun med 01010750160 ringte"


@pytest.fixture
def live():
    return make_meeting(step="write")


@pytest.fixture
def phone(live):
    return Phone(live)


class TestWriting:
    @pytest.mark.requirement("PD-25")
    @pytest.mark.parametrize(
        ("language", "said"),
        [("en", "Leave out names"), ("nb", "Ikke skriv navn"), ("fi", "Älä kirjoita nimiä")],
    )
    def test_what_one_writes_is_asked_for_without_names(self, phone, language, said):
        assert said in phone.page(language).partition('id="writer"')[0]

    def test_a_note_is_sent_and_stands_among_the_own(self, live, phone):
        answer = phone.note("TV-en står på hele tiden")
        assert answer.status_code == 200
        assert answer.json()["state"] == "sent"
        assert "TV-en står på hele tiden" in phone.page()
        assert "TV-en står på hele tiden" not in Phone(live).page()

    def test_the_same_note_sent_thrice_is_one_note_and_one_answer(self, live, phone):
        body = {
            "client_id": str(new_id()),
            "receipt": new_receipt(),
            "lang": "nb",
            "text": "Samtidig kl. 15.30",
        }
        answers = [phone.post("notes/", body) for _try in range(3)]
        assert {answer.status_code for answer in answers} == {200}
        assert len({answer.content for answer in answers}) == 1
        assert written(live) == ["Samtidig kl. 15.30"]

    def test_other_words_under_the_same_id_are_a_conflict_with_both_texts(self, live, phone):
        ids = {"client_id": str(new_id()), "receipt": new_receipt(), "lang": "nb"}
        assert phone.post("notes/", {**ids, "text": "Først dette"}).status_code == 200
        answer = phone.post("notes/", {**ids, "text": "Så noe annet"})
        assert answer.status_code == 409
        assert answer.json()["code"] == "notes.other_words"
        assert answer.json()["kept"] == "Først dette"
        assert written(live) == ["Først dette"]
        chosen = phone.post(
            f"notes/{ids['client_id']}/", {"text": "Så noe annet", "version": answer.json()["version"]}
        )
        assert chosen.json() == {"client_id": ids["client_id"], "state": "sent", "version": 2}
        assert written(live) == ["Så noe annet"]

    def test_somebody_elses_id_cannot_be_taken_over(self, live, phone):
        ids = {"client_id": str(new_id()), "receipt": new_receipt(), "lang": "nb"}
        phone.post("notes/", {**ids, "text": "Min"})
        answer = Phone(live).post("notes/", {**ids, "text": "Din"})
        assert (answer.status_code, answer.json()["code"]) == (409, "notes.taken")
        assert "Min" not in answer.content.decode()

    def test_a_receipt_of_another_note_is_refused_so_that_showing_works(self, live, phone):
        receipt = new_receipt()
        assert phone.note("Én", receipt=receipt).status_code == 200
        assert phone.note("To", receipt=receipt).json()["code"] == "notes.receipt"
        assert phone.note("Tre").status_code == 200
        live.reveal()
        assert written(live) == ["Tre", "Én"]

    @pytest.mark.parametrize(
        "text", ["Čáppa eallin, ŋuoskkis ja đoaŋga ž š ŧ", "Godt 👩🏽‍⚕️ jobbet ❤️", "a" * 200, "Ålandsöarna"]
    )
    def test_letters_of_every_kind_come_back_as_they_were(self, live, phone, text):
        assert phone.note(text).status_code == 200
        assert written(live) == [text]
        assert text in phone.page()

    def test_markup_is_words(self, live, phone):
        text = "<script>alert(1)</script> & <b>fet</b>"
        phone.note(text)
        for page in (phone.page(), Phone(live.reveal()).page()):
            assert "<script>alert" not in page
            assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;fet&lt;/b&gt;" in page

    @pytest.mark.parametrize(
        ("text", "code", "status"),
        [
            ("", "notes.empty", 400),
            ("  \n\t ", "notes.empty", 400),
            ("a" * 201, "notes.too_long", 400),
            (A_REAL_NUMBER, "notes.national_id", 400),
        ],
    )
    def test_what_cannot_be_sent_is_refused_and_not_stored(self, live, phone, text, code, status):
        answer = phone.note(text)
        assert answer.status_code == status
        assert answer.json()["code"] == code
        assert answer.json()["message"]
        assert written(live) == []
        assert phone.note("Noe annet").status_code == 200

    @pytest.mark.requirement("PD-20")
    def test_a_certain_number_cannot_be_insisted_on_and_a_possible_one_can(self, live, phone):
        assert phone.note(A_REAL_NUMBER, is_sure="1").status_code == 400
        asked = phone.note("Ordre 0101075016 kom ikke")
        assert (asked.status_code, asked.json()["code"], asked.json()["may_insist"]) == (
            400,
            "notes.maybe_id",
            True,
        )
        assert written(live) == []
        assert phone.note("Ordre 0101075016 kom ikke", is_sure="1").status_code == 200
        assert written(live) == ["Ordre 0101075016 kom ikke"]

    def test_a_huge_body_is_turned_away(self, live, phone):
        body = "client_id=x&receipt=y&text=" + "a" * 10_000_000
        for form, headers in (("application/x-www-form-urlencoded", JSON), ("application/json", JSON)):
            answer = phone.client.post(f"{phone.at()}notes/", body, content_type=form, headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (413, "form.too_large")
        assert phone.note("a" * 10_000_000).status_code == 413
        assert written(live) == []
        assert phone.note("kort").status_code == 200

    @pytest.mark.parametrize(
        "broken",
        [
            {"client_id": "not-an-id"},
            {"client_id": ""},
            {"receipt": ""},
            {"receipt": "KORT"},
            {"receipt": "A" * 39},
        ],
    )
    def test_an_id_or_receipt_no_phone_makes_is_refused(self, live, phone, broken):
        answer = phone.note("Noe", **broken)
        assert (answer.status_code, answer.json()["code"]) == (400, "form.invalid")
        assert written(live) == []

    def test_a_flood_from_one_phone_ends(self, live, phone):
        for number in range(30):
            assert phone.note(f"Lapp {number}").status_code == 200
        assert phone.note("En til").status_code == 429
        assert Phone(live).note("En annens").status_code == 200

    def test_an_unknown_language_falls_back_to_the_pages(self, live, phone):
        phone.note("Noe", lang="tlh")
        assert InboxNote.objects.get().lang == "en"


class TestChanging:
    def send(self, phone, text="Først"):
        return phone.note(text).json()["client_id"]

    def test_an_own_note_is_changed_and_taken_back_until_it_is_shown(self, live, phone):
        note = self.send(phone)
        changed = phone.post(f"notes/{note}/", {"text": "Sist", "version": "1"})
        assert changed.json()["version"] == 2
        assert written(live) == ["Sist"]
        stale = phone.post(f"notes/{note}/", {"text": "Gammel fane", "version": "1"})
        assert (stale.status_code, stale.json()["kept"]) == (409, "Sist")
        assert phone.client.delete(f"{phone.at()}notes/{note}/", headers=JSON).json()["state"] == "gone"
        assert written(live) == []
        kept = self.send(phone, "Blir")
        live.reveal()
        assert phone.post(f"notes/{kept}/", {"text": "For sent", "version": "1"}).status_code == 410
        assert written(live) == ["Blir"]

    def test_if_match_names_the_version_too(self, live, phone):
        note = self.send(phone)
        url = f"{phone.at()}notes/{note}/"
        answer = phone.client.post(url, {"text": "Ny"}, headers={**JSON, "if-match": '"1"'})
        assert answer.json()["version"] == 2
        assert phone.client.post(url, {"text": "Ny"}, headers=JSON).status_code == 400

    def test_nobody_changes_or_takes_back_anothers_note(self, live, phone):
        note = self.send(phone)
        other = Phone(live)
        assert other.post(f"notes/{note}/", {"text": "Kapret", "version": "1"}).status_code == 404
        other.client.delete(f"{other.at()}notes/{note}/", headers=JSON)
        assert written(live) == ["Først"]

    def test_a_held_note_tells_its_writer_alone_and_how_to_go_on(self, live, phone):
        self.send(phone)
        moderating.hold_note(
            acting=live.facilitator,
            meeting_id=live.meeting.id,
            note_id=InboxNote.objects.get().id,
            is_held=True,
            at=clock.now(),
        )
        assert "The facilitator holds this note back" in phone.page()
        assert "holds this note back" not in Phone(live).page()


class TestSigning:
    def test_a_first_name_stands_under_a_note_only_when_the_round_allows_and_the_writer_ticks(
        self, live, phone
    ):
        fields = {"sign": "1", "signed_name": "Prøve"}
        assert "Write my first name under it" not in phone.page()
        phone.note("Uten navn", **fields)
        live.go_on().go_back()
        moderating.set_signing(
            acting=live.facilitator,
            meeting_id=live.meeting.id,
            round_id=live.round.id,
            signing=Signing.CHOICE,
        )
        assert "Write my first name under it" in phone.page()
        phone.note("Med navn", **fields)
        phone.note("Ikke krysset", signed_name="Prøve")
        names = dict(InboxNote.objects.values_list("text", "signed_name"))
        assert names == {"Med navn": "Prøve", "Ikke krysset": ""}
        assert list(Note.objects.values_list("text", "signed_name")) == [("Uten navn", "")]
