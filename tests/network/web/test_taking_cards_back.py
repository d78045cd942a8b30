import pytest

from sirkel.circles.enums import Audience
from sirkel.network.models import ExperienceCard
from sirkel.people.enums import Role
from tests.factories.thread import RoomOfOwn, make_reader

pytestmark = pytest.mark.django_db

TEXT = "Begynn kvelden ved bordet"


@pytest.fixture
def room():
    return RoomOfOwn()


@pytest.fixture
def card(room):
    return room.card(TEXT, Audience.PUBLIC)


def test_the_circles_facilitator_takes_a_card_back(client, room, card):
    client.force_login(room.facilitator)
    assert "Take the card back" in client.get(f"/network/cards/{card.id}/").content.decode()
    asked = client.get(f"/network/cards/{card.id}/take-back/")
    assert "marked as weaker" in asked.content.decode()
    assert TEXT in client.get("/network/cards/").content.decode()

    answer = client.post(f"/network/cards/{card.id}/take-back/", follow=True)
    assert answer.redirect_chain[-1][0] == "/network/cards/"
    assert TEXT not in answer.content.decode()
    gone = client.get(f"/network/cards/{card.id}/")
    assert gone.status_code == 410
    assert "taken back" in gone.content.decode()
    card.refresh_from_db()
    card.share_item.refresh_from_db()
    assert (card.text, card.share_item.text) == ("", "")


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.POLICY, Role.FACILITATOR])
def test_nobody_else_takes_a_card_back(client, card, role):
    client.force_login(make_reader(role))
    assert "Take the card back" not in client.get(f"/network/cards/{card.id}/").content.decode()
    assert client.post(f"/network/cards/{card.id}/take-back/").status_code == 404
    card.refresh_from_db()
    assert card.text == TEXT


def test_a_stranger_is_sent_to_sign_in(client, card):
    for action in ("take-back", "hold-back", "show-again"):
        assert client.post(f"/network/cards/{card.id}/{action}/").status_code == 302
    card.refresh_from_db()
    assert card.is_shared


def test_a_coordinator_holds_a_card_back_and_shows_it_again(client, card):
    client.force_login(make_reader(Role.COORDINATOR))
    held = client.post(f"/network/cards/{card.id}/hold-back/", follow=True).content.decode()
    assert TEXT in held
    assert "held back" in held
    assert TEXT not in client.get("/network/cards/").content.decode()
    client.logout()
    stranger = client.get(f"/network/cards/{card.id}/")
    assert stranger.status_code == 410
    assert TEXT not in stranger.content.decode()

    client.force_login(make_reader(Role.COORDINATOR))
    client.post(f"/network/cards/{card.id}/show-again/")
    client.logout()
    assert TEXT in client.get(f"/network/cards/{card.id}/").content.decode()


@pytest.mark.parametrize("role", [Role.POLICY, Role.RESEARCHER, Role.FACILITATOR, Role.ADMINISTRATOR])
def test_only_coordinators_hold_back(client, card, role):
    client.force_login(make_reader(role))
    assert client.post(f"/network/cards/{card.id}/hold-back/").status_code == 403
    card.refresh_from_db()
    assert card.is_shared


def test_a_coordinator_cannot_hold_back_what_is_not_for_the_network(client, room):
    inside = room.card("Bare for kommunen", Audience.ORGANISATION)
    client.force_login(make_reader(Role.COORDINATOR))
    assert client.post(f"/network/cards/{inside.id}/hold-back/").status_code == 404
    assert ExperienceCard.objects.get(id=inside.id).is_shared


def test_a_card_taken_back_cannot_be_shown_again(client, room, card):
    client.force_login(room.facilitator)
    client.post(f"/network/cards/{card.id}/take-back/")
    client.force_login(make_reader(Role.COORDINATOR))
    assert client.post(f"/network/cards/{card.id}/show-again/").status_code == 400
    card.refresh_from_db()
    assert card.state == "withdrawn"
