"""A phone while the meeting moves on, without scripts, and from hand to hand."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client

from sirkel.circles.models import Note
from sirkel.kernel import clock
from sirkel.kernel.ids import new_id, new_receipt
from sirkel.people.models import Seat
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


class TestMovingOn:
    def test_a_note_written_while_the_facilitator_went_on_is_taken_in_late(self, live, phone):
        asked = live.round
        live.go_on()
        answer = phone.note("Kom litt sent", round_=asked)
        assert answer.json()["state"] == "late"
        assert written(live) == ["Kom litt sent"]
        with clock.moved(timedelta(minutes=11)):
            too_late = phone.note("Altfor sent", round_=asked)
        assert (too_late.status_code, too_late.json()["code"]) == (410, "notes.too_late")
        assert written(live) == ["Kom litt sent"]

    def test_going_back_opens_a_new_round_and_keeps_what_was_written(self, live, phone):
        first = live.round
        phone.note("Fra første runde")
        live.go_on().go_back()
        assert live.round.number == 2
        assert phone.note("Sent til første", round_=first).json()["state"] == "late"
        assert phone.note("Til andre").json()["state"] == "sent"
        assert written(live) == ["Fra første runde", "Sent til første", "Til andre"]

    def test_a_phone_that_was_there_delivers_after_the_close_and_a_stranger_does_not(self, live, phone):
        asked = live.round
        live.close()
        assert phone.note("Fra bussen", round_=asked).json()["state"] == "late"
        body = {"client_id": str(new_id()), "receipt": new_receipt(), "lang": "nb", "text": "Utenfra"}
        stranger = Client().post(f"{phone.at(asked)}notes/", body, headers=JSON)
        assert (stranger.status_code, stranger.json()["code"]) == (403, "seats.none")
        assert written(live) == ["Fra bussen"]
        assert Note.objects.count() == 1

    def test_after_the_close_the_phone_is_thanked_and_a_stranger_is_not_let_in(self, live, phone):
        live.close()
        page = phone.page()
        assert "Thank you for today" in page
        assert "/receipt/" in page
        assert Client().get(phone.home).status_code == 403

    def test_a_round_of_another_meeting_is_not_there(self, live, phone):
        other = make_meeting(step="write")
        answer = phone.note("Feil møte", round_=other.round)
        assert (answer.status_code, answer.json()["code"]) == (404, "rounds.none")
        assert written(other) == []

    def test_the_poll_is_silent_until_something_changes(self, live, phone):
        first = phone.client.get(f"{phone.home}state/")
        version = first["X-Version"]
        assert int(first["X-Now"]) > 1_600_000_000_000
        same = phone.client.get(f"{phone.home}state/?last={version}")
        assert (same.status_code, same.content) == (204, b"")
        live.go_on()
        fresh = phone.client.get(f"{phone.home}state/?last={version}")
        assert fresh.status_code == 200
        assert f'data-round="{live.round.id}"' in fresh.content.decode()
        assert int(fresh["X-Version"]) > int(version)
        assert "no-store" in fresh["Cache-Control"]
        assert Client().get(f"{phone.home}state/").status_code == 403

    def test_the_shared_part_is_the_same_for_everybody(self, live, phone):
        phone.note("Bare min")
        mine, others = (each.client.get(f"{phone.home}state/").content for each in (phone, Phone(live)))
        assert b"Bare min" not in mine
        assert mine.replace(b"\n", b"") == others.replace(b"\n", b"")


class TestWithoutScript:
    def test_a_form_sends_a_note_and_leads_back_with_the_receipt(self, live, phone):
        page = phone.client.get(phone.home)
        fresh = page.context["fresh"]
        for field in (fresh["client_id"], fresh["receipt"]):
            assert f'value="{field}"' in page.content.decode()
        answer = phone.client.post(
            f"{phone.at()}notes/",
            {
                "client_id": str(fresh["client_id"]),
                "receipt": fresh["receipt"],
                "lang": "nb",
                "text": "Med skjema",
            },
            follow=True,
        )
        assert answer.redirect_chain == [(phone.home, 303)]
        receipt = fresh["receipt"]
        assert "-".join(receipt[at : at + 4] for at in range(0, 16, 4)) in answer.content.decode()
        assert written(live) == ["Med skjema"]
        assert phone.home in answer.content.decode().partition("<noscript>")[2]

    @pytest.mark.parametrize("text", ["a" * 201, A_REAL_NUMBER, "Ordre 0101075016 kom ikke"])
    def test_a_refused_form_keeps_what_was_typed(self, live, phone, text):
        answer = phone.note(text, json=False)
        page = answer.content.decode()
        assert answer.status_code == 400
        assert f">{text}</textarea>" in page
        assert 'aria-invalid="true"' in page
        assert written(live) == []

    def test_a_possible_number_can_be_insisted_on_from_the_form(self, live, phone):
        answer = phone.note("Ordre 0101075016 kom ikke", json=False)
        assert 'name="is_sure"' in answer.content.decode()
        assert 'name="is_sure"' not in phone.note(A_REAL_NUMBER, json=False).content.decode()

    def test_a_conflict_shows_both_texts_and_a_way_to_choose(self, live, phone):
        ids = {"client_id": str(new_id()), "receipt": new_receipt()}
        phone.note("Det første", json=False, **ids)
        answer = phone.note("Det andre", json=False, **ids)
        page = answer.content.decode()
        assert answer.status_code == 409
        assert "Det første" in page
        assert ">Det andre</textarea>" in page
        assert f"notes/{ids['client_id']}/" in page
        phone.post(f"notes/{ids['client_id']}/", {"text": "Det andre", "version": "1"}, json=False)
        assert written(live) == ["Det andre"]

    def test_a_note_is_changed_and_taken_back_by_forms(self, live, phone):
        note = phone.note("Først").json()["client_id"]
        assert phone.post(f"notes/{note}/", {"text": "Sist", "version": "1"}, json=False).status_code == 303
        assert written(live) == ["Sist"]
        assert (
            phone.post(
                f"notes/{note}/", {"do": "delete", "text": "Sist", "version": "2"}, json=False
            ).status_code
            == 303
        )
        assert written(live) == []

    def test_skipping_costs_nothing_and_can_be_undone(self, live, phone):
        assert f"?skip={live.round.id}" in phone.page()
        skipped = phone.page(query=f"?skip={live.round.id}")
        assert "You skip this one" in skipped
        assert "<textarea" not in skipped
        assert "<textarea" in phone.page()
        live.go_on().go_back()
        assert "<textarea" in phone.page(query=f"?skip={uuid.uuid4()}")


class TestSharedPhone:
    @pytest.fixture
    def shared(self, live):
        return Phone(live, is_shared=True)

    @pytest.mark.threat(row="T6")
    def test_the_next_person_gets_a_new_seat_and_sees_nothing_of_the_last(self, live, shared):
        note = shared.note("Den forriges ord").json()["client_id"]
        before = shared.client.cookies["device"].value
        answer = shared.post("/next-person/", json=False)
        assert answer["Location"] == f"{shared.home}cover/"
        assert answer["Clear-Site-Data"] == '"storage"'
        assert shared.client.cookies["device"].value != before
        assert Seat.objects.filter(room=live.meeting.id, is_shared=True).count() == 1
        for path in (f"{shared.home}cover/", shared.home):
            page = shared.client.get(path)
            assert page.status_code == 200
            assert "no-store" in page["Cache-Control"]
            assert "Den forriges ord" not in page.content.decode()
        assert shared.post(f"notes/{note}/", {"text": "Endret", "version": "1"}).status_code == 404
        assert written(live) == ["Den forriges ord"]

    def test_our_script_is_told_where_to_go(self, shared):
        assert shared.post("/next-person/").json() == {"state": "handed_on", "go": f"{shared.home}cover/"}

    def test_a_stranger_hands_nothing_on(self, live, shared):
        assert Client().post(f"{shared.home}next-person/").status_code == 403
        assert Seat.objects.filter(room=live.meeting.id).count() == 1

    def test_forms_of_a_shared_phone_offer_nothing_that_was_typed_before(self, shared):
        page = shared.page()
        assert page.count("<form") - page.count('autocomplete="off"') <= page.count("csrf")
        assert '<form class="stack" id="writer"' in page
        assert 'autocomplete="off"' in page.partition('id="writer"')[2].partition(">")[0]
        assert "Next person" in page
        assert "Next person" not in Phone(shared.live).page()


def test_leaving_gives_the_seat_up_and_keeps_the_words(live, phone):
    phone.note("Blir stående")
    answer = phone.client.post(f"{phone.home}leave/")
    assert answer["Location"] == "/b"
    assert phone.client.get(phone.home).status_code == 403
    assert Seat.objects.filter(room=live.meeting.id).count() == 0
    assert written(live) == ["Blir stående"]


def test_every_act_needs_a_seat_and_a_meeting(live, phone):
    stranger = Client()
    acts = ["notes/", f"notes/{new_id()}/", "picks/", "objections/", "pulse/", "turn/"]
    urls = [phone.at() + act for act in acts]
    urls += [f"{phone.home}{act}" for act in (f"notes/{new_id()}/flag/", "next-person/", "leave/", "seen/")]
    for url in urls:
        assert stranger.post(url, headers=JSON).status_code == 403, url
        assert phone.client.get(url).status_code in {303, 405}, url
    assert phone.client.get(f"/m/{new_id()}/").status_code == 403


def test_a_form_from_elsewhere_is_refused(live, phone):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = phone.client.cookies
    body = {"client_id": str(new_id()), "receipt": new_receipt(), "text": "Utenfra"}
    answer = strict.post(f"{phone.at()}notes/", body, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (403, "form.guard")
    assert written(live) == []
