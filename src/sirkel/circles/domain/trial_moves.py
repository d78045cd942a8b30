"""What a circle does with its trials between meetings: plan, begin, stop, decide, and go on in a next cycle."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sirkel.circles.domain.trials import (
    TrialPlan,
    decided_words,
    kept_plan,
    last_day_to_come,
    mandate_after,
)
from sirkel.circles.domain.wording import words_for_circle
from sirkel.circles.enums import Mandate, TrialDecision, TrialState
from sirkel.circles.models import Trial
from sirkel.circles.queries.leading import circle_led
from sirkel.circles.queries.trial_page import today_at, trial_led
from sirkel.circles.rules.trial_states import TO_LOOK_AT, may_go
from sirkel.kernel import audit
from sirkel.kernel.errors import Refused
from sirkel.people.models import Person


def plan_trial(*, acting: Person, circle_id: uuid.UUID, plan: TrialPlan, at: datetime) -> Trial:
    """Write down a trial that the circle agreed on between two meetings. It begins when somebody begins it.

    Raises:
        Refused: as for `trials.kept_plan`.
        NotFound: this person does not facilitate the circle.

    """
    circle = circle_led(acting=acting, circle_id=circle_id)
    kept = kept_plan(plan=plan, at=at)
    with transaction.atomic():
        trial = Trial.objects.create(
            circle=circle, mandate=mandate_after(touches_care=plan.touches_care), **kept
        )
        _record(trial, "trial.planned", acting, at)
    return trial


def keep_idea(
    *, acting: Person, circle_id: uuid.UUID, what: str, prediction: str, lang: str, at: datetime
) -> Trial:
    """Write down an idea for a trial: what, and what the circle believes will happen. The rest comes later.

    Raises:
        Refused: as for notes. NotFound: this person does not facilitate the circle.

    """
    circle = circle_led(acting=acting, circle_id=circle_id)
    words = {
        "what": words_for_circle(what, most=300, is_sure=True),
        "prediction": words_for_circle(prediction, most=300, is_sure=True),
    }
    with transaction.atomic():
        trial = Trial.objects.create(circle=circle, state=TrialState.IDEA, lang=lang, **words)
        _record(trial, "trial.idea", acting, at)
    return trial


def change_plan(
    *, acting: Person, circle_id: uuid.UUID, trial_id: uuid.UUID, plan: TrialPlan, at: datetime
) -> Trial:
    """Change the plan of a trial that has not begun. An idea that has a whole plan is planned.

    Raises:
        Refused: ``trials.begun``, and as for `trials.kept_plan`.
        NotFound: no such trial for this facilitator.

    """
    trial = trial_led(acting=acting, circle_id=circle_id, trial_id=trial_id)
    if not trial.is_changeable:
        raise Refused(
            "trials.begun",
            _("This trial has begun, and its plan stands."),
            _("Stop it, or plan a next cycle with what you want to change."),
            status=409,
        )
    for name, value in kept_plan(plan=plan, at=at).items():
        setattr(trial, name, value)
    trial.mandate = mandate_after(touches_care=plan.touches_care, before=trial.mandate)
    if trial.state == TrialState.IDEA or not trial.touches_care:
        trial.state = TrialState.PLANNED
    with transaction.atomic():
        trial.save()
        _record(trial, "trial.changed", acting, at)
    return trial


def move_trial(*, acting: Person, circle_id: uuid.UUID, trial_id: uuid.UUID, to: str, at: datetime) -> Trial:
    """Move a trial to another state: begin it, let it wait for the mandate, stop it, look at it.

    Deciding has a verb of its own. Saying the same twice changes nothing.

    Raises:
        Refused: ``trials.state`` for a way that is not in the table, ``trials.mandate`` for beginning without
            the mandate that it needs, ``trials.plan`` and ``trials.ends_on`` for beginning without a whole plan.
        NotFound: no such trial for this facilitator.

    """
    trial = trial_led(acting=acting, circle_id=circle_id, trial_id=trial_id)
    if trial.state == to:
        return trial
    if to == TrialState.DECIDED or not may_go(trial.state, to):
        raise Refused("trials.state", _("This trial cannot go there from where it stands."), status=409)
    if to == TrialState.RUNNING:
        _must_be_ready(trial, today_at(trial.circle, at=at))
    elif to in {TrialState.PLANNED, TrialState.WAITING_MANDATE} and not (trial.ends_on and trial.stop_rule):
        raise _no_plan()
    with transaction.atomic():
        trial.state = to
        trial.save(update_fields=["state"])
        _record(trial, f"trial.{to}", acting, at)
    return trial


def _no_plan() -> Refused:
    return Refused("trials.plan", _("The plan is not whole yet."), _("Write the last day and when to stop."))


def _must_be_ready(trial: Trial, today: date) -> None:
    if not (trial.ends_on and trial.stop_rule):
        raise _no_plan()
    if trial.ends_on < today:
        raise Refused(
            "trials.ends_on",
            _("Its last day is past."),
            _("Choose a later last day."),
            facts={"field": "ends_on"},
        )
    if trial.lacks_mandate:
        raise Refused(
            "trials.mandate",
            _("This trial touches care and needs the leader's yes first."),
            _("Send the leader one line about it, or change the plan."),
            status=409,
        )


def record_mandate(
    *, acting: Person, circle_id: uuid.UUID, trial_id: uuid.UUID, is_given: bool, at: datetime
) -> Trial:
    """Write down that the leader gave the mandate a trial needs, or that it was not so.

    Raises:
        Refused: ``trials.begun`` for taking it back once the trial runs; ``trials.no_mandate`` where none is needed.
        NotFound: no such trial for this facilitator.

    """
    trial = trial_led(acting=acting, circle_id=circle_id, trial_id=trial_id)
    if not trial.touches_care:
        raise Refused("trials.no_mandate", _("This trial needs no mandate."), status=409)
    if not is_given and not trial.is_changeable:
        raise Refused(
            "trials.begun", _("This trial has begun."), _("Stop it if it must not go on."), status=409
        )
    with transaction.atomic():
        trial.mandate = Mandate.GIVEN if is_given else Mandate.NEEDED
        trial.save(update_fields=["mandate"])
        _record(trial, "trial.mandate_given" if is_given else "trial.mandate_taken_back", acting, at)
    return trial


def decide_between(
    *,
    acting: Person,
    circle_id: uuid.UUID,
    trial_id: uuid.UUID,
    decision: str,
    learning: str,
    at: datetime,
    ends_on: date | None = None,
) -> Trial:
    """Decide a trial outside a meeting, with one sentence of learning; ``longer`` needs a new last day.

    Raises:
        Refused: ``trials.decision``, ``trials.learning``, ``trials.stopped``; ``trials.ends_on`` for going on
            without a day to come; ``trials.state`` for a trial that has not begun or is decided.
        NotFound: no such trial for this facilitator.

    """
    trial = trial_led(acting=acting, circle_id=circle_id, trial_id=trial_id)
    if trial.state not in TO_LOOK_AT:
        raise Refused("trials.state", _("There is nothing to decide about this trial now."), status=409)
    if not decision:
        raise Refused("trials.decision", _("Choose one of the decisions."), facts={"field": "decision"})
    learned = decided_words(trial=trial, decision=decision, learning=learning)
    trial.decision, trial.learning = decision, learned
    if decision == TrialDecision.LONGER:
        trial.ends_on, trial.state = last_day_to_come(trial, ends_on, at=at), TrialState.RUNNING
    else:
        trial.state = TrialState.DECIDED
    with transaction.atomic():
        trial.save(update_fields=["decision", "learning", "ends_on", "state"])
        _record(trial, f"trial.{decision}", acting, at)
    return trial


@dataclass(frozen=True)
class Cycle:
    """What is different in a next cycle, and how much larger it is; each one line."""

    change: str
    scale: str


def plan_next_cycle(
    *, acting: Person, circle_id: uuid.UUID, trial_id: uuid.UUID, plan: TrialPlan, cycle: Cycle, at: datetime
) -> Trial:
    """Plan the next cycle of a trial that was decided or stopped.

    Raises:
        Refused: ``trials.state`` while the trial is not over; ``trials.followed`` when it has a next cycle;
            ``trials.change`` and ``trials.scale`` as for notes; as for `trials.kept_plan`.
        NotFound: no such trial for this facilitator.

    """
    before = trial_led(acting=acting, circle_id=circle_id, trial_id=trial_id)
    if before.state not in {TrialState.DECIDED, TrialState.STOPPED}:
        raise Refused("trials.state", _("Decide about this trial first."), status=409)
    if before.next_cycles.exists():
        raise Refused("trials.followed", _("The next cycle is already planned."), status=409)
    words = {}
    for field, most in (("change", 300), ("scale", 200)):
        try:
            words[field] = words_for_circle(getattr(cycle, field), most=most, is_sure=True)
        except Refused as refused:
            raise Refused(
                f"trials.{field}", refused.message, refused.hint, facts={"field": field}
            ) from refused
    kept = kept_plan(plan=plan, at=at)
    with transaction.atomic():
        trial = Trial.objects.create(
            circle=before.circle,
            theme=before.theme,
            follows=before,
            mandate=mandate_after(touches_care=plan.touches_care),
            **words,
            **kept,
        )
        _record(trial, "trial.next_cycle", acting, at)
    return trial


def show_to_colleagues(
    *, acting: Person, circle_id: uuid.UUID, trial_id: uuid.UUID, is_shown: bool, at: datetime
) -> Trial:
    """Let colleagues outside the circle see the plan through its poster, or end that at once.

    Raises:
        NotFound: no such trial for this facilitator.

    """
    trial = trial_led(acting=acting, circle_id=circle_id, trial_id=trial_id)
    with transaction.atomic():
        trial.is_on_poster = is_shown
        trial.save(update_fields=["is_on_poster"])
        _record(trial, "trial.shown" if is_shown else "trial.hidden", acting, at)
    return trial


def renew_links(*, acting: Person, circle_id: uuid.UUID, trial_id: uuid.UUID, at: datetime) -> Trial:
    """Make a trial's signed links anew: whatever was printed or sent before opens nothing any more.

    Raises:
        NotFound: no such trial for this facilitator.

    """
    trial = trial_led(acting=acting, circle_id=circle_id, trial_id=trial_id)
    with transaction.atomic():
        trial.link_epoch += 1
        trial.save(update_fields=["link_epoch"])
        _record(trial, "trial.links_renewed", acting, at)
    return trial


def _record(trial: Trial, verb: str, acting: Person, at: datetime) -> None:
    audit.record(
        chain=trial.circle.organisation_id, acting=acting.id, verb=verb, target=trial.id, facts={}, at=at
    )
