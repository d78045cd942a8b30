"""The closed door of a running meeting: whoever joins waits, reads nothing, and comes in when a facilitator says so."""

import re
from base64 import urlsafe_b64decode
from contextlib import suppress

import pytest
from django.test import Client

from sirkel.circles.domain import door, guessing
from sirkel.circles.domain.joining import join_address, room_address
from sirkel.circles.models import Meeting
from sirkel.circles.rules import methods
from sirkel.circles.views.participant import PASS_COOKIE
from sirkel.circles.views.waiting import WAITING_COOKIE
from sirkel.kernel import clock
from sirkel.kernel.models import AuditEvent, LiveEvent
from sirkel.people.domain.seats import MOST_SEATS
from sirkel.people.models import Seat
from sirkel.people.queries.seats import seat_count, waiting_numbers
from sirkel.people.rules.waiting import MOST_WAITING
from tests.circles.web.hands import JSON, Phone
from tests.circles.web.leads import leading, link, page_of, press
from tests.factories.anchoring import make_leader
from tests.factories.meetings import make_circle, make_facilitator, make_meeting, make_workplace, sign_in

pytestmark = pytest.mark.django_db
ENGLISH = {"accept-language": "en"}


@pytest.fixture
def live(client):
    """A meeting in its write step with three phones in it, its door closed by its facilitator, who is ``client``."""
    return closed(client, leading(client, step="write", people=3))


def closed(client, live):
    assert press(client, live, "close-door").status_code == 302
    live.meeting.refresh_from_db()
    return live


def with_phone(client, **kind):
    """Return a meeting in its write step whose one phone is in, its door closed behind it, and that phone."""
    live = leading(client, step="write")
    phone = Phone(live, **kind)
    return closed(client, live), phone


def press_join(live, phone, **form):
    return phone.post(f"/b/{join_address(live.meeting)}", form)


def knock(live, address="127.0.0.1", **form):
    """Press Join with a phone that was never here."""
    phone = Client(headers=ENGLISH, REMOTE_ADDR=address)
    answer = press_join(live, phone, **form)
    assert (answer.status_code, answer["Location"]) == (303, place(live))
    return phone


def place(live):
    return f"/m/{live.meeting.id}/waiting/"


def number_of(live, phone):
    """Return the number that a phone shows."""
    answer = phone.get(place(live))
    assert answer.status_code == 200
    number = answer.context["place"].waiting_number
    assert f"<b>{number}</b>" in answer.content.decode()
    return number


def numbers(live):
    return waiting_numbers(room=live.meeting.id)


def here(live):
    return seat_count(room=live.meeting.id)


def comes_in(live, phone):
    """Whether the phone's own page leads into the meeting."""
    return phone.get(place(live), follow=True).redirect_chain == [(f"/m/{live.meeting.id}/", 303)]


def test_the_door_is_open_until_a_facilitator_closes_it(client):
    live = leading(client, people=1)
    page = page_of(client, live)
    assert "Close the door" in page
    assert "Whoever joins after you close the door waits until you let them in." in page
    assert press_join(live, Client())["Location"] == f"/m/{live.meeting.id}/"
    assert press(client, live, "close-door").status_code == 302
    assert "The door is closed" in page_of(client, live)
    assert here(live) == 2  # who is in stays in
    assert press(client, live, "open-door").status_code == 302
    assert press_join(live, Client())["Location"] == f"/m/{live.meeting.id}/"


