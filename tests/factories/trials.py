"""Trials between meetings, made through the same verbs as real ones."""

from datetime import timedelta

from sirkel.circles.domain import trial_logs, trial_moves
from sirkel.circles.domain.trials import TrialPlan
from sirkel.circles.enums import LogKind, TrialState
from sirkel.circles.models import Circle, Trial
from sirkel.kernel import clock
from sirkel.kernel.ids import new_id
from sirkel.people.models import Person


def plan(**other: object) -> TrialPlan:
    """Return a whole plan."""
    words = {
        "what": "Én sitter ved bord 2",
        "who": "Vakt B",
        "when": "Hver kveld",
        "ends_on": clock.now().date() + timedelta(days=14),
        "prediction": "Det blir roligere",
        "look_at": "Hvor ofte vi må gå imellom",
        "stop_rule": "Noen får ikke kveldsmat",
        "lang": "nb",
        "counted": "ganger vi gikk imellom",
    }
    return TrialPlan(**(words | other))


def make_trial(
    circle: Circle, facilitator: Person, *, state: TrialState = TrialState.RUNNING, **other: object
) -> Trial:
    """Return a trial that was planned between meetings and then moved on."""
    where = {"acting": facilitator, "circle_id": circle.id}
    if state == TrialState.IDEA:
        return trial_moves.keep_idea(
            **where, what="Lyset dempes", prediction="Det blir roligere", lang="nb", at=clock.now()
        )
    trial = trial_moves.plan_trial(**where, plan=plan(**other), at=clock.now())
    if trial.touches_care and state not in {TrialState.PLANNED, TrialState.WAITING_MANDATE}:
        trial_moves.record_mandate(**where, trial_id=trial.id, is_given=True, at=clock.now())
    steps = {
        TrialState.PLANNED: [],
        TrialState.WAITING_MANDATE: [TrialState.WAITING_MANDATE],
        TrialState.RUNNING: [TrialState.RUNNING],
        TrialState.LEARNING: [TrialState.RUNNING, TrialState.LEARNING],
        TrialState.STOPPED: [TrialState.RUNNING, TrialState.STOPPED],
        TrialState.DECIDED: [TrialState.RUNNING],
    }
    for to in steps[state]:
        trial = trial_moves.move_trial(**where, trial_id=trial.id, to=to, at=clock.now())
    if state == TrialState.DECIDED:
        trial = trial_moves.decide_between(
            **where, trial_id=trial.id, decision="keep", learning="Én person, ett bord.", at=clock.now()
        )
    return trial


def log(trial: Trial, *, kind: str = LogKind.DID, at: object = None, **more: object) -> trial_logs.TrialLog:
    """Return one press of a button."""
    entry = trial_logs.Entry(**({"client_id": new_id(), "kind": kind, "lang": "nb"} | more))
    return trial_logs.log_trial(trial=trial, entry=entry, at=at or clock.now())


def react(trial: Trial, *, kind: str = "helps", text: str = "") -> trial_logs.TrialReaction:
    """Return what a colleague said."""
    return trial_logs.react(
        trial=trial, entry=trial_logs.Entry(client_id=new_id(), kind=kind, lang="nb", text=text)
    )
