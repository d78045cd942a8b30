"""Every address of the project, asked for by every role: an address that nobody thought about fails here."""

import re
from pathlib import Path

import pytest
import yaml
from django.core.cache import cache
from django.db import transaction
from django.urls import URLPattern, get_resolver

from tests.attack.test_addresses import writing
from tests.people.web.matrix_fields import (
    BEHIND_AN_ADDRESS,
    FEWER,
    UNMARKED,
    WITHOUT_A_MARK,
    put_marks,
    telling,
)
from tests.people.web.matrix_world import ROLES, make_world

pytestmark = pytest.mark.django_db(databases="__all__")

TABLE = yaml.safe_load((Path(__file__).parent / "matrix.yaml").read_text(encoding="utf-8"))
ROUTES = TABLE["routes"]
# A receipt and a signed link are their own guard and want no cookie; the others change nothing whatever is sent.
WITHOUT_GUARD = {
    "receipt/",
    "receipt/take-back/",
    "link/mail/<str:token>/",
    "link/answer/<str:token>/",
    "link/leave/<str:token>/",
    "link/join/<str:token>/",
}
# Asked by programs: with a key, which no other site's page can send along, and without any cookie.
API = "api/"
PART = re.compile(r"<(?:\w+:)?(\w+)>")


def routes_of(patterns, before=""):
    """Every address of the resolver, as it is written in the code, once."""
    for pattern in patterns:
        here = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield here
        else:
            yield from routes_of(pattern.url_patterns, here)


def places():
    """The first words of the addresses: each is a test with a world of its own."""
    return sorted({route.partition("/")[0] for route in ROUTES})


@pytest.fixture
def world(db):
    made = make_world()
    for role in ROLES:
        made.client(role)
        made.program(role)
    made.marks = put_marks(made)
    return made


def filled(values, world):
    return {
        name: str(world.parts[value[1:]]) if str(value).startswith("$") else value
        for name, value in (values or {}).items()
    }


def path_of(route, world):
    parts = filled(TABLE["parts"] | ROUTES[route].get("parts", {}), world)
    return "/" + PART.sub(lambda found: parts[found[1]], route)


def ask(world, route, method, role, **options):
    cache.clear()
    with transaction.atomic(), writing() as written:
        is_api = route.startswith(API)
        client = world.program(role) if is_api else world.client(role, **options)
        sent = filled(ROUTES[route].get("send"), world) if method == "post" else None
        more = {"content_type": "application/json"} if is_api and method == "post" else {}
        answer = getattr(client, method)(path_of(route, world), sent, **more)
        transaction.set_rollback(True)
    # To look writes nothing, whoever looks; the day of a key's last use is kept.
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if world.marks is not None:
        world.marks.look(route, role, body)
    assert method != "get" or [one for one in written if '"people_apikey"' not in one] == [], (route, role)
    return answer.status_code


def expected(route, method):
    numbers = [int(number) for number in str(ROUTES[route][method]).split()]
    return dict(zip(ROLES, numbers * len(ROLES) if len(numbers) == 1 else numbers, strict=True))


def test_every_address_stands_in_the_table_and_no_other():
    known = set(routes_of(get_resolver().url_patterns))
    assert sorted(known - set(ROUTES)) == [], "add these to matrix.yaml, with what each role may get"
    assert sorted(set(ROUTES) - known) == []


@pytest.mark.requirement("SEC-11")
@pytest.mark.threat(row="T12")
@pytest.mark.parametrize("place", places())
def test_everybody_gets_what_is_theirs_and_nothing_else(world, place):
    differs = {}
    for route in ROUTES:
        if route.partition("/")[0] != place:
            continue
        for method in ("get", "post"):
            wanted = expected(route, method)
            # A method that an address does not know is refused before anybody is looked at.
            roles = ("stranger", "facilitator") if set(wanted.values()) == {405} else ROLES
            found = {role: ask(world, route, method, role) for role in roles}
            wrong = {role: found[role] for role in roles if found[role] != wanted[role]}
            if wrong:
                differs[f"{method} {route}"] = wrong
    assert sorted(world.marks.wrongly) == [], "a field, a role that has no right to it, and where it was met"
    assert differs == {}


def test_no_form_of_another_site_is_taken(world):
    """A POST without the page's own guard is refused, whoever's browser sends it."""
    taken = [
        (route, role)
        for route in ROUTES
        if expected(route, "post")["facilitator"] != 405
        and route not in WITHOUT_GUARD
        and not route.startswith(API)
        for role in ("stranger", "phone", "facilitator", "policy")
        if ask(world, route, "post", role, enforce_csrf_checks=True) != 403
    ]
    assert taken == []


def test_every_field_that_tells_of_somebody_is_looked_for_or_says_why_not(world):
    """The register names the fields: a new one is marked by itself, or stands here with its reason."""
    asked = {label for label, _one, _class in telling()}
    assert asked - world.marks.fields() == WITHOUT_A_MARK.keys()
    assert not asked & UNMARKED.keys()
    assert FEWER.keys() | BEHIND_AN_ADDRESS <= asked
    assert all(UNMARKED.values())


def test_a_field_that_reaches_somebody_without_a_right_is_noticed(world):
    name = world.people["facilitator"]
    name.refresh_from_db()
    page = f"<p>{name.first_name} {name.email}</p>".encode()
    for role in ("facilitator", "administrator"):
        world.marks.look("circles/", role, page)
    assert not world.marks.wrongly
    for role in ("phone", "leader", "elsewhere"):
        world.marks.look("circles/", role, page)
    world.marks.look("i/<str:address>/", "stranger", page)
    assert {found[:2] for found in world.marks.wrongly} == {
        ("people.Person.email", "phone"),
        ("people.Person.email", "leader"),
        ("people.Person.first_name", "leader"),
        ("people.Person.email", "elsewhere"),
        ("people.Person.first_name", "elsewhere"),
        ("people.Person.email", "stranger"),
    }