@pytest.mark.threat(row="T5")
def test_a_phone_waits_shows_a_number_and_goes_in_by_itself(client, live):
    assert "The door is closed: the facilitator lets you in." in (
        Client().get(f"/b/{join_address(live.meeting)}", headers=ENGLISH).content.decode()
    )
    phone = knock(live)
    assert here(live) == 3
    number = number_of(live, phone)
    assert numbers(live) == [number]
    assert phone.get(place(live), headers=JSON).json() == {"waits": True}
    assert press(client, live, "let-in", number=number).status_code == 302
    assert phone.get(place(live), headers=JSON).json() == {"waits": False}
    assert comes_in(live, phone)
    words = phone.get(f"/m/{live.meeting.id}/").context["words"]
    assert len(words) == 3
    assert phone.cookies[PASS_COOKIE].value
    assert (here(live), numbers(live)) == (4, [])
    assert Phone.note(_held(live, phone), "Fra den som ventet").status_code == 200
    # And the words that came with it are good for another phone, closed as the door is.
    other = Client(headers=ENGLISH)
    back = press_join(live, other, do="back", words=" ".join(words))
    assert back["Location"] == f"/m/{live.meeting.id}/"


def _held(live, client):
    """Return a phone that has come in by itself, as ``hands`` holds one."""
    phone = Phone.__new__(Phone)
    phone.live, phone.client = live, client
    return phone


def test_pressing_again_takes_no_second_number_and_the_door_says_that_one_waits(live):
    phone = knock(live)
    assert press_join(live, phone)["Location"] == place(live)
    assert len(numbers(live)) == 1
    assert "You wait to be let in" in phone.get(f"/b/{join_address(live.meeting)}").content.decode()
    assert phone.get(f"/m/{live.meeting.id}/")["Location"] == place(live)


@pytest.mark.threat(row="T5")
def test_a_waiting_phone_reads_nothing_of_the_meeting(client):
    live, inside = with_phone(client)
    live.write("Bare for sirkelen").reveal()
    phone = knock(live)
    assert "Bare for sirkelen" in inside.page()
    shown = phone.get(place(live)).content.decode()
    for words in ("Bare for sirkelen", "What makes this hard", str(live.meeting.current_step.id)):
        assert words not in shown
    assert PASS_COOKIE not in phone.cookies
    live.close()
    assert phone.get(f"/meetings/{live.meeting.id}/recap/").status_code == 404


def test_who_waits_can_leave_the_line(live):
    phone = knock(live)
    assert phone.post(place(live))["Location"] == "/b"
    assert numbers(live) == []
    assert phone.get(place(live)).status_code == 403
    assert phone.post(place(live)).status_code == 403


class TestThreeWords:
    """The come-back words of a phone that waits would be its own way in."""

    @pytest.mark.threat(row="T5")
    def test_they_are_neither_shown_nor_good_before_it_is_let_in(self, client, live, monkeypatch):
        drawn = []
        first = methods.word_lists()
        monkeypatch.setattr("sirkel.people.domain.seats.secrets.choice", _noting(drawn))
        phone = knock(live)
        monkeypatch.undo()
        word_ids = tuple(next(one for one in drawn if one in words) for words in first)
        words = " ".join(methods.words_in(word_ids, "en"))
        # A word for a colour, an animal or a thing may stand on any page: it is no more on this one than on another's.
        stranger = knock(live)
        assert stood_on(live, phone, words) == stood_on(live, stranger, words)
        assert not all(word_id in carried(phone) for word_id in word_ids)
        attack = Client(headers=ENGLISH)
        assert press_join(live, attack, do="back", words=words).status_code == 404
        form = {"code": live.meeting.join_code, "words": words}
        assert attack.post("/b/back", form).status_code == 404
        assert press_join(live, phone, do="back", words=words).status_code == 404
        assert (here(live), len(numbers(live))) == (3, 2)
        press(client, live, "let-in", number=number_of(live, phone))
        assert attack.post("/b/back", form).status_code == 303  # the very same words, once they are good

    def test_who_was_in_comes_back_with_them_through_the_closed_door(self, live):
        taken = live.taken[0]
        words = " ".join(methods.words_in(taken.word_ids, "en"))
        phone = knock(live)  # pressed Join first
        assert press_join(live, phone, do="back", words=words)["Location"] == f"/m/{live.meeting.id}/"
        page = phone.get(f"/m/{live.meeting.id}/", follow=True)
        assert page.status_code == 200
        assert " ".join(page.context["words"]) == words
        assert (here(live), numbers(live)) == (3, [])

    def test_what_the_phone_keeps_opens_on_no_other_phone_and_in_no_other_meeting(self, client, live):
        phone, other = knock(live), knock(live)
        other.cookies[WAITING_COOKIE] = phone.cookies[WAITING_COOKIE].value
        press(client, live, "let-in", number=number_of(live, other))
        assert comes_in(live, other)
        assert not other.get(f"/m/{live.meeting.id}/").context["words"]
        for forged in ("x", "å", "AAAA"):
            phone.cookies[WAITING_COOKIE] = forged
            assert phone.get(place(live)).status_code == 200


