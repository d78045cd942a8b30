"""Getting into a meeting: by code, by QR, by three words. Nobody but a person who presses Join takes a seat."""

from datetime import UTC, datetime, timedelta

import icalendar
import pytest
from django.test import Client

from sirkel.circles.domain.joining import join_address
from sirkel.circles.enums import MeetingState
from sirkel.circles.rules import methods
from sirkel.circles.views.participant import DEVICE_COOKIE, PASS_COOKIE
from sirkel.kernel import clock
from sirkel.kernel.ids import CODE_ALPHABET
from sirkel.people.domain.seats import pass_for
from sirkel.people.queries.seats import seat_count
from tests.factories.meetings import Live, make_meeting

pytestmark = pytest.mark.django_db


def door(live: Live) -> str:
    return f"/b/{join_address(live.meeting)}"


def wrong_code(live: Live, number: int = 0) -> str:
    """Return a code that no meeting has, a new one for every number below 22."""
    code = "".join(sign for sign in CODE_ALPHABET[number:] + CODE_ALPHABET)[:6]
    return code if code != live.meeting.join_code else code[::-1]


@pytest.mark.parametrize("typed", ["{}", " {} ", "{:.3}-{}", "{:.3} {}"])
def test_the_code_leads_to_the_door_however_it_is_typed(client, typed):
    live = make_meeting()
    code = live.meeting.join_code
    shown = typed.format(code, code[3:]) if "{:" in typed else typed.format(code)
    for written in (shown, shown.lower()):
        answer = client.post("/b", {"code": written})
        assert (answer.status_code, answer["Location"]) == (303, door(live))
    assert seat_count(room=live.meeting.id) == 0


def test_look_alikes_are_read_as_the_sign_a_code_can_hold(client):
    live = make_meeting()
    live.meeting.join_code = "258ACD"
    live.meeting.save()
    assert client.post("/b", {"code": "zsbacd"})["Location"] == door(live)


def test_a_pasted_link_leads_to_the_door(client):
    live = make_meeting()
    answer = client.post("/b", {"code": f" https://sirkel.example.org{door(live)} "})
    assert answer["Location"] == door(live)


@pytest.mark.parametrize("typed", ["", "   ", "!!", "ABC", "ØØØØØØ", "x" * 5000])
def test_a_wrong_code_is_refused_beside_its_field(client, typed):
    live = make_meeting()
    answer = client.post("/b", {"code": typed})
    assert answer.status_code in {400, 404}
    assert 'aria-invalid="true"' in answer.content.decode()
    assert client.post("/b", {"code": live.meeting.join_code}).status_code == 303


def test_an_old_code_leads_nowhere(client):
    live = make_meeting()
    code, address = live.meeting.join_code, door(live)
    assert client.post("/b", {"code": code}).status_code == 303
    live.close()
    assert client.post("/b", {"code": code}).status_code == 404
    over = client.get(address)
    assert over.status_code == 200
    assert "This meeting is over" in over.content.decode()
    recap = f"/meetings/{live.meeting.id}/recap/"
    assert recap not in over.content.decode()
    was_here = Client()
    was_here.cookies[PASS_COOKIE] = pass_for(room=live.meeting.id)
    assert recap in was_here.get(address).content.decode()
    assert was_here.get(recap).status_code == 200


def test_looking_at_the_door_never_joins(client):
    live = make_meeting()
    for method in (client.get, client.head, client.options):
        for path in (door(live), f"{door(live)}/calendar.ics", f"/m/{live.meeting.id}/"):
            method(path)
    assert seat_count(room=live.meeting.id) == 0
    assert DEVICE_COOKIE not in client.cookies
    client.post(door(live))
    assert seat_count(room=live.meeting.id) == 1


def test_one_press_lands_in_the_running_step(client):
    live = make_meeting(step="write")
    answer = client.post(door(live), follow=True)
    assert answer.redirect_chain == [(f"/m/{live.meeting.id}/", 303)]
    page = answer.content.decode()
    assert "What makes this hard, seen from where you stand?" in page
    assert "no-store" in answer["Cache-Control"]


