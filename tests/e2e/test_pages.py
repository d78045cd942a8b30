"""Beginning a circle and signing in, in a real browser: axe at every step and mistake, and all of it without scripts."""

import json
from datetime import timedelta

import pytest

from sirkel.circles.models import Circle
from sirkel.kernel import clock
from sirkel.people.enums import Role
from tests.e2e.screenshots import browser
from tests.e2e.test_leading import LOOKS, signed_in
from tests.e2e.test_patterns import findings, pytestmark
from tests.factories.places import make_person, make_workplace

__all__ = ["pytestmark"]


@pytest.fixture(autouse=True)
def _the_test_drives_browser_and_server_in_one_thread(monkeypatch):
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "yes")


def look(page, address, found, name):
    """Note what axe finds on a page, and whether it is wider than the window."""
    if address:
        page.goto(address, wait_until="load")
    if violations := findings(page):
        found[name] = violations
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if wide > 0:
        found[f"{name} is too wide"] = wide


def through_the_wizard(page, site, at_step):
    """Begin a circle by typing and pressing, with every mistake made once on the way."""
    page.goto(f"{site}/circles/new/")
    page.click("button[value=on]")
    at_step("circle, with errors")
    page.fill("#id_name", "Työvuorosuunnittelukäytäntöjen kehittämispiiri")
    page.fill("#id_purpose", "Mitä vuoronvaihdossa tapahtuu?")
    page.click("button[value=on]")
    at_step("people")
    page.check("input[name=others][value=fi]")
    page.click("button[value=on]")
    page.fill("#id_day", "2020-01-06")
    page.fill("#id_clock", "14:00")
    page.click("button[value=on]")
    at_step("series, with errors")
    day = (clock.now() + timedelta(days=20)).date()
    page.fill("#id_day", day.isoformat())
    page.click("button[value=on]")
    at_step("check")
    page.fill("#id_m2-day", day.isoformat())
    page.fill("#id_m2-clock", "14:00")
    page.click("button[value=show]")
    at_step("check, with errors")
    page.fill("#id_m2-day", (day + timedelta(days=7)).isoformat())
    page.click("button[value=publish]")
    at_step("begun")


@pytest.mark.slow
@pytest.mark.parametrize(("width", "scheme", "language"), LOOKS)
def test_axe_finds_nothing_at_any_step_and_nothing_is_cut_off(live_server, width, scheme, language):
    marit = make_person(role=Role.FACILITATOR, workplace=make_workplace())
    found = {}
    with browser() as chrome:
        context = signed_in(chrome, live_server, marit, width, scheme, language)
        page = context.new_page()
        through_the_wizard(page, live_server.url, lambda name: look(page, None, found, name))
        context.clear_cookies()
        look(page, f"{live_server.url}/accounts/login/", found, "sign in")
        page.fill("#id_email", "nobody@example.org")
        page.keyboard.press("Enter")
        page.wait_for_selector("#id_code")
        page.fill("#id_code", "AAAA-BBBB")
        page.keyboard.press("Enter")
        page.wait_for_selector(".ds-error-summary")
        look(page, None, found, "code, with errors")
        context.close()
    assert found == {}, json.dumps(found, indent=1)
    assert Circle.objects.filter(name__startswith="Työvuoro").count() == 1


def test_a_circle_is_begun_without_any_script(live_server):
    workplace = make_workplace()
    marit = make_person(role=Role.FACILITATOR, workplace=workplace)
    seen = []
    with browser() as chrome:
        cookies = signed_in(chrome, live_server, marit, 320, "light", "nb").cookies()
        context = chrome.new_context(
            viewport={"width": 320, "height": 640}, java_script_enabled=False, locale="nb"
        )
        context.add_cookies(cookies)
        page = context.new_page()
        through_the_wizard(page, live_server.url, seen.append)
        context.close()
    assert seen[-1] == "begun"
    circle = Circle.objects.get()
    assert circle.languages == ["nb", "fi"]
    assert circle.meetings.filter(state="planned").count() == 6
