from datetime import timedelta
from itertools import product

import pytest
from django.db import IntegrityError, transaction

from sirkel.circles.domain import trial_moves, trials
from sirkel.circles.enums import Mandate, TrialState
from sirkel.circles.models import Trial
from sirkel.circles.rules.trial_states import ALLOWED, may_go
from sirkel.kernel import clock
from sirkel.kernel.errors import NotFound, Refused
from tests.factories.meetings import make_circle, make_meeting
from tests.factories.trials import make_trial, plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    """A circle and its facilitator, as the verbs want them."""
    circle, facilitator = make_circle()
    return {"acting": facilitator, "circle_id": circle.id}


@pytest.fixture
def made(here):
    """Make a trial in a state."""
    circle, facilitator = make_circle()
    here.update(acting=facilitator, circle_id=circle.id)
    return lambda state=TrialState.RUNNING, **other: make_trial(circle, facilitator, state=state, **other)


def test_every_state_has_its_row():
    assert set(ALLOWED) == set(TrialState.values)
    assert set().union(*ALLOWED.values()) <= set(TrialState.values)


@pytest.mark.parametrize(("before", "to"), list(product(TrialState, TrialState)))
def test_a_trial_goes_where_the_table_says_and_nowhere_else(here, made, before, to):
    trial = made(before)
    Trial.objects.filter(id=trial.id).update(**_whole_plan())
    move = {**here, "trial_id": trial.id, "to": to, "at": clock.now()}
    # Deciding is never a plain move: it needs a decision and what was learned.
    if before == to or (may_go(before, to) and to != TrialState.DECIDED):
        assert trial_moves.move_trial(**move).state == to
    else:
        with pytest.raises(Refused) as refused:
            trial_moves.move_trial(**move)
        assert refused.value.code == "trials.state"
    trial.refresh_from_db()
    assert trial.state == (to if may_go(before, to) and to != TrialState.DECIDED else before)


def _whole_plan():
    return {"ends_on": clock.now().date() + timedelta(days=7), "stop_rule": "Noen blir urolige"}


@pytest.mark.parametrize("lacking", [{"ends_on": None}, {"stop_rule": ""}])
@pytest.mark.parametrize("state", ["planned", "waiting_mandate", "running", "learning", "decided"])
def test_the_database_wants_an_end_and_a_stop_rule(made, lacking, state):
    trial = made(TrialState.DECIDED)
    found = Trial.objects.filter(id=trial.id)
    with pytest.raises(IntegrityError), transaction.atomic():
        found.update(state=state, **lacking)
    found.update(state=TrialState.IDEA, **lacking)


@pytest.mark.parametrize("state", ["running", "learning"])
@pytest.mark.parametrize("mandate", [Mandate.NEEDED, Mandate.NOT_NEEDED])
def test_the_database_wants_the_mandate_before_care_is_touched(made, state, mandate):
    trial = made(TrialState.PLANNED, touches_care=True)
    found = Trial.objects.filter(id=trial.id)
    with pytest.raises(IntegrityError), transaction.atomic():
        found.update(state=state, mandate=mandate)
    found.update(state=state, mandate=Mandate.GIVEN)


@pytest.mark.parametrize("lacking", [{"decision": ""}, {"learning": ""}])
def test_the_database_wants_a_decision_and_its_learning(made, lacking):
    trial = made(TrialState.DECIDED)
    with pytest.raises(IntegrityError), transaction.atomic():
        Trial.objects.filter(id=trial.id).update(**lacking)


def test_a_trial_on_care_begins_when_the_leader_has_said_yes(here, made):
    trial = made(TrialState.PLANNED, touches_care=True)
    asked = {**here, "trial_id": trial.id, "at": clock.now()}
    with pytest.raises(Refused) as refused:
        trial_moves.move_trial(**asked, to=TrialState.RUNNING)
    assert refused.value.code == "trials.mandate"
    trial_moves.move_trial(**asked, to=TrialState.WAITING_MANDATE)
    trial_moves.record_mandate(**asked, is_given=True)
    assert trial_moves.move_trial(**asked, to=TrialState.RUNNING).state == TrialState.RUNNING
    with pytest.raises(Refused) as refused:
        trial_moves.record_mandate(**asked, is_given=False)
    assert refused.value.code == "trials.begun"


def test_a_trial_on_care_that_a_meeting_decided_waits_when_it_closes():
    live = make_meeting(step="decide-trial", people=3)
    asked = {"acting": live.facilitator, "meeting_id": live.meeting.id, "at": clock.now()}
    on_care = trials.decide_trial(**asked, plan=plan(touches_care=True))
    other = trials.decide_trial(**asked, plan=plan())
    live.close()
    on_care.refresh_from_db()
    other.refresh_from_db()
    assert (on_care.state, other.state) == (TrialState.WAITING_MANDATE, TrialState.RUNNING)


