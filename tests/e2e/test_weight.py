"""What a phone fetches on its first and its next visit, from a real server with its static files compressed."""

import pytest
from bench._wire import PHONE, phone_site, weighing
from bench.servers import data_folder, migrate

from tests.e2e.screenshots import browser
from tests.e2e.test_patterns import pytestmark as browsers

pytestmark = [
    *(mark for mark in browsers if mark.name != "django_db"),
    pytest.mark.slow,
]
FIRST_VISIT, NEXT_VISIT, SCRIPTS, STYLES, REQUESTS = 60_000, 15_000, 30_000, 20_000, 8


@pytest.fixture(scope="module")
def visits():
    """Weigh the door, the first page in the meeting, and both again on a phone that has been here."""
    with data_folder() as environment:
        migrate(environment)
        with phone_site(environment) as (site, rooms), browser() as chrome:
            page = chrome.new_context(**PHONE, locale="nb").new_page()
            room, found = rooms["write"], {}
            with weighing(page) as found["join"]:
                page.goto(f"{site}/b/{room['join']}", wait_until="load")
            with weighing(page) as found["write"]:
                page.click("form[data-once] button[type=submit] >> nth=0")
                page.wait_for_selector("#writer textarea")
            with weighing(page) as found["again"]:
                page.goto(f"{site}/m/{room['meeting']}/", wait_until="load")
            yield found


def test_the_first_visit_is_light_enough_for_a_poor_line(visits):
    assert visits["join"].total + visits["write"].total <= FIRST_VISIT


@pytest.mark.parametrize("page", ["join", "write"])
def test_a_page_asks_for_few_things_and_no_fonts(visits, page):
    assert visits[page].pages > 0
    assert visits[page].requests <= REQUESTS
    assert visits[page].fonts == 0


def test_scripts_and_styles_stay_small(visits):
    assert visits["join"].scripts + visits["write"].scripts <= SCRIPTS
    assert visits["join"].styles + visits["write"].styles <= STYLES


def test_a_phone_that_comes_back_fetches_the_page_alone(visits):
    assert visits["again"].total <= NEXT_VISIT
    assert visits["again"].scripts == visits["again"].styles == 0
