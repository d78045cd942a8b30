"""Handovers: who sees which, what of it, and by when an answer is promised."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from sirkel.circles.enums import HandoverState
from sirkel.circles.models import Circle, Handover
from sirkel.circles.queries.commitments import commitment_of
from sirkel.circles.queries.leading import circle_for, circle_led
from sirkel.circles.queries.standing import Part, circles_of
from sirkel.circles.queries.trial_page import today_at
from sirkel.circles.rules.handover_states import DEFAULT_ANSWER_DAYS, WAITING, WITH_LEADER
from sirkel.kernel.errors import NotFound
from sirkel.people.models import Person


def answer_days_for(circle: Circle, *, at: datetime) -> int:
    """Return within how many working days this circle's leader answers: as the signed commitment says, else ten."""
    commitment = commitment_of(circle, at=at)
    if commitment.newest is None or not commitment.is_signed:
        return DEFAULT_ANSWER_DAYS
    return commitment.newest.answer_days


def _none() -> NotFound:
    return NotFound("handovers.none", _("There is no such line here."))


def handover_for(*, person: Person, circle_id: uuid.UUID, handover_id: uuid.UUID) -> Handover:
    """Return a handover that a member of its circle asks for.

    Raises:
        NotFound: it does not exist, or not for this person: the answer is the same.

    """
    return _found(circle_for(person=person, circle_id=circle_id), handover_id)


def handover_led(*, acting: Person, circle_id: uuid.UUID, handover_id: uuid.UUID) -> Handover:
    """Return a handover for the facilitator who acts on it.

    Raises:
        NotFound: it does not exist, or this person does not facilitate its circle: the answer is the same.

    """
    return _found(circle_led(acting=acting, circle_id=circle_id), handover_id)


def _found(circle: Circle, handover_id: uuid.UUID) -> Handover:
    found = (
        Handover.objects.filter(id=handover_id, circle=circle).select_related("trial", "share_item").first()
    )
    if found is None:
        raise _none()
    found.circle = circle
    return found


@dataclass(frozen=True)
class InTheWay:
    """Something in the way that a circle named, with its words in the reader's language, and what became of it."""

    id: uuid.UUID
    kind: str
    line: str
    state: str
    state_label: str
    until: date | None


@dataclass(frozen=True)
class InCircle:
    """A handover as its circle sees it."""

    handover: Handover
    is_overdue: bool
    named: tuple[InTheWay, ...] = ()
    # The id under which this browser said that it should stay; None where it did not.
    own_id: uuid.UUID | None = None

    @property
    def is_asked(self) -> bool:
        """Whether the circle is being asked about it in a meeting now."""
        item = self.handover.share_item
        return self.handover.state == HandoverState.DRAFT and item is not None and item.state == "proposed"

    @property
    def is_objected(self) -> bool:
        """Whether somebody wanted the line to stay in the room."""
        item = self.handover.share_item
        has_stayed = self.handover.has_stayed or (item is not None and item.state == "objected")
        return self.handover.state == HandoverState.DRAFT and not self.is_asked_between and has_stayed

    @property
    def is_asked_between(self) -> bool:
        """Whether the circle is being asked about it between meetings."""
        return self.handover.asked_until is not None


def handovers_of(*, person: Person, circle_id: uuid.UUID, at: datetime) -> list[InCircle]:
    """Return a circle's handovers for one of its members: what waits longest for an answer first, the old last.

    Raises:
        NotFound: no such circle for this person.

    """
    circle = circle_for(person=person, circle_id=circle_id)
    today = today_at(circle, at=at)
    lines = Handover.objects.filter(circle=circle).select_related("trial", "share_item")
    found = list(lines.prefetch_related("named_obstacles"))
    order = [*HandoverState.values]
    found.sort(key=lambda one: (_is_closed(one), one.due_on or date.max, order.index(one.state), one.id))
    return [InCircle(one, one.is_overdue(today), _named(one)) for one in found]


