import re
from datetime import timedelta

import pytest
from django.urls import reverse

from sirkel.circles.enums import MeetingState, ShareState, TrialDecision
from sirkel.circles.models import Note, ShareItem, Trial
from sirkel.kernel import clock
from tests.factories.meetings import make_meeting, sign_in

pytestmark = pytest.mark.django_db
TRIAL = {
    "what": "Én sitter ved bord 2",
    "who": "Vakt B",
    "when": "Hver kveld",
    "prediction": "Det blir roligere",
    "look_at": "Hvor ofte vi går imellom",
    "stop_rule": "Noen får ikke kveldsmat",
}


def link(live, name, *more):
    return reverse(f"circles:{name}", args=[live.meeting.id, *more])


def words(**other):
    return {**TRIAL, "ends_on": (clock.now() + timedelta(days=14)).date().isoformat(), **other}


def leading(client, **more):
    live = make_meeting(**more)
    sign_in(client, live.facilitator)
    return live


@pytest.fixture
def later(client):
    """The next meeting of a circle whose trial runs, in its look-back step."""
    first = leading(client, step="decide-trial")
    client.post(link(first, "lead-trial-new"), words())
    first.close()
    return make_meeting(circle=first.circle, facilitator=first.facilitator, step="look-back")


def test_a_trial_is_written_down_and_changed(client):
    live = leading(client, step="decide-trial")
    assert client.post(link(live, "lead-trial-new"), words())["Location"] == link(live, "lead")
    trial = Trial.objects.get()
    page = client.get(link(live, "lead")).content.decode()
    assert "Én sitter ved bord 2" in page
    form = client.get(link(live, "lead-trial", trial.id)).content.decode()
    assert "Noen får ikke kveldsmat" in form
    client.post(link(live, "lead-trial", trial.id), words(who="Vakt A"))
    assert Trial.objects.get().who == "Vakt A"
    client.post(link(live, "lead-trial-drop"), {"trial": trial.id})
    assert not Trial.objects.exists()


@pytest.mark.parametrize("field", [*TRIAL, "ends_on"])
def test_an_error_stands_beside_its_field_and_in_the_summary_and_keeps_the_words(client, field):
    live = leading(client, step="decide-trial")
    answer = client.post(link(live, "lead-trial-new"), words(**{field: ""}))
    page = answer.content.decode()
    assert answer.status_code == 400
    assert f'href="#id_{field}"' in page
    assert re.search(rf'id="id_{field}"[^>]*aria-invalid="true"', page) or re.search(
        rf'aria-invalid="true"[^>]*id="id_{field}"', page
    )
    assert ("Vakt B" in page) == (field != "who")
    assert not Trial.objects.exists()


def test_a_day_that_is_past_is_refused_beside_its_field(client):
    live = leading(client, step="decide-trial")
    answer = client.post(link(live, "lead-trial-new"), words(ends_on="2001-01-01"))
    assert answer.status_code == 400
    assert "The last day is in the past." in answer.content.decode()


def test_a_trial_begins_with_the_theme_and_the_day_of_the_next_meeting(client):
    live = leading(client, step="write", people=3).write("lapp en", "lapp to", "lapp tre").reveal()
    live.go_to("choose").reveal()
    note = Note.objects.get(text="lapp to")
    client.post(link(live, "lead-theme"), {"option": note.id, "expected": live.expected})
    make_meeting(
        circle=live.circle,
        facilitator=live.facilitator,
        state=MeetingState.PLANNED,
        starts_at=clock.now().replace(hour=12) + timedelta(days=21),
    )
    page = client.get(link(live, "lead-trial-new")).content.decode()
    assert re.search(r"<option value=\"[^\"]+\" selected>lapp to</option>", page)
    assert (clock.now() + timedelta(days=21)).date().isoformat() in page
    client.post(link(live, "lead-trial-new"), words(theme=str(live.meeting.themes.get().id)))
    assert Trial.objects.get().theme.title == "lapp to"


