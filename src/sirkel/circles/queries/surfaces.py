"""What the three surfaces of a running meeting show, in one reader's language.

Everything here is the same for everybody who looks at the same surface in the same language:
nothing of a single device, so that one rendering serves all.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from sirkel.circles.enums import MeetingState, RoundState, ShareState, StepKind
from sirkel.circles.models import InboxNote, Meeting, Note, Round, ShareItem, Tally, Theme, Trial
from sirkel.circles.queries.note_views import NoteView, note_view
from sirkel.circles.queries.rounds import current_round, is_hidden, options_of, source_notes, themes_of
from sirkel.circles.queries.sittings import Other, is_read_in, other_of, siblings, themes_to_choose
from sirkel.circles.queries.steps import StepView, run_sheet, step_line
from sirkel.circles.rules import methods
from sirkel.circles.rules.bands import coarse_count
from sirkel.circles.rules.texts import in_language
from sirkel.circles.rules.trial_states import TO_LOOK_AT
from sirkel.people.queries.seats import seat_count, seats_in, waiting_numbers


@dataclass(frozen=True)
class GroupView:
    """Notes that belong together; ``theme`` is None for those that stand alone."""

    theme: Theme | None
    notes: list[NoteView]


@dataclass(frozen=True)
class OptionView:
    """Something to choose. ``count`` is None until the round is shown; ``is_top`` marks the most chosen, ties included."""

    id: uuid.UUID
    text: str
    lang: str
    count: int | None = None
    is_top: bool = False
    stances: dict[str, int] = field(default_factory=dict)


@dataclass
class MeetingView:
    """A running meeting as one surface shows it. Times are aware, UTC; ``ends_at`` is None while paused or before the start.

    What a small change of a surface rarely shows (run sheet, people, themes) is read when it is asked for.
    """

    meeting: Meeting
    version: int
    language: str
    round: Round | None = None
    ends_at: datetime | None = None
    remaining_seconds: int | None = None
    notes: list[NoteView] = field(default_factory=list)
    parked: list[NoteView] = field(default_factory=list)
    hidden_count: int | None = None
    has_hidden: bool = False
    held_ids: list[uuid.UUID] = field(default_factory=list)
    groups: list[GroupView] = field(default_factory=list)
    options: list[OptionView] = field(default_factory=list)
    is_tie: bool = False
    speaker: str = ""
    speaker_id: str = ""
    trials: list[Trial] = field(default_factory=list)
    new_trials: list[Trial] = field(default_factory=list)
    items: list[ShareItem] = field(default_factory=list)
    card: str = ""

    @cached_property
    def steps(self) -> list[StepView]:
        """The lines of the run sheet that are not skipped, in order."""
        return run_sheet(self.meeting, language=self.language, current=self.round)

    @cached_property
    def now(self) -> StepView | None:
        """The line that runs."""
        if self.round is None:
            return None
        return step_line(
            self.round.step, language=self.language, starts_at=self.round.began_at, is_now=True, is_past=False
        )

    @cached_property
    def people(self) -> int:
        """How many phones are in the meeting; afterwards how many people were there."""
        if self.meeting.is_running:
            return seat_count(room=self.meeting.id)
        return self.meeting.attendance_count or 0

    @cached_property
    def waiting(self) -> list[int]:
        """The numbers of those who wait at the closed door."""
        return waiting_numbers(room=self.meeting.id) if self.meeting.is_running else []

    @cached_property
    def themes(self) -> list[Theme]:
        """The meeting's themes in the order they were made."""
        return list(themes_of(self.meeting))

    @cached_property
    def chosen_theme(self) -> Theme | None:
        """The theme that the circle chose in this meeting."""
        return next((theme for theme in self.themes if theme.is_chosen), None)

    @cached_property
    def others(self) -> list[Meeting]:
        """The other sitting of this meeting number; empty where there is one."""
        return list(siblings(self.meeting))

    @property
    def held_count(self) -> int:
        """How many notes of the round the facilitator holds back."""
        return len(self.held_ids)

    @property
    def themes_here(self) -> Sequence[Theme]:
        """The themes to choose among, those of the other sitting among them."""
        return list(themes_to_choose(self.meeting)) if self.others else self.themes

    @cached_property
    def other(self) -> Other:
        """What comes from the other sitting of this meeting number into the running step."""
        if self.now is None or not is_read_in(self.now.step.kind, is_open=self.is_open):
            return Other()
        step = self.now.step
        return other_of(self.others, kind=step.kind, key=step.key, is_open=self.is_open)

    @property
    def kind(self) -> str:
        """The kind of the running step; ``before`` the opening, ``lobby`` before the first step, ``over`` after the close."""
        if self.meeting.is_running:
            return self.now.step.kind if self.now else "lobby"
        return "before" if self.meeting.state in {MeetingState.DRAFT, MeetingState.PLANNED} else "over"

    @property
    def is_open(self) -> bool:
        """Whether people can act in the running round."""
        return self.round is not None and self.round.state == RoundState.OPEN

    @property
    def method(self) -> str:
        """How a choose step chooses: dots or stance."""
        return str(self.now.step.settings.get("method", "dots")) if self.now else ""


