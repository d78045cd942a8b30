"""Room screen and facilitator surface in a real browser: axe at every step, reflow, and a meeting led by pressing."""

from datetime import timedelta

import pytest
from django.conf import settings

from sirkel.circles.domain import choosing, grouping, moderating, sharing, trials
from sirkel.circles.domain.joining import room_address
from sirkel.circles.enums import Audience
from sirkel.circles.models import InboxNote, Note, Theme
from sirkel.kernel import clock
from tests.e2e.screenshots import browser
from tests.e2e.test_patterns import findings, pytestmark
from tests.e2e.test_thread import session_of
from tests.factories.meetings import make_meeting

__all__ = ["pytestmark"]

TEXTS = (
    "Når vi rydder kjøkkenet først, sitter bord 2 alene i tjue minutter",
    "Illalla kaikki soittokellot soivat yhtä aikaa työvuorosuunnittelukokouksessa",
    "Vi venter på hverandre",
)
LOOKS = [(320, "light", "fi"), (1280, "dark", "nb")]


@pytest.fixture(autouse=True)
def _the_test_drives_browser_and_meeting_in_one_thread(monkeypatch):
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "yes")


def plan():
    return trials.TrialPlan(
        what=TEXTS[0],
        who="Kveldsvakt B",
        when="Hver kveld",
        ends_on=clock.now().date() + timedelta(days=14),
        prediction="Det blir roligere",
        look_at="Hvor ofte vi går imellom",
        stop_rule="Noen får ikke kveldsmat",
        lang="nb",
    )


def states(first, live):
    """Bring a meeting from state to state, and say the name of each when it is there."""
    acting = {"acting": live.facilitator, "meeting_id": live.meeting.id}
    yield "lobby"
    live.go_on()
    yield "check-in"
    live.go_to("look-back")
    trials.look_back(
        **acting,
        trial_id=first.meeting.trials.get().id,
        happened="Ja",
        lang="nb",
        decision="keep",
        learning="Én person, ett bord.",
        at=clock.now(),
    )
    yield "look-back"
    live.go_to("write").write(*TEXTS, "Fjerde")
    yield "hidden"
    live.reveal()
    notes = {note.text: note.id for note in Note.objects.all()}
    moderating.hold_note(**acting, note_id=notes["Fjerde"], is_held=True, at=clock.now())
    yield "shown"
    live.go_on()
    grouping.put_together(**acting, note_id=notes[TEXTS[0]], with_note=notes[TEXTS[2]])
    yield "group"
    live.go_on()
    theme = Theme.objects.get()
    for device in live.devices:
        choosing.cast(
            meeting_id=live.meeting.id, round_id=live.round.id, device=device, picks={str(theme.id): 2}
        )
    yield "choose"
    live.reveal()
    choosing.choose_theme(**acting, option=theme.id)
    yield "chosen"
    live.go_on().write("Hvem sitter der nå?")
    yield "deepen"
    live.go_on()
    trials.decide_trial(**acting, plan=plan(), at=clock.now())
    yield "decide"
    live.go_on()
    sharing.propose(**acting, text=TEXTS[1], lang="fi", audience=Audience.NETWORK, theme_id=theme.id)
    yield "carry-out"
    live.pause().go_on()
    yield "check-out"
    live.close()
    yield "over"


def signed_in(chrome, live_server, person, width, scheme, language):
    context = chrome.new_context(
        viewport={"width": width, "height": 640 if width < 500 else 800},
        color_scheme=scheme,
        locale=language,
        reduced_motion="reduce",
    )
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session_of(person), "url": live_server.url}
    context.add_cookies([cookie])
    return context


@pytest.mark.slow
@pytest.mark.parametrize(("width", "scheme", "language"), LOOKS)
def test_axe_finds_nothing_at_any_step_and_nothing_is_cut_off(live_server, width, scheme, language):
    first = make_meeting(step="decide-trial")
    trials.decide_trial(acting=first.facilitator, meeting_id=first.meeting.id, plan=plan(), at=clock.now())
    first.close()
    live = make_meeting(circle=first.circle, facilitator=first.facilitator, people=4)
    lead = f"/meetings/{live.meeting.id}/lead/"
    room = f"/room/{room_address(live.meeting)}/?lang={language}"
    found, wide = {}, {}
    with browser() as chrome:
        page = signed_in(chrome, live_server, live.facilitator, width, scheme, language).new_page()

        def judge(name, path):
            page.goto(live_server.url + path, wait_until="load")
            if violations := findings(page):
                found[name] = violations
            over = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            if over > 0:
                wide[name] = over

        for name in states(first, live):
            judge(f"lead {name}", lead)
            judge(f"room {name}", room)
            if name == "decide":
                judge("trial", f"{lead}trials/new/")
            if name == "carry-out":
                judge("share", f"{lead}share/")
            if name == "check-out":
                judge("close", f"{lead}close/")
        for name in ("run-sheet/", "run-sheet/new/", "run-sheet/paper/", "join-card/", "paper-cards/"):
            judge(name, f"/meetings/{live.meeting.id}/{name}")
    assert (found, wide) == ({}, {})


