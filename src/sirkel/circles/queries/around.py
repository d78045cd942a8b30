"""What a leader and a representative see of circles: phase, meetings and promises. Never content, never members."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sirkel.circles.enums import CircleState, HaltReason, MeetingState, SetUpKind
from sirkel.circles.models import Circle, Concern, Meeting
from sirkel.circles.queries.circle_page import PHASES
from sirkel.circles.queries.closing import AroundEnding, around_ending, endings_of
from sirkel.circles.queries.commitments import Commitment, commitments_of
from sirkel.circles.queries.moderation import HeldBack, held_back
from sirkel.circles.queries.set_ups import kinds_of
from sirkel.circles.queries.standing import Part, circles_of, must_be, standing_of
from sirkel.circles.rules.phases import may_change, neighbours
from sirkel.circles.rules.sittings import counts
from sirkel.kernel.models import AuditEvent
from sirkel.people.models import Person

# What the trail of a circle tells: its own life, never what was said in it.
TRAIL = (
    "circle.created",
    "circle.phase",
    "circle.paused",
    "circle.resumed",
    "circle.ended_early",
    "readiness.answered",
    "commitment.written",
    "commitment.signed",
    "commitment.commented",
    "concern.raised",
    "closing.finished",
    "follow_up.answered",
    "follow_up.moved",
    "circle.set_up",
)
TRAIL_SHOWN = 50


@dataclass(frozen=True)
class CircleAround:
    """A circle as it is seen from around it.

    ``held`` and ``planned`` count published meetings that are not cancelled; ``held_back`` counts what facilitators did
    with notes in meetings that are over; ``phase`` counts from 1 in
    ``PHASES``, of a paused circle that of before the pause, 0 where there is none.
    """

    circle: Circle
    held: int
    planned: int
    phase: int
    commitment: Commitment
    set_up: SetUpKind = SetUpKind.JOINT
    concerns: tuple[Concern, ...] = ()
    ending: AroundEnding | None = None
    held_back: HeldBack = field(default_factory=HeldBack)

    @property
    def phase_count(self) -> int:
        """How many phases there are."""
        return len(PHASES)


def circles_around(*, person: Person, part: Part, at: datetime) -> list[CircleAround]:
    """Return the circles of the workplaces a person leads or represents, by workplace and name.

    Raises:
        NotAllowed: the person leads, or represents, nowhere.

    """
    must_be(person, part, at=at)
    return _around(list(circles_of(person, part, at=at)), part, at=at)


def circle_around(*, person: Person, circle_id: uuid.UUID, part: Part, at: datetime) -> CircleAround:
    """Return one circle for the leader or representative of its workplace.

    Raises:
        NotFound: it does not exist, or is somebody else's: the answer is the same.

    """
    found = standing_of(person=person, circle_id=circle_id, at=at, needs={part})
    return _around([found.circle], part, at=at)[0]


@dataclass(frozen=True)
class TrailLine:
    """One thing that was done to a circle, with the phase it came to and the reason, where there are any."""

    event: AuditEvent
    phase: CircleState | None
    reason: HaltReason | None


def trail_of(circle: Circle) -> list[TrailLine]:
    """Return what was done to a circle itself, newest first. Names nobody but by the part in which they acted."""
    events = AuditEvent.objects.filter(chain=circle.organisation_id, target=circle.id, verb__in=TRAIL)
    return [
        TrailLine(
            event=event,
            phase=CircleState(event.facts["to"]) if "to" in event.facts else None,
            reason=HaltReason(event.facts["reason"]) if "reason" in event.facts else None,
        )
        for event in events.order_by("-sequence")[:TRAIL_SHOWN]
    ]


def concerns_of(circles: Iterable[Circle]) -> dict[object, list[Concern]]:
    """Return what representatives raised, by the circle's id, newest first."""
    found: dict[object, list[Concern]] = {}
    for one in Concern.objects.filter(circle__in=list(circles)).order_by("-raised_at", "id"):
        found.setdefault(one.circle_id, []).append(one)
    return found


def _around(circles: list[Circle], part: Part, *, at: datetime) -> list[CircleAround]:
    rows: dict[object, list[tuple[int, str]]] = {}
    over: dict[uuid.UUID, uuid.UUID] = {}
    meetings = Meeting.objects.filter(circle__in=circles).order_by("circle")
    for meeting_id, circle_id, number, state in meetings.values_list("id", "circle", "number", "state"):
        rows.setdefault(circle_id, []).append((number, state))
        if state == MeetingState.HELD:
            over[meeting_id] = circle_id
    untold = (MeetingState.CANCELLED, MeetingState.DRAFT)
    counted = {key: counts(found, besides=untold) for key, found in rows.items()}
    commitments, concerns = commitments_of(circles, at=at), concerns_of(circles)
    endings = endings_of(circle.id for circle in circles)
    kinds, held_notes = kinds_of(circles), held_back(over)
    return [
        CircleAround(
            circle=circle,
            held=counted.get(circle.id, (0, 0))[0],
            planned=counted.get(circle.id, (0, 0))[1],
            phase=phase_number(circle),
            commitment=commitments[circle.id],
            set_up=kinds[circle.id],
            concerns=tuple(concerns.get(circle.id, [])),
            ending=around_ending(circle, endings[circle.id], at=at, with_lines=part == Part.LEADER),
            held_back=held_notes.get(circle.id, HeldBack()),
        )
        for circle in circles
    ]


@dataclass(frozen=True)
class Life:
    """Where a circle can go from where it is, for its facilitator. A phase is empty where there is none."""

    behind: CircleState | None
    ahead: CircleState | None
    may_pause: bool
    may_end: bool
    concerns: tuple[Concern, ...]


def life_of(circle: Circle) -> Life:
    """Return where a circle can go from where it is, and what representatives raised about it."""
    behind, ahead = neighbours(circle.state)
    return Life(
        behind=CircleState(behind) if behind else None,
        ahead=CircleState(ahead) if ahead else None,
        may_pause=may_change(circle.state, CircleState.PAUSED),
        may_end=may_change(circle.state, CircleState.ENDED_EARLY),
        concerns=tuple(concerns_of([circle]).get(circle.id, [])),
    )


def phase_number(circle: Circle) -> int:
    """Return which phase a circle is in, from 1; of a paused one, that of before; 0 before and after them."""
    state = circle.phase_before or circle.state
    return PHASES.index(CircleState(state)) + 1 if state in PHASES else 0