def test_looking_back_keeps_what_happened_and_decides(client, later):
    trial = Trial.objects.get()
    page = client.get(link(later, "lead")).content.decode()
    assert link(later, "lead-look-back", trial.id) in page
    form = client.get(link(later, "lead-look-back", trial.id)).content.decode()
    assert "Det blir roligere" in form
    told = {"happened": "Det ble stille", "decision": TrialDecision.KEEP, "learning": "Én person, ett bord."}
    refused = client.post(link(later, "lead-look-back", trial.id), {**told, "learning": ""})
    assert refused.status_code == 400
    assert "Say in one sentence what you learned." in refused.content.decode()
    client.post(link(later, "lead-look-back", trial.id), told)
    trial.refresh_from_db()
    assert trial.decision == TrialDecision.KEEP
    assert "Det ble stille" in client.get(link(later, "lead-look-back", trial.id)).content.decode()


def test_trials_of_others_are_not_there(client, later):
    trial = Trial.objects.get()
    assert client.get(link(later, "lead-look-back", trial.id)).status_code == 200
    assert client.get(link(later, "lead-trial", trial.id)).status_code == 404
    stranger = leading(client, step="look-back")
    assert client.get(link(stranger, "lead-look-back", trial.id)).status_code == 404
    assert client.get(link(later, "lead-look-back", trial.id)).status_code == 404


def test_words_for_others_may_be_those_they_rest_on(client):
    live = leading(client, step="write", people=3).write("lapp en", "lapp to", "lapp tre").reveal()
    live.go_to("carry-out")
    note = Note.objects.get(text="lapp to")
    page = client.get(link(live, "lead-share")).content.decode()
    assert f'value="note:{note.id}"' in page
    client.post(link(live, "lead-share"), {"rests_on": f"note:{note.id}", "text": "", "audience": "network"})
    item = ShareItem.objects.get()
    assert (item.text, item.lang, item.note, item.audience) == ("lapp to", "nb", note, "network")
    assert "lapp to" in client.get(link(live, "lead")).content.decode()


def test_words_for_others_may_be_ones_own(client):
    live = leading(client, step="carry-out")
    client.post(link(live, "lead-share"), {"rests_on": "", "text": "Egne ord", "audience": "colleagues"})
    assert ShareItem.objects.get().text == "Egne ord"


@pytest.mark.parametrize(
    ("text", "audience", "rests_on"),
    [("", "network", ""), ("Egne ord", "", ""), ("Egne ord", "all", ""), ("Egne ord", "network", "note:x")],
)
def test_words_without_text_reader_or_true_source_are_refused(client, text, audience, rests_on):
    live = leading(client, step="carry-out")
    fields = {"rests_on": rests_on, "text": text, "audience": audience}
    assert client.post(link(live, "lead-share"), fields).status_code == 400
    assert not ShareItem.objects.exists()


def test_a_note_of_another_circle_is_no_source(client):
    theirs = make_meeting(step="write", people=3).write("x", "y", "z").reveal()
    note = Note.objects.first()
    live = leading(client, step="carry-out")
    assert theirs.meeting != live.meeting
    fields = {"rests_on": f"note:{note.id}", "text": "Ord", "audience": "network"}
    assert client.post(link(live, "lead-share"), fields).status_code == 400


def test_an_objection_is_seen_and_nobody_behind_it(client):
    live = leading(client, step="carry-out", people=3)
    client.post(link(live, "lead-share"), {"text": "Egne ord", "audience": "network"})
    ShareItem.objects.update(state=ShareState.OBJECTED)
    page = client.get(link(live, "lead")).content.decode()
    assert "Stays in the room" in page
    assert not any(str(taken.seat.id) in page for taken in live.taken)


def test_a_proposal_is_taken_back(client):
    live = leading(client, step="carry-out")
    client.post(link(live, "lead-share"), {"text": "Egne ord", "audience": "network"})
    client.post(link(live, "lead-take-back"), {"item": ShareItem.objects.get().id})
    assert not ShareItem.objects.exists()
