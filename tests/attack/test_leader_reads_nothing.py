"""Whoever is no member of the circle reads no note of it, at any address, and leaves nothing by looking."""

import pytest
from django.test import Client

from sirkel.people.enums import Role
from tests.attack.addresses import Place, routes
from tests.attack.test_addresses import everything
from tests.factories.meetings import sign_in
from tests.factories.thread import make_reader

pytestmark = [
    pytest.mark.slow,
    pytest.mark.pure,
    pytest.mark.django_db(databases=["default", "research", "vault"]),
]

# What Place's phone wrote: once shown to the circle, once still hidden.
WORDS = ("Vårt eget ord", "Et ord til")


def read_by(client, place, asked):
    """Ask these addresses, with ids of what is there; return route -> (status, whether a note's words came)."""
    found = {}
    for route in asked:
        answer = client.get(place.at(route), headers={"accept-language": "nb"})
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        found[route] = (answer.status_code, any(word.encode() in body for word in WORDS))
    return found


def with_words(found):
    return {route for route, (_status, has_words) in found.items() if has_words}


def outsiders(place):
    """A leader, a representative and an administrator of the workplace, none of them in the circle."""
    workplace = place.live.meeting.circle.workplace
    here = {"organisation": workplace.organisation, "workplace": workplace}
    yield make_reader(Role.LEADER, **here)
    yield make_reader(Role.UNION, **here)
    yield make_reader(Role.ADMINISTRATOR, organisation=workplace.organisation)


def browser_of(person):
    client = Client()
    sign_in(client, person)
    return client


@pytest.mark.requirement("PD-04")
@pytest.mark.threat(row="T4")
def test_a_leader_gets_no_note_at_any_address():
    place = Place()
    asked = {"m/<uuid:meeting_id>/", "m/<uuid:meeting_id>/mine/", "meetings/<uuid:meeting_id>/lead/share/"}
    raw = set()
    for client in (place.facilitator, place.phone.client):
        raw |= with_words(read_by(client, place, asked))
    assert raw == asked  # whoever is in the circle reads them there
    leader, *others = map(browser_of, outsiders(place))
    before = everything()
    seen = read_by(leader, place, routes())
    assert with_words(seen) == set()
    assert everything() == before
    for found in (seen, *(read_by(client, place, raw) for client in others)):
        # A phone's own address says 403 to everybody without a seat.
        assert {route: found[route] for route in raw if found[route][0] not in {403, 404}} == {}


@pytest.mark.threat(row="T4")
def test_after_the_meeting_its_papers_are_closed_to_a_leader_too():
    place = Place()
    place.live.close()
    papers = [route for route in routes() if "recap" in route]
    inside = read_by(place.facilitator, place, papers)
    assert with_words(inside)
    assert sum(status == 200 for status, _has_words in inside.values()) >= 2
    for person in outsiders(place):
        found = read_by(browser_of(person), place, papers)
        assert with_words(found) == set()
        assert {status for status, _has_words in found.values()} <= {403, 404, 405}