def stood_on(live, phone, words):
    """Return how often each word stood on what a phone that waits is shown."""
    answers = [phone.get(place(live)), phone.get(f"/m/{live.meeting.id}/", follow=True)]
    shown = " ".join(one.content.decode() for one in answers)
    return [len(re.findall(rf"\b{word}\b", shown)) for word in words.split()]


def carried(phone):
    """Return what a phone's cookies hold, as they are and out of base64."""
    held = [cookie.value for cookie in phone.cookies.values()]
    parts = [part for value in held for part in re.findall(r"[\w-]+", value)]
    for part in parts:
        with suppress(ValueError):
            held.append(urlsafe_b64decode(part + "=" * (-len(part) % 4)).decode("latin-1"))
    return " ".join(held)


def _noting(drawn):
    """Return chance as it is, noting what it drew."""
    import secrets

    choose = secrets.choice

    def choice(options):
        drawn.append(choose(options))
        return drawn[-1]

    return choice


class TestFacilitator:
    def test_the_page_shows_numbers_and_each_button_says_whom(self, client, live):
        phones = [knock(live), knock(live)]
        page = page_of(client, live)
        for phone in phones:
            number = number_of(live, phone)
            assert f'id="let-in-{number}"' in page
            assert f'id="turn-away-{number}"' in page
        assert "Let all in" in page
        assert "If you open the door, whoever waits comes in." in page

    @pytest.mark.threat(row="T5")
    def test_whoever_is_not_let_in_reads_a_kind_answer_and_may_ask_again(self, client, live):
        phone, other = knock(live), knock(live)
        assert press(client, live, "turn-away", number=number_of(live, phone)).status_code == 302
        answer = phone.get(place(live))
        assert "You were not let in this time" in answer.content.decode()
        assert f"/b/{join_address(live.meeting)}" in answer.content.decode()
        assert phone.get(place(live), headers=JSON).json() == {"waits": False}
        assert numbers(live) == [number_of(live, other)]
        assert press_join(live, phone)["Location"] == place(live)
        assert number_of(live, phone) in numbers(live)

    @pytest.mark.threat(row="T5")
    def test_let_all_in_lets_in_those_the_page_showed(self, client, live):
        shown = [knock(live), knock(live)]
        form = {"number": [str(one) for one in numbers(live)]}
        late = knock(live)  # came after the page was made
        assert client.post(link(live, "lead-let-in"), form).status_code == 302
        assert [comes_in(live, phone) for phone in (*shown, late)] == [True, True, False]
        assert here(live) == 5

    def test_opening_the_door_lets_everybody_in(self, client, live):
        phones = [knock(live), knock(live)]
        assert press(client, live, "open-door").status_code == 302
        assert all(comes_in(live, phone) for phone in phones)
        assert (here(live), numbers(live)) == (5, [])

    @pytest.mark.parametrize("control", ["let-in", "turn-away"])
    def test_a_number_that_is_gone_gets_a_plain_answer(self, client, live, control):
        phone = knock(live)
        number = number_of(live, phone)
        phone.post(place(live))
        for htmx in (False, True):
            gone = press(client, live, control, htmx=htmx, number=number)
            assert gone.status_code == 410
            assert "This number does not wait any more." in gone.content.decode()
        for wrong in ("", "x", "4", "٤٧", "1e3", "999"):
            assert press(client, live, control, number=wrong).status_code == 400
        assert here(live) == 3

    def test_two_facilitators_who_let_in_the_same_number_let_in_one(self, client):
        second = make_facilitator(workplace := make_workplace())
        circle, first = make_circle(workplace=workplace, others=(second,))
        live = make_meeting(circle=circle, facilitator=first, step="write")
        sign_in(client, first)
        closed(client, live)
        other = Client()
        sign_in(other, second)
        number = number_of(live, knock(live))
        # The controls are in the first one's hands: the door is minded by whoever stands there.
        assert press(other, live, "let-in", number=number).status_code == 302
        assert press(client, live, "let-in", number=number).status_code == 410
        assert press(other, live, "turn-away", number=number).status_code == 410
        assert here(live) == 1
        assert Meeting.objects.get().driver_id == first.id

    def test_nobody_else_minds_the_door(self, live):
        number = number_of(live, knock(live))
        stranger = Client()
        sign_in(stranger, make_meeting().facilitator)
        for control in ("close-door", "open-door", "let-in", "turn-away"):
            assert press(stranger, live, control, number=number).status_code == 404
            signs_in = press(Client(), live, control, number=number)
            assert "next=" in signs_in["Location"]
        assert numbers(live) == [number]


