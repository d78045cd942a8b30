"""The pattern library in a real browser: axe, reflow, focus, dialogs, no call out."""

import json
import os
from pathlib import Path

import pytest

from sirkel.web.patterns import SURFACES
from tests.e2e.screenshots import SIZES, browser, chromium

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
BUILT = ROOT / "src" / "sirkel" / "web" / "static" / "vendor" / "designsystemet.css"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(chromium() is None, reason="SKIPPED: no Chromium on this machine"),
    pytest.mark.skipif(
        not (AXE.exists() and BUILT.exists()),
        reason="SKIPPED: run npm ci && npm run build for styles and axe",
    ),
]
RUN = """rules => axe.run(document, {resultTypes: ['violations'], ...rules}).then(result => result.violations.flatMap(found =>
    found.nodes.slice(0, 3).map(node => `${found.id}: ${node.html.slice(0, 160)} ${node.failureSummary}`)))"""
# Colours glide from one scheme to the other; what is looked at is where they end.
STILL = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('*, ::before, ::after { transition: none !important; }');
    document.adoptedStyleSheets.push(sheet);
}"""
IS_NIGHTLY = os.environ.get("TEST_NIGHTLY") == "1"
PATHS = ["/patterns/", *(f"/patterns/{surface}/" for surface in SURFACES), "/patterns/nothing/"]


def look(page, address):
    page.goto(address, wait_until="load")


def findings(page, *, in_both=IS_NIGHTLY, options=None):
    """Return what axe finds, each with its rule and the first elements.

    Every rule is asked in the scheme in which the page stands; ``in_both`` asks the other one for its contrasts,
    which are all that colours can change. Each component is looked at in both in the pattern library.
    """
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(STILL)
        page.evaluate(AXE.read_text(encoding="utf-8"))
    is_dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    here, other = ("dark", "light") if is_dark else ("light", "dark")
    found = page.evaluate(RUN, options or {})
    if not in_both:
        return found
    page.emulate_media(color_scheme=other)
    found += [f"{other} {one}" for one in page.evaluate(RUN, {"runOnly": ["color-contrast"]})]
    page.emulate_media(color_scheme=here)
    return found


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
def test_axe_finds_nothing_and_nothing_is_cut_off(live_server, width, scheme):
    found, wide, said = {}, {}, []
    with browser() as chrome:
        context = chrome.new_context(
            viewport={"width": width, "height": SIZES[width]},
            color_scheme=scheme,
            reduced_motion="reduce",
            locale="fi",
        )
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        foreign = []
        page.on("request", lambda r: foreign.append(r.url) if not r.url.startswith(live_server.url) else None)
        for path in PATHS:
            look(page, live_server.url + path)
            if violations := findings(page, in_both=True):
                found[path] = violations
            overflow = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            if overflow > 0:
                wide[path] = overflow
        context.close()
    assert found == {}, json.dumps(found, indent=1)
    assert wide == {}
    assert [text for text in said if "404" not in text] == []
    assert foreign == []


def test_at_twice_the_text_size_nothing_is_cut_off(live_server):
    wide = {}
    with browser() as chrome:
        page = chrome.new_page(viewport={"width": 640, "height": 900})
        for path in PATHS:
            look(page, live_server.url + path)
            page.evaluate("document.documentElement.style.fontSize = '200%'")
            overflow = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            if overflow > 0:
                wide[path] = overflow
    assert wide == {}


def test_the_room_can_be_read_from_the_back(live_server):
    with browser() as chrome:
        page = chrome.new_page(viewport={"width": 1920, "height": 1080})
        look(page, live_server.url + "/patterns/room/")
        sizes = page.evaluate(
            """() => [...document.querySelectorAll('.room *')]
                .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()) && !e.closest('svg'))
                .map(e => parseFloat(getComputedStyle(e).fontSize))"""
        )
    assert min(sizes) >= 0.016 * 1920 - 0.1


def test_primary_targets_on_the_phone_are_large_enough_for_a_thumb(live_server):
    with browser() as chrome:
        page = chrome.new_page(viewport={"width": 320, "height": 640})
        look(page, live_server.url + "/patterns/hand/")
        heights = page.evaluate(
            "[...document.querySelectorAll('.ds-button')].map(e => e.getBoundingClientRect().height)"
        )
    assert heights
    assert min(heights) >= 44


def test_the_first_tab_stop_leads_past_the_head_and_is_seen(live_server):
    with browser() as chrome:
        page = chrome.new_page(viewport={"width": 1280, "height": 800})
        look(page, live_server.url + "/patterns/leader/")
        page.keyboard.press("Tab")
        focused = page.evaluate(
            """() => { const e = document.activeElement, s = getComputedStyle(e), b = e.getBoundingClientRect();
                return {text: e.textContent, width: parseFloat(s.outlineWidth), seen: b.width > 40 && b.top >= 0}; }"""
        )
        page.keyboard.press("Enter")
        landed = page.evaluate("document.activeElement.id")
    assert focused["seen"]
    assert focused["width"] >= 2
    assert landed == "main"


def test_a_dialog_opens_takes_focus_and_closes_with_escape(live_server):
    with browser() as chrome:
        page = chrome.new_page(viewport={"width": 390, "height": 844})
        look(page, live_server.url + "/patterns/")
        page.get_by_role("button", name="Delete the note").click()
        dialog = page.get_by_role("dialog", name="Delete this note?")
        assert dialog.is_visible()
        assert page.evaluate("document.activeElement.closest('dialog') !== null")
        page.keyboard.press("Escape")
        assert not dialog.is_visible()
        assert page.evaluate("document.activeElement.textContent.trim()") == "Delete the note"


def test_the_counter_counts_down_and_says_when_it_is_too_much(live_server):
    with browser() as chrome:
        page = chrome.new_page(viewport={"width": 390, "height": 844}, locale="en")
        look(page, live_server.url + "/patterns/hand/")
        page.locator("#note").fill("ä" * 190)
        assert page.locator("#note-count").text_content() == "10 characters left"
        page.locator("#note").fill("ä" * 203)
        assert page.locator("#note-count").text_content() == "3 characters too many"
        assert page.locator("#note").input_value() == "ä" * 203
