"""An address that is shown once is copied by one press, and fits the narrowest phone."""

import pytest

from sirkel.people.enums import Role
from tests.e2e.screenshots import browser
from tests.e2e.test_leading import signed_in
from tests.e2e.test_pages import look
from tests.e2e.test_patterns import pytestmark
from tests.factories.places import make_person, make_workplace

__all__ = ["pytestmark"]


@pytest.fixture(autouse=True)
def _the_test_drives_browser_and_server_in_one_thread(monkeypatch):
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "yes")


def test_the_address_for_a_calendar_is_copied_by_one_press(live_server):
    person = make_person(role=Role.FACILITATOR, workplace=make_workplace())
    found = {}
    with browser() as chrome:
        context = signed_in(chrome, live_server, person, 320, "light", "en")
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        page = context.new_page()
        page.goto(f"{live_server.url}/me/messages/calendar/")
        page.click("main form:has([name=make]) button")
        page.wait_for_selector("#address")
        look(page, None, found, "address")
        page.click("[data-copies]")
        page.wait_for_selector("[data-copies] >> text=Copied")
        address = page.input_value("#address")
        assert "/link/calendar/" in address
        assert page.evaluate("navigator.clipboard.readText()") == address
    assert found == {}