def test_the_wall_says_how_many_wait_and_phones_say_nothing(client):
    live, inside = with_phone(client)
    before = inside.page()
    knock(live)
    number = number_of(live, knock(live))
    wall = Client().get(f"/room/{room_address(live.meeting)}/").content.decode()
    assert "Døra er lukket" in wall
    assert "2 venter" in wall
    assert f">{number}<" not in wall
    assert shown(inside.page()) == shown(before)
    press(client, live, "open-door")
    assert "Døra er lukket" not in Client().get(f"/room/{room_address(live.meeting)}/").content.decode()


def shown(page):
    """Return what a phone's page shows, without what is drawn anew for every answer."""
    return re.sub(r"<[^>]*>", "", page)


@pytest.mark.threat(row="T5")
def test_more_than_twenty_do_not_wait_at_once_and_read_so(client, live):
    for index in range(MOST_WAITING):
        knock(live, address=f"198.51.100.{index}")
    late = Client(headers=ENGLISH, REMOTE_ADDR="198.51.100.99")
    answer = press_join(live, late)
    assert answer.status_code == 409
    assert "Many are waiting at the door already." in answer.content.decode()
    assert len(set(numbers(live))) == MOST_WAITING
    assert all(10 <= one <= 99 for one in numbers(live))
    press(client, live, "turn-away", number=numbers(live)[0])
    assert press_join(live, late).status_code == 303


def test_one_phone_asks_five_times_in_a_quarter_of_an_hour(client, live):
    phone = Client(headers=ENGLISH)
    for _time in range(5):
        assert press_join(live, phone).status_code == 303
        press(client, live, "turn-away", number=numbers(live)[0])
    refused = press_join(live, phone)
    assert refused.status_code == 429
    assert "You have asked to come in many times." in refused.content.decode()
    assert numbers(live) == []
    knock(live)  # another phone of the same ward
    press(client, live, "open-door")  # an open door counts nothing
    assert press_join(live, phone)["Location"] == f"/m/{live.meeting.id}/"


def test_one_address_asks_forty_times_with_however_many_phones(live):
    for number in range(40):
        guessing.must_not_press(device=f"d{number}", address="198.51.100.1")
        guessing.pressed(device=f"d{number}", address="198.51.100.1")
    assert press_join(live, Client(REMOTE_ADDR="198.51.100.1")).status_code == 429
    assert numbers(live) == []
    knock(live, address="198.51.100.2")


