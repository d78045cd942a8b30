from dataclasses import replace
from datetime import timedelta

import pytest

from sirkel.circles.domain import choosing, trials
from sirkel.circles.enums import TrialDecision, TrialState
from sirkel.circles.models import Theme, Trial
from sirkel.circles.queries.surfaces import open_trials
from sirkel.kernel import clock
from sirkel.kernel.errors import NotFound, Refused
from tests.factories.meetings import make_meeting

pytestmark = pytest.mark.django_db


def plan(**other):
    base = trials.TrialPlan(
        what="Én sitter ved bord 2",
        who="Vakt B",
        when="Hver kveld",
        ends_on=clock.now().date() + timedelta(days=14),
        prediction="Det blir roligere",
        look_at="Hvor ofte vi må gå imellom",
        stop_rule="Noen får ikke kveldsmat",
        lang="nb",
    )
    return replace(base, **other)


def decide(live, **other):
    return trials.decide_trial(
        acting=live.facilitator, meeting_id=live.meeting.id, plan=plan(**other), at=clock.now()
    )


def look(live, trial, **more):
    asked = {"happened": "Det ble stille", "lang": "nb", "at": clock.now(), **more}
    return trials.look_back(acting=live.facilitator, meeting_id=live.meeting.id, trial_id=trial.id, **asked)


@pytest.fixture
def live():
    return make_meeting(step="decide-trial", people=3)


@pytest.fixture
def later(live):
    """The next meeting of a circle whose trial has begun to run, in its look-back step."""
    decide(live)
    live.close()
    return make_meeting(circle=live.circle, facilitator=live.facilitator, step="look-back")


def test_a_trial_is_planned_until_its_meeting_closes(live):
    trial = decide(live)
    assert trial.state == TrialState.PLANNED
    live.close()
    trial.refresh_from_db()
    assert trial.state == TrialState.RUNNING


def test_a_trial_grows_from_the_chosen_theme(live):
    theme = Theme.objects.create(circle=live.circle, meeting=live.meeting, title="Bord 2", lang="nb")
    choosing.choose_theme(acting=live.facilitator, meeting_id=live.meeting.id, option=theme.id)
    assert decide(live).theme == theme


@pytest.mark.parametrize("field", ["what", "who", "when", "prediction", "look_at", "stop_rule"])
@pytest.mark.parametrize("words", ["", "   ", "x" * 301])
def test_every_part_of_a_trial_is_needed_and_short(live, field, words):
    with pytest.raises(Refused) as refused:
        decide(live, **{field: words})
    assert refused.value.code == f"trials.{field}"
    assert refused.value.facts["field"] == field
    assert not Trial.objects.exists()
    decide(live)


def test_a_trial_does_not_end_before_it_begins(live):
    with pytest.raises(Refused) as refused:
        decide(live, ends_on=clock.now().date() - timedelta(days=1))
    assert refused.value.code == "trials.ends_on"


def test_several_trials_and_a_change_of_mind(live):
    first, second = decide(live), decide(live, what="Lyset dempes kl. 18")
    trials.decide_trial(
        acting=live.facilitator,
        meeting_id=live.meeting.id,
        plan=plan(who="Vakt A"),
        at=clock.now(),
        trial_id=first.id,
    )
    trials.drop_plan(acting=live.facilitator, meeting_id=live.meeting.id, trial_id=second.id)
    assert list(Trial.objects.values_list("who", flat=True)) == ["Vakt A"]


def test_a_running_trial_is_neither_rewritten_nor_taken_back(later):
    trial = Trial.objects.get()
    for meeting in (trial.meeting, later.meeting):
        with pytest.raises(NotFound):
            trials.decide_trial(
                acting=later.facilitator,
                meeting_id=meeting.id,
                plan=plan(who="Vakt A"),
                at=clock.now(),
                trial_id=trial.id,
            )
    trials.drop_plan(acting=later.facilitator, meeting_id=later.meeting.id, trial_id=trial.id)
    assert Trial.objects.get().who == "Vakt B"


@pytest.mark.parametrize(
    ("decision", "state"),
    [
        (TrialDecision.KEEP, TrialState.DECIDED),
        (TrialDecision.ADAPT, TrialState.DECIDED),
        (TrialDecision.DROP, TrialState.DECIDED),
        (TrialDecision.NEEDS_LEADER, TrialState.DECIDED),
        (TrialDecision.LONGER, TrialState.RUNNING),
        ("", TrialState.RUNNING),
    ],
)
def test_looking_back_decides_or_lets_it_run(later, decision, state):
    trial = Trial.objects.get()
    look(later, trial, decision=decision, learning="Én person, ett bord.")
    trial.refresh_from_db()
    assert trial.state == state
    assert trial in open_trials(later.meeting)


def test_trying_longer_needs_a_last_day_to_come(later):
    trial = Trial.objects.get()
    today = clock.now().date()
    Trial.objects.filter(id=trial.id).update(ends_on=today - timedelta(days=3))
    longer = {"decision": TrialDecision.LONGER, "learning": "For kort tid."}
    for past in (None, today - timedelta(days=2)):
        with pytest.raises(Refused) as refused:
            look(later, trial, **longer, ends_on=past)
        assert (refused.value.code, refused.value.facts) == ("trials.ends_on", {"field": "ends_on"})
    look(later, trial, **longer, ends_on=today + timedelta(days=9))
    trial.refresh_from_db()
    assert (trial.state, trial.ends_on) == (TrialState.RUNNING, today + timedelta(days=9))


def test_a_decision_needs_a_sentence_of_learning(later):
    trial = Trial.objects.get()
    with pytest.raises(Refused) as refused:
        look(later, trial, decision=TrialDecision.DROP)
    assert refused.value.code == "trials.learning"
    look(later, trial, decision=TrialDecision.DROP, learning="Det hjalp ikke.")


def test_what_was_written_can_be_changed_in_the_same_meeting_and_not_later(later):
    trial = Trial.objects.get()
    look(later, trial, decision=TrialDecision.DROP, learning="Det hjalp ikke.")
    look(later, trial, decision=TrialDecision.KEEP, learning="Jo, det hjalp.")
    assert later.meeting.looks.get().learning == "Jo, det hjalp."
    later.close()
    third = make_meeting(circle=later.circle, facilitator=later.facilitator, step="look-back")
    assert open_trials(third.meeting) == []
    with pytest.raises(NotFound):
        look(third, trial)


def test_a_meeting_does_not_look_back_at_its_own_or_a_strangers_trial(later, live):
    own = decide(later)
    stranger = make_meeting(step="look-back")
    for meeting in (later, stranger):
        with pytest.raises(NotFound):
            look(meeting, own)
