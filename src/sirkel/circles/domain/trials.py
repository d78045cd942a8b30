"""Trials: deciding a small test, and looking back at it."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sirkel.circles.domain.wording import words_for_circle
from sirkel.circles.enums import Mandate, TrialDecision, TrialState
from sirkel.circles.models import Theme, Trial, TrialLook
from sirkel.circles.queries.leading import meeting_led
from sirkel.circles.queries.trial_page import today_at
from sirkel.circles.rules.trial_states import TO_LOOK_AT
from sirkel.kernel import audit, live
from sirkel.kernel.errors import NotFound, Refused
from sirkel.people.models import Person

_LENGTHS = {"what": 300, "who": 200, "when": 200, "prediction": 300, "look_at": 300, "stop_rule": 300}
_MAY_LACK = {"smallest_step": 300, "where": 200, "counted": 80}


@dataclass(frozen=True)
class TrialPlan:
    """What the circle wants to try. ``prediction`` is one sentence.

    The fields with a default may be left out; ``counted`` names what is counted, if anything is.
    ``touches_care`` says that it touches the care of residents or their medication.
    """

    what: str
    who: str
    when: str
    ends_on: date
    prediction: str
    look_at: str
    stop_rule: str
    lang: str
    smallest_step: str = ""
    where: str = ""
    counted: str = ""
    touches_care: bool = False


def kept_plan(*, plan: TrialPlan, at: datetime) -> dict[str, object]:
    """Return a plan's fields as they are kept.

    Raises:
        Refused: ``trials.<field>`` when a field is empty or too long, ``trials.ends_on`` for a day that is past.

    """
    kept: dict[str, object] = {"ends_on": plan.ends_on, "lang": plan.lang, "touches_care": plan.touches_care}
    for field, most in (_LENGTHS | _MAY_LACK).items():
        try:
            kept[field] = words_for_circle(
                getattr(plan, field), most=most, is_sure=True, may_be_empty=field in _MAY_LACK
            )
        except Refused as refused:
            raise Refused(
                f"trials.{field}", refused.message, refused.hint, facts={"field": field}
            ) from refused
    if plan.ends_on < at.date():
        raise Refused("trials.ends_on", _("The last day is in the past."), facts={"field": "ends_on"})
    return kept


def mandate_after(*, touches_care: bool, before: str = Mandate.NOT_NEEDED) -> str:
    """Return the mandate of a trial whose plan was written: what was given stays given while it is needed."""
    if not touches_care:
        return Mandate.NOT_NEEDED
    return Mandate.GIVEN if before == Mandate.GIVEN else Mandate.NEEDED


def decide_trial(
    *,
    acting: Person,
    meeting_id: uuid.UUID,
    plan: TrialPlan,
    at: datetime,
    theme_id: uuid.UUID | None = None,
    trial_id: uuid.UUID | None = None,
) -> Trial:
    """Write down a trial that the circle decided, or change it while its meeting runs.

    Args:
        acting: the facilitator.
        meeting_id: the running meeting.
        plan: the trial.
        at: now.
        theme_id: the theme it grows from; without one, the meeting's chosen theme.
        trial_id: an earlier version to change.

    Raises:
        Refused: ``trials.<field>`` when a field is empty or too long, ``trials.ends_on`` for a day that is past.
        NotFound: no such meeting, theme or trial.

    """
    meeting = meeting_led(acting=acting, meeting_id=meeting_id)
    kept = kept_plan(plan=plan, at=at)
    themes = Theme.objects.filter(circle=meeting.circle)
    theme = (
        themes.filter(id=theme_id).first()
        if theme_id
        else themes.filter(meeting=meeting, is_chosen=True).first()
    )
    if theme_id and theme is None:
        raise NotFound("themes.none", _("There is no such theme."))
    with transaction.atomic():
        values = {**kept, "theme": theme, "mandate": mandate_after(touches_care=plan.touches_care)}
        if trial_id:
            planned = Trial.objects.filter(id=trial_id, meeting=meeting, state=TrialState.PLANNED)
            if not planned.update(**values):
                raise NotFound("trials.none", _("This trial cannot be changed any more."))
            trial = Trial.objects.get(id=trial_id)
        else:
            trial = Trial.objects.create(circle=meeting.circle, meeting=meeting, **values)
            audit.record(
                chain=meeting.circle.organisation_id,
                acting=acting.id,
                verb="trial.decided",
                target=trial.id,
                facts={},
                at=at,
            )
        if meeting.is_running:
            live.emit(room_id=meeting.id)
    return trial


def drop_plan(*, acting: Person, meeting_id: uuid.UUID, trial_id: uuid.UUID) -> None:
    """Take back a trial that was written down in the meeting that still runs."""
    meeting = meeting_led(acting=acting, meeting_id=meeting_id)
    with transaction.atomic():
        Trial.objects.filter(id=trial_id, meeting=meeting, state=TrialState.PLANNED).delete()
        live.emit(room_id=meeting.id)


def look_back(
    *,
    acting: Person,
    meeting_id: uuid.UUID,
    trial_id: uuid.UUID,
    happened: str,
    lang: str,
    at: datetime,
    decision: str = "",
    learning: str = "",
    ends_on: date | None = None,
) -> TrialLook:
    """Write down what happened with a trial and, when the circle decides, what becomes of it.

    ``keep``, ``adapt``, ``drop`` and ``needs_leader`` end the trial; ``longer`` lets it run, to a new last day when
    the old one is past. A stopped trial waits for its decision and never runs again.

    Raises:
        Refused: ``trials.learning`` when a decision comes without one sentence of learning; ``trials.stopped``
            for ``longer`` on a stopped trial; ``trials.ends_on`` for ``longer`` without a last day to come.
        NotFound: not a trial of this circle, not begun, or decided at an earlier meeting.

    """
    meeting = meeting_led(acting=acting, meeting_id=meeting_id)
    trial = Trial.objects.filter(id=trial_id, circle=meeting.circle).exclude(meeting=meeting).first()
    looked_at_here = trial is not None and TrialLook.objects.filter(trial=trial, meeting=meeting).exists()
    if trial is None or not (trial.state in TO_LOOK_AT or looked_at_here):
        raise NotFound("trials.none", _("There is no such trial to look back at."))
    learned = decided_words(trial=trial, decision=decision, learning=learning)
    if decision == TrialDecision.LONGER:
        trial.ends_on = last_day_to_come(trial, ends_on or trial.ends_on, at=at)
    what = words_for_circle(happened, most=500, is_sure=True)
    with transaction.atomic():
        look, _made = TrialLook.objects.update_or_create(
            trial=trial,
            meeting=meeting,
            defaults={"happened": what, "decision": decision, "learning": learned, "lang": lang},
        )
        trial.state = _after_look(trial, decision)
        trial.decision = decision
        trial.learning = learned
        trial.save(update_fields=["state", "decision", "learning", "ends_on"])
        if trial.state == TrialState.DECIDED:
            audit.record(
                chain=meeting.circle.organisation_id,
                acting=acting.id,
                verb=f"trial.{decision}",
                target=trial.id,
                facts={},
                at=at,
            )
        if meeting.is_running:
            live.emit(room_id=meeting.id)
    return look


def last_day_to_come(trial: Trial, day: date | None, *, at: datetime) -> date:
    """Return the last day of a trial that goes on.

    Raises:
        Refused: ``trials.ends_on`` for none, or one that is past at the workplace.

    """
    if day is None or day < today_at(trial.circle, at=at):
        raise Refused("trials.ends_on", _("Choose a last day to come."), facts={"field": "ends_on"})
    return day


def _after_look(trial: Trial, decision: str) -> str:
    if decision and decision != TrialDecision.LONGER:
        return TrialState.DECIDED
    return TrialState.STOPPED if trial.state == TrialState.STOPPED else TrialState.RUNNING


def decided_words(*, trial: Trial, decision: str, learning: str) -> str:
    """Return the learning as it is kept, for a decision that fits the trial; empty only without a decision.

    Raises:
        Refused: ``trials.decision`` for a word that is none, ``trials.learning`` without a sentence beside a
            decision, ``trials.stopped`` for going on with a stopped trial.

    """
    if decision and decision not in TrialDecision.values:
        raise Refused("trials.decision", _("Choose one of the decisions."), facts={"field": "decision"})
    if decision == TrialDecision.LONGER and trial.state == TrialState.STOPPED:
        raise Refused(
            "trials.stopped",
            _("This trial was stopped and does not go on."),
            _("Decide what you learned, and plan a next cycle if you want one."),
            facts={"field": "decision"},
        )
    learned = words_for_circle(learning, most=500, is_sure=True, may_be_empty=True)
    if decision and not learned:
        raise Refused(
            "trials.learning", _("Say in one sentence what you learned."), facts={"field": "learning"}
        )
    return learned
