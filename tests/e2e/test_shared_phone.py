"""A phone that goes round: after "Next person" neither going back nor looking into the browser shows the last one."""

import pytest

from sirkel.circles.domain.joining import join_address
from tests.circles.web.hands import written
from tests.e2e.screenshots import browser
from tests.e2e.site import running_site
from tests.e2e.test_patterns import pytestmark as browsers
from tests.factories.meetings import make_meeting

pytestmark = [
    *(mark for mark in browsers if mark.name != "django_db"),
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True, databases=["default", "research", "vault"]),
]
WORDS = "Den forriges ord"
KEPT = """async () => JSON.stringify([
    {...localStorage}, {...sessionStorage},
    (await indexedDB.databases()).map((one) => one.name), await caches.keys(),
])"""


def shared_phone(chrome, site, live):
    """Join with a phone that goes from hand to hand; its clock can be moved."""
    page = chrome.new_context(
        viewport={"width": 320, "height": 640}, locale="en", base_url=site, reduced_motion="reduce"
    ).new_page()
    page.clock.install()
    page.goto(f"/b/{join_address(live.meeting)}")
    page.check("[name=is_shared]")
    page.click("main form button[type=submit]")
    page.wait_for_url("**/m/**")
    return page


def write(page):
    page.fill("#writer textarea", WORDS)
    # The page shows the words at once, while they are still on their way.
    with page.expect_response(lambda answer: answer.request.method == "POST" and "/notes/" in answer.url):
        page.click("#writer button[type=submit]")


def shows_nothing_after(page, move):
    move()
    page.wait_for_load_state("load")
    assert WORDS not in page.content()
    assert WORDS not in page.evaluate(
        "[...document.querySelectorAll('input, textarea')].map((field) => field.value).join()"
    )


@pytest.mark.threat(row="T6")
def test_a_phone_that_lies_forgotten_asks_and_then_closes_and_a_kept_place_opens_with_its_pin(settings):
    settings.STATIC_COLLECTED = False
    live = make_meeting(step="write")
    with running_site() as site, browser() as chrome:
        page = shared_phone(chrome, site, live)
        write(page)
        page.click(".places summary")
        page.fill("#keep-pin", "7205")
        page.click(".places form button")
        page.wait_for_url("**/cover/")
        page.click(".places summary")
        page.fill("#pin-0", "7205")
        page.click(".places form button")
        page.wait_for_url("**/m/*/")
        page.wait_for_selector(f"text={WORDS}")
        assert page.is_hidden("#idle")
        page.clock.fast_forward("08:10")
        page.wait_for_selector("#idle", state="visible")
        page.click("#idle button")
        page.wait_for_selector("#idle", state="hidden")
        page.clock.fast_forward("09:00")
        page.wait_for_selector("#idle", state="visible")
        page.clock.fast_forward("01:10")
        page.wait_for_url("**/cover/")
        shows_nothing_after(page, page.go_back)
        assert WORDS not in page.evaluate(KEPT)


@pytest.mark.threat(row="T6")
def test_going_back_after_done_shows_nothing_of_what_was_written(settings):
    settings.STATIC_COLLECTED = False
    live = make_meeting(step="write")
    with running_site() as site, browser() as chrome:
        page = shared_phone(chrome, site, live)
        write(page)
        assert written(live) == [WORDS]
        page.click("text=Next person")
        page.wait_for_url("**/cover/")
        for move in (page.go_back, page.go_forward):
            for _step in range(4):
                shows_nothing_after(page, move)
        page.goto(f"/m/{live.meeting.id}/")
        assert WORDS not in page.content()
        assert WORDS not in page.evaluate(KEPT)
