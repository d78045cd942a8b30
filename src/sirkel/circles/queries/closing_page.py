"""The pages of a circle's end for its members: the closing record step by step, and the looks back."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from sirkel.circles.enums import CircleState, MeetingState, MemberRole, TrialDecision, TrialState
from sirkel.circles.models import Anchor, Circle, Expectation, FollowUp, Meeting, Membership, Trial
from sirkel.circles.queries.closing import (
    Ending,
    LookBack,
    ending_of,
    is_open,
    is_seen_around,
    leader_sees_on,
)
from sirkel.circles.queries.leading import circle_for, circle_led
from sirkel.circles.queries.trial_page import today_at
from sirkel.circles.rules import follow_ups as rules
from sirkel.kernel.errors import NotFound
from sirkel.people.models import Person

_CLOSES = {CircleState.CLOSING, CircleState.FOLLOWUP, CircleState.CLOSED, CircleState.ENDED_EARLY}


@dataclass(frozen=True)
class ClosingPage:
    """A circle's closing for one of its members.

    ``unplaced`` are the trials of which the record says nothing yet. ``held`` and ``planned`` count published meetings
    that are not cancelled, ``kept`` the trials that the circle keeps. ``today`` is the workplace's.
    """

    circle: Circle
    is_led: bool
    ending: Ending
    expectations: tuple[Expectation, ...]
    unplaced: tuple[Trial, ...]
    held: int
    planned: int
    kept: int
    today: date

    @property
    def is_open(self) -> bool:
        """Whether the record can be written now."""
        return is_open(self.circle, self.ending.record, today=self.today)

    @property
    def may_write(self) -> bool:
        """Whether this reader writes it now."""
        return self.is_led and self.is_open

    @property
    def is_early(self) -> bool:
        """Whether the circle ended before its time; its closing is shorter."""
        return self.circle.state == CircleState.ENDED_EARLY

    @property
    def has_begun(self) -> bool:
        """Whether the circle has come to its closing at all."""
        return (self.circle.phase_before or self.circle.state) in _CLOSES

    @property
    def leader_sees_on(self) -> date | None:
        """From which day the leader sees what is let out, once that is known."""
        record = self.ending.record
        return leader_sees_on(record.finished_on) if record and record.finished_on else None

    @property
    def may_keep_inside(self) -> bool:
        """Whether a member can still keep a line from the leader."""
        return not is_seen_around(self.circle, self.ending, today=self.today)

    @property
    def looked_back(self) -> int:
        """How many expectations the circle has taken out again."""
        return sum(bool(one.outcome) for one in self.expectations)


def closing_page(*, person: Person, circle_id: uuid.UUID, at: datetime) -> ClosingPage:
    """Return a circle's closing for one of its members.

    Raises:
        NotFound: it does not exist, or not for this person.

    """
    circle = circle_for(person=person, circle_id=circle_id)
    ending = ending_of(circle)
    placed = {anchor.trial_id for anchor in ending.anchors}
    trials = list(
        Trial.objects.filter(circle=circle).exclude(state=TrialState.IDEA).order_by("ends_on", "id")
    )
    told = Meeting.objects.filter(circle=circle).exclude(
        state__in=(MeetingState.CANCELLED, MeetingState.DRAFT)
    )
    states = list(told.values_list("state", flat=True))
    return ClosingPage(
        circle=circle,
        is_led=leads(person, circle),
        ending=ending,
        expectations=tuple(Expectation.objects.filter(circle=circle).order_by("text", "id")),
        unplaced=tuple(trial for trial in trials if trial.id not in placed),
        held=states.count(MeetingState.HELD),
        planned=len(states),
        kept=sum(trial.decision == TrialDecision.KEEP for trial in trials),
        today=today_at(circle, at=at),
    )


def anchor_led(*, acting: Person, circle_id: uuid.UUID, anchor_id: uuid.UUID) -> Anchor:
    """Return an anchor for the facilitator who changes it.

    Raises:
        NotFound: it does not exist, or this person does not facilitate its circle: the answer is the same.

    """
    return _anchor(circle_led(acting=acting, circle_id=circle_id), anchor_id)


def anchor_for(*, person: Person, circle_id: uuid.UUID, anchor_id: uuid.UUID) -> Anchor:
    """Return an anchor for a member of its circle.

    Raises:
        NotFound: it does not exist, or not for this person: the answer is the same.

    """
    return _anchor(circle_for(person=person, circle_id=circle_id), anchor_id)


def _anchor(circle: Circle, anchor_id: uuid.UUID) -> Anchor:
    found = (
        Anchor.objects.filter(record__circle=circle, id=anchor_id).select_related("record", "trial").first()
    )
    if found is None:
        raise NotFound("closing.no_anchor", _("There is no such line here."))
    found.record.circle = circle
    return found


@dataclass(frozen=True)
class FollowUpPage:
    """A circle's looks back for one of its members; ``look_back`` is the one that is open on the page, if one is."""

    circle: Circle
    is_led: bool
    ending: Ending
    today: date
    look_back: LookBack | None = None

    @property
    def rows(self) -> list[tuple[LookBack, str]]:
        """Each look back with where it stands: to_come, open, overdue or answered."""
        return [(one, one.state(self.today)) for one in self.ending.look_backs]

    @property
    def state(self) -> str:
        """Where the open look back stands; empty when none is open."""
        return self.look_back.state(self.today) if self.look_back else ""

    @property
    def may_answer(self) -> bool:
        """Whether the open look back can be answered, or its answer changed, now."""
        return self.look_back is not None and may_answer(self.circle, self.look_back.follow_up, self.today)

    @property
    def bounds(self) -> tuple[date, date] | None:
        """Between which days the open look back can be moved now; None when it cannot."""
        found, closed_on = self.look_back, self.ending.closed_on
        if not self.is_led or found is None or closed_on is None or found.follow_up.is_answered:
            return None
        first, last = rules.bounds(closed_on, found.follow_up.months)
        first = max(first, self.today)
        return (first, last) if first <= last and self.circle.state == CircleState.FOLLOWUP else None

    @property
    def may_close(self) -> bool:
        """Whether nothing is left but to close the circle."""
        last = self.ending.look_back(rules.MONTHS[-1])
        is_done = last is not None and last.follow_up.is_answered
        return self.is_led and is_done and self.circle.state == CircleState.FOLLOWUP