def test_a_browsers_plain_form_passes_the_guard_and_one_from_elsewhere_does_not():
    live = make_meeting()
    browser = Client(enforce_csrf_checks=True)
    page = browser.get(door(live))
    # Under "no-referrer" browsers send "Origin: null" with every plain form, and all would be refused.
    assert page["Referrer-Policy"] == "same-origin"
    form = {"csrfmiddlewaretoken": page.context["csrf_token"]}
    for origin, status in (("null", 403), ("https://elsewhere.example", 403), ("http://testserver", 303)):
        assert browser.post(door(live), form, headers={"origin": origin}).status_code == status


def test_a_second_press_takes_no_second_seat(client):
    live = make_meeting()
    client.post(door(live))
    client.post(door(live))
    assert seat_count(room=live.meeting.id) == 1
    page = client.get(door(live)).content.decode()
    assert "You are in this meeting" in page
    assert f"/m/{live.meeting.id}/" in page


def test_a_meeting_that_is_not_open_says_when_and_gives_the_calendar_entry(client):
    starts_at = datetime(2026, 12, 1, 13, 0, tzinfo=UTC)
    live = make_meeting(state=MeetingState.PLANNED, starts_at=starts_at)
    page = client.get(door(live), headers={"accept-language": "nb"}).content.decode()
    assert "14:00" in page or "14.00" in page
    refused = client.post(door(live))
    assert refused.status_code == 410
    assert seat_count(room=live.meeting.id) == 0
    entry = client.get(f"{door(live)}/calendar.ics")
    assert entry["Content-Type"].startswith("text/calendar")
    (event,) = icalendar.Calendar.from_ical(entry.content).walk("VEVENT")
    assert event["DTSTART"].dt == starts_at
    assert event["UID"] == f"{live.meeting.id}@sirkel"
    # The card that was printed before the meeting opened lets people in once it is open.
    printed = door(live)
    live.open()
    assert client.post(printed).status_code == 303


def test_an_address_with_one_sign_changed_is_not_known(client):
    live = make_meeting()
    address = door(live)
    assert client.get(address).status_code == 200
    for place in (4, 20, 30, len(address) - 1):
        changed = address[:place] + ("A" if address[place] != "A" else "B") + address[place + 1 :]
        assert client.get(changed).status_code == 404
        assert client.post(changed).status_code == 404
    assert client.get("/b/" + "A" * 44).status_code == 404
    assert seat_count(room=live.meeting.id) == 0


def test_a_paused_meeting_says_so_and_lets_in(client):
    live = make_meeting(step="write").pause()
    assert "pause" in client.get(door(live)).content.decode()
    assert client.post(door(live)).status_code == 303


def test_the_browsers_language_first_and_the_chosen_one_after(client):
    live = make_meeting()
    first = client.get(door(live), headers={"accept-language": "fi,sv;q=0.5"}).content.decode()
    assert '<html lang="fi"' in first
    client.post("/i18n/setlang/", {"language": "sv", "next": door(live)})
    assert '<html lang="sv"' in client.get(door(live), headers={"accept-language": "fi"}).content.decode()


def test_the_words_are_shown_until_they_are_put_away(client):
    live = make_meeting()
    client.post(door(live))
    hand = f"/m/{live.meeting.id}/"
    assert client.get(hand).context["words"]
    assert "I have seen them" in client.get(hand).content.decode()
    client.post(f"{hand}seen/")
    assert "I have seen them" not in client.get(hand).content.decode()


def test_a_shared_phone_keeps_nothing_past_the_browser(client):
    live = make_meeting()
    client.post(door(live), {"is_shared": "1"})
    assert client.cookies[DEVICE_COOKIE]["max-age"] == ""
    assert not client.get(f"/m/{live.meeting.id}/").context["words"]


