"""All that happened to circles, as days at their workplaces: gathered for many circles in a flat number of queries.

What is gathered here is not shown by itself; ``queries.story`` and ``queries.robustness`` decide who sees what of it.
"""

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from sirkel.circles.enums import CircleState, InUse, MeetingState, MemberRole, TrialDecision, TrialState
from sirkel.circles.models import Circle, Handover, Meeting, Membership, Trial
from sirkel.circles.queries.closing import endings_of
from sirkel.circles.rules.sittings import one_state
from sirkel.circles.rules.when import from_minutes, on_wall
from sirkel.kernel.models import AuditEvent
from sirkel.people.enums import Role
from sirkel.people.queries.role_history import role_endings

_CIRCLE = ("circle.created", "circle.phase", "circle.paused", "circle.resumed", "circle.ended_early")
_BEGUN = ("trial.decided", "trial.planned", "trial.idea", "trial.next_cycle")
_OVER = tuple(f"trial.{one}" for one in (*TrialDecision, TrialState.STOPPED) if one != TrialDecision.LONGER)


@dataclass(frozen=True, slots=True)
class PhaseStep:
    """The day on which a circle came to a phase."""

    day: date
    phase: str


@dataclass(frozen=True, slots=True)
class Halt:
    """A pause: its first day, the day it was over (None while it lasts), why, and whether the circle went on."""

    begins: date
    ends: date | None
    reason: str
    is_lifted: bool


@dataclass(frozen=True, slots=True)
class MeetingDay:
    """One published meeting: the day it was held or is planned for, and the days it was moved away from."""

    number: int
    day: date
    state: str
    moved_from: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class TrialDays:
    """One trial: from when to when. ``ends`` is the day it was over, before that its last day."""

    trial: Trial
    begins: date
    ends: date
    is_over: bool


@dataclass(frozen=True, slots=True)
class LineDays:
    """One line to the leader that was sent: nothing of what it says."""

    sent_on: date
    due_on: date
    answered_on: date | None
    answer: str


@dataclass(frozen=True, slots=True)
class LookBackDays:
    """One look back after the closing: its day, whether it was answered, and how much was in use of what was known.

    ``known`` and ``in_use`` are what the circle says of itself; they stay inside it.
    """

    months: int
    day: date
    is_answered: bool
    known: int
    in_use: int


@dataclass
class Life:
    """The life of one circle until ``today``, the day at its workplace."""

    circle: Circle
    today: date
    begun_on: date
    phases: list[PhaseStep] = field(default_factory=list)
    halts: list[Halt] = field(default_factory=list)
    meetings: list[MeetingDay] = field(default_factory=list)
    facilitators_left: list[date] = field(default_factory=list)
    leaders_left: list[date] = field(default_factory=list)
    trials: list[TrialDays] = field(default_factory=list)
    lines: list[LineDays] = field(default_factory=list)
    look_backs: list[LookBackDays] = field(default_factory=list)
    closed_on: date | None = None
    ended_on: date | None = None
    end_reason: str = ""


def lives_of(circles: QuerySet[Circle], *, at: datetime) -> dict[uuid.UUID, Life]:
    """Return the life of each circle, by its id. The number of queries does not grow with the circles."""
    found = list(circles.select_related("workplace"))
    ids = Circle.objects.filter(id__in=circles.order_by().values("id")).values("id")
    lives = {circle.id: Life(circle, _day(circle, at), _day(circle, at)) for circle in found}
    _add_phases(lives, ids)
    _add_meetings(lives, ids)
    _add_trials(lives, ids)
    _add_lines(lives, ids)
    _add_leavings(lives, ids, at=at)
    _add_endings(lives)
    return lives


def _add_endings(lives: Mapping[uuid.UUID, Life]) -> None:
    for key, ending in endings_of(lives).items():
        lives[key].closed_on = ending.closed_on
        for one in ending.look_backs:
            known = [said for said in one.in_use.values() if said != InUse.UNKNOWN]
            lives[key].look_backs.append(
                LookBackDays(
                    months=one.follow_up.months,
                    day=one.follow_up.answered_on or one.follow_up.due_on,
                    is_answered=one.follow_up.is_answered,
                    known=len(known),
                    in_use=sum(said in {InUse.YES, InUse.PARTLY} for said in known),
                )
            )


def _day(circle: Circle, moment: datetime) -> date:
    return on_wall(moment, circle.workplace.time_zone).date()


def _events(
    targets: QuerySet[Circle, Any] | QuerySet[Meeting, Any] | QuerySet[Trial, Any], verbs: Collection[str]
) -> dict[uuid.UUID, list[AuditEvent]]:
    """Return what the audit chain says of things, by their ids, in order of time."""
    found: dict[uuid.UUID, list[AuditEvent]] = {}
    for event in AuditEvent.objects.filter(target__in=targets, verb__in=verbs).order_by("chain", "sequence"):
        found.setdefault(event.target, []).append(event)
    return found


