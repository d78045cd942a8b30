import re
from datetime import timedelta

import pytest
from django.urls import reverse

from sirkel.circles.domain import choosing, grouping, moderating, sharing, trials
from sirkel.circles.domain.joining import room_address
from sirkel.circles.enums import Audience, MeetingState
from sirkel.circles.models import Meeting, Note
from sirkel.kernel import clock
from sirkel.kernel import live as live_events
from tests.factories.meetings import make_meeting

pytestmark = pytest.mark.django_db
STEPS = (
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
MOST_QUERIES = 20


def address(live, name="room", **query):
    link = reverse(f"circles:{name}", args=[room_address(live.meeting)])
    return f"{link}?{'&'.join(f'{key}={value}' for key, value in query.items())}" if query else link


def shown(client, live, **query):
    page = client.get(address(live, **query))
    assert page.status_code == 200
    return page.content.decode()


@pytest.fixture
def written():
    """A meeting in its write step with four hidden notes, one of them Finnish."""
    live = make_meeting(step="write", people=4).write("lapp en", "lapp to", "lapp tre")
    return live.write("lappu", lang="fi")


@pytest.mark.parametrize("step", STEPS)
def test_every_step_asks_its_question_large_and_asks_the_database_little(
    client, step, django_assert_max_num_queries
):
    live = make_meeting(step=step, people=2)
    with django_assert_max_num_queries(MOST_QUERIES):
        page = shown(client, live)
    assert live.step(step).prompt["nb"] in re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)[1]


def test_before_the_opening_it_says_what_for_and_when_and_gives_no_code(client):
    live = make_meeting(state=MeetingState.PLANNED)
    page = shown(client, live)
    assert "Forstå hva som gjør kveldene urolige" in page
    assert 'class="qr"' not in page


def test_the_time_is_the_workplaces_own(client):
    at = clock.now().replace(month=1, day=15, hour=13, minute=0)
    live = make_meeting(state=MeetingState.PLANNED, starts_at=at)
    assert re.search(r"\b14[.:]00\b", shown(client, live))


def test_the_lobby_shows_the_way_in(client):
    live = make_meeting()
    page = shown(client, live)
    code = live.meeting.join_code
    assert f"{code[:3]} {code[3:]}" in page
    assert 'class="qr"' in page


def test_after_the_close_there_is_no_way_in(client):
    live = make_meeting(step="check-in", people=2)
    code = live.meeting.join_code
    assert code[:3] in shown(client, live)
    live.close()
    page = shown(client, live)
    assert code[:3] not in page
    assert 'class="qr"' not in page


def test_hidden_notes_are_counted_and_not_shown(client, written):
    page = shown(client, written)
    assert "lapp en" not in page
    assert 'id="count">4 ' in page


@pytest.mark.threat(row="T1")
def test_few_hidden_notes_are_not_even_counted(client):
    live = make_meeting(step="write", people=3).write("lapp en")
    page = shown(client, live)
    assert not re.search(r'id="count">\s*\d', page)


def test_shown_notes_carry_the_name_of_a_foreign_language_alone(client, written):
    written.reveal()
    page = shown(client, written)
    assert '<span lang="fi">lappu</span>' in page
    assert page.count('class="language"') == 1
    assert shown(client, written, lang="fi").count('class="language"') == 3


def test_a_note_that_is_held_back_is_not_on_the_wall(client, written):
    written.reveal()
    note = Note.objects.get(text="lapp to")
    hold = {"acting": written.facilitator, "meeting_id": written.meeting.id, "note_id": note.id}
    moderating.hold_note(**hold, is_held=True, at=clock.now())
    assert "lapp to" not in shown(client, written)
    moderating.hold_note(**hold, is_held=False, at=clock.now())
    assert "lapp to" in shown(client, written)


def test_groups_and_what_somebody_doubts(client, written):
    written.reveal().go_on()
    notes = {note.text: note for note in Note.objects.all()}
    grouping.put_together(
        acting=written.facilitator,
        meeting_id=written.meeting.id,
        note_id=notes["lapp en"].id,
        with_note=notes["lapp to"].id,
    )
    moderating.flag_note(
        meeting_id=written.meeting.id, note_id=notes["lapp en"].id, device=written.devices[0]
    )
    page = shown(client, written)
    assert page.count("data-flagged") == 1
    assert page.count("<section") == 2


def test_dots_are_hidden_and_then_a_tie_is_a_tie(client, written):
    written.reveal().go_on().go_on()
    notes = {note.text: str(note.id) for note in Note.objects.all()}
    for phone, text in ((0, "lapp en"), (1, "lapp to")):
        choosing.cast(
            meeting_id=written.meeting.id,
            round_id=written.round.id,
            device=written.devices[phone],
            picks={notes[text]: 2},
        )
    assert 'class="dots"' not in shown(client, written)
    written.reveal()
    page = shown(client, written)
    assert page.count("data-top") == 2
    assert 'class="room-tie"' in page
    choosing.choose_theme(acting=written.facilitator, meeting_id=written.meeting.id, option=notes["lapp en"])
    assert 'class="room-tie"' not in shown(client, written)


