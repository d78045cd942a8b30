"""Notes that are shown at once: every screen has them in the same order, however they came there."""

import pytest

from tests.e2e.people import Phone
from tests.e2e.screenshots import browser, chromium
from tests.e2e.site import running_site
from tests.factories.meetings import make_meeting

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True, databases=["default", "research", "vault"]),
    pytest.mark.skipif(chromium() is None, reason="SKIPPED: no Chromium on this machine"),
]

LINES = "() => [...document.querySelectorAll('#notes > li')].map(line => line.querySelector('[lang]').innerText.trim())"


@pytest.fixture
def live(settings):
    settings.STATIC_COLLECTED = False
    return make_meeting(step="deepen", people=2)


def ready(chrome, site, live, language):
    phone = Phone(chrome, site, live.meeting, language)
    phone.page.wait_for_selector("html[data-line=live]", timeout=20_000)
    return phone


def until(page, count):
    page.wait_for_function(
        f"() => document.querySelectorAll('#notes > li').length === {count}", timeout=15_000
    )


def test_notes_that_come_one_by_one_stand_as_on_a_page_that_is_loaded_now(live):
    with running_site() as site, browser() as chrome:
        first, second = ready(chrome, site, live, "nb"), ready(chrome, site, live, "fi")
        second.page.fill("#writer textarea", "Vasta alussa")
        for number in range(8):
            live.write(f"Lapp {number}")
        for phone in (first, second):
            until(phone.page, 8)
        seen = first.page.evaluate(LINES)
        assert sorted(seen) == [f"Lapp {number}" for number in range(8)]
        assert second.page.evaluate(LINES) == seen
        assert second.page.input_value("#writer textarea") == "Vasta alussa"
        first.page.reload()
        assert first.page.evaluate(LINES) == seen

        first.write("Ny lapp")
        first.sent("Ny lapp")
        until(second.page, 9)
        assert [line for line in second.page.evaluate(LINES) if line != "Ny lapp"] == seen
        assert second.page.locator("#said").inner_text() != ""
        assert first.errors == second.errors == []