def _add_phases(lives: Mapping[uuid.UUID, Life], ids: QuerySet[Circle, Any]) -> None:
    told = _events(ids, _CIRCLE)
    for key, life in lives.items():
        for event in told.get(key, []):
            _tell(life, event, _day(life.circle, event.at))


def _tell(life: Life, event: AuditEvent, day: date) -> None:
    """Add one event of a circle's own life."""
    if event.verb == "circle.created":
        life.begun_on = day
        life.phases.append(PhaseStep(day, CircleState.FORMING))
    elif event.verb == "circle.phase":
        life.phases.append(PhaseStep(day, event.facts["to"]))
    elif event.verb == "circle.paused":
        life.halts.append(Halt(day, None, event.facts["reason"], is_lifted=False))
    elif life.halts and life.halts[-1].ends is None:
        life.halts[-1] = replace(life.halts[-1], ends=day, is_lifted=event.verb == "circle.resumed")
    if event.verb == "circle.ended_early":
        life.ended_on, life.end_reason = day, event.facts["reason"]


def one_per_number(days: Iterable[MeetingDay]) -> list[MeetingDay]:
    """Return meetings in order of their days, the two sittings of a number as one: on the day of the first held."""
    by_number: dict[int, list[MeetingDay]] = {}
    for one in days:
        by_number.setdefault(one.number, []).append(one)
    merged = []
    for sittings in by_number.values():
        state = one_state({str(one.state) for one in sittings})
        first = min((one for one in sittings if one.state == state), key=lambda one: one.day)
        merged.append(replace(first, moved_from=tuple(day for one in sittings for day in one.moved_from)))
    return sorted(merged, key=lambda one: (one.day, one.number))


def _add_meetings(lives: Mapping[uuid.UUID, Life], ids: QuerySet[Circle, Any]) -> None:
    published = Meeting.objects.filter(circle__in=ids).exclude(state=MeetingState.DRAFT)
    # A meeting that was cancelled as a draft was never published.
    published = published.exclude(state=MeetingState.CANCELLED, calendar_changed_at__isnull=True)
    moved = _events(published.values("id"), ("meeting.moved",))
    for one in published.order_by("number"):
        life = lives[one.circle_id]
        is_held = one.state == MeetingState.HELD
        day = _day(life.circle, (one.opened_at if is_held else None) or one.starts_at)
        was = (_day(life.circle, from_minutes(event.facts["from_minute"])) for event in moved.get(one.id, []))
        life.meetings.append(
            MeetingDay(one.number, day, one.state, tuple(other for other in was if other != day))
        )
    for life in lives.values():
        life.meetings = one_per_number(life.meetings)


def _add_trials(lives: Mapping[uuid.UUID, Life], ids: QuerySet[Circle, Any]) -> None:
    planned = Trial.objects.filter(circle__in=ids).exclude(state=TrialState.IDEA)
    told = _events(planned.values("id"), (*_BEGUN, *_OVER))
    for trial in planned.select_related("meeting"):
        life, events = lives[trial.circle_id], told.get(trial.id, [])
        over = [event for event in events if event.verb in _OVER]
        is_over = trial.state in {TrialState.DECIDED, TrialState.STOPPED}
        ends = _day(life.circle, over[-1].at) if is_over and over else trial.ends_on
        begun = [event for event in events if event.verb in _BEGUN]
        begins = _day(life.circle, begun[0].at) if begun else ends
        if begins is not None:
            life.trials.append(TrialDays(trial, begins, max(ends or begins, begins), is_over=is_over))
    for life in lives.values():
        life.trials.sort(key=lambda one: (one.begins, one.ends, one.trial.id))


def _add_lines(lives: Mapping[uuid.UUID, Life], ids: QuerySet[Circle, Any]) -> None:
    for one in Handover.objects.filter(circle__in=ids, sent_on__isnull=False, due_on__isnull=False):
        if one.sent_on and one.due_on:
            lives[one.circle_id].lines.append(LineDays(one.sent_on, one.due_on, one.answered_on, one.answer))
    for life in lives.values():
        life.lines.sort(key=lambda one: (one.sent_on, one.due_on, one.answered_on or date.max, one.answer))


def _add_leavings(lives: Mapping[uuid.UUID, Life], ids: QuerySet[Circle, Any], *, at: datetime) -> None:
    left = Membership.objects.filter(circle__in=ids, role=MemberRole.FACILITATOR, left_at__lte=at)
    for key, moment in left.order_by("left_at", "id").values_list("circle", "left_at"):
        if moment:
            lives[key].facilitators_left.append(_day(lives[key].circle, moment))
    places = {life.circle.workplace_id: life.circle.workplace for life in lives.values()}
    ended = role_endings(places.values(), Role.LEADER, until=at)
    for life in lives.values():
        days = [_day(life.circle, moment) for moment in ended[life.circle.workplace_id]]
        life.leaders_left = [day for day in days if life.begun_on <= day <= (life.ended_on or life.today)]