def meeting_view(*, meeting: Meeting, version: int, language: str, at: datetime) -> MeetingView:
    """Return what a surface shows now.

    Args:
        meeting: the meeting, with its circle.
        version: the live version this view stands for.
        language: the reader's.
        at: now.

    """
    round_ = current_round(meeting)
    view = MeetingView(meeting=meeting, version=version, language=language, round=round_)
    if round_ is None:
        return view
    _time(view, round_, at)
    _FILL.get(round_.step.kind, _notes)(view, round_)
    if round_.card:
        view.card = in_language(methods.card(round_.card).text, language)[0]
    return view


def _time(view: MeetingView, round_: Round, at: datetime) -> None:
    ends_at = round_.began_at + timedelta(minutes=round_.step.minutes + round_.step.extra_minutes)
    since = view.meeting.paused_at or at
    view.remaining_seconds = int((ends_at - since).total_seconds())
    view.ends_at = None if view.meeting.paused_at else ends_at


def _notes(view: MeetingView, round_: Round) -> None:
    """Fill in what is written in this round: a coarse count while hidden, the words once shown."""
    waiting = InboxNote.objects.filter(round=round_)
    if round_.state == RoundState.OPEN and is_hidden(round_):
        count = waiting.count()
        view.has_hidden, view.hidden_count = count > 0, coarse_count(count)
        return
    shown = Note.objects.filter(round=round_, is_withdrawn=False).order_by("position", "id")
    if round_.state == RoundState.OPEN:  # all its notes wait in the inbox until they are shown together
        shown = shown.none()
    # Random ids are the only order an open round has in the view: nothing shows who was first.
    notes = [note_view(note) for note in shown] + [note_view(note) for note in waiting.order_by("id")]
    view.notes = [note for note in notes if not note.is_held and not note.is_parked]
    view.parked = [note for note in notes if not note.is_held and note.is_parked]
    view.held_ids = [note.id for note in notes if note.is_held]


def _group(view: MeetingView, round_: Round) -> None:
    notes = list(source_notes(round_.step))
    for theme in view.themes:
        view.groups.append(
            GroupView(theme=theme, notes=[note_view(note) for note in notes if note.theme_id == theme.id])
        )
    alone = [note_view(note) for note in notes if note.theme_id is None]
    if alone:
        view.groups.append(GroupView(theme=None, notes=alone))


def _choose(view: MeetingView, round_: Round) -> None:
    counts: dict[uuid.UUID, dict[str, int]] = {}
    if round_.state != RoundState.OPEN:
        for tally in Tally.objects.filter(round=round_):
            counts.setdefault(tally.option, {})[tally.value] = tally.count
    is_shown = round_.state != RoundState.OPEN
    top = max((values.get("dots", 0) for values in counts.values()), default=0)
    for option, text, lang in options_of(round_.step, themes=view.themes_here):
        values = counts.get(option, {})
        dots = values.get("dots", 0)
        view.options.append(
            OptionView(
                id=option,
                text=text,
                lang=lang,
                count=dots if is_shown else None,
                is_top=is_shown and dots > 0 and dots == top,
                stances={name: count for name, count in values.items() if name != "dots"},
            )
        )
    if is_shown:
        view.options.sort(key=lambda option: -(option.count or 0))
        view.is_tie = sum(option.is_top for option in view.options) > 1


def _talk(view: MeetingView, round_: Round) -> None:
    _notes(view, round_)
    if round_.turn_at < len(round_.turn_order):
        seat = seats_in(room=view.meeting.id).filter(id=round_.turn_order[round_.turn_at]).first()
        if seat:
            view.speaker_id = str(seat.id)
            view.speaker = methods.picture_name(seat.picture, view.language)


def open_trials(meeting: Meeting) -> list[Trial]:
    """Return the trials a meeting looks back at: begun ones of the circle, and those it has just decided on."""
    earlier = Trial.objects.filter(circle=meeting.circle).exclude(meeting=meeting)
    earlier = earlier.exclude(meeting__in=siblings(meeting))
    found = earlier.filter(state__in=sorted(TO_LOOK_AT)) | earlier.filter(looks__meeting=meeting)
    return list(found.distinct().order_by("ends_on", "id"))


def _look_back(view: MeetingView, round_: Round) -> None:
    _notes(view, round_)
    view.trials = open_trials(view.meeting)


def _decide(view: MeetingView, round_: Round) -> None:
    del round_
    view.new_trials = list(Trial.objects.filter(meeting=view.meeting).order_by("ends_on", "id"))


def _carry_out(view: MeetingView, round_: Round) -> None:
    del round_
    view.items = list(
        ShareItem.objects.filter(meeting=view.meeting).exclude(state=ShareState.WITHDRAWN).order_by("id")
    )


_FILL: dict[str, Any] = {
    StepKind.GROUP: _group,
    StepKind.CHOOSE: _choose,
    StepKind.TALK: _talk,
    StepKind.LOOK_BACK: _look_back,
    StepKind.DECIDE_TRIAL: _decide,
    StepKind.CARRY_OUT: _carry_out,
}
