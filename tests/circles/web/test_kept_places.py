"""A place on a shared phone: kept with a PIN, found again behind it, and open to nobody who only holds the phone."""

import itertools
import json
import re

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from sirkel.circles.models import Ballot
from sirkel.circles.queries.rounds import options_of
from sirkel.people.domain.seats import PIN_TRIES
from sirkel.people.models import Seat
from sirkel.people.rules.pins import is_guessed_first, plain_pin
from tests.circles.web.hands import Phone, written
from tests.circles.web.test_steps import grown
from tests.factories.meetings import make_meeting

pytestmark = pytest.mark.django_db
PIN = "7205"


@pytest.fixture
def live():
    return make_meeting(step="write")


@pytest.fixture
def phone(live):
    return Phone(live, is_shared=True)


def device(phone):
    return phone.client.cookies["device"].value


def hand_on(phone, pin=None):
    """Hand the phone on, with a PIN or without."""
    answer = phone.post("/next-person/", {} if pin is None else {"pin": pin}, json=False)
    assert answer.status_code == 303, answer.content
    return answer


def come_back(phone, pin=PIN, place="0"):
    return phone.client.post(f"{phone.home}place/", {"place": place, "pin": pin})


@pytest.mark.threat(row="T6")
def test_who_kept_a_place_comes_back_to_what_is_theirs_and_the_next_person_sees_nothing_of_it(live, phone):
    note = phone.note("Bare mine ord").json()["client_id"]
    mine = device(phone)
    picture = Seat.objects.get().picture
    answer = hand_on(phone, PIN)
    assert answer["Clear-Site-Data"] == '"storage"'
    assert device(phone) != mine
    for path in (phone.home, f"{phone.home}cover/", f"{phone.home}mine/"):
        assert "Bare mine ord" not in phone.client.get(path).content.decode()
    assert phone.post(f"notes/{note}/", {"text": "Endret", "version": "1"}).status_code == 404
    assert Seat.objects.count() == 2  # two people: the one who comes back, and the next

    back = come_back(phone)
    assert (back.status_code, back["Location"]) == (303, phone.home)
    assert back["Clear-Site-Data"] == '"storage"'
    assert device(phone) == mine
    assert "Bare mine ord" in phone.page()
    assert phone.post(f"notes/{note}/", {"text": "Endret", "version": "1"}).status_code == 200
    assert written(live) == ["Endret"]
    assert Seat.objects.get().picture == picture  # the untouched seat of "the next person" is given up


def test_two_people_take_turns_and_each_has_a_place_of_their_own(live, phone):
    phone.note("Fra den første")
    hand_on(phone, PIN)
    phone.note("Fra den andre")
    hand_on(phone, "9164")
    cover = phone.client.get(f"{phone.home}cover/").content.decode()
    assert cover.count('name="place" value=') == 2
    assert "data-cover" not in cover  # it waits until somebody says who they are
    assert come_back(phone).status_code == 303
    assert "Fra den første" in phone.page()
    assert "Fra den andre" not in phone.page()
    assert "come back with your PIN" in phone.page()
    hand_on(phone)  # it was kept before, and stays so without another PIN
    assert come_back(phone, "9164", place="1").status_code == 303
    assert "Fra den andre" in phone.page()
    assert come_back(phone).status_code == 303  # and from one place straight to the other
    assert "Fra den første" in phone.page()
    assert Seat.objects.count() == 2


@pytest.mark.threat(row="T6")
def test_a_colleague_with_the_phone_guesses_five_times_and_then_never_again(live, phone):
    phone.note("Bare mine ord")
    hand_on(phone, PIN)
    for number in range(PIN_TRIES):
        wrong = come_back(phone, f"31{number}7")
        assert wrong.status_code == 400
        assert "does not fit" in wrong.content.decode()
        assert "Bare mine ord" not in wrong.content.decode()
    closed = come_back(phone)
    assert closed.status_code == 400
    assert "can no longer be opened" in closed.content.decode()
    assert "Bare mine ord" not in phone.page()
    assert 'name="place" value=' not in phone.client.get(f"{phone.home}cover/").content.decode()
    assert written(live) == ["Bare mine ord"]


def test_a_right_pin_gives_the_tries_back(phone):
    hand_on(phone, PIN)
    for _number in range(PIN_TRIES - 1):
        come_back(phone, "3107")
    assert come_back(phone).status_code == 303
    assert Seat.objects.get().pin_tries == PIN_TRIES


