import re
from datetime import timedelta

import pytest

from sirkel.circles.enums import MeetingState
from sirkel.circles.models import InboxNote, Note
from sirkel.circles.views.surface import render_surface
from sirkel.kernel import clock
from sirkel.kernel.live import version_of
from sirkel.kernel.live.changes import Change
from tests.circles.web.leads import leading, link, page_of, press
from tests.factories.meetings import make_circle, make_facilitator, make_meeting, make_workplace, sign_in

pytestmark = pytest.mark.django_db
STEPS = (
    "",
    "check-in",
    "look-back",
    "share",
    "write",
    "group",
    "choose",
    "deepen",
    "decide-trial",
    "carry-out",
    "check-out",
)
CONTROLS = (
    "open",
    "go-on",
    "back",
    "show",
    "more-time",
    "pause",
    "resume",
    "turn",
    "chance",
    "paper-card",
    "signing",
    "hold",
    "group",
    "name",
    "theme",
    "lay-card",
    "trial-drop",
    "take-back",
    "hand-over",
    "take-over",
    "heartbeat",
    "close",
)
PAGES = ("lead", "lead-state", "lead-close", "lead-trial-new", "lead-share", "lead-sheet", "lead-sheet-new")
MOST_QUERIES = 20


@pytest.mark.parametrize("step", STEPS)
def test_every_step_can_be_led_and_asks_the_database_little(client, step, django_assert_max_num_queries):
    live = leading(client, step=step, people=2)
    with django_assert_max_num_queries(MOST_QUERIES):
        page = page_of(client, live)
    for line in live.meeting.steps.all():
        assert line.title["en"] in page


def test_the_words_to_say_are_on_the_page_in_the_readers_language(client):
    live = leading(client, step="share")
    page = client.get(link(live, "lead"), headers={"Accept-Language": "fi"}).content.decode()
    assert live.step("share").say["fi"] in page


@pytest.mark.parametrize("name", PAGES)
def test_pages_ask_a_visitor_to_sign_in_and_tell_a_stranger_nothing(client, name):
    live = make_meeting(step="check-in")
    assert client.get(link(live, name)).status_code == 302
    sign_in(client, make_meeting().facilitator)
    assert client.get(link(live, name)).status_code == 404
    sign_in(client, live.facilitator)
    assert client.get(link(live, name)).status_code == 200


@pytest.mark.parametrize("control", CONTROLS)
def test_nobody_else_presses_a_control(client, control):
    live = make_meeting(step="write", people=3).write("en", "to", "tre")
    version = version_of(room_id=live.meeting.id)
    fields = {"note": InboxNote.objects.first().id, "held": "yes", "text": "x", "card": "1", "with": "alone:"}
    assert press(client, live, control, **fields).status_code == 302
    sign_in(client, make_meeting().facilitator)
    assert press(client, live, control, **fields).status_code == 404
    assert press(client, live, control, htmx=True, **fields).status_code == 404
    assert version_of(room_id=live.meeting.id) == version


@pytest.mark.parametrize("control", CONTROLS[:-1])
def test_a_control_is_never_a_link(client, control):
    live = leading(client, step="check-in")
    assert client.get(link(live, f"lead-{control}")).status_code == 405


def test_a_whole_meeting_by_plain_forms(client):
    live = leading(client, state=MeetingState.PLANNED)
    for control, words in (("open", "People are coming in"), ("go-on", live.step("check-in").prompt["en"])):
        answer = press(client, live, control)
        assert answer["Location"] == link(live, "lead")
        assert words in page_of(client, live)
    for key in STEPS[2:]:
        press(client, live, "go-on")
        assert live.step(key).prompt["en"] in page_of(client, live)
    assert link(live, "lead-close") in page_of(client, live)
    client.post(link(live, "lead-close"), {"people": "7"})
    live.meeting.refresh_from_db()
    assert live.meeting.state == MeetingState.HELD
    assert live.meeting.attendance_count == 7