class TestComingBack:
    def words(self, live: Live, client: Client, language: str = "fi") -> str:
        return " ".join(methods.words_in(live.seat(client).word_ids, language))

    def test_three_words_in_any_language_move_the_seat(self, client):
        live = make_meeting(step="write")
        words = self.words(live, client)
        other = Client()
        answer = other.post("/b/back", {"code": live.meeting.join_code, "words": words.upper()})
        assert answer["Location"] == f"/m/{live.meeting.id}/"
        assert other.get(f"/m/{live.meeting.id}/").status_code == 200
        assert client.get(f"/m/{live.meeting.id}/").status_code == 403
        assert seat_count(room=live.meeting.id) == 1

    def test_the_door_takes_the_words_too(self, client):
        live = make_meeting()
        words = self.words(live, client)
        other = Client()
        assert other.post(door(live), {"do": "back", "words": "blue"}).status_code == 404
        assert other.post(door(live), {"do": "back", "words": ""}).status_code == 400
        assert other.post(door(live), {"do": "back", "words": words}).status_code == 303

    def test_wrong_words_are_refused_and_count_as_guesses(self, client):
        live = make_meeting()
        words = self.words(live, client)
        guesser = Client(REMOTE_ADDR="198.51.100.7")
        for _guess in range(5):
            answer = guesser.post(
                "/b/back", {"code": live.meeting.join_code, "words": "blue otter lamp lamp"}
            )
            assert answer.status_code == 404
        answer = guesser.post("/b/back", {"code": live.meeting.join_code, "words": words})
        assert answer.status_code == 429
        assert client.get(f"/m/{live.meeting.id}/").status_code == 200


class TestGuessing:
    def test_five_misses_of_an_address_make_it_wait_a_quarter_of_an_hour(self, client):
        live = make_meeting()
        right = {"code": live.meeting.join_code}
        for guess in range(5):
            one = Client(REMOTE_ADDR="198.51.100.7")
            assert one.post("/b", {"code": wrong_code(live, guess)}).status_code == 404
        assert Client(REMOTE_ADDR="198.51.100.7").post("/b", right).status_code == 429
        assert Client(REMOTE_ADDR="198.51.100.8").post("/b", right).status_code == 303
        with clock.moved(timedelta(minutes=14)):
            assert Client(REMOTE_ADDR="198.51.100.7").post("/b", right).status_code == 429
        with clock.moved(timedelta(minutes=15, seconds=1)):
            assert Client(REMOTE_ADDR="198.51.100.7").post("/b", right).status_code == 303

    def test_five_misses_of_a_device_count_from_whatever_address(self, client):
        live = make_meeting()
        for guess in range(5):
            client.post("/b", {"code": wrong_code(live, guess)}, REMOTE_ADDR=f"198.51.100.{guess}")
        right = {"code": live.meeting.join_code}
        assert client.post("/b", right, REMOTE_ADDR="198.51.100.99").status_code == 429
        assert Client(REMOTE_ADDR="198.51.100.99").post("/b", right).status_code == 303

    def test_one_household_is_one_asker_under_ipv6(self, client):
        live = make_meeting()
        for guess in range(5):
            Client(REMOTE_ADDR=f"2001:db8:1:2::{guess}").post("/b", {"code": wrong_code(live, guess)})
        right = {"code": live.meeting.join_code}
        assert Client(REMOTE_ADDR="2001:db8:1:2:ffff::1").post("/b", right).status_code == 429
        assert Client(REMOTE_ADDR="2001:db8:1:3::1").post("/b", right).status_code == 303

    @pytest.mark.threat(row="T7")
    def test_fifty_misses_anywhere_change_every_code_and_leave_the_qr_alone(self, client):
        live, other = make_meeting(), make_meeting()
        before = {live.meeting.join_code, other.meeting.join_code}
        for guess in range(50):
            asker = Client(REMOTE_ADDR=f"203.0.113.{guess}")
            assert asker.post("/b", {"code": wrong_code(live, guess % 20)}).status_code == 404
        for each in (live, other):
            each.meeting.refresh_from_db()
            assert each.meeting.join_code not in before
        fresh = Client(REMOTE_ADDR="192.0.2.1")
        assert fresh.post("/b", {"code": live.meeting.join_code}).status_code == 429
        assert fresh.post(door(live)).status_code == 303
        with clock.moved(timedelta(minutes=61)):
            later = Client(REMOTE_ADDR="192.0.2.2")
            assert later.post("/b", {"code": other.meeting.join_code}).status_code == 303

    def test_misses_long_apart_are_human(self, client):
        live = make_meeting()
        for guess in range(12):
            with clock.moved(timedelta(minutes=16 * guess)):
                assert client.post("/b", {"code": wrong_code(live, guess)}).status_code == 404
