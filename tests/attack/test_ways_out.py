"""Forms sent from elsewhere, and addresses that would lead elsewhere: the whole URL table, by every way of asking."""

from itertools import cycle
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from tests.attack.addresses import Place, routes
from tests.attack.test_addresses import BY_KEY, SIGNED, WITHOUT_COOKIES, everything

pytestmark = [
    pytest.mark.slow,
    pytest.mark.pure,
    pytest.mark.django_db(databases=["default", "research", "vault"]),
]

EVIL = (
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "\\\\evil.example",
    "/%09/evil.example",
    "http:///evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    " https://evil.example/",
)
NAMES = ("next", "return", "return_to", "redirect", "redirect_to", "url", "to", "back", "continue")
OWN = {"", "testserver", "127.0.0.1:8000"}
# Where the code goes on to what it is told: signing in and out, showing oneself again, the language, the demo.
GOES_ON = ("accounts/login/", "accounts/logout/", "me/security/again/", "i18n/", "demo/")


@pytest.fixture
def place():
    return Place()


def guarded():
    return [
        route for route in routes() if route not in WITHOUT_COOKIES | SIGNED and not route.startswith(BY_KEY)
    ]


def strictly(client):
    """Return a browser with the same cookies that checks the form guard as a real one is checked."""
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    return strict


def test_no_method_that_changes_something_goes_without_the_guard(place):
    before = everything()
    strict = strictly(place.facilitator)
    for route in guarded():
        for method in (strict.put, strict.patch, strict.delete):
            assert method(place.at(route)).status_code == 403, route
    assert everything() == before


@pytest.mark.requirement("SEC-09")
def test_a_right_token_from_a_page_of_another_site_is_refused(place):
    """The token alone is not enough: a browser says where a form comes from, and that must be here."""
    before = everything()
    for client in (Client(), place.phone.client, place.facilitator):
        strict = strictly(client)
        page = strict.get("/b").content.decode()
        form = {
            "csrfmiddlewaretoken": page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
        }
        assert form["csrfmiddlewaretoken"]
        origins = cycle(("https://evil.example", "null", "http://testserver.evil.example"))
        for route in guarded():
            answer = strict.post(place.at(route), form, headers={"origin": next(origins)})
            assert answer.status_code == 403, route
        # The same token from a page of our own is taken.
        assert strict.post("/b", form, headers={"origin": "http://testserver"}).status_code != 403
    assert everything() == before


def host_of(answer):
    """Return the host that an answer sends the browser to; empty for this site and for no redirect."""
    address = answer.headers.get("Location", "") or answer.headers.get("HX-Redirect", "")
    assert not address.strip().lower().startswith(("javascript:", "data:")), address
    assert not address.startswith(("/\\", "\\")), address
    return urlsplit(address.replace("\\", "/")).netloc


def test_no_address_leads_away_whatever_it_is_asked_to_go_on_to(place):
    values = cycle(EVIL)
    redirected = 0
    for route in routes():
        asked = dict.fromkeys(NAMES, next(values))
        answer = place.facilitator.get(place.at(route), asked, headers={"origin": "https://evil.example"})
        assert host_of(answer) in OWN, (route, asked)
        redirected += "Location" in answer.headers
        # Nor may a script of another site read what it asked for.
        assert [name for name in answer.headers if name.lower().startswith("access-control-")] == [], route
    assert redirected > 10


@pytest.mark.parametrize("is_demo", [False, True])
def test_what_goes_on_goes_on_here(place, settings, is_demo):
    settings.DEMO = is_demo
    onward = [route for route in routes() if route.startswith(GOES_ON)]
    assert len(onward) >= 5
    for route in onward:
        for evil in EVIL:
            asked = dict.fromkeys(NAMES, evil)
            for client in (Client(), place.facilitator):
                cookies = client.cookies.copy()
                with transaction.atomic():
                    cache.clear()
                    for answer in (
                        client.get(place.at(route), asked),
                        client.post(place.at(route), asked),
                        client.post(place.at(route), query_params=asked),
                    ):
                        assert host_of(answer) in OWN, (route, evil)
                    transaction.set_rollback(True)
                client.cookies = cookies


def test_no_address_answers_a_method_that_nobody_needs(place):
    """Least of all one that would say the request again, cookies and all."""
    for route in routes():
        for method in ("TRACE", "CONNECT", "TRACK", "PROPFIND", "MADEUP"):
            answer = place.facilitator.generic(method, place.at(route))
            assert (answer.status_code, answer.content) == (405, b""), (route, method)


def test_pages_to_look_at_take_nothing_in(place):
    for route in ("healthz", "patterns/", "patterns/<slug:surface>/", "api/v1/openapi.json"):
        for method in ("post", "put", "patch", "delete"):
            answer = getattr(Client(), method)(place.at(route, surface="hand"))
            assert answer.status_code == 405, (route, method)
        assert Client().get(place.at(route, surface="hand")).status_code == 200, route
