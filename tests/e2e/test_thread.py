"""The thread in a real browser: a receipt asked on a small phone, the note taken back, nothing cut off, axe content."""

import json
import time

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from sirkel.circles.enums import Audience
from sirkel.people.enums import Role
from sirkel.people.sessions import SessionStore
from tests.e2e.screenshots import browser
from tests.e2e.test_patterns import findings, pytestmark
from tests.factories.thread import RoomOfOwn, make_reader, make_recommendation

__all__ = ["pytestmark"]

WORDS = "Illalla kaikki soittokellot soivat yhtä aikaa, eikä kukaan ehdi"
LONG = "Iltavuoron ensimmäinen työvuorosuunnittelukokous pidetään ruokasalissa"


@pytest.fixture
def thread():
    """A note with its receipt, a card of it in the network and one for everybody, two recommendations."""
    room = RoomOfOwn()
    theme = room.theme(LONG)
    note, receipt = room.note(WORDS, theme=theme, lang="fi")
    room.trial("To ved bordet fra 16 til 17", theme=theme)
    cards = [
        room.card("Begynn kvelden ved bordet", Audience.NETWORK, theme=theme),
        RoomOfOwn(area="AX").card("Ring grannhemmet klockan två", Audience.PUBLIC),
        room.card(WORDS, Audience.PUBLIC, note=note),
    ]
    writer = make_reader(Role.POLICY)
    make_recommendation(writer, cards, [cards[2]], title=LONG)
    make_recommendation(writer, [cards[1]], [], title="Skriv læringstid inn i turnusen", is_published=False)
    return {"receipt": receipt, "card": cards[1], "session": session_of(writer)}


def session_of(person):
    session = SessionStore()
    session[SESSION_KEY] = str(person.id)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session["signed_in_at"] = int(time.time())
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return session.session_key


def ask(page, address, receipt):
    page.goto(f"{address}/receipt/?lang=fi", wait_until="load")
    page.locator("#id_receipt").fill(receipt.lower())
    page.locator("main form button").click()


@pytest.mark.nightly  # test_axe.py looks at these pages, too, in the demo
@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
def test_axe_finds_nothing_on_the_thread_and_nothing_is_cut_off(live_server, thread, width, scheme):
    found, wide = {}, {}
    with browser() as chrome:
        context = chrome.new_context(
            viewport={"width": width, "height": 800}, color_scheme=scheme, reduced_motion="reduce"
        )
        page = context.new_page()

        def judge(name):
            if violations := findings(page):
                found[name] = violations
            over = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            if over > 0:
                wide[name] = over

        page.goto(f"{live_server.url}/receipt/", wait_until="load")
        judge("receipt")
        ask(page, live_server.url, "7QF2 M9KD 31XT 0A1B")
        judge("wrong receipt")
        ask(page, live_server.url, thread["receipt"])
        judge("story")
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": thread["session"], "url": live_server.url}
        context.add_cookies([cookie])
        for path in (
            "/network/cards/",
            "/network/cards/?q=nothing",
            f"/network/cards/{thread['card'].id}/",
            "/recommendations/",
            "/recommendations/1/",
            "/policy/",
            "/policy/2/",
            "/policy/2/title/",
            "/policy/2/a/",
        ):
            page.goto(live_server.url + path, wait_until="load")
            judge(path)
        context.close()
    assert found == {}, json.dumps(found, indent=1)
    assert wide == {}


def test_a_note_is_taken_back_on_a_phone_and_its_card_is_gone_from_the_public_page(live_server, thread):
    with browser() as chrome:
        page = chrome.new_page(viewport={"width": 320, "height": 640})
        page.goto(f"{live_server.url}/recommendations/1/", wait_until="load")
        page.locator("#b summary").click()
        page.locator("#b").get_by_text(WORDS).wait_for(state="visible")
        page.context.clear_cookies()
        ask(page, live_server.url, thread["receipt"])
        page.locator(".thread").get_by_text(WORDS).first.wait_for(state="visible")
        page.locator("main form button").click()
        page.locator("input[name=sure] + button").click()
        page.locator(".notice[data-tone=good]").wait_for(state="visible")
        assert WORDS not in page.content()
        assert page.locator(".thread [data-weak]").count() >= 3
        assert thread["receipt"] not in page.url
        assert page.context.cookies() == []
        page.goto(f"{live_server.url}/recommendations/1/", wait_until="load")
        assert WORDS not in page.content()
        assert page.locator("#a[data-weak], #b[data-weak]").count() == 2


def test_on_paper_the_cards_beneath_a_clause_are_open(live_server, thread):
    with browser() as chrome:
        page = chrome.new_page(viewport={"width": 794, "height": 1123})
        page.goto(f"{live_server.url}/recommendations/1/", wait_until="load")
        words = page.locator("#a blockquote").first
        words.wait_for(state="hidden")
        page.emulate_media(media="print")
        words.wait_for(state="visible")
        page.locator("[data-prints]").wait_for(state="hidden")
