"""A note that is held back after it was shown: its writer's phone finds it by itself, and no other phone does."""

import pytest

from sirkel.circles.domain import moderating
from sirkel.circles.domain.joining import join_address
from sirkel.circles.models import Note
from sirkel.kernel import clock
from tests.e2e.screenshots import browser
from tests.e2e.site import running_site
from tests.e2e.test_patterns import pytestmark as browsers
from tests.factories.meetings import make_meeting

pytestmark = [
    *(mark for mark in browsers if mark.name != "django_db"),
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True, databases=["default", "research", "vault"]),
]
WORDS = "Hun på natta"
HELD = ".mine [data-state=held]"


@pytest.mark.threat(row="T17")
def test_the_writers_own_phone_tells_that_a_note_is_held_and_no_other_does(settings):
    settings.STATIC_COLLECTED = False
    live = make_meeting(step="write")
    with running_site() as site, browser() as chrome:
        phones = []
        for words in (WORDS, "Noe annet"):
            page = chrome.new_context(
                viewport={"width": 320, "height": 640}, locale="en", base_url=site
            ).new_page()
            page.goto(f"/b/{join_address(live.meeting)}")
            page.click("main form button[type=submit]")
            page.wait_for_url("**/m/**")
            page.fill("#writer textarea", words)
            with page.expect_response(
                lambda answer: answer.request.method == "POST" and "/notes/" in answer.url
            ):
                page.click("#writer button[type=submit]")
            phones.append(page)
        live.reveal()
        note = Note.objects.get(text=WORDS)
        hold = {"acting": live.facilitator, "meeting_id": live.meeting.id, "note_id": note.id}
        moderating.hold_note(**hold, is_held=True, at=clock.now())
        writer, other = phones
        for page in phones:
            page.wait_for_selector("#board[data-held]:not([data-held=''])")
        writer.wait_for_selector(HELD)
        assert WORDS in writer.inner_text(HELD)
        assert "It is not deleted" in writer.inner_text(HELD)
        assert other.locator(HELD).count() == 0
        assert WORDS not in other.content()
        moderating.hold_note(**hold, is_held=False, at=clock.now())
        writer.wait_for_selector(HELD, state="detached")
        other.wait_for_selector(f"#notes >> text={WORDS}")
        other.click(f"#note-{note.id} button")
        other.wait_for_selector("text=The facilitator is asked to look at it.")
        assert Note.objects.get(text=WORDS).is_reported
