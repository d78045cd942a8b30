import pytest

from sirkel.circles.domain.withdrawing import withdraw_by_receipt, withdraw_item
from sirkel.circles.enums import Audience
from sirkel.kernel import clock
from sirkel.network.domain.cards import hide
from sirkel.people.enums import Role
from sirkel.policy.domain import recommendations
from tests.factories.thread import RoomOfOwn, give_role, make_person, make_reader, make_recommendation

pytestmark = pytest.mark.django_db

MARKER = "Ringeklokkene ved bord to"


@pytest.fixture
def room():
    return RoomOfOwn()


@pytest.fixture
def writer(room):
    """A policy officer with a role in the room's organisation too, who may therefore see every card of it."""
    person = give_role(make_reader(Role.POLICY), Role.COORDINATOR)
    return give_role(person, Role.POLICY, workplace=room.workplace)


def page_of(client, recommendation, person=None):
    if person:
        client.force_login(person)
    answer = client.get(f"/recommendations/{recommendation.number}/")
    assert answer.status_code == 200
    return answer.content.decode()


READS_MARKER = {
    Audience.PUBLIC: {"stranger", "no role", "network", "leader here", "facilitator here"},
    Audience.NETWORK: {"network", "facilitator here"},
    Audience.ORGANISATION: {"leader here", "facilitator here"},
    Audience.COLLEAGUES: {"facilitator here"},
}


def readers(room):
    return {
        "stranger": None,
        "no role": make_person(),
        "network": make_reader(Role.RESEARCHER),
        "leader elsewhere": make_reader(Role.LEADER, organisation=RoomOfOwn().organisation),
        "leader here": make_reader(Role.LEADER, organisation=room.organisation),
        "administrator": make_reader(Role.ADMINISTRATOR),
        "facilitator here": room.facilitator,
    }


@pytest.mark.parametrize("audience", list(READS_MARKER))
def test_a_reader_sees_no_more_of_a_card_than_its_audience_allows(client, room, writer, audience):
    card = room.card(MARKER, audience)
    recommendation = make_recommendation(writer, [card])
    seen = set()
    for name, person in readers(room).items():
        client.logout()
        page = page_of(client, recommendation, person)
        assert "Råd nummer" in page
        assert ("Open the card" in page) == (MARKER in page)
        assert room.workplace.name not in page
        assert room.organisation.name not in page
        if MARKER in page:
            seen.add(name)
    assert seen == READS_MARKER[audience] | (
        {"leader elsewhere", "administrator"} if audience == "public" else set()
    )


def test_a_stranger_learns_what_kind_of_workplace_a_network_card_is_from(client, room, writer):
    page = page_of(client, make_recommendation(writer, [room.card(MARKER, Audience.NETWORK)]))
    assert "From a circle: Nursing home, Norway." in page
    assert "Shared in the network." in page
    assert "Moderate confidence" in page
    assert "Linked by: Policy officer" in page
    assert writer.first_name not in page


def test_a_stranger_learns_not_even_that_of_a_card_that_stays_in_its_organisation(client, room, writer):
    page = page_of(client, make_recommendation(writer, [room.card(MARKER, Audience.ORGANISATION)]))
    assert "kept in its organisation" in page
    assert "Nursing home" not in page
    assert "Norway" not in page


def test_a_clause_on_fewer_than_two_circles_is_called_experience_based(client, room, writer):
    one = make_recommendation(
        writer, [room.card("Først", Audience.NETWORK), room.card("Så", Audience.NETWORK)]
    )
    two = make_recommendation(
        writer, [room.card("Her", Audience.NETWORK), RoomOfOwn().card("Der", Audience.NETWORK)]
    )
    label = '<span class="ds-tag">experience-based</span>'
    assert label in " ".join(page_of(client, one).replace(" >", ">").split())
    assert label not in " ".join(page_of(client, two).replace(" >", ">").split())


