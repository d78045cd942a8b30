"""Changing a meeting's run sheet, before it and while it runs: only steps that have not begun move."""

import uuid
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from sirkel.circles.domain.offering import chosen
from sirkel.circles.domain.step_words import StepWords, check_language, check_minutes, kept_words
from sirkel.circles.enums import MeetingState, StepKind
from sirkel.circles.models import Meeting, Round, Step
from sirkel.circles.queries.leading import meeting_led
from sirkel.circles.rules import methods
from sirkel.circles.rules.method_data import SETTINGS, SOURCES, StepPlan
from sirkel.circles.rules.run_sheets import misfit, nearest_source
from sirkel.kernel import audit, live
from sirkel.kernel.errors import NotFound, Refused
from sirkel.people.models import Person

MOST_STEPS = 30
_CHANGEABLE = {MeetingState.DRAFT, MeetingState.PLANNED, MeetingState.RUNNING}


def skip_step(
    *, acting: Person, meeting_id: uuid.UUID, step_id: uuid.UUID, is_skipped: bool, at: datetime
) -> Step:
    """Leave a step out of the meeting, or take it in again. Nothing of it is deleted.

    Raises:
        NotFound: ``sheet.none``. Refused: ``sheet.begun``, ``sheet.source``, ``meetings.state``.

    """
    with transaction.atomic():
        meeting, step = _open_step(acting, meeting_id, step_id)
        step.is_skipped = is_skipped
        step.save(update_fields=["is_skipped"])
        _settle(meeting, acting, "step.skipped" if is_skipped else "step.taken_in", at, step)
    return step


def move_step(
    *, acting: Person, meeting_id: uuid.UUID, step_id: uuid.UUID, later: bool, at: datetime
) -> Step:
    """Move a step one place earlier or later, never before what has begun.

    Raises:
        Refused: ``sheet.end`` when there is no place to move to; as for ``skip_step``.

    """
    with transaction.atomic():
        meeting, step = _open_step(acting, meeting_id, step_id)
        others = meeting.steps.filter(position__gt=_passed(meeting))
        if later:
            other = others.filter(position__gt=step.position).order_by("position").first()
        else:
            other = others.filter(position__lt=step.position).order_by("-position").first()
        if other is None:
            raise Refused("sheet.end", _("The step cannot move further that way."))
        step.position, other.position = other.position, step.position
        Step.objects.bulk_update([step, other], ["position"])
        _settle(meeting, acting, "step.moved", at, step)
    return step


def set_minutes(
    *, acting: Person, meeting_id: uuid.UUID, step_id: uuid.UUID, minutes: int, at: datetime
) -> Step:
    """Make a step shorter or longer: 1 to 120 minutes.

    Raises:
        Refused: ``sheet.minutes`` outside of that; as for ``skip_step``.

    """
    check_minutes(minutes)
    with transaction.atomic():
        meeting, step = _open_step(acting, meeting_id, step_id)
        step.minutes = minutes
        step.save(update_fields=["minutes"])
        _settle(meeting, acting, "step.timed", at, step)
    return step


def change_words(
    *,
    acting: Person,
    meeting_id: uuid.UUID,
    step_id: uuid.UUID,
    language: str,
    words: StepWords,
    at: datetime,
) -> Step:
    """Change the words of a step in one language; the others stay as they are.

    The running step can be reworded too, since a question that nobody understands helps nobody.

    Raises:
        Refused: ``sheet.language`` for an unknown one; ``sheet.<field>`` as for notes; ``meetings.state``.
        NotFound: ``sheet.none``.

    """
    check_language(language)
    kept = kept_words(words)
    with transaction.atomic():
        meeting, step = _step(acting, meeting_id, step_id)
        for name, text in kept.items():
            setattr(step, name, {**getattr(step, name), language: text})
        step.save(update_fields=list(kept))
        _settle(meeting, acting, "step.reworded", at, step)
    return step


def add_step(
    *,
    acting: Person,
    meeting_id: uuid.UUID,
    kind: StepKind,
    minutes: int,
    language: str,
    words: StepWords,
    at: datetime,
    after: uuid.UUID | None = None,
) -> Step:
    """Add a step of one's own.

    Args:
        acting: the facilitator.
        meeting_id: the meeting.
        kind: what people do in it; a group or choose step works on the nearest earlier notes.
        minutes: 1 to 120.
        language: the language of the words.
        words: its title and question.
        at: now.
        after: the step it follows; without one, the last.

    Raises:
        Refused: ``sheet.source`` when there are no notes to work on, ``sheet.many`` above 30 steps;
            as for ``set_minutes`` and ``change_words``.

    """
    check_minutes(minutes)
    check_language(language)
    texts = {name: {language: text} for name, text in kept_words(words).items()}
    usual = {name: value for name, (value, _may) in SETTINGS[kind].items()}
    with transaction.atomic():
        meeting = _changeable(acting, meeting_id)
        return _put(meeting, acting, kind, minutes, texts, usual, after, at)


