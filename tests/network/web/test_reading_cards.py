import pytest

from sirkel.circles.enums import Audience
from sirkel.people.enums import Role
from tests.factories.thread import RoomOfOwn, give_role, make_person, make_reader

pytestmark = pytest.mark.django_db

TEXTS = {
    Audience.COLLEAGUES: "Ordene til kollegene",
    Audience.ORGANISATION: "Ordene til kommunen",
    Audience.NETWORK: "Ordene til nettverket",
    Audience.PUBLIC: "Ordene til alle",
}
ALL, NET, ORG, OWN = Audience.PUBLIC, Audience.NETWORK, Audience.ORGANISATION, Audience.COLLEAGUES


@pytest.fixture
def room():
    return RoomOfOwn()


@pytest.fixture
def cards(room):
    return {audience: room.card(text, audience) for audience, text in TEXTS.items()}


def stranger(_room):
    return None


def without_role(_room):
    return make_person()


def own_facilitator(room):
    return room.facilitator


def past_coordinator(_room):
    return give_role(make_person(), Role.COORDINATOR, is_past=True)


def in_network(role):
    return lambda _room: make_reader(role)


def in_organisation(role):
    return lambda room: make_reader(role, organisation=room.organisation)


def at_workplace(role):
    return lambda room: make_reader(role, workplace=room.workplace)


def elsewhere(role):
    return lambda _room: make_reader(role, organisation=RoomOfOwn().organisation)


READERS = [
    (stranger, {ALL}),
    (without_role, {ALL}),
    (past_coordinator, {ALL}),
    (in_network(Role.COORDINATOR), {ALL, NET}),
    (in_network(Role.POLICY), {ALL, NET}),
    (in_network(Role.RESEARCHER), {ALL, NET}),
    (elsewhere(Role.FACILITATOR), {ALL, NET}),
    (in_network(Role.ADMINISTRATOR), {ALL}),
    (elsewhere(Role.LEADER), {ALL}),
    (elsewhere(Role.UNION), {ALL}),
    (in_organisation(Role.LEADER), {ALL, ORG}),
    (in_organisation(Role.UNION), {ALL, ORG}),
    (in_organisation(Role.RESEARCHER), {ALL, NET, ORG}),
    (in_organisation(Role.ADMINISTRATOR), {ALL}),
    (at_workplace(Role.LEADER), {ALL, ORG, OWN}),
    (at_workplace(Role.FACILITATOR), {ALL, NET, ORG, OWN}),
    (own_facilitator, {ALL, NET, ORG, OWN}),
]


@pytest.mark.parametrize(("who", "readable"), READERS)
def test_the_audience_decides_who_reads_a_card(client, room, cards, who, readable):
    person = who(room)
    if person:
        client.force_login(person)
    listing = client.get("/network/cards/").content.decode()
    assert {audience for audience, text in TEXTS.items() if text in listing} == readable
    for audience, card in cards.items():
        answer = client.get(f"/network/cards/{card.id}/")
        assert answer.status_code == (200 if audience in readable else 404)
        assert (TEXTS[audience] in answer.content.decode()) == (audience in readable)


def test_search_finds_no_more_than_the_list(client, cards):
    found = client.get("/network/cards/", {"q": "ordene"}).content.decode()
    assert [text for text in TEXTS.values() if text in found] == [TEXTS[ALL]]


@pytest.mark.threat(row="T22")
def test_the_workplace_is_named_inside_the_organisation_only(client, room, cards):
    client.force_login(room.facilitator)
    pages = {
        audience: client.get(f"/network/cards/{card.id}/").content.decode()
        for audience, card in cards.items()
    }
    named = {audience for audience, page in pages.items() if room.workplace.name in page}
    assert named == {ORG, OWN}
    assert all("Nursing home, Norway" in page for page in pages.values())
    assert all("third meeting" in page for page in pages.values())
    assert all("6 to 9 people" in page for page in pages.values())
    assert all(room.circle.name not in page for page in pages.values())


def test_cards_are_filtered_by_language_area_kind_and_words(client):
    RoomOfOwn(area="NO", kind="nursing_home").card("Begynn kvelden ved bordet", ALL)
    RoomOfOwn(area="SE", kind="home_care").card("Skriv ned det som skavde", ALL)

    def shown(**query):
        page = client.get("/network/cards/", query).content.decode()
        return [text for text in ("Begynn kvelden", "Skriv ned") if text in page]

    assert shown() == ["Begynn kvelden", "Skriv ned"]
    assert shown(area="SE") == ["Skriv ned"]
    assert shown(kind="nursing_home") == ["Begynn kvelden"]
    assert shown(lang="fi") == []
    assert shown(q="BORDET kvelden") == ["Begynn kvelden"]
    assert shown(area="no such place", q="skavde") == ["Skriv ned"]
    assert "No card fits" in client.get("/network/cards/", {"lang": "fi"}).content.decode()


def test_without_cards_the_list_says_how_one_comes_about(client):
    assert "No cards yet" in client.get("/network/cards/").content.decode()


def test_many_cards_cost_no_more_queries_than_few(client, room, django_assert_max_num_queries):
    for number in range(25):
        room.card(f"Erfaring {number}", ALL)
    with django_assert_max_num_queries(8):
        page = client.get("/network/cards/").content.decode()
    assert page.count("Open the card") == 20
