"""The same thing sent a hundred times in one moment, and rules that nobody turns once somebody has written."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.test import Client

from sirkel.circles.domain import door, moderating
from sirkel.circles.domain.joining import join_address
from sirkel.circles.enums import Signing
from sirkel.circles.models import Ballot, InboxNote, Note
from sirkel.kernel import clock
from sirkel.kernel.errors import NotAllowed
from sirkel.kernel.ids import new_id, new_receipt
from sirkel.people.models import Seat
from sirkel.people.queries.seats import seat_count, waiting_numbers
from sirkel.people.rules.waiting import MOST_WAITING
from tests.circles.web.hands import JSON, Phone
from tests.factories.meetings import make_circle, make_facilitator, make_meeting, make_workplace, sign_in

TIMES, AT_ONCE = 100, 4  # half of those that answer pages: SQLite lets writers wait for seconds, not for ever

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True, databases=["default", "research", "vault"]),
]


def sent_at_once(phone, path, body):
    """Send one form from one phone a hundred times, eight at a time; return the statuses, sorted."""
    together = threading.Barrier(AT_ONCE)

    def send(number):
        same = Client()
        same.cookies = phone.client.cookies
        try:
            if number < AT_ONCE:
                together.wait(timeout=30)
            return same.post(path, body, headers=JSON).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return sorted(pool.map(send, range(TIMES)))


@pytest.mark.threat(row="T15")
def test_a_note_sent_a_hundred_times_at_once_is_one_note():
    phone = Phone(make_meeting(step="write", people=1))
    body = {"client_id": str(new_id()), "receipt": new_receipt(), "lang": "nb", "text": "En gang"}
    assert sent_at_once(phone, f"{phone.at()}notes/", body) == [200] * TIMES
    assert list(InboxNote.objects.values_list("text", flat=True)) == ["En gang"]


@pytest.mark.requirement("SEC-27")
@pytest.mark.threat(row="T15")
def test_dots_placed_a_hundred_times_at_once_are_one_ballot():
    live = make_meeting(step="write", people=3).write("En", "To", "Tre").reveal()
    live.go_to("choose")
    phone = Phone(live)
    option = Note.objects.first().id
    assert sent_at_once(phone, f"{phone.at()}picks/", {f"dots-{option}": "1"}) == [200] * TIMES
    assert Ballot.objects.count() == 1


@pytest.mark.requirement("PD-09")
@pytest.mark.threat(row="T10")
def test_whether_names_stand_is_fixed_with_the_first_note():
    live = make_meeting(step="write", people=1)
    where = {"acting": live.facilitator, "meeting_id": live.meeting.id, "round_id": live.round.id}
    moderating.set_signing(**where, signing=Signing.CHOICE)
    moderating.set_signing(**where, signing=Signing.UNSIGNED)
    assert Phone(live).note("Uten navn").status_code == 200
    with pytest.raises(NotAllowed) as no:
        moderating.set_signing(**where, signing=Signing.CHOICE)
    assert no.value.code == "notes.signing_fixed"
    assert live.round.signing == Signing.UNSIGNED


def all_at_once(acts):
    """Do these acts, some of them in the same moment; return their statuses, sorted."""
    together = threading.Barrier(AT_ONCE)

    def do(number, act):
        try:
            if number < AT_ONCE:
                together.wait(timeout=30)
            return act().status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return sorted(pool.map(do, range(len(acts)), acts))


@pytest.mark.threat(row="T5")
def test_many_press_join_at_a_closed_door_and_two_facilitators_let_in_the_same_number():
    second = make_facilitator(workplace := make_workplace())
    circle, first = make_circle(workplace=workplace, others=(second,))
    live = make_meeting(circle=circle, facilitator=first)
    door.close_door(acting=first, meeting_id=live.meeting.id, at=clock.now())
    live.meeting.refresh_from_db()
    room, address = live.meeting.id, f"/b/{join_address(live.meeting)}"

    def comes(number):
        return lambda: Client(REMOTE_ADDR=f"203.0.113.{number}").post(address)

    pressed = all_at_once([comes(number) for number in range(MOST_WAITING + 4)])
    assert pressed == [303] * MOST_WAITING + [409] * 4
    numbers = waiting_numbers(room=room)
    assert len(set(numbers)) == MOST_WAITING

    def lets_in(person):
        client = Client()
        sign_in(client, person)
        return lambda: client.post(f"/meetings/{room}/lead/door/let-in/", {"number": str(numbers[0])})

    assert all_at_once([lets_in(person) for person in (first, second) * 3]) == [302] + [410] * 5
    assert (seat_count(room=room), Seat.objects.count()) == (1, MOST_WAITING)