def test_a_double_tap_moves_once_and_says_where_the_meeting_is(client):
    live = leading(client, step="check-in")
    before = live.expected
    assert press(client, live, "go-on").status_code == 302
    again = press(client, live, "go-on", expected=before)
    assert again.status_code == 409
    assert "The meeting has moved on" in again.content.decode()
    assert live.round.step.key == "look-back"


def test_back_keeps_what_was_written(client):
    live = leading(client, step="write", people=3).write("lapp en", "lapp to", "lapp tre").reveal().go_on()
    assert "nothing is lost" in page_of(client, live)
    press(client, live, "back")
    assert live.round.step.key == "write"
    assert Note.objects.count() == 3


@pytest.mark.parametrize(
    ("step", "words"),
    [("", "Begin:"), ("check-in", "Go on to:"), ("write", "Show the notes"), ("choose", "Show the result")],
)
def test_the_big_button_says_what_it_does(client, step, words):
    live = leading(client, step=step, people=2)
    big = re.search(r'id="next">.*?<span>(.*?)</span>', page_of(client, live), re.DOTALL)
    assert big[1].startswith(words)


def test_two_minutes_more_and_a_pause(client):
    live = leading(client, step="check-in")
    press(client, live, "more-time")
    assert live.step("check-in").extra_minutes == 2
    press(client, live, "pause")
    assert 'id="resume"' in page_of(client, live)
    press(client, live, "resume")
    assert 'id="pause"' in page_of(client, live)


def test_few_notes_ask_before_they_are_shown(client):
    live = leading(client, step="write", people=3).write("lapp en", "lapp to")
    answer = press(client, live, "show")
    assert answer.status_code == 409
    assert 'name="despite_few"' in answer.content.decode()
    assert not Note.objects.exists()
    assert press(client, live, "show", despite_few="yes").status_code == 302
    assert Note.objects.count() == 2


def test_hidden_notes_are_hidden_from_the_facilitator_too(client):
    live = leading(client, step="write", people=4).write("lapp en", "lapp to", "lapp tre", "lapp fire")
    page = page_of(client, live)
    assert "lapp en" not in page
    assert 'id="count">4 notes' in page
    live.reveal()
    assert "lapp en" in page_of(client, live)


def test_sent_by_script_an_action_asks_for_news_and_a_refusal_has_its_place(client):
    live = leading(client, step="check-in")
    before = live.expected
    done = press(client, live, "go-on", htmx=True)
    assert (done.status_code, done["HX-Trigger"]) == (204, "sirkel-done")
    refused = press(client, live, "go-on", htmx=True, expected=before)
    assert (refused.status_code, refused["HX-Retarget"]) == (409, "#refusal")
    assert refused.content.decode().strip().startswith('<div id="refusal"')


@pytest.mark.parametrize("fields", [{"expected": "no-id"}, {"expected": ""}])
def test_a_form_that_lacks_something_is_refused_and_nothing_moves(client, fields):
    live = leading(client, step="look-back")
    assert press(client, live, "back", **fields).status_code == 400
    assert live.round.step.key == "look-back"
    assert press(client, live, "back").status_code == 302


@pytest.fixture
def pair(client):
    """A running meeting whose circle has two facilitators; the other one is signed in."""
    workplace = make_workplace()
    other = make_facilitator(workplace, first_name="Prøve")
    circle, first = make_circle(workplace=workplace, others=(other,))
    live = make_meeting(circle=circle, facilitator=first, step="check-in")
    sign_in(client, other)
    return live, other


def beat(client, live):
    return client.post(link(live, "lead-heartbeat")).json()


def test_the_other_facilitator_sees_who_holds_the_controls_and_waits_a_minute(client, pair):
    live, other = pair
    assert "<b>Eksempel</b> holds the controls." in page_of(client, live)
    assert beat(client, live) == {"running": True, "mine": False, "free": False}
    assert press(client, live, "take-over").status_code == 409
    with clock.moved(timedelta(seconds=61)):
        assert beat(client, live)["free"]
        assert press(client, live, "take-over").status_code == 302
        assert beat(client, live) == {"running": True, "mine": True, "free": False}
    live.meeting.refresh_from_db()
    assert live.meeting.driver == other


