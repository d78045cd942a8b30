"""Who works for the network: the pages of whoever keeps the installation, and who else would like to."""

from datetime import date, timedelta

import pytest
from django.test import Client

from sirkel.kernel import audit, clock
from sirkel.kernel.errors import Conflict, NotFound, Refused
from sirkel.kernel.models import AuditEvent
from sirkel.network.queries.cards import cards_visible_to
from sirkel.people.domain.network_roles import end_network_role, give_network_role, reach_of
from sirkel.people.domain.role_checks import Newcomer, Period
from sirkel.people.enums import Role
from sirkel.people.models import Mail, Network, Organisation, Person, Programme, RoleAssignment
from sirkel.people.queries.factors import SIGNED_IN_AT
from sirkel.people.queries.network_roles import Reach, reaches
from sirkel.people.queries.roles import has_role
from tests.factories.meetings import sign_in
from tests.factories.thread import make_reader
from tests.people.unit.test_roles import House

pytestmark = pytest.mark.django_db

PAGE, GIVE = "/administration/server/network/", "/administration/server/network/give/"
ADA = Newcomer("ada@example.org", "Ada", "Prøve", "sv")


@pytest.fixture
def network():
    return Network.objects.create(name="Prøvenettet")


@pytest.fixture
def house(network):
    return House()


@pytest.fixture
def keeper(client, house):
    sign_in(client, house.administrator)
    return client


def sent(network, **change):
    return {
        "email": ADA.email,
        "first_name": ADA.first_name,
        "family_name": ADA.family_name,
        "language": "sv",
        "role": "coordinator",
        "place": f"network:{network.id}",
        "begins": "2026-03-01",
        "do": "keep",
    } | change


def given(house, network, **change):
    plan = {"newcomer": ADA, "role": Role.COORDINATOR, "reach": Reach(network)} | change
    period = plan.pop("period", Period(date(2026, 3, 1)))
    return give_network_role(acting=house.administrator, period=period, at=clock.now(), **plan)


def test_a_coordinator_is_made_told_by_mail_and_reads_the_network_s_cards(keeper, house, network):
    looked = keeper.post(GIVE, sent(network, do="look"))
    assert "Reads the experience cards of the whole network" in looked.content.decode()
    assert not RoleAssignment.objects.filter(role=Role.COORDINATOR).exists()
    assert keeper.post(GIVE, sent(network)).status_code == 302
    ada = Person.objects.get(email=ADA.email)
    assert has_role(ada, Role.COORDINATOR, at=clock.now())
    assert Mail.objects.get(person=ada).about == network.id
    assert "Ada Prøve" in keeper.get(PAGE).content.decode()
    own = Client()
    sign_in(own, ada)
    assert own.get("/network/cards/").status_code == 200
    assert own.get("/administration/server/").status_code == 404
    assert list(cards_visible_to(ada)) == []


def test_the_trail_keeps_that_it_was_given_and_no_name(house, network):
    role = given(house, network)
    event = AuditEvent.objects.filter(chain=audit.NOBODY, verb="role.given").latest("sequence")
    assert (event.target, event.actor) == (role.id, house.administrator.id)
    assert "Ada" not in str(event.facts)
    assert not audit.verify(chain=None).breaks


def test_who_does_not_keep_the_installation_finds_no_such_page_and_gives_nothing(client, house, network):
    role = given(house, network, newcomer=Newcomer("sam@example.org", "Sam"))
    Organisation.objects.create(name="Nabo", area="SE")
    everybody = [
        make_reader(Role.COORDINATOR),
        make_reader(Role.POLICY),
        make_reader(Role.LEADER, organisation=house.organisation),
        house.administrator,  # of one organisation among two: what concerns all is not theirs
    ]
    for person in everybody:
        sign_in(client, person)
        end = f"/administration/server/network/roles/{role.id}/end/"
        answers = [client.get(PAGE), client.get(GIVE), client.post(GIVE, sent(network)), client.get(end)]
        answers.append(client.post(end, {"version": role.version}))
        assert {answer.status_code for answer in answers} == {404}, person
        with pytest.raises(NotFound):
            give_network_role(
                acting=person,
                newcomer=ADA,
                role=Role.COORDINATOR,
                reach=Reach(network),
                period=Period(date(2026, 3, 1)),
                at=clock.now(),
            )
    assert not Person.objects.filter(email=ADA.email).exists()
    role.refresh_from_db()
    assert role.valid_to is None