def may_answer(circle: Circle, follow_up: FollowUp, today: date) -> bool:
    """Tell whether a follow-up can be answered, or its answer changed, on a day at the workplace."""
    if circle.state != CircleState.FOLLOWUP:
        return False
    if follow_up.answered_on is not None:
        return rules.may_be_changed(follow_up.answered_on, today)
    return rules.may_be_answered(follow_up.due_on, today)


def follow_up_page(
    *, person: Person, circle_id: uuid.UUID, at: datetime, months: int | None = None
) -> FollowUpPage:
    """Return a circle's looks back for one of its members, with one of them open if asked for.

    Raises:
        NotFound: the circle or the look back does not exist, or not for this person.

    """
    circle = circle_for(person=person, circle_id=circle_id)
    ending = ending_of(circle)
    found = ending.look_back(months) if months is not None else None
    if months is not None and found is None:
        raise NotFound("follow_ups.none", _("There is no such follow-up here."))
    return FollowUpPage(
        circle=circle,
        is_led=leads(person, circle),
        ending=ending,
        today=today_at(circle, at=at),
        look_back=found,
    )


def leads(person: Person, circle: Circle) -> bool:
    """Tell whether a person facilitates a circle now."""
    return Membership.objects.filter(
        circle=circle, person=person, left_at__isnull=True, role=MemberRole.FACILITATOR
    ).exists()