def test_what_was_given_is_not_asked_for_again_when_the_plan_changes(here, made):
    trial = made(TrialState.PLANNED, touches_care=True)
    asked = {**here, "trial_id": trial.id, "at": clock.now()}
    trial_moves.record_mandate(**asked, is_given=True)
    assert (
        trial_moves.change_plan(**asked, plan=plan(who="Vakt A", touches_care=True)).mandate == Mandate.GIVEN
    )
    assert trial_moves.change_plan(**asked, plan=plan(touches_care=False)).mandate == Mandate.NOT_NEEDED


def test_an_idea_is_planned_when_its_plan_is_whole(here, made):
    trial = made(TrialState.IDEA)
    asked = {**here, "trial_id": trial.id, "at": clock.now()}
    with pytest.raises(Refused) as refused:
        trial_moves.move_trial(**asked, to=TrialState.PLANNED)
    assert refused.value.code == "trials.plan"
    assert trial_moves.change_plan(**asked, plan=plan()).state == TrialState.PLANNED


def test_a_plan_stands_once_it_has_begun(here, made):
    trial = made()
    with pytest.raises(Refused) as refused:
        trial_moves.change_plan(**here, trial_id=trial.id, plan=plan(), at=clock.now())
    assert refused.value.code == "trials.begun"


def test_a_trial_does_not_begin_after_its_last_day(here, made):
    trial = made(TrialState.PLANNED)
    Trial.objects.filter(id=trial.id).update(ends_on=clock.now().date() - timedelta(days=2))
    with pytest.raises(Refused) as refused:
        trial_moves.move_trial(**here, trial_id=trial.id, to=TrialState.RUNNING, at=clock.now())
    assert refused.value.code == "trials.ends_on"


@pytest.mark.parametrize("decision", ["keep", "adapt", "drop", "needs_leader"])
def test_deciding_between_meetings_takes_a_sentence(here, made, decision):
    asked = {**here, "trial_id": made().id, "decision": decision, "at": clock.now()}
    with pytest.raises(Refused) as refused:
        trial_moves.decide_between(**asked, learning=" ")
    assert refused.value.code == "trials.learning"
    decided = trial_moves.decide_between(**asked, learning="Én person, ett bord.")
    assert (decided.state, decided.decision) == (TrialState.DECIDED, decision)
    with pytest.raises(Refused) as refused:
        trial_moves.decide_between(**asked, learning="En gang til.")
    assert refused.value.code == "trials.state"


def test_longer_goes_on_to_a_new_last_day_and_a_stopped_one_does_not(here, made):
    later = clock.now().date() + timedelta(days=30)
    asked = {**here, "decision": "longer", "learning": "For kort tid.", "at": clock.now()}
    trial, stopped = made(TrialState.LEARNING), made(TrialState.STOPPED)
    with pytest.raises(Refused) as refused:
        trial_moves.decide_between(**asked, trial_id=trial.id)
    assert refused.value.code == "trials.ends_on"
    with pytest.raises(Refused) as refused:
        trial_moves.decide_between(**asked, trial_id=stopped.id, ends_on=later)
    assert refused.value.code == "trials.stopped"
    went_on = trial_moves.decide_between(**asked, trial_id=trial.id, ends_on=later)
    assert (went_on.state, went_on.ends_on) == (TrialState.RUNNING, later)


def test_a_next_cycle_says_what_changes_and_hangs_on_the_one_before(here, made):
    first = made(TrialState.DECIDED)
    asked = {**here, "trial_id": first.id, "plan": plan(), "at": clock.now()}
    for change, scale in (("", "To kvelder"), ("To bord", " ")):
        with pytest.raises(Refused):
            trial_moves.plan_next_cycle(**asked, cycle=trial_moves.Cycle(change=change, scale=scale))
    second = trial_moves.plan_next_cycle(**asked, cycle=trial_moves.Cycle("To bord", "To kvelder"))
    assert (second.follows, second.state) == (first, TrialState.PLANNED)
    with pytest.raises(Refused) as refused:
        trial_moves.plan_next_cycle(**asked, cycle=trial_moves.Cycle("Tre bord", "Hele huset"))
    assert refused.value.code == "trials.followed"


def test_a_running_trial_has_no_next_cycle_yet(here, made):
    with pytest.raises(Refused) as refused:
        trial_moves.plan_next_cycle(
            **here, trial_id=made().id, plan=plan(), cycle=trial_moves.Cycle("a", "b"), at=clock.now()
        )
    assert refused.value.code == "trials.state"


@pytest.mark.parametrize(
    "act",
    [
        lambda a: trial_moves.move_trial(**a, to=TrialState.STOPPED),
        lambda a: trial_moves.decide_between(**a, decision="drop", learning="Nei."),
        lambda a: trial_moves.show_to_colleagues(**a, is_shown=True),
        lambda a: trial_moves.renew_links(**a),
    ],
)
def test_only_the_circles_facilitator_acts(here, made, act):
    trial = made()
    _other, stranger = make_circle()
    asked = {**here, "trial_id": trial.id, "at": clock.now()}
    with pytest.raises(NotFound):
        act(asked | {"acting": stranger})
    act(asked)