def copy_step(
    *,
    acting: Person,
    meeting_id: uuid.UUID,
    method_id: str,
    key: str,
    at: datetime,
    after: uuid.UUID | None = None,
) -> Step:
    """Add a copy of a step of any method that is offered, or of the meeting's own, in every language.

    Raises:
        NotFound: ``sheet.none`` when no method has such a step.
        Refused: ``circles.method`` for a method that is not offered; as for ``add_step``.

    """
    plan = _plan(method_id, key)
    texts = {name: dict(getattr(plan, name)) for name in ("title", "prompt", "hint", "say")}
    with transaction.atomic():
        meeting = _changeable(acting, meeting_id)
        chosen(organisation_id=meeting.circle.organisation_id, method_id=method_id, kept=meeting.method)
        return _put(meeting, acting, StepKind(plan.kind), plan.minutes, texts, dict(plan.settings), after, at)


def _put(
    meeting: Meeting,
    acting: Person,
    kind: StepKind,
    minutes: int,
    texts: Mapping[str, dict[str, str]],
    wanted: dict[str, object],
    after: uuid.UUID | None,
    at: datetime,
) -> Step:
    steps = list(meeting.steps.order_by("position"))
    if len(steps) >= MOST_STEPS:
        raise Refused(
            "sheet.many", _("The run sheet is full."), _("Leave a step out or use another run sheet.")
        )
    place = _place(meeting, steps, after)
    wanted = {name: value for name, value in wanted.items() if name != "source"}
    if kind in SOURCES:
        source = nearest_source(steps[:place], kind)
        if source is None:
            raise _no_source()
        wanted["source"] = source
    step = Step(
        meeting=meeting,
        key=_free_key({step.key for step in steps}),
        kind=kind,
        minutes=minutes,
        settings=wanted,
        position=place,
        **texts,
    )
    steps.insert(place, step)
    for position, other in enumerate(steps):
        other.position = position
    step.save()
    Step.objects.bulk_update([other for other in steps if other is not step], ["position"])
    _settle(meeting, acting, "step.added", at, step)
    return step


def _place(meeting: Meeting, steps: list[Step], after: uuid.UUID | None) -> int:
    passed = _passed(meeting)
    earliest = sum(step.position <= passed for step in steps)
    if after is None:
        return len(steps)
    place = next((index + 1 for index, step in enumerate(steps) if step.id == after), None)
    if place is None:
        raise NotFound("sheet.none", _("There is no such step."))
    return max(place, earliest)


def _free_key(taken: set[str]) -> str:
    return next(key for number in range(1, MOST_STEPS + 2) if (key := f"own-{number}") not in taken)


def _plan(method_id: str, key: str) -> StepPlan:
    try:
        return next(plan for plan in methods.method(method_id).steps if plan.key == key)
    except (KeyError, StopIteration) as error:
        raise NotFound("sheet.none", _("There is no such step.")) from error


def _changeable(acting: Person, meeting_id: uuid.UUID) -> Meeting:
    meeting = meeting_led(acting=acting, meeting_id=meeting_id, lock=True)
    if meeting.state not in _CHANGEABLE:
        raise Refused("meetings.state", _("This meeting cannot be changed any more."), status=409)
    return meeting


def _step(acting: Person, meeting_id: uuid.UUID, step_id: uuid.UUID) -> tuple[Meeting, Step]:
    meeting = _changeable(acting, meeting_id)
    step = meeting.steps.filter(id=step_id).first()
    if step is None:
        raise NotFound("sheet.none", _("There is no such step."))
    return meeting, step


def _passed(meeting: Meeting) -> int:
    """Return the place up to which the meeting has come; -1 before its first step."""
    last = Round.objects.filter(step__meeting=meeting).aggregate(last=Max("step__position"))["last"]
    return -1 if last is None else int(last)


def _open_step(acting: Person, meeting_id: uuid.UUID, step_id: uuid.UUID) -> tuple[Meeting, Step]:
    meeting, step = _step(acting, meeting_id, step_id)
    if step.position <= _passed(meeting):
        raise Refused(
            "sheet.begun",
            _("The meeting has come past this step, so it stays as it is."),
            _("Going back to it is still possible."),
            status=409,
        )
    return meeting, step


def _no_source() -> Refused:
    return Refused(
        "sheet.source",
        _("Grouping and choosing need notes from an earlier step."),
        _("Put a writing step before it, or leave it out too."),
    )


def _settle(meeting: Meeting, acting: Person, verb: str, at: datetime, step: Step) -> None:
    """Refuse a sheet whose steps do not fit each other; write the change down and tell the screens."""
    if misfit(list(meeting.steps.order_by("position"))) is not None:
        raise _no_source()
    audit.record(
        chain=meeting.circle.organisation_id,
        acting=acting.id,
        verb=verb,
        target=meeting.id,
        facts={"step": step.key, "kind": step.kind},
        at=at,
    )
    if meeting.is_running:
        live.emit(room_id=meeting.id)
