"""What the facilitator's own screen asks for beyond what everybody sees."""

import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from sirkel.circles.enums import MeetingState, TrialState
from sirkel.circles.models import InboxNote, Meeting, Note, Round, Step, Theme, Trial, TrialLook
from sirkel.circles.queries.note_views import NoteView, note_view
from sirkel.circles.queries.steps import StepView
from sirkel.circles.queries.surfaces import MeetingView, open_trials
from sirkel.circles.rules.texts import in_language
from sirkel.kernel.errors import NotFound

# A meeting opened further from its planned start than this is measured from its opening.
STARTS_NEARBY = timedelta(hours=1)


@dataclass(frozen=True)
class Source:
    """Something that words for others can rest on. ``value`` is ``note:<id>``, ``theme:<id>`` or ``trial:<id>``."""

    value: str
    text: str
    lang: str


def held_notes(of_round: Round) -> list[NoteView]:
    """Return the notes of a round that are held back from the room, in the order of their random ids.

    Notes that still hide in an open writing round are never among them.
    """
    held = [note_view(note) for note in Note.objects.filter(round=of_round, is_held=True, is_withdrawn=False)]
    held += [note_view(note) for note in InboxNote.objects.filter(round=of_round, is_held=True)]
    return sorted(held, key=lambda note: str(note.id))


def share_sources(meeting: Meeting) -> list[Source]:
    """Return what the circle may build words for others on: this meeting's themes, trials and shown notes."""
    themes = [
        Source(f"theme:{theme.id}", theme.title, theme.lang)
        for theme in Theme.objects.filter(meeting=meeting).order_by("-is_chosen", "position")
    ]
    trials = [
        Source(f"trial:{trial.id}", trial.learning or trial.what, trial.lang)
        for trial in Trial.objects.filter(circle=meeting.circle_id).order_by("-ends_on", "id")[:10]
    ]
    notes = [
        Source(f"note:{note.id}", note.text, note.lang)
        for note in Note.objects.filter(
            round__step__meeting=meeting, is_held=False, is_withdrawn=False
        ).order_by("position", "id")
    ]
    return themes + trials + notes


def trial_of(*, meeting: Meeting, trial_id: uuid.UUID) -> Trial:
    """Return a trial that this meeting wrote down and may still change.

    Raises:
        NotFound: there is none.

    """
    trial = Trial.objects.filter(id=trial_id, meeting=meeting, state=TrialState.PLANNED).first()
    if trial is None:
        raise NotFound("trials.none", _("This trial cannot be changed any more."))
    return trial


def trial_to_look_at(*, meeting: Meeting, trial_id: uuid.UUID) -> Trial:
    """Return an earlier trial of the circle that this meeting may look back at.

    Raises:
        NotFound: it is not this circle's, is this meeting's own, or was decided at an earlier meeting.

    """
    trial = next((trial for trial in open_trials(meeting) if trial.id == trial_id), None)
    if trial is None:
        raise NotFound("trials.none", _("There is no such trial to look back at."))
    return trial


def look_of(*, meeting: Meeting, trial: Trial) -> TrialLook | None:
    """Return what this meeting already said about a trial, or None."""
    return TrialLook.objects.filter(meeting=meeting, trial=trial).first()


def next_meeting(meeting: Meeting) -> Meeting | None:
    """Return the circle's next meeting after this one that is not cancelled, or None."""
    later = Meeting.objects.filter(circle=meeting.circle_id, starts_at__gt=meeting.starts_at)
    later = later.exclude(state=MeetingState.CANCELLED).exclude(number=meeting.number)
    return later.order_by("starts_at").first()


def drift_minutes(view: MeetingView) -> int:
    """Return how many minutes the meeting will end after its planned end; negative when before.

    Measured from the run sheet as it stands: what is left of the running step, and every step after it.
    """
    meeting = view.meeting
    if not view.steps or meeting.opened_at is None:
        return 0
    is_nearby = abs(meeting.opened_at - meeting.starts_at) < STARTS_NEARBY
    start = meeting.starts_at if is_nearby else meeting.opened_at
    last = view.steps[-1]
    ends = last.starts_at + timedelta(minutes=last.step.minutes + last.step.extra_minutes)
    if view.remaining_seconds is not None and view.remaining_seconds < 0:
        ends -= timedelta(seconds=view.remaining_seconds)
    late = ends - (start + timedelta(minutes=meeting.duration_minutes))
    return round(late.total_seconds() / 60)


def neighbours(view: MeetingView) -> tuple[StepView | None, StepView | None]:
    """Return the steps before and after the running one; before the first step, nothing and the first."""
    now = next((index for index, line in enumerate(view.steps) if line.is_now), -1)
    before = view.steps[now - 1] if now > 0 else None
    after = view.steps[now + 1] if now + 1 < len(view.steps) else None
    return before, after


def step_of(*, meeting: Meeting, step_id: uuid.UUID) -> Step:
    """Return a step of a meeting's run sheet.

    Raises:
        NotFound: there is none.

    """
    step = meeting.steps.filter(id=step_id).first()
    if step is None:
        raise NotFound("sheet.none", _("There is no such step."))
    return step


@dataclass(frozen=True)
class SheetLine:
    """One line of the run sheet as it is changed. ``is_open`` says whether it may move, be left out or timed anew."""

    step: Step
    title: str
    prompt: str
    is_open: bool
    is_first: bool
    is_last: bool


def sheet_lines(meeting: Meeting, *, language: str) -> list[SheetLine]:
    """Return every step of a meeting, those left out too, in their order."""
    steps = list(meeting.steps.order_by("position"))
    last = Round.objects.filter(step__meeting=meeting).aggregate(last=Max("step__position"))["last"]
    passed = -1 if last is None else last
    is_changeable = meeting.state in {MeetingState.DRAFT, MeetingState.PLANNED, MeetingState.RUNNING}
    movable = [step for step in steps if step.position > passed]
    return [
        SheetLine(
            step=step,
            title=in_language(step.title, language)[0],
            prompt=in_language(step.prompt, language)[0],
            is_open=is_changeable and step.position > passed,
            is_first=bool(movable) and step is movable[0],
            is_last=bool(movable) and step is movable[-1],
        )
        for step in steps
    ]
