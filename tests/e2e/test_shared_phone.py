"""A phone that goes round: after "Next person" neither going back nor looking into the browser shows the last one."""

import pytest
from django.core.cache import cache

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


@pytest.mark.threat(row="T6")
def test_going_back_after_done_shows_nothing_of_what_was_written(settings):
    settings.STATIC_COLLECTED = False
    cache.clear()
    live = make_meeting(step="write")
    with running_site() as site, browser() as chrome:
        page = chrome.new_context(
            viewport={"width": 320, "height": 640}, locale="en", base_url=site
        ).new_page()
        page.goto(f"/b/{join_address(live.meeting)}")
        page.check("[name=is_shared]")
        page.click("main form button[type=submit]")
        page.wait_for_url("**/m/**")
        page.fill("#writer textarea", WORDS)
        # The page shows the words at once, while they are still on their way.
        with page.expect_response(lambda answer: answer.request.method == "POST" and "/notes/" in answer.url):
            page.click("#writer button[type=submit]")
        assert written(live) == [WORDS]
        page.click("text=Next person")
        page.wait_for_url("**/cover/")
        for _step in range(4):
            page.go_back()
            page.wait_for_load_state("load")
            assert WORDS not in page.content()
            assert WORDS not in page.evaluate(
                "[...document.querySelectorAll('input, textarea')].map((field) => field.value).join()"
            )
        for _step in range(4):
            page.go_forward()
            page.wait_for_load_state("load")
            assert WORDS not in page.content()
        page.goto(f"/m/{live.meeting.id}/")
        assert WORDS not in page.content()
        assert WORDS not in page.evaluate(KEPT)
