"""The thread of a note of the demo, clicked through from both ends, in two languages."""

import pytest
from django.utils import translation
from django.utils.translation import gettext, trans_real

from sirkel.config.demo.seed import DEMO_RECEIPT, demo_links, seed_demo
from sirkel.kernel import clock
from tests.e2e.screenshots import browser, chromium

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True, databases=["default", "research", "vault"]),
    pytest.mark.skipif(chromium() is None, reason="SKIPPED: no Chromium on this machine"),
]
NOTE = "Hun ved vinduet blir rolig når noen bare setter seg"
CARD = "Begynn kvelden ved bordet"
CLAUSE = "Let one person stay at the table"


def words(text, language):
    with translation.override(language):
        return gettext(text)


@pytest.fixture(autouse=True)
def _compiled():
    """Speak every language, also where earlier tests have read the catalogues before they were compiled."""
    read_before = dict(trans_real._translations)
    trans_real._translations.clear()
    yield
    trans_real._translations.clear()
    trans_real._translations.update(read_before)


def test_the_thread_of_a_demo_note_from_both_ends_in_two_languages(live_server, settings):
    settings.DEMO = True
    seed_demo(at=clock.now(), stories=["no1-evening"])
    coordinator = dict(demo_links(site=live_server.url))["network coordinator"]
    with browser() as chrome:
        from_the_receipt_up_to_the_recommendation(chrome, live_server.url, "fi")
        from_the_recommendation_down_to_the_cards(chrome, live_server.url, coordinator, "sv")


def from_the_receipt_up_to_the_recommendation(chrome, site, language):
    """A participant without an account follows a note upwards and stops where a stranger must stop."""
    page = chrome.new_context(
        viewport={"width": 360, "height": 740}, locale=language, reduced_motion="reduce"
    ).new_page()
    page.goto(f"{site}/receipt/?lang={language}")
    page.fill("#id_receipt", DEMO_RECEIPT)
    page.click("main form button")
    heading = words("Your note lives on in a recommendation", language)
    assert heading != "Your note lives on in a recommendation"
    assert page.inner_text("h1") == heading
    story = page.inner_text("main")
    for words_of_hop in (NOTE, "Noen som blir sittende", "Én medarbeider sitter med bord 2", CARD, CLAUSE):
        assert words_of_hop in story
    page.click("main a[href*='/recommendations/1/']")
    assert CLAUSE in page.inner_text("main")
    for summary in page.locator("main summary").all():
        summary.click()
    public = page.content()
    assert NOTE not in public
    assert CARD not in public, "a card of the network is not for a stranger"


def from_the_recommendation_down_to_the_cards(chrome, site, coordinator, language):
    """A coordinator goes from the recommendation to the card and back up, and no further down."""
    page = chrome.new_context(
        viewport={"width": 1280, "height": 800}, locale=language, reduced_motion="reduce"
    ).new_page()
    page.goto(coordinator)
    page.click("main form button")
    page.wait_for_url("**/network/cards/")
    page.context.add_cookies([{"name": "django_language", "value": language, "url": site}])
    page.goto(f"{site}/recommendations/")
    assert page.inner_text("h1") == words("What we recommend, and why", language)
    page.click("main a[href='/recommendations/1/']")
    page.wait_for_url("**/recommendations/1/")
    summaries = page.locator("main summary")
    for summary in summaries.all():
        summary.click()
    page.click(f"li:has-text('{CARD}') a[href*='/network/cards/'] >> nth=0")
    page.wait_for_url("**/network/cards/*/")
    card = page.inner_text("main")
    assert CARD in card
    assert words("The way down ends here. What was said in the room stays there.", language) in card
    assert NOTE not in page.content()
    page.click("main a[href*='/recommendations/?card=']")
    page.click("main a[href='/recommendations/1/']")
    page.wait_for_url("**/recommendations/1/")
    assert CLAUSE in page.inner_text("main")