def test_a_beating_screen_keeps_its_controls(client, pair):
    live, _other = pair
    with clock.moved(timedelta(seconds=50)):
        sign_in(client, live.facilitator)
        assert beat(client, live)["mine"]
    with clock.moved(timedelta(seconds=90)):
        sign_in(client, pair[1])
        assert press(client, live, "go-on").status_code == 409
    assert live.round.step.key == "check-in"


def test_controls_that_are_handed_over_are_free_at_once(client, pair):
    live, other = pair
    sign_in(client, live.facilitator)
    press(client, live, "hand-over")
    sign_in(client, other)
    assert press(client, live, "go-on").status_code == 302
    assert live.round.step.key == "look-back"


def test_closing_asks_for_a_number_it_can_keep(client):
    live = leading(client, step="check-out", people=4)
    assert 'value="4"' in client.get(link(live, "lead-close")).content.decode()
    for wrong in ("many", "-1", "61"):
        answer = client.post(link(live, "lead-close"), {"people": wrong})
        assert answer.status_code == 400
        assert f'value="{wrong}"' in answer.content.decode()
    live.meeting.refresh_from_db()
    assert live.meeting.is_running
    client.post(link(live, "lead-close"), {"people": ""})
    live.meeting.refresh_from_db()
    assert live.meeting.attendance_count == 4


def test_a_screen_that_asks_hears_nothing_new_or_the_whole_stage(client):
    live = leading(client, step="share")
    version = version_of(room_id=live.meeting.id)
    assert client.get(link(live, "lead-state") + f"?last={version}").status_code == 204
    fresh = client.get(link(live, "lead-state") + "?last=0")
    assert fresh["X-Version"] == str(version)
    assert fresh.content.decode().strip().startswith('<div class="lead" id="stage"')


@pytest.mark.parametrize("step", STEPS)
def test_what_is_streamed_is_the_same_for_every_facilitator(step):
    live = make_meeting(step=step, people=2)
    streamed = render_surface("facilitator", live.meeting.id, Change(1, "state", {}), "en").strip()
    assert streamed.startswith('<div class="lead" id="stage"')
    assert "csrfmiddlewaretoken" not in streamed
    for kind in ("note", "count", "people", "turn", "joinbar", "driver"):
        region = render_surface("facilitator", live.meeting.id, Change(1, kind, {}), "en").strip()
        assert re.match(r"<\w+[^>]* id=\"\w+\"", region)


@pytest.mark.parametrize(("late", "words"), [(0, "on time"), (10, "10 min behind"), (-10, "10 min ahead")])
def test_the_head_says_how_the_time_goes(client, late, words):
    live = leading(client, starts_at=clock.now() - timedelta(minutes=late))
    assert words in page_of(client, live)


@pytest.mark.parametrize("page", ["lead", "lead-close", "lead-sheet", "lead-sheet-new", "lead-share"])
def test_signing_out_is_at_hand_and_asks_first(client, page):
    """ASVS 7.4.4: a press beside the others ends nothing, and leads back to the meeting."""
    live = leading(client, step="write")
    way = f"/accounts/logout/?stay={link(live, 'lead')}"
    assert f'href="{way}"' in client.get(link(live, page)).content.decode()
    asked = client.get(way).content.decode()
    assert f'href="{link(live, "lead")}"' in asked
    assert client.get(link(live, "lead")).status_code == 200
    assert client.post("/accounts/logout/").status_code == 302
    assert client.get(link(live, "lead")).status_code == 302


def test_when_the_meeting_is_over_too_and_no_way_leads_out_of_the_house(client):
    live = leading(client, step="write")
    live.close()
    assert 'href="/accounts/logout/' in page_of(client, live)
    for away in ("https://example.org/", "//example.org/", "javascript:alert(1)"):
        page = client.get("/accounts/logout/", {"stay": away}).content.decode()
        assert f'href="{away}' not in page
        assert 'href="/circles/"' in page
