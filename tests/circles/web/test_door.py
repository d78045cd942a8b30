"""The closed door of a running meeting: whoever joins waits, reads nothing, and comes in when a facilitator says so."""

import pytest
from django.test import Client

from sirkel.circles.domain.joining import join_address
from sirkel.people.queries.seats import seat_count, waiting_numbers
from tests.circles.web.hands import JSON
from tests.circles.web.leads import leading, press

pytestmark = [pytest.mark.django_db, pytest.mark.threat(row="T5")]
ENGLISH = {"accept-language": "en"}


@pytest.fixture
def live(client):
    """A meeting in its write step with three phones in it, its door closed by its facilitator, who is ``client``."""
    live = leading(client, step="write", people=3)
    assert press(client, live, "close-door").status_code == 302
    live.meeting.refresh_from_db()
    return live


def knock(live, **form):
    """Press Join with a phone that was never here."""
    phone = Client(headers=ENGLISH)
    answer = phone.post(f"/b/{join_address(live.meeting)}", form)
    assert (answer.status_code, answer["Location"]) == (303, f"/m/{live.meeting.id}/waiting/")
    return phone


def number_of(live, phone):
    """Return the number that a phone shows."""
    answer = phone.get(f"/m/{live.meeting.id}/waiting/")
    assert answer.status_code == 200
    number = answer.context["place"].waiting_number
    assert f"<b>{number}</b>" in answer.content.decode()
    return number


def test_a_phone_waits_shows_a_number_and_goes_in_by_itself(client, live):
    phone = knock(live)
    assert seat_count(room=live.meeting.id) == 3
    number = number_of(live, phone)
    assert waiting_numbers(room=live.meeting.id) == [number]
    place = f"/m/{live.meeting.id}/waiting/"
    assert phone.get(place, headers=JSON).json() == {"waits": True}
    assert press(client, live, "let-in", number=number).status_code == 302
    assert phone.get(place, headers=JSON).json() == {"waits": False}
    inside = phone.get(place, follow=True)
    assert inside.redirect_chain == [(f"/m/{live.meeting.id}/", 303)]
    assert "If you change phones" in inside.content.decode()
    assert seat_count(room=live.meeting.id) == 4
