"""How circles closed, what they left behind, and what was found of it three and six months later.

``endings_of`` is what others build on: everything about the end of many circles in four queries at most. It asks nobody
whether they may see it; the pages for members are in ``closing_page``, and ``around_ending`` is what leaders and representatives see.
"""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sirkel.circles.enums import AnchorKind, CircleState
from sirkel.circles.models import Anchor, AnchorLook, Circle, ClosingRecord, FollowUp
from sirkel.circles.queries.trial_page import today_at
from sirkel.circles.rules import follow_ups as rules

_KINDS = list(AnchorKind.values)


@dataclass(frozen=True)
class LookBack:
    """A follow-up and, once it was answered, what is in use by the anchor's id: yes, partly, no or unknown."""

    follow_up: FollowUp
    in_use: Mapping[uuid.UUID, str]

    def state(self, today: date) -> str:
        """Return where it stands on a day at the workplace: to_come, open, overdue or answered."""
        if self.follow_up.is_answered:
            return "answered"
        if self.follow_up.is_overdue(today):
            return "overdue"
        return "open" if rules.may_be_answered(self.follow_up.due_on, today) else "to_come"


@dataclass(frozen=True)
class Ending:
    """The end of one circle. Without a record nothing was written yet.

    ``anchors`` stand in the order keep, hand over, stop; ``look_backs`` are that of three months and that of six,
    and there are none before the circle went to its follow-up.
    """

    record: ClosingRecord | None = None
    anchors: tuple[Anchor, ...] = ()
    look_backs: tuple[LookBack, ...] = field(default=())

    @property
    def closed_on(self) -> date | None:
        """The day at the workplace on which the circle went to its follow-up; None before, and after an early end."""
        return self.record.fixed_on if self.record else None

    @property
    def is_finished(self) -> bool:
        """Whether the group has said that the record is what it wants to say."""
        return self.record is not None and self.record.finished_on is not None

    @property
    def lasting(self) -> tuple[Anchor, ...]:
        """The anchors that a follow-up asks about: all but what was stopped."""
        return tuple(anchor for anchor in self.anchors if not anchor.is_stopped)

    def look_back(self, months: int) -> LookBack | None:
        """Return the look back after so many months, or None."""
        return next((one for one in self.look_backs if one.follow_up.months == months), None)

    def waiting(self, today: date) -> LookBack | None:
        """Return the first look back whose time has come and that nobody has answered, or None."""
        return next((one for one in self.look_backs if one.state(today) in {"open", "overdue"}), None)


def endings_of(circles: Iterable[uuid.UUID]) -> dict[uuid.UUID, Ending]:
    """Return the end of each of these circles by its id, empty for one that did not close.

    Four queries for all of them; one while none has begun to close, two while none is followed up.
    """
    ids = list(circles)
    records = {one.circle_id: one for one in ClosingRecord.objects.filter(circle__in=ids)}
    fixed = [circle for circle, record in records.items() if record.fixed_on]
    anchors, backs = _anchors_of(list(records)), _look_backs_of(fixed)
    return {
        each: Ending(
            record=records.get(each),
            anchors=tuple(sorted(anchors.get(each, []), key=_by_kind)),
            look_backs=tuple(backs.get(each, [])),
        )
        for each in ids
    }


def _anchors_of(circles: list[uuid.UUID]) -> dict[uuid.UUID, list[Anchor]]:
    found: dict[uuid.UUID, list[Anchor]] = {}
    if circles:
        for anchor in Anchor.objects.filter(record__circle__in=circles).select_related("record", "trial"):
            found.setdefault(anchor.record.circle_id, []).append(anchor)
    return found


def _look_backs_of(circles: list[uuid.UUID]) -> dict[uuid.UUID, list[LookBack]]:
    found: dict[uuid.UUID, list[LookBack]] = {}
    if circles:
        in_use: dict[uuid.UUID, dict[uuid.UUID, str]] = {}
        for look in AnchorLook.objects.filter(follow_up__circle__in=circles):
            in_use.setdefault(look.follow_up_id, {})[look.anchor_id] = look.in_use
        for one in FollowUp.objects.filter(circle__in=circles).order_by("months"):
            found.setdefault(one.circle_id, []).append(LookBack(one, in_use.get(one.id, {})))
    return found


def ending_of(circle: Circle) -> Ending:
    """Return the end of one circle."""
    return endings_of([circle.id])[circle.id]


def is_open(circle: Circle, record: ClosingRecord | None, *, today: date) -> bool:
    """Tell whether a circle's closing record can be written now.

    It can while the circle closes; and after an early end until a week after it was finished.
    """
    if circle.state == CircleState.CLOSING:
        return True
    if circle.state != CircleState.ENDED_EARLY or (record and record.fixed_on):
        return False
    return record is None or record.finished_on is None or today < leader_sees_on(record.finished_on)


def leader_sees_on(finished_on: date) -> date:
    """Return the day from which a leader sees what the group let out of a record finished on a day."""
    return finished_on + rules.LEADER_SEES_AFTER


def is_seen_around(circle: Circle, ending: Ending, *, today: date) -> bool:
    """Tell whether leaders see by now what the group let out of its record."""
    record = ending.record
    if record is None or record.finished_on is None:
        return False
    if record.fixed_on is None and circle.state != CircleState.ENDED_EARLY:
        return False
    return today >= leader_sees_on(record.finished_on)


@dataclass(frozen=True)
class AroundEnding:
    """All that is seen of a circle's end from around it: how it goes on, the days of the looks back, and let-out lines.

    ``anchors`` are for leaders alone and empty for representatives. No answer of a look back is among it.
    """

    goes_on: str
    days: tuple[tuple[int, date, bool], ...]
    anchors: tuple[Anchor, ...] = ()


def around_ending(
    circle: Circle, ending: Ending, *, at: datetime, with_lines: bool = False
) -> AroundEnding | None:
    """Return what is seen of a circle's end from around it; None while the record can still be changed.

    Args:
        circle: the circle, with its workplace.
        ending: its end.
        at: now.
        with_lines: whether the reader leads there and so sees the lines that the group let out.

    """
    today = today_at(circle, at=at)
    record = ending.record
    if record is None or not record.goes_on or is_open(circle, record, today=today) or not ending.is_finished:
        return None
    is_seen = with_lines and is_seen_around(circle, ending, today=today)
    return AroundEnding(
        goes_on=str(record.get_goes_on_display()),
        days=tuple(
            (one.follow_up.months, one.follow_up.due_on, one.follow_up.is_answered)
            for one in ending.look_backs
        ),
        anchors=tuple(one for one in ending.anchors if one.for_leader) if is_seen else (),
    )


def _by_kind(anchor: Anchor) -> tuple[int, str, uuid.UUID]:
    return _KINDS.index(anchor.kind), anchor.text, anchor.id