def test_without_a_pin_nothing_is_kept_and_the_seat_is_given_up(phone):
    hand_on(phone)
    assert come_back(phone, "").status_code == 404
    assert Seat.objects.count() == 1
    assert 'name="place" value=' not in phone.client.get(f"{phone.home}cover/").content.decode()


@pytest.mark.parametrize(
    ("pin", "says"),
    [
        ("", "four digits"),
        ("720", "four digits"),
        ("72051", "four digits"),
        ("72o5", "four digits"),
        ("٧٢٠٥", "four digits"),
        ("0000", "tries this PIN first"),
        ("1234", "tries this PIN first"),
        ("1212", "tries this PIN first"),
    ],
)
def test_what_is_no_good_pin_is_refused_and_the_phone_stays_where_it_is(phone, pin, says):
    before = device(phone)
    form = phone.post("/next-person/", {"pin": pin}, json=False)
    assert form.status_code == 400
    page = form.content.decode()
    assert says in page
    assert '<details class="quiet-more" open>' in page
    script = phone.post("/next-person/", {"pin": pin})
    assert (script.status_code, says in script.json()["message"] + script.json()["hint"]) == (400, True)
    assert device(phone) == before
    assert hand_on(phone, PIN).status_code == 303


def test_what_the_phone_keeps_is_sealed_and_the_database_holds_no_way_to_it(live, phone):
    phone.note("Bare mine ord")
    mine = device(phone)
    hand_on(phone, PIN)
    kept = phone.client.cookies["places"]
    assert kept["httponly"]
    assert not kept["max-age"]
    assert kept["path"] == phone.home
    assert mine not in kept.value
    row = json.dumps(list(Seat.objects.values()), default=repr)
    assert PIN not in row
    assert mine not in row
    assert Client().post(f"{phone.home}place/", {"place": "0", "pin": PIN}).status_code == 403
    other = Phone(live, is_shared=True)
    assert come_back(other).status_code == 404  # another phone with a seat has no places
    for forged in (kept.value[:-6] + "AAAA==", "x", "å", ""):
        phone.client.cookies["places"] = forged
        assert come_back(phone).status_code == 404
        assert phone.client.get(f"{phone.home}cover/").status_code == 200


def test_a_place_of_one_meeting_opens_nothing_in_another(live, phone):
    hand_on(phone, PIN)
    sealed = phone.client.cookies["places"].value
    elsewhere = Phone(make_meeting(step="write"), is_shared=True)
    elsewhere.client.cookies["places"] = sealed
    assert come_back(elsewhere).status_code == 404


def test_a_ninth_place_is_refused_and_the_eight_stay(phone):
    for number in range(8):
        hand_on(phone, f"72{number}5")
    full = phone.post("/next-person/", {"pin": PIN}, json=False)
    assert full.status_code == 400
    assert "as many places as it can" in full.content.decode()
    assert come_back(phone, "7205").status_code == 303
    hand_on(phone)
    assert come_back(phone, "7275", place="7").status_code == 303


def test_after_the_close_no_place_opens_and_no_seat_is_left(live, phone):
    hand_on(phone, PIN)
    live.close()
    assert come_back(phone).status_code == 410
    assert Seat.objects.count() == 0


def test_a_phone_of_ones_own_is_offered_no_place(live):
    own = Phone(live)
    assert 'name="pin"' not in own.page()
    assert 'name="pin"' in Phone(live, is_shared=True).page()


def test_who_comes_back_changes_the_dots_given_before_and_has_no_second_set():
    """What a kept place is for: without it whoever gets the phone again is somebody new, with dots of their own."""
    live = grown("choose")
    option = str(options_of(live.round.step)[0][0])
    phone = Phone(live, is_shared=True)
    phone.post("picks/", {f"dots-{option}": "1"})
    hand_on(phone, PIN)
    come_back(phone)
    assert phone.post("picks/", {f"dots-{option}": "2"}).json()["picks"] == {option: 2}
    assert Ballot.objects.count() == 1


def test_each_easy_pin_is_easy_and_most_are_not():
    pins = ["".join(digits) for digits in itertools.product("0123456789", repeat=4)]
    easy = {pin for pin in pins if is_guessed_first(pin)}
    assert {"0000", "1111", "1234", "4321", "6789", "7890", "1212"} <= easy
    assert len(easy) < 150


@given(st.text(max_size=8))
def test_a_pin_is_four_plain_digits_or_nothing(typed):
    pin = plain_pin(typed)
    assert bool(pin) == bool(re.fullmatch(r"\s*[0-9]{4}\s*", typed))
    assert plain_pin(pin) == pin
