"""The shapes of what the API gives. Moments are UTC, days are those of the workplace's calendar, ids are random."""

from datetime import date, datetime
from uuid import UUID

from ninja import Field, Schema
from pydantic import ConfigDict

from sirkel.circles.domain.handover_answers import MOST_BODY, MOST_REASON
from sirkel.circles.enums import HandoverAnswer


class Place(Schema):
    """An organisation, a workplace or a unit."""

    id: UUID
    name: str


class RoleHeld(Schema):
    """A role that the key's owner holds now. Without an organisation it is one in the network or the installation."""

    role: str
    organisation: Place | None
    workplace: Place | None
    unit: Place | None
    valid_from: datetime
    valid_to: datetime | None


class KeyShown(Schema):
    """The key that asked. ``ends_on`` is the first day (UTC) on which it opens nothing."""

    label: str
    may_answer: bool
    ends_on: date


class Me(Schema):
    """Who the key makes its program."""

    first_name: str
    family_name: str
    language: str
    roles: list[RoleHeld]
    key: KeyShown


class NextMeeting(Schema):
    """The first meeting that is neither held nor cancelled."""

    number: int
    starts_at: datetime
    minutes: int


class OwnCircle(Schema):
    """A circle that the owner belongs to. ``planned`` counts all meetings that are not cancelled, held ones included."""

    id: UUID
    name: str
    language: str
    state: str
    workplace: Place
    is_led: bool
    held: int
    planned: int
    kept_trials: int
    next_meeting: NextMeeting | None


class MeetingShown(Schema):
    """A meeting of an own circle; a draft only for those who lead it. Its link is not given: it opens a door."""

    id: UUID
    number: int
    sitting: int
    starts_at: datetime
    minutes: int
    place: str
    state: str


class TrialShown(Schema):
    """A trial of an own circle. ``learning`` and ``decision`` are empty until it is decided."""

    id: UUID
    what: str
    prediction: str
    lang: str
    state: str
    ends_on: date | None
    decision: str
    learning: str


class CircleAroundShown(Schema):
    """A circle as its workplace's leader or representative sees it: structure, and nothing of what was said.

    ``phase`` counts from 1 to ``phase_count``; 0 before and beside the phases.
    """

    id: UUID
    name: str
    state: str
    workplace: Place
    held: int
    planned: int
    phase: int
    phase_count: int
    commitment: str


class FigureShown(Schema):
    """One figure of robustness by the definition ``ref`` (see the researcher's handbook), or that it is not known yet.

    ``part`` of ``whole`` cases count; ``waiting`` ones are in neither. ``percent`` only from 20 cases on.
    """

    ref: str
    facet: str
    name: str
    is_known: bool
    part: int | None
    whole: int | None
    waiting: int | None
    days: int | None
    percent: int | None


class InTheWayShown(Schema):
    """Something that stands in the way of what a line asks for, and what became of it."""

    id: UUID
    kind: str
    line: str
    state: str
    until: date | None


class LineShown(Schema):
    """A line that a circle has approved for its leader: the words, the day by which to answer, and the answer.

    Nothing of the trial, the meeting or the people that it came from.
    """

    id: UUID
    circle: str
    workplace: str
    text: str
    lang: str
    obstacle: str
    in_the_way: list[InTheWayShown]
    asks_mandate: bool
    state: str
    due_on: date
    is_overdue: bool
    may_answer: bool
    answer: str
    reason: str
    answered_on: date | None
    comes_back_on: date | None
    other_body: str
    followed_up: str


class Answer(Schema):
    """A leader's answer to a line. Which values belong together is said by the same rules as on the page.

    ``comes_back_on`` belongs to ``later``, ``other_body`` to ``other_body``.
    """

    model_config = ConfigDict(extra="forbid")

    answer: HandoverAnswer = Field(examples=["yes"])
    reason: str = Field(min_length=1, max_length=MOST_REASON)
    comes_back_on: date | None = None
    other_body: str = Field("", max_length=MOST_BODY)


class CardShown(Schema):
    """An experience card that the reader may read. ``shared_in`` is a month; a workplace is named only inside its own organisation."""

    id: UUID
    text: str
    lang: str
    audience: str
    kind: str
    area: str
    size: str
    shared_in: str = Field(examples=["2026-03"])
    workplace: str | None


class Cards(Schema):
    """A page of cards, newest month first, and how many there are on all pages."""

    count: int
    items: list[CardShown]


class SupportShown(Schema):
    """A card beneath a clause; without words for whoever may not read it, and for all once it is gone."""

    card_id: UUID
    is_readable: bool
    is_gone: bool
    text: str
    lang: str
    confidence: str
    decided_as: str
    decided_on: date


class ClauseShown(Schema):
    """A clause, how firmly it stands, and what it rests on."""

    letter: str
    text: str
    lang: str
    strength: str
    is_experience_based: bool
    supports: list[SupportShown]


class RecommendationShown(Schema):
    """A recommendation. While it is being revised its clauses are for its writers alone, and ``clauses`` is empty."""

    number: int
    title: str
    lang: str
    version: int
    published_on: date | None
    state: str
    is_being_revised: bool
    clauses: list[ClauseShown]