def lines_asked(circle: Circle, *, at: datetime) -> list[InCircle]:
    """Return the lines that a circle is being asked about between meetings, the soonest day first.

    For its members, and for whoever holds the circle's link on paper.
    """
    found = Handover.objects.filter(circle=circle, asked_until__gte=today_at(circle, at=at))
    lines = found.prefetch_related("named_obstacles").order_by("asked_until", "id")
    return [InCircle(one, is_overdue=False, named=_named(one)) for one in lines]


def _named(handover: Handover) -> tuple[InTheWay, ...]:
    """Return what a handover names in the way, in its order; its rows must have been fetched."""
    return tuple(
        InTheWay(
            id=one.id,
            kind=one.get_kind_display(),
            line=one.line,
            state=one.state,
            state_label=one.get_state_display(),
            until=one.until,
        )
        for one in sorted(handover.named_obstacles.all(), key=lambda one: one.position)
    )


def _is_closed(handover: Handover) -> bool:
    return handover.state in {HandoverState.ANSWERED, HandoverState.FOLLOWED_UP}


@dataclass(frozen=True)
class HandoverLine:
    """All that a leader sees of a handover: the approved line, what stands in the way, the day and the answer.

    ``is_waiting`` says that there is something to answer now, ``may_answer`` that an answer would be taken.

    Nothing of the trial, the meeting or the people that it came from.
    """

    id: uuid.UUID
    circle_name: str
    circle_language: str
    workplace: str
    text: str
    lang: str
    obstacle: str
    state: str
    due_on: date
    is_overdue: bool
    is_waiting: bool
    may_answer: bool
    asks_mandate: bool
    named: tuple[InTheWay, ...]
    answer: str
    answer_label: str
    reason: str
    answered_on: date | None
    followed_up: str
    said_later: str
    comes_back_on: date | None
    other_body: str


def handovers_for_leader(*, person: Person, at: datetime) -> list[HandoverLine]:
    """Return what circles at the workplaces a person leads have sent: waiting ones first, the soonest on top."""
    circles = {circle.id: circle for circle in circles_of(person, Part.LEADER, at=at)}
    found = Handover.objects.filter(
        circle__in=list(circles), state__in=sorted(WITH_LEADER), due_on__isnull=False
    )
    found = found.prefetch_related("named_obstacles").order_by("due_on", "id")
    lines = [_line(one, circles[one.circle_id], at) for one in found]
    return sorted(lines, key=lambda line: not line.is_waiting)


def handover_for_leader(*, person: Person, handover_id: uuid.UUID, at: datetime) -> HandoverLine:
    """Return one line for a leader of the workplace it was sent to.

    Raises:
        NotFound: it does not exist, was not sent, or was sent to somebody else: the answer is the same.

    """
    for line in handovers_for_leader(person=person, at=at):
        if line.id == handover_id:
            return line
    raise _none()


def _line(handover: Handover, circle: Circle, at: datetime) -> HandoverLine:
    assert handover.due_on is not None  # noqa: S101 -- the query and the database say so
    today = today_at(circle, at=at)
    return HandoverLine(
        id=handover.id,
        circle_name=circle.name,
        circle_language=circle.language,
        workplace=circle.workplace.name,
        text=handover.text,
        lang=handover.lang,
        obstacle=handover.get_obstacle_display(),
        state=handover.state,
        due_on=handover.due_on,
        is_overdue=handover.is_overdue(today),
        is_waiting=handover.waits_for_leader(today),
        may_answer=handover.state in WAITING or handover.is_later,
        asks_mandate=handover.asks_mandate,
        named=_named(handover),
        answer=handover.answer,
        answer_label=handover.get_answer_display(),
        reason=handover.reason,
        answered_on=handover.answered_on,
        followed_up=handover.followed_up,
        said_later=handover.said_later,
        comes_back_on=handover.comes_back_on,
        other_body=handover.other_body,
    )