def test_a_meeting_is_led_with_one_thumb(live_server):
    live = make_meeting(step="share", people=3)
    with browser() as chrome:
        page = signed_in(chrome, live_server, live.facilitator, 320, "light", "en").new_page()
        faults = []
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        page.goto(f"{live_server.url}/meetings/{live.meeting.id}/lead/", wait_until="load")
        big = page.locator("#next")
        box = big.bounding_box()
        assert box["y"] + box["height"] > 560  # within reach of the thumb
        assert box["height"] >= 44
        big.click()
        page.get_by_role("heading", name=live.step("write").prompt["en"]).wait_for()
        live.write("lapp en", "lapp to")
        page.locator("#paper summary").click()
        page.locator("#card").fill("7")
        page.locator("#card-text").fill("Fra en lapp")
        page.locator("#add-card").click()
        page.locator("#refusal .code").wait_for()
        assert page.locator("#card-text").input_value() == ""
        assert InboxNote.objects.filter(is_from_card=True).count() == 1
        big.click()
        page.locator("[id^=hold-]").first.wait_for()
        big.click()
        page.locator(".grouping-note label").nth(0).click()
        page.locator(".grouping-note .grouping-here:visible").last.click()
        page.locator("[id^=naming-]").wait_for()
        assert Theme.objects.get().notes.count() == 2
        assert faults == []


def test_few_notes_ask_on_the_spot(live_server):
    live = make_meeting(step="write", people=2).write("lapp en", "lapp to")
    with browser() as chrome:
        page = signed_in(chrome, live_server, live.facilitator, 390, "light", "en").new_page()
        page.goto(f"{live_server.url}/meetings/{live.meeting.id}/lead/", wait_until="load")
        page.locator("#next").click()
        page.locator("#show-anyway").click()
        page.locator("[id^=hold-]").first.wait_for()
        assert page.locator("#refusal").inner_text().strip() == ""


def test_too_much_for_the_wall_is_shown_page_by_page(live_server):
    live = make_meeting(step="write", people=12)
    live.write(*(f"Lapp {number}: " + "mange ord om kvelden " * 8 for number in range(24))).reveal()
    with browser() as chrome:
        page = chrome.new_page(viewport={"width": 1280, "height": 720}, reduced_motion="reduce")
        page.goto(f"{live_server.url}/room/{room_address(live.meeting)}/?lang=en", wait_until="load")
        page.locator("#page-sign", has_text="Side 1 av").wait_for()  # the wall speaks the circle's language
        assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
        bar = page.locator("#joinbar").bounding_box()
        assert bar["y"] + bar["height"] <= 720


def test_with_a_mouse_a_note_can_be_dragged(live_server):
    live = make_meeting(step="write", people=3).write("lapp en", "lapp to", "lapp tre").reveal().go_on()
    with browser() as chrome:
        page = signed_in(chrome, live_server, live.facilitator, 1280, "light", "en").new_page()
        page.goto(f"{live_server.url}/meetings/{live.meeting.id}/lead/", wait_until="load")
        page.locator(".grouping-note", has_text="lapp en").drag_to(
            page.locator(".grouping-note", has_text="lapp to")
        )
        page.locator("[id^=naming-]").wait_for()
        page.locator(".grouping-note", has_text="lapp tre").drag_to(page.locator(".grouping-head h3").first)
        page.wait_for_function("() => !document.querySelector('[data-lone]')")
    assert Theme.objects.get().title == "lapp to"
    assert Theme.objects.get().notes.count() == 3


def test_an_old_television_follows_by_asking(live_server):
    live = make_meeting(step="share")
    with browser() as chrome:
        page = chrome.new_page(viewport={"width": 1280, "height": 720}, reduced_motion="reduce")
        page.route("**/js/live_room.js", lambda route: route.abort())
        page.route("**/js/room.js", lambda route: route.abort())
        page.goto(f"{live_server.url}/room/{room_address(live.meeting)}/?lang=fi", wait_until="load")
        page.add_script_tag(url=f"{live_server.url}/static/js/room_old.js")
        live.go_on()
        page.get_by_role("heading", name=live.step("write").prompt["fi"]).wait_for(timeout=15_000)
