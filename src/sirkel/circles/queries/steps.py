"""The lines of a run sheet in one reader's language, each with the time at which it begins."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Min

from sirkel.circles.models import Meeting, Round, Step
from sirkel.circles.rules.texts import in_language


@dataclass(frozen=True)
class StepView:
    """One line of the run sheet in the reader's language."""

    step: Step
    title: str
    prompt: str
    hint: str
    say: str
    starts_at: datetime
    is_now: bool
    is_past: bool


def run_sheet(meeting: Meeting, *, language: str, current: Round | None) -> list[StepView]:
    """Return the lines of the run sheet: when each step began, and when those to come are meant to."""
    lines = []
    at = meeting.opened_at or meeting.starts_at
    began = Round.objects.filter(step__meeting=meeting).values_list("step_id").annotate(Min("began_at"))
    first_begun = dict(began.order_by())
    position = current.step.position if current else -1
    for step in meeting.steps.filter(is_skipped=False).order_by("position"):
        if current and step.id == current.step_id:
            at = current.began_at
        elif current and step.position < position:
            at = first_begun.get(step.id, at)
        lines.append(
            step_line(
                step,
                language=language,
                starts_at=at,
                is_now=step.position == position,
                is_past=step.position < position,
            )
        )
        at += timedelta(minutes=step.minutes + step.extra_minutes)
    return lines


def step_line(step: Step, *, language: str, starts_at: datetime, is_now: bool, is_past: bool) -> StepView:
    """Return one line of the run sheet in this language."""
    return StepView(
        step=step,
        title=in_language(step.title, language)[0],
        prompt=in_language(step.prompt, language)[0],
        hint=in_language(step.hint, language)[0],
        say=in_language(step.say, language)[0],
        starts_at=starts_at,
        is_now=is_now,
        is_past=is_past,
    )
