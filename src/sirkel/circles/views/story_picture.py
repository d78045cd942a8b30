"""A circle's story as lanes of a timeline."""

from collections.abc import Iterator
from itertools import pairwise

from django.utils.translation import gettext as _

from sirkel.circles.enums import CircleState, MeetingState, TrialDecision
from sirkel.circles.queries.story import Story
from sirkel.web.timelines import Lane, Mark, Span, Timeline, timeline

_MEETINGS = {MeetingState.HELD: "held", MeetingState.CANCELLED: "cancelled"}


def picture_of(story: Story) -> Timeline:
    """Return the drawing of a story; inside the circle with a lane of its trials."""
    shades = [Span(one.begins, one.ends, "pause") for one in story.life.halts]
    return timeline(list(_lanes(story)), today=story.life.today, shades=shades)


def _lanes(story: Story) -> Iterator[Lane]:
    yield Lane(_("Phases"), spans=tuple(_phases(story)))
    yield Lane(_("Meetings"), marks=tuple(_meetings(story)))
    if story.standing.is_inside:
        yield Lane(_("Trials"), spans=tuple(_trials(story)))
    yield Lane(_("Lines to the leader"), spans=tuple(_lines(story)))
    yield Lane(_("Changes and looks back"), marks=tuple(_changes(story)))


def _phases(story: Story) -> Iterator[Span]:
    life = story.life
    if not life.phases:
        return
    end = life.ended_on or life.today
    for step, after in pairwise(life.phases):
        yield Span(step.day, after.day, "phase", str(CircleState(step.phase).label))
    last = life.phases[-1]
    if last.phase != CircleState.CLOSED:
        yield Span(last.day, max(end, last.day), "phase", str(CircleState(last.phase).label))


def _meetings(story: Story) -> Iterator[Mark]:
    for line in story.lines:
        if line.kind == "meeting":
            kind = "to-come" if line.is_to_come else "lost"
            yield Mark(line.day, _MEETINGS.get(MeetingState(line.state), kind))


def _trials(story: Story) -> Iterator[Span]:
    for one in story.life.trials:
        is_kept = one.is_over and one.trial.decision == TrialDecision.KEEP
        yield Span(one.begins, one.ends, "kept" if is_kept else "trial" if one.is_over else "running")


def _lines(story: Story) -> Iterator[Span]:
    for one in story.life.lines:
        is_late = (one.answered_on or story.life.today) > one.due_on
        yield Span(
            one.sent_on, one.answered_on, "late" if is_late else "line" if one.answered_on else "waits"
        )


def _changes(story: Story) -> Iterator[Mark]:
    for line in story.lines:
        if line.kind in {"leader", "facilitator", "closed", "ended"}:
            yield Mark(line.day, line.kind)
        elif line.kind == "look_back":
            yield Mark(line.day, "look-back" if line.state else "look-back-due")
