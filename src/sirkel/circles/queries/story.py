"""The story of a circle: what happened when, as a picture and as a list. Who sees what of it is decided here.

Inside the circle the story has its trials and its changes of facilitator. From around it, it is structure alone:
phases, meetings, pauses, changes of leader, and that a line was sent and answered; never words, never a person.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sirkel.circles.enums import (
    CircleState,
    HaltReason,
    HandoverAnswer,
    MeetingState,
    TrialDecision,
    TrialState,
)
from sirkel.circles.models import Circle, Trial
from sirkel.circles.queries.life import Life, lives_of
from sirkel.circles.queries.standing import Standing, standing_of
from sirkel.people.models import Person

# What happens on one day stands in this order.
_ORDER = (
    *("begun", "phase", "closed", "paused", "resumed", "leader", "facilitator"),
    *("moved", "meeting", "trial", "trial_over", "line_answered", "line_due", "line", "look_back", "ended"),
)


@dataclass(frozen=True, slots=True)
class StoryLine:
    """One thing that happened, or is to come, on a day. ``kind`` says what it is; the rest is empty unless it has it."""

    day: date
    kind: str
    is_to_come: bool = False
    number: int = 0
    state: str = ""
    phase: CircleState | None = None
    reason: HaltReason | None = None
    trial: Trial | None = None
    decision: TrialDecision | None = None
    answer: HandoverAnswer | None = None
    other_day: date | None = None

    @property
    def is_late(self) -> bool:
        """Whether it came after the day it was promised for."""
        return self.other_day is not None and self.day > self.other_day

    @property
    def dot(self) -> str:
        """How its dot in a list looks."""
        if self.state == MeetingState.CANCELLED:
            return "cancelled"
        if self.kind in {"moved", "paused", "ended"}:
            return "moved"
        return "to_come" if self.is_to_come else "done"


@dataclass(frozen=True)
class Rings:
    """What the growth rings are drawn from. ``gaps`` has, for each cancelled meeting, how many rings lie inside it.

    ``kept`` is None for whoever sees structure alone: whether a trial was kept or dropped is the circle's.
    """

    held: int
    to_come: int
    gaps: tuple[int, ...]
    kept: int | None

    @property
    def planned(self) -> int:
        """Rings in all, those to come included."""
        return self.held + self.to_come

    @property
    def cancelled(self) -> int:
        """How many meetings were cancelled."""
        return len(self.gaps)


@dataclass(frozen=True)
class Story:
    """One circle's story for one person: its lines in order of time, and its rings."""

    standing: Standing
    life: Life
    lines: tuple[StoryLine, ...]
    rings: Rings

    @property
    def circle(self) -> Circle:
        """The circle."""
        return self.standing.circle

    @property
    def is_begun(self) -> bool:
        """Whether anything but the beginning is in it."""
        return len(self.lines) > 1


def story_of(*, person: Person, circle_id: uuid.UUID, at: datetime) -> Story:
    """Return a circle's story for whoever belongs to it, or leads or represents its workplace.

    Raises:
        NotFound: it does not exist, or the person is none of this to it.

    """
    found = standing_of(person=person, circle_id=circle_id, at=at)
    life = lives_of(Circle.objects.filter(id=circle_id), at=at)[circle_id]
    lines = [*_outside(life, is_inside=found.is_inside), *(_inside(life) if found.is_inside else ())]
    lines.sort(key=lambda one: (one.day, _ORDER.index(one.kind), one.number, str(one.trial and one.trial.id)))
    return Story(found, life, tuple(lines), rings_of(life, is_inside=found.is_inside))


def rings_of(life: Life, *, is_inside: bool) -> Rings:
    """Return a ring per meeting held and to come, a gap per cancelled one and, inside, a leaf per trial kept."""
    held, gaps, to_come = 0, [], 0
    for one in life.meetings:  # in order of their days
        if one.state == MeetingState.HELD:
            held += 1
        elif one.state == MeetingState.CANCELLED:
            gaps.append(held)
        elif one.day >= life.today and life.ended_on is None:
            to_come += 1
    kept = sum(one.trial.decision == TrialDecision.KEEP for one in life.trials)
    return Rings(held, to_come, tuple(gaps), kept if is_inside else None)


def _outside(life: Life, *, is_inside: bool) -> Iterator[StoryLine]:
    """Give what everybody sees who sees the circle's story: structure, and nothing that one person did."""
    for place, step in enumerate(life.phases):
        is_closing = step.phase == CircleState.FOLLOWUP and step.day == life.closed_on
        kind = "phase" if place else "begun"
        kind = "closed" if is_closing else kind
        yield StoryLine(step.day, kind, phase=CircleState(step.phase))
    for halt in life.halts:
        yield StoryLine(halt.begins, "paused", reason=HaltReason(halt.reason), other_day=halt.ends)
        if halt.ends and halt.is_lifted:
            yield StoryLine(halt.ends, "resumed")
    for day in sorted(set(life.leaders_left)):
        yield StoryLine(day, "leader")
    for one in life.meetings:
        if life.ended_on and one.day > life.ended_on and one.state != MeetingState.HELD:
            continue  # it fell away with the circle
        is_to_come = one.state not in {MeetingState.HELD, MeetingState.CANCELLED} and one.day >= life.today
        yield StoryLine(one.day, "meeting", is_to_come, number=one.number, state=one.state)
        for was in sorted(set(one.moved_from)):
            yield StoryLine(was, "moved", was > life.today, number=one.number, other_day=one.day)
    for line in life.lines:
        yield StoryLine(line.sent_on, "line", other_day=line.due_on)
        if line.answered_on:
            answer = HandoverAnswer(line.answer) if is_inside else None
            yield StoryLine(line.answered_on, "line_answered", answer=answer, other_day=line.due_on)
        else:
            yield StoryLine(line.due_on, "line_due", line.due_on >= life.today)
    for back in life.look_backs:
        state = "answered" if back.is_answered else ""
        is_to_come = not back.is_answered and back.day >= life.today
        yield StoryLine(back.day, "look_back", is_to_come, number=back.months, state=state)
    if life.ended_on:
        yield StoryLine(life.ended_on, "ended", reason=HaltReason(life.end_reason))


def _inside(life: Life) -> Iterator[StoryLine]:
    """Give what the circle alone sees."""
    for day in sorted(set(life.facilitators_left)):
        yield StoryLine(day, "facilitator")
    for one in life.trials:
        decision = TrialDecision(one.trial.decision) if one.trial.state == TrialState.DECIDED else None
        yield StoryLine(one.begins, "trial", trial=one.trial)
        if one.is_over:
            yield StoryLine(one.ends, "trial_over", trial=one.trial, decision=decision)
