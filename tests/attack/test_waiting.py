"""A phone that waits at a closed door, let loose on every address of the meeting: it reads, writes and hears nothing."""

from pathlib import Path

import pytest
from django.test import Client

from sirkel.circles.domain import door
from sirkel.circles.domain.joining import join_address
from sirkel.circles.views.participant import DEVICE_COOKIE
from sirkel.kernel import clock
from sirkel.kernel.live.surfaces import Asker, surfaces
from sirkel.people.models import Seat
from tests.attack.addresses import Place, routes
from tests.attack.test_addresses import everything
from tests.circles.web.hands import JSON

pytestmark = pytest.mark.django_db(databases=["default", "research", "vault"])
# The one address that is for a phone that waits: it shows the number, and a POST there leaves the line.
ITS_OWN = "m/<uuid:meeting_id>/waiting/"
WORDS = ("Vårt eget ord", "Et ord til", "What makes this hard", "Dette kan gå videre")


@pytest.fixture
def place():
    return Place()


@pytest.fixture
def waits(place):
    """A phone at the door that the facilitator of ``place`` has closed."""
    where = {"acting": place.live.facilitator, "meeting_id": place.live.meeting.id}
    door.close_door(**where, at=clock.now())
    phone = Client(headers={"accept-language": "en"})
    assert phone.post(f"/b/{join_address(place.live.meeting)}").status_code == 303
    assert Seat.objects.filter(waiting_number__isnull=False).count() == 1
    return phone


@pytest.mark.threat(row="T5")
def test_no_address_of_the_meeting_gives_or_takes_anything(place, waits):
    before = everything()
    acts = [route for route in routes() if route.startswith("m/") and route != ITS_OWN]
    assert len(acts) > 15
    for route in acts:
        address = place.at(route)
        for headers in ({}, JSON):
            answers = [
                waits.get(address, headers=headers),
                waits.post(address, place.body(), headers=headers),
                waits.delete(address, headers=headers),
            ]
            for answer in answers:
                assert answer.status_code in {302, 303, 403, 405}, (route, answer.status_code)
                if answer.status_code in {302, 303}:  # to its number, or to the page that leads there
                    assert answer["Location"] in {place.at(ITS_OWN), place.phone.home}, route
                assert not [words for words in WORDS if words in answer.content.decode()], route
    led = waits.get(place.phone.home, follow=True)
    assert led.redirect_chain == [(place.at(ITS_OWN), 302)]
    assert not [words for words in WORDS if words in led.content.decode()]
    assert everything() == before
    # The same phone, let in, is asked by the same addresses and may: what was refused was refused to its waiting.
    where = {"acting": place.live.facilitator, "meeting_id": place.live.meeting.id}
    door.open_door(**where, at=clock.now())
    assert WORDS[2] in waits.get(place.phone.home, follow=True).content.decode()
    notes = place.at("m/<uuid:meeting_id>/rounds/<uuid:round_id>/notes/")
    assert waits.post(notes, place.body(), headers=JSON).status_code == 200


def test_what_was_decided_and_what_others_see_is_not_for_it_either(place, waits):
    for name in ("recap/", "lead/", "run-sheet/"):
        answer = waits.get(f"/meetings/{place.live.meeting.id}/{name}", follow=True)
        assert not [words for words in WORDS if words in answer.content.decode()], name


@pytest.mark.threat(row="T5")
def test_it_gets_no_stream_of_the_meeting(place, waits):
    asker = Asker(cookies={name: one.value for name, one in waits.cookies.items()}, query={})
    assert asker.cookies[DEVICE_COOKIE]
    for name in ("hand", "room", "facilitator"):
        assert not surfaces[name].authorise(place.live.meeting.id, asker)
    door.open_door(acting=place.live.facilitator, meeting_id=place.live.meeting.id, at=clock.now())
    assert surfaces["hand"].authorise(place.live.meeting.id, asker)


@pytest.mark.pure
def test_no_code_but_the_seats_own_reads_their_rows():
    """Everybody else asks for those who are in: a phone that waits is a row among them."""
    source = Path(door.__file__).parents[2]
    asking = {
        path.relative_to(source).as_posix()
        for path in source.rglob("*.py")
        if "Seat.objects" in path.read_text(encoding="utf-8")
    }
    assert asking == {"people/domain/seats.py", "people/queries/seats.py"}