def test_a_shared_phone_that_is_in_goes_from_hand_to_hand_and_one_that_waits_does_not(client):
    live, phone = with_phone(client, is_shared=True)
    inside, home = phone.client, phone.home
    assert inside.post(f"{home}next-person/", {"pin": "7205"})["Location"] == f"{home}cover/"
    assert inside.get(home).status_code == 200
    assert inside.post(f"{home}place/", {"place": "0", "pin": "7205"})["Location"] == home
    assert (here(live), numbers(live)) == (1, [])
    waits = knock(live, is_shared="1")
    for way in ("next-person/", "place/", "leave/", "seen/"):
        assert waits.post(home + way, {"pin": "7205", "place": "0"}).status_code == 403
    assert waits.cookies[WAITING_COOKIE]["max-age"] == ""
    press(client, live, "let-in", number=numbers(live)[0])
    assert comes_in(live, waits)
    assert not waits.get(home).context["words"]


def test_the_word_goes_round_without_those_who_wait(client):
    live = leading(client, people=2)
    phone = knock(closed(client, live))
    live.go_to("check-in")
    waiting = str(Seat.objects.get(waiting_number__isnull=False).id)
    order = live.round.turn_order
    assert len(order) == 2
    press(client, live, "turn", turn="0")
    assert waiting not in live.round.turn_order
    press(client, live, "let-in", number=numbers(live)[0])
    press(client, live, "turn", turn="1")
    assert live.round.turn_order == [*order, waiting]
    assert comes_in(live, phone)


@pytest.mark.threat(row="T5")
def test_a_leader_with_an_account_still_needs_the_groups_agreement(live):
    leader = Client(headers=ENGLISH)
    sign_in(leader, make_leader(live.circle))
    assert press_join(live, leader).status_code == 403
    assert numbers(live) == []
    knock(live)
    assert len(numbers(live)) == 1


def test_closing_the_meeting_ends_all_waiting_and_the_count_leaves_them_out(client, live):
    phone = knock(live)
    live.close()
    assert Seat.objects.count() == 0
    assert live.meeting.attendance_count == 3
    assert not live.meeting.is_door_closed
    over = phone.get(place(live))
    assert over.status_code == 410
    assert "This meeting is over" in over.content.decode()
    assert phone.get(place(live), headers=JSON).status_code == 410
    for control in ("close-door", "open-door", "let-in", "turn-away"):
        assert press(client, live, control, number="47").status_code == 409


def test_the_trail_says_that_the_door_was_closed_and_opened_and_nothing_of_who_waited(client, live):
    before = AuditEvent.objects.count()
    phone = knock(live)
    press(client, live, "let-in", number=number_of(live, phone))
    press(client, live, "turn-away", number=number_of(live, knock(live)))
    assert AuditEvent.objects.count() == before
    for _twice in range(2):
        press(client, live, "open-door")
    told = list(AuditEvent.objects.order_by("sequence").values_list("verb", "facts"))[-2:]
    assert told == [("meeting.door_closed", {}), ("meeting.door_opened", {})]
    events = LiveEvent.objects.filter(kind="door").values_list("payload", flat=True)
    assert len(events) == 4
    assert not any(events)


def test_a_full_room_lets_nobody_more_in(client):
    live = closed(client, leading(client, step="write", people=MOST_SEATS - 1))
    first, second = knock(live), knock(live)
    full = client.post(link(live, "lead-let-in"), {"number": [str(one) for one in numbers(live)]})
    assert full.status_code == 400
    assert "No more people can join this meeting." in full.content.decode()
    assert here(live) == MOST_SEATS - 1
    assert press(client, live, "let-in", number=number_of(live, first)).status_code == 302
    assert press(client, live, "let-in", number=number_of(live, second)).status_code == 400


def test_a_door_opened_while_somebody_presses_join_keeps_nobody_waiting(live):
    stale = Meeting.objects.get()
    door.open_door(acting=live.facilitator, meeting_id=live.meeting.id, at=clock.now())
    live.meeting = stale  # read a moment before
    taken = live.join()
    assert taken.seat.waiting_number is None