def test_what_may_leave_the_room_shows_an_objection_and_nobody_behind_it(client):
    live = make_meeting(step="carry-out", people=3)
    item = sharing.propose(
        acting=live.facilitator,
        meeting_id=live.meeting.id,
        text="Ord som kan ut",
        lang="nb",
        audience=Audience.NETWORK,
    )
    assert 'data-share="proposed"' in shown(client, live)
    sharing.object_to(
        meeting_id=live.meeting.id, round_id=live.round.id, device=live.devices[0], item_ids={item.id}
    )
    page = shown(client, live)
    assert 'data-share="objected"' in page
    assert str(live.taken[0].seat.id) not in page


def test_a_trial_is_read_as_it_is_decided(client):
    live = make_meeting(step="decide-trial", people=3)
    plan = trials.TrialPlan(
        what="Én sitter ved bord 2",
        who="Vakt B",
        when="Hver kveld",
        ends_on=clock.now().date() + timedelta(days=14),
        prediction="Det blir roligere",
        look_at="Hvor ofte",
        stop_rule="Ingen kveldsmat",
        lang="nb",
    )
    trials.decide_trial(acting=live.facilitator, meeting_id=live.meeting.id, plan=plan, at=clock.now())
    page = shown(client, live)
    for words in ("Én sitter ved bord 2", "Vakt B", "Det blir roligere", "Ingen kveldsmat"):
        assert words in page


def test_who_begins_is_a_picture_and_not_a_person(client):
    live = make_meeting(step="check-in", people=3)
    assert re.search(r'id="turn"><b>\w+</b>', shown(client, live))


def test_a_pause_shows_no_running_clock(client):
    live = make_meeting(step="share")
    assert "data-ends" in shown(client, live)
    live.pause()
    page = shown(client, live)
    assert "data-ends" not in page
    assert 'class="room-pause"' in page


def test_nothing_on_the_wall_can_be_pressed(client, written):
    for _state in ("hidden", "shown"):
        page = shown(client, written)
        assert not re.search(r"<(form|button|input|a)\b", page)
        if _state == "hidden":
            written.reveal()


@pytest.mark.parametrize(("asked", "given"), [("", "nb"), ("fi", "fi"), ("sv", "nb"), ("xx", "nb")])
def test_the_screen_speaks_a_language_of_the_circle(client, asked, given):
    live = make_meeting(step="share", languages=("nb", "fi"))
    page = shown(client, live, lang=asked)
    assert f'<html lang="{given}"' in page
    assert live.step("share").prompt[given] in page


@pytest.mark.parametrize(("asked", "given"), [("dark", 'data-look="dark"'), ("light", 'data-look="light"')])
def test_the_look_can_be_asked_for(client, asked, given):
    live = make_meeting()
    assert given in shown(client, live, look=asked)
    assert "data-look" not in shown(client, live, look="pink")


@pytest.mark.parametrize(
    "change", [lambda a: a[:-1] + ("A" if a[-1] != "A" else "B"), lambda a: a[:22], lambda _a: "x"]
)
@pytest.mark.parametrize("name", ["room", "room-state"])
def test_an_address_is_not_guessed(client, change, name):
    live = make_meeting()
    right = room_address(live.meeting)
    assert client.get(reverse(f"circles:{name}", args=[right])).status_code == 200
    assert client.get(reverse(f"circles:{name}", args=[change(right)])).status_code == 404


def test_an_address_opens_its_own_meeting_alone(client):
    live, other = make_meeting(), make_meeting(step="write", people=3)
    mixed = room_address(other.meeting)[:22] + room_address(live.meeting)[22:]
    assert client.get(reverse("circles:room", args=[mixed])).status_code == 404


def test_a_screen_that_asks_hears_nothing_new_or_the_whole_stage(client):
    live = make_meeting(step="share")
    version = live_events.version_of(room_id=live.meeting.id)
    same = client.get(address(live, "room-state", last=version))
    assert same.status_code == 204
    assert same["X-Version"] == str(version)
    fresh = client.get(address(live, "room-state", last=version - 1))
    assert fresh.status_code == 200
    assert fresh["X-Version"] == str(version)
    assert abs(int(fresh["X-Now"]) - clock.now().timestamp() * 1000) < 60_000
    assert fresh.content.decode().strip().startswith('<div class="room" id="stage"')
    assert "no-store" in fresh["Cache-Control"]


def test_a_screen_that_asks_keeps_its_language(client):
    live = make_meeting(step="share")
    fresh = client.get(address(live, "room-state", last=0, lang="fi"))
    assert live.step("share").prompt["fi"] in fresh.content.decode()


def test_a_cancelled_meeting_says_so(client):
    live = make_meeting(state=MeetingState.PLANNED)
    Meeting.objects.filter(id=live.meeting.id).update(state=MeetingState.CANCELLED)
    page = shown(client, live)
    assert 'data-state="over"' in page
    assert 'class="qr"' not in page
