"""Robustness of circles: which figures, and who sees them."""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet

from sirkel.circles.enums import MeetingState, TrialState
from sirkel.circles.models import Circle
from sirkel.circles.queries.life import Life, lives_of
from sirkel.circles.queries.standing import Standing, standing_of
from sirkel.evidence import robustness
from sirkel.evidence.robustness import Definition, Facet, Figure, Process
from sirkel.people.models import Person


def definitions_here() -> tuple[Definition, ...]:
    """Return the definitions that this installation shows: those of ``ROBUSTNESS``, or all in their newest version."""
    return robustness.chosen(settings.ROBUSTNESS) if settings.ROBUSTNESS else robustness.newest()


def figures_of(
    circles: QuerySet[Circle], definitions: Collection[Definition], *, at: datetime
) -> dict[uuid.UUID, tuple[Figure, ...]]:
    """Return the figures of any number of circles by chosen definitions, by the circle's id. Decides nobody's right.

    Args:
        circles: the circles.
        definitions: those that a study or this installation chose; see ``evidence.robustness.chosen``.
        at: now.

    """
    lives = lives_of(circles, at=at)
    return {key: robustness.measure(process_of(life), definitions) for key, life in lives.items()}


def process_of(life: Life) -> Process:
    """Return a circle's life as the bare events that figures are counted from: days and states, no words, nobody."""
    return Process(
        today=life.today,
        meetings=tuple(
            robustness.Gathering(
                day=one.day,
                is_held=one.state == MeetingState.HELD,
                is_cancelled=one.state == MeetingState.CANCELLED,
                moved_from=one.moved_from,
            )
            for one in life.meetings
        ),
        pauses=tuple(robustness.Pause(one.begins, one.ends, one.is_lifted) for one in life.halts),
        facilitator_changes=tuple(life.facilitators_left),
        leader_changes=tuple(life.leaders_left),
        trials=tuple(
            robustness.Attempt(one.trial.state == TrialState.DECIDED, one.trial.ends_on)
            for one in life.trials
        ),
        lines=tuple(robustness.Line(one.due_on, one.answered_on) for one in life.lines),
        closed_on=life.closed_on,
        ended_on=life.ended_on,
        look_backs=tuple(
            robustness.LookBack(one.months, one.known, one.in_use)
            for one in life.look_backs
            if one.is_answered
        ),
    )


@dataclass(frozen=True)
class FacetPart:
    """One side of robustness with its figures."""

    facet: Facet
    name: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class RobustnessPage:
    """The figures of one circle that one person may see, by facet; empty facets are left out."""

    standing: Standing
    life: Life
    parts: tuple[FacetPart, ...]

    @property
    def is_begun(self) -> bool:
        """Whether any figure is known yet."""
        return any(figure.is_known for part in self.parts for figure in part.figures)


def robustness_page(*, person: Person, circle_id: uuid.UUID, at: datetime) -> RobustnessPage:
    """Return a circle's figures for whoever belongs to it, or leads or represents its workplace.

    Raises:
        NotFound: it does not exist, or the person is none of this to it.

    """
    found = standing_of(person=person, circle_id=circle_id, at=at)
    life = lives_of(Circle.objects.filter(id=circle_id), at=at)[circle_id]
    figures = robustness.measure(process_of(life), seen_by(found, definitions_here()))
    return RobustnessPage(
        standing=found,
        life=life,
        parts=tuple(
            FacetPart(facet, name, mine)
            for facet, name in robustness.FACETS.items()
            if (mine := tuple(one for one in figures if one.definition.facet == facet))
        ),
    )


def seen_by(standing: Standing, definitions: Iterable[Definition]) -> tuple[Definition, ...]:
    """Return the definitions whose figures somebody may see: from around a circle, none that tells of one person."""
    return tuple(one for one in definitions if standing.is_inside or not one.is_inside)
