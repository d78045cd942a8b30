"""The head of every page: each person sees the places they have, the one they are in marked."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from sirkel.circles.enums import MemberRole
from sirkel.circles.models import Membership
from sirkel.kernel import clock
from sirkel.people.enums import Role
from sirkel.people.models import RoleAssignment
from tests.factories.meetings import make_circle
from tests.factories.thread import make_person, make_reader

pytestmark = pytest.mark.django_db
COMMON = ["/network/cards/", "/recommendations/"]
PAGE = "/me/messages/"


def signed_in(person):
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


def nav_of(client, path=PAGE):
    html = client.get(path).content.decode()
    nav = html.partition('<nav class="site-nav"')[2].partition("</nav>")[0]
    return re.findall(r'href="([^"]+)"( aria-current="true")?', nav)


def places(person, path=PAGE):
    return [href for href, _current in nav_of(signed_in(person), path)]


@pytest.mark.parametrize(
    ("role", "own"),
    [
        (Role.FACILITATOR, ["/circles/", *COMMON, "/me/log/"]),
        (Role.LEADER, ["/leader/", *COMMON]),
        (Role.UNION, ["/representative/", *COMMON]),
        (Role.POLICY, [*COMMON, "/policy/"]),
        (Role.COORDINATOR, COMMON),
        (Role.RESEARCHER, COMMON),
        (Role.ADMINISTRATOR, [*COMMON, "/administration/"]),
    ],
)
def test_a_role_has_its_places_and_no_others_and_each_opens(role, own):
    person = make_reader(role)
    assert places(person) == own
    for path in own:
        assert signed_in(person).get(path).status_code == 200


def test_a_member_has_their_circles_until_they_leave():
    circle, _facilitator = make_circle()
    leader = make_reader(Role.LEADER, organisation=circle.organisation, workplace=circle.workplace)
    member = Membership.objects.create(circle=circle, person=leader, role=MemberRole.PARTICIPANT)
    assert places(leader) == ["/circles/", "/leader/", *COMMON]
    member.left_at = clock.now()
    member.save()
    assert places(leader) == ["/leader/", *COMMON]


def test_a_role_that_has_ended_takes_its_place_along():
    person = make_reader(Role.LEADER)
    assert "/leader/" in places(person)
    RoleAssignment.objects.filter(person=person).update(valid_to=clock.now() - timedelta(seconds=1))
    assert places(person) == ["/circles/", *COMMON]


def test_somebody_without_any_role_has_a_place_to_go_to():
    assert places(make_person("Aino")) == ["/circles/", *COMMON]


def test_a_stranger_has_none():
    assert nav_of(Client(), "/recommendations/") == []


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/circles/", "/circles/"),
        ("/circles/new/", "/circles/"),
        ("/me/log/", "/me/log/"),
        ("/network/cards/", "/network/cards/"),
        ("/recommendations/", "/recommendations/"),
        ("/me/messages/", None),
    ],
)
def test_the_place_one_is_in_is_marked_and_no_other(path, current):
    circle, facilitator = make_circle()
    client = signed_in(facilitator)
    marked = [href for href, is_current in nav_of(client, path) if is_current]
    assert marked == ([current] if current else [])
    assert (
        f'href="/me/messages/"{" aria-current" if path == PAGE else ""}' in client.get(path).content.decode()
    )
    assert circle.name


@pytest.mark.parametrize(("role", "own"), [(Role.LEADER, "/leader/"), (Role.UNION, "/representative/")])
def test_on_a_circles_page_somebody_from_outside_is_where_they_came_from(role, own):
    circle, _facilitator = make_circle()
    person = make_reader(role, organisation=circle.organisation, workplace=circle.workplace)
    path = f"/circles/{circle.id}/story/"
    client = signed_in(person)
    assert client.get(path).status_code == 200
    assert [href for href, is_current in nav_of(client, path) if is_current] == [own]
    Membership.objects.create(circle=circle, person=person, role=MemberRole.PARTICIPANT)
    assert [href for href, is_current in nav_of(client, path) if is_current] == ["/circles/"]


def test_the_head_costs_the_same_however_many_circles_one_has(django_assert_max_num_queries):
    _circle, facilitator = make_circle()
    for _one in range(4):
        other, _person = make_circle()
        Membership.objects.create(circle=other, person=facilitator, role=MemberRole.PARTICIPANT)
    client = signed_in(facilitator)
    with django_assert_max_num_queries(9):
        client.get(PAGE)
