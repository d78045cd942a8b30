from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from sirkel.circles.domain import trial_logs, trial_moves
from sirkel.circles.enums import LogKind, TrialState
from sirkel.circles.models import TrialLog, TrialReaction
from sirkel.circles.queries.trial_page import trial_page
from sirkel.evidence.run_chart import Verdict
from sirkel.kernel import clock
from sirkel.kernel.errors import NotFound, Refused
from sirkel.kernel.ids import new_id
from tests.factories.meetings import make_circle
from tests.factories.trials import log, make_trial, plan, react

pytestmark = pytest.mark.django_db
FIRST = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def trial():
    circle, facilitator = make_circle()
    made = make_trial(circle, facilitator)
    made.facilitator = facilitator
    return made


def page(trial):
    return trial_page(person=trial.facilitator, circle_id=trial.circle_id, trial_id=trial.id, at=clock.now())


def said(trial):
    return {one.kind: one.count for one in page(trial).said}


def test_one_press_is_enough(trial):
    log(trial)
    log(trial, kind=LogKind.HINDERED, text="Klokkene ringte")
    assert said(trial) == {"did": 1, "not_yet": 0, "hindered": 1}
    assert [one.text for one in page(trial).words] == ["Klokkene ringte"]


def test_sending_twice_is_once_and_corrects(trial):
    entry = {"client_id": new_id(), "text": "En gang"}
    log(trial, **entry)
    log(trial, **entry)
    log(trial, client_id=entry["client_id"], kind=LogKind.NOT_YET)
    assert said(trial) == {"did": 0, "not_yet": 1, "hindered": 0}


def test_what_is_kept_says_neither_who_nor_when(trial):
    client_id = new_id()
    log(trial, client_id=client_id, at=datetime(2026, 3, 2, 23, 30, tzinfo=UTC))
    kept = TrialLog.objects.values().get()
    assert set(kept) == {"id", "trial_id", "client_hash", "kind", "text", "lang", "count", "day"}
    assert kept["day"].isoformat() == "2026-03-03"  # the workplace's day, and nothing finer
    assert client_id.bytes not in bytes(kept["client_hash"])


def test_only_whoever_has_the_id_takes_an_entry_back(trial):
    own, other = new_id(), new_id()
    log(trial, client_id=own)
    log(trial, client_id=other)
    assert not trial_logs.undo_log(trial=trial, client_id=new_id())
    assert trial_logs.undo_log(trial=trial, client_id=own)
    assert not trial_logs.undo_log(trial=trial, client_id=own)
    assert said(trial)["did"] == 1


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ({"kind": "loved"}, "logs.kind"),
        ({"text": "x" * 201}, "notes.too_long"),
        ({"text": "Hun er født 01010750160"}, "notes.national_id"),
        ({"count": 10000}, "logs.count"),
        ({"count": -1}, "logs.count"),
    ],
)
def test_what_is_refused_is_not_kept(trial, entry, code):
    with pytest.raises(Refused) as refused:
        log(trial, **entry)
    assert refused.value.code == code
    assert not TrialLog.objects.exists()
    log(trial)


@pytest.mark.parametrize("state", ["idea", "planned", "waiting_mandate", "learning", "stopped", "decided"])
def test_only_a_running_trial_takes_logs(trial, state):
    other = make_trial(trial.circle, trial.facilitator, state=TrialState(state))
    with pytest.raises(Refused) as refused:
        log(other)
    assert refused.value.code == "trials.not_running"
    log(trial)


def test_a_count_belongs_to_what_was_done_and_named(trial):
    log(trial, count=3)
    log(trial, kind=LogKind.NOT_YET, count=7)
    nameless = make_trial(trial.circle, trial.facilitator, counted="")
    log(nameless, count=5)
    assert sorted(TrialLog.objects.values_list("kind", "count"), key=str) == sorted(
        [("did", 3), ("not_yet", None), ("did", None)], key=str
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        TrialLog.objects.filter(kind=LogKind.NOT_YET).update(count=1)


def test_the_chart_adds_up_days_and_says_nothing_of_few(trial):
    for count in (2, 3):
        log(trial, count=count, at=FIRST)
    log(trial, count=4, at=FIRST + timedelta(days=1))
    chart = page(trial).chart
    assert chart.values == [5, 4]
    assert chart.chart.verdict == Verdict.TOO_FEW


def test_earlier_cycles_are_the_baseline_of_the_next(trial):
    for day in range(10):
        log(trial, count=8 + day % 2, at=FIRST + timedelta(days=day))
    where = {"acting": trial.facilitator, "circle_id": trial.circle_id, "at": clock.now()}
    trial_moves.decide_between(**where, trial_id=trial.id, decision="adapt", learning="Ja.")
    second = trial_moves.plan_next_cycle(
        **where, trial_id=trial.id, plan=plan(), cycle=trial_moves.Cycle("To bord", "To kvelder")
    )
    trial_moves.move_trial(**where, trial_id=second.id, to=TrialState.RUNNING)
    for day in range(10):
        log(second, count=2 + day % 2, at=FIRST + timedelta(days=20 + day))
    second.facilitator = trial.facilitator
    shown = page(second)
    assert [one.id for one in shown.chain] == [trial.id, second.id]
    assert [one.id for one in page(trial).chain] == [trial.id, second.id]
    assert (shown.chart.before, len(shown.chart.points)) == (10, 20)
    assert shown.chart.chart.centre == 8.5
    assert shown.chart.chart.verdict == Verdict.SIGNAL


def test_reactions_are_shown_from_three_on(trial):
    for _colleague in range(2):
        react(trial, text="Bra")
        assert page(trial).reactions.words == ()
        assert [one.count for one in page(trial).reactions.said] == [0, 0, 0]
    react(trial, kind="problem", text="Hvem tar telefonen?")
    assert {one.text for one in page(trial).reactions.words} == {"Bra", "Hvem tar telefonen?"}
    assert [one.count for one in page(trial).reactions.said] == [2, 0, 1]


def test_the_facilitator_deletes_a_reaction_and_nobody_else(trial):
    bad = react(trial, text="Navnet på noen")
    _circle, stranger = make_circle()
    asked = {"circle_id": trial.circle_id, "trial_id": trial.id, "reaction_id": bad.id}
    with pytest.raises(NotFound):
        trial_logs.delete_reaction(acting=stranger, **asked)
    trial_logs.delete_reaction(acting=trial.facilitator, **asked)
    assert not TrialReaction.objects.exists()


def test_a_reaction_holds_no_number_of_a_person_and_no_day(trial):
    with pytest.raises(Refused) as refused:
        react(trial, text="01010750160")
    assert refused.value.code == "notes.national_id"
    react(trial, text="Bra")
    assert set(TrialReaction.objects.values().get()) == {
        "id",
        "trial_id",
        "client_hash",
        "kind",
        "text",
        "lang",
    }