def test_a_stranger_is_sent_to_sign_in_and_an_old_sign_in_is_asked_again(keeper, network):
    assert Client().get(PAGE).status_code == 302
    session = keeper.session
    session[SIGNED_IN_AT] -= 11 * 60
    session.save()
    answer = keeper.post(GIVE, sent(network))
    assert answer.headers["Location"].startswith("/me/security/again/")
    assert not Person.objects.filter(email=ADA.email).exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"role": "administrator"}, "Select a valid choice"),
        ({"role": "leader"}, "Select a valid choice"),
        ({"place": "network:none"}, "Select a valid choice"),
        ({"email": "nobody"}, "Enter a valid email address"),
        ({"until": "2026-02-01"}, "The last day lies before the first"),
        ({"begins": ""}, "This field is required"),
    ],
)
def test_what_cannot_be_given_is_said_and_nothing_typed_is_lost(keeper, network, change, words):
    answer = keeper.post(GIVE, sent(network, **change))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert words in page
    assert 'value="Ada"' in page
    assert not RoleAssignment.objects.filter(role__in=["coordinator", "policy"]).exists()


def test_no_domain_call_gives_another_role_or_the_same_one_twice(house, network):
    with pytest.raises(Refused):
        given(house, network, role=Role.ADMINISTRATOR)
    given(house, network)
    with pytest.raises(Conflict):
        given(house, network)
    assert RoleAssignment.objects.filter(person__email=ADA.email).count() == 1


def test_a_programme_is_a_reach_of_its_own(house, network):
    programme = Programme.objects.create(network=network, name="Ro på jobb")
    assert [str(reach) for reach in reaches()] == ["Prøvenettet", "Prøvenettet, Ro på jobb"]
    role = given(house, network, role=Role.POLICY, reach=reach_of(f"programme:{programme.id}"))
    assert (role.programme, role.network, role.organisation) == (programme, None, None)
    with pytest.raises(NotFound):
        reach_of("programme:7")


def test_a_role_that_is_ended_is_without_effect_from_the_next_press_on(keeper, house, network):
    role = given(house, network)
    own = Client()
    sign_in(own, role.person)
    assert own.get("/policy/").status_code == 200
    end = f"/administration/server/network/roles/{role.id}/end/"
    assert "Ada Prøve" in keeper.get(end).content.decode()
    assert keeper.post(end, {"version": "7"}).status_code == 409
    assert keeper.post(end, {"version": str(role.version)}).status_code == 302
    assert own.get("/policy/").status_code in {403, 404}
    assert "Over" in keeper.get(PAGE).content.decode()
    with pytest.raises(Conflict):
        end_network_role(
            acting=house.administrator, role_id=role.id, version=role.version + 1, at=clock.now()
        )


def test_a_role_that_has_not_begun_is_taken_back_whole(house, network):
    later = clock.now().date() + timedelta(days=30)
    role = given(house, network, period=Period(later))
    assert not has_role(role.person, Role.COORDINATOR, at=clock.now())
    end_network_role(acting=house.administrator, role_id=role.id, version=role.version, at=clock.now())
    assert not RoleAssignment.objects.filter(id=role.id).exists()


def test_a_role_of_an_organisation_is_not_ended_here(keeper, house):
    role = house.give(Role.LEADER, workplace=house.workplace)
    assert keeper.get(f"/administration/server/network/roles/{role.id}/end/").status_code == 404