def test_a_card_taken_back_weakens_and_then_empties_a_clause(client, room, writer):
    first, second = room.card(MARKER, Audience.PUBLIC), RoomOfOwn().card("Et annet ord", Audience.PUBLIC)
    recommendation = make_recommendation(writer, [first, second])
    whole = page_of(client, recommendation)
    assert MARKER in whole
    assert "weakened" not in whole

    withdraw_item(acting=room.facilitator, item_id=first.share_item_id, at=clock.now())
    weaker = page_of(client, recommendation)
    assert MARKER not in weaker
    assert "weakened" in weaker
    assert "taken back" in weaker
    assert "experience-based" in weaker
    assert "weakened" in client.get("/recommendations/").content.decode()

    hide(acting=writer, card_id=second.id, at=clock.now())
    bare = page_of(client, recommendation)
    assert "nothing left beneath it" in bare
    assert "held back" in bare
    assert "Et annet ord" not in bare
    assert "Nursing home" not in bare


def test_a_note_taken_back_weakens_a_clause_on_the_circles_own_words(client, room, writer):
    theme = room.theme("Kveldens første time")
    _note, receipt = room.note("Alle ringeklokkene ringer samtidig om kvelden", theme=theme)
    recommendation = make_recommendation(writer, [room.card(MARKER, Audience.PUBLIC, theme=theme)])
    withdraw_by_receipt(receipt=receipt)
    page = page_of(client, recommendation)
    assert MARKER in page
    assert "one note fewer beneath it" in page
    assert "weakened" in page


def test_a_draft_is_nobodys_but_its_writers(client, room, writer):
    draft = make_recommendation(writer, [room.card(MARKER, Audience.PUBLIC)], is_published=False)
    for person in (None, make_reader(Role.FACILITATOR), make_reader(Role.RESEARCHER)):
        client.logout()
        if person:
            client.force_login(person)
        assert client.get(f"/recommendations/{draft.number}/").status_code == 404
        assert draft.title not in client.get("/recommendations/").content.decode()
    assert draft.title in page_of(client, draft, make_reader(Role.COORDINATOR))


def test_while_being_revised_only_the_title_and_the_last_version_are_told(client, room, writer):
    recommendation = make_recommendation(writer, [room.card(MARKER, Audience.PUBLIC)])
    recommendations.unpublish(acting=writer, number=recommendation.number, at=clock.now())
    page = page_of(client, recommendation)
    assert "being revised" in page
    assert "Version 1" in page
    assert MARKER not in page
    assert "Råd nummer" not in page
    assert "being revised" in client.get("/recommendations/").content.decode()


def test_a_retired_one_stays_readable_and_says_so(client, room, writer):
    recommendation = make_recommendation(writer, [room.card(MARKER, Audience.PUBLIC)])
    recommendations.retire(acting=writer, number=recommendation.number, at=clock.now())
    page = page_of(client, recommendation)
    assert "No longer recommended" in page
    assert MARKER in page


def test_it_can_be_cited(client, room, writer, settings):
    settings.SITE_URL = "https://sirkel.example"
    recommendation = make_recommendation(writer, [room.card(MARKER, Audience.PUBLIC)])
    page = page_of(client, recommendation)
    assert f"Recommendation {recommendation.number}, version 1: Gi kvelden to hender." in page
    assert f"https://sirkel.example/recommendations/{recommendation.number}/" in page


def test_the_way_up_from_a_card_leads_to_what_rests_on_it(client, room, writer):
    card, other = room.card(MARKER, Audience.PUBLIC), room.card("Et annet ord", Audience.NETWORK)
    make_recommendation(writer, [card], title="Den ene")
    make_recommendation(writer, [other], title="Den andre")
    make_recommendation(writer, [card], title="Et utkast", is_published=False)
    page = client.get("/recommendations/", {"card": str(card.id)}).content.decode()
    assert [title for title in ("Den ene", "Den andre", "Et utkast") if title in page] == ["Den ene"]
    assert client.get("/recommendations/", {"card": str(other.id)}).status_code == 404
    assert client.get("/recommendations/", {"card": "not an id"}).status_code == 200


def test_an_empty_list_says_where_recommendations_come_from(client):
    assert "No recommendations yet" in client.get("/recommendations/").content.decode()


def test_a_long_recommendation_costs_no_more_queries_than_a_short_one(
    client, room, writer, django_assert_max_num_queries
):
    rooms = [room, RoomOfOwn()]
    recommendation = make_recommendation(
        writer, *[[a.card(f"Erfaring {n}", Audience.PUBLIC) for a in rooms] for n in range(6)]
    )
    with django_assert_max_num_queries(8):
        assert page_of(client, recommendation).count("Erfaring") >= 12
