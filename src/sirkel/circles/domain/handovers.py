"""Handing a line over to the leader: drafted, approved by the circle, sent, answered with a reason, followed up."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sirkel.circles.domain.sharing import propose, take_back_proposal
from sirkel.circles.domain.wording import words_for_circle
from sirkel.circles.enums import (
    Audience,
    HandoverAnswer,
    HandoverState,
    MeetingState,
    Obstacle,
    ShareState,
)
from sirkel.circles.models import Handover, Meeting
from sirkel.circles.queries.handovers import answer_days_for, handover_for_leader, handover_led
from sirkel.circles.queries.leading import circle_led
from sirkel.circles.queries.trial_page import today_at, trial_led
from sirkel.circles.rules.handover_states import WAITING, after_working_days, may_go
from sirkel.kernel import audit
from sirkel.kernel.errors import Conflict, Refused
from sirkel.people.enums import Role
from sirkel.people.models import Person
from sirkel.people.queries.roles import holders_at

MOST_LINE, MOST_REASON, MOST_FOLLOW_UP = 300, 500, 300


def draft_handover(
    *,
    acting: Person,
    circle_id: uuid.UUID,
    text: str,
    lang: str,
    at: datetime,
    obstacle: str = "",
    trial_id: uuid.UUID | None = None,
) -> Handover:
    """Draft one line for the leader. Nobody outside the circle sees it before the circle has approved it.

    Raises:
        Refused: ``handovers.obstacle``, and as for notes.
        NotFound: no such circle or trial for this facilitator.

    """
    circle = circle_led(acting=acting, circle_id=circle_id)
    trial = trial_led(acting=acting, circle_id=circle_id, trial_id=trial_id) if trial_id else None
    kept = _words(text, MOST_LINE, "text")
    _must_be_obstacle(obstacle)
    with transaction.atomic():
        handover = Handover.objects.create(
            circle=circle, trial=trial, text=kept, lang=lang, obstacle=obstacle
        )
        _record(handover, "handover.drafted", acting, at)
    return handover


def change_draft(
    *,
    acting: Person,
    circle_id: uuid.UUID,
    handover_id: uuid.UUID,
    text: str,
    at: datetime,
    obstacle: str = "",
) -> Handover:
    """Change a line that the circle has not approved. One it is being asked about must be taken back first.

    Raises:
        Refused: ``handovers.state``, ``handovers.asked``, and as for drafting.
        NotFound: no such line for this facilitator.

    """
    handover = _draft(acting=acting, circle_id=circle_id, handover_id=handover_id)
    _must_not_be_asked(handover)
    handover.text = _words(text, MOST_LINE, "text")
    _must_be_obstacle(obstacle)
    handover.obstacle = obstacle
    with transaction.atomic():
        handover.save(update_fields=["text", "obstacle"])
        _record(handover, "handover.changed", acting, at)
    return handover


def discard_draft(*, acting: Person, circle_id: uuid.UUID, handover_id: uuid.UUID, at: datetime) -> None:
    """Throw a draft away; if the circle is being asked about it, it is asked no more.

    Raises:
        Refused: ``handovers.state``. NotFound: no such line for this facilitator.

    """
    handover = _draft(acting=acting, circle_id=circle_id, handover_id=handover_id)
    with transaction.atomic():
        item = handover.share_item
        _record(handover, "handover.discarded", acting, at)
        handover.delete()
        if item:
            take_back_proposal(acting=acting, meeting_id=item.meeting_id, item_id=item.id)


def ask_circle(*, acting: Person, circle_id: uuid.UUID, handover_id: uuid.UUID, at: datetime) -> Handover:
    """Put a draft before the meeting that runs now: approved when nobody objects before its carry-out step ends.

    Asking twice is asking once. What stayed in the room may be asked anew in a later meeting.

    Raises:
        Refused: ``handovers.state``; ``handovers.no_meeting`` when none runs.
        NotFound: no such line for this facilitator.

    """
    handover = _draft(acting=acting, circle_id=circle_id, handover_id=handover_id)
    meeting = Meeting.objects.filter(circle_id=circle_id, state=MeetingState.RUNNING).first()
    if meeting is None:
        raise Refused(
            "handovers.no_meeting",
            _("The circle is asked in a meeting."),
            _("Come back here when the next one runs."),
            status=409,
        )
    item = handover.share_item
    if item and item.meeting_id == meeting.id and item.state in {ShareState.PROPOSED, ShareState.OBJECTED}:
        return handover
    with transaction.atomic():
        handover.share_item = propose(
            acting=acting,
            meeting_id=meeting.id,
            text=handover.text,
            lang=handover.lang,
            audience=Audience.LEADER,
            trial_id=handover.trial_id,
        )
        handover.save(update_fields=["share_item"])
        _record(handover, "handover.asked", acting, at)
    return handover


def send_handover(*, acting: Person, circle_id: uuid.UUID, handover_id: uuid.UUID, at: datetime) -> Handover:
    """Send an approved line to the leaders of the workplace; from today counts the time they have to answer.

    Raises:
        Refused: ``handovers.state`` for a line that the circle has not approved, or that was sent;
            ``handovers.no_leader`` when nobody leads the workplace in Sirkel.
        NotFound: no such line for this facilitator.

    """
    handover = handover_led(acting=acting, circle_id=circle_id, handover_id=handover_id)
    _must_go(handover, HandoverState.SENT)
    if not holders_at(handover.circle.workplace, Role.LEADER, at=at).exists():
        raise Refused(
            "handovers.no_leader",
            _("Nobody leads this workplace in Sirkel yet."),
            _("Ask the administrator to give the leader the role."),
            status=409,
        )
    today = today_at(handover.circle, at=at)
    handover.answer_days = answer_days_for(handover.circle, at=at)
    handover.sent_on, handover.due_on = today, after_working_days(today, handover.answer_days)
    handover.state = HandoverState.SENT
    with transaction.atomic():
        handover.save(update_fields=["answer_days", "sent_on", "due_on", "state"])
        _record(handover, "handover.sent", acting, at, answer_days=handover.answer_days)
    return handover


def mark_seen(*, acting: Person, handover_id: uuid.UUID, at: datetime) -> None:
    """Let the circle know that its leader has read the line. Saying it again changes nothing.

    Raises:
        NotFound: not a line for this leader.

    """
    handover_for_leader(person=acting, handover_id=handover_id, at=at)
    with transaction.atomic():
        sent = Handover.objects.filter(id=handover_id, state=HandoverState.SENT)
        if sent.update(state=HandoverState.SEEN):
            _record(_with_circle(handover_id), "handover.seen", acting, at)


def answer_handover(
    *, acting: Person, handover_id: uuid.UUID, answer: str, reason: str, at: datetime
) -> Handover:
    """Answer a line, once, with a reason.

    Raises:
        Refused: ``handovers.answer``, ``handovers.reason``.
        Conflict: ``handovers.answered`` (facts: ``kept`` and ``sent``, each an answer and its reason) when it is
            answered already, by the same leader or another.
        NotFound: not a line for this leader.

    """
    line = handover_for_leader(person=acting, handover_id=handover_id, at=at)
    if answer not in HandoverAnswer.values:
        raise Refused("handovers.answer", _("Choose one of the answers."), facts={"field": "answer"})
    why = _words(reason, MOST_REASON, "reason")
    with transaction.atomic():
        handover = _with_circle(handover_id)
        waiting = Handover.objects.filter(id=handover_id, state__in=sorted(WAITING))
        if not waiting.update(
            state=HandoverState.ANSWERED,
            answer=answer,
            reason=why,
            answered_on=today_at(handover.circle, at=at),
        ):
            handover.refresh_from_db()
            raise Conflict(
                "handovers.answered",
                _("This line is answered already."),
                _("The answer that was given stands. Talk with the circle if it should change."),
                facts={
                    "kept": {"answer": handover.answer, "reason": handover.reason},
                    "sent": {"answer": answer, "reason": why},
                },
            )
        _record(handover, "handover.answered", acting, at, answer=answer, is_late=line.is_overdue)
    handover.refresh_from_db()
    return handover


def follow_up(
    *, acting: Person, circle_id: uuid.UUID, handover_id: uuid.UUID, text: str, at: datetime
) -> Handover:
    """Write down in one sentence what came of the answer.

    Raises:
        Refused: ``handovers.state`` before there is an answer, and as for notes.
        NotFound: no such line for this facilitator.

    """
    handover = handover_led(acting=acting, circle_id=circle_id, handover_id=handover_id)
    _must_go(handover, HandoverState.FOLLOWED_UP)
    handover.followed_up = _words(text, MOST_FOLLOW_UP, "text")
    handover.state = HandoverState.FOLLOWED_UP
    with transaction.atomic():
        handover.save(update_fields=["followed_up", "state"])
        _record(handover, "handover.followed_up", acting, at)
    return handover


def _draft(*, acting: Person, circle_id: uuid.UUID, handover_id: uuid.UUID) -> Handover:
    handover = handover_led(acting=acting, circle_id=circle_id, handover_id=handover_id)
    _must_go(handover, HandoverState.APPROVED)
    return handover


def _must_go(handover: Handover, to: str) -> None:
    if not may_go(handover.state, to):
        raise Refused("handovers.state", _("This line is not there yet, or is past that."), status=409)


def _must_not_be_asked(handover: Handover) -> None:
    item = handover.share_item
    if item and item.state == ShareState.PROPOSED:
        raise Refused(
            "handovers.asked",
            _("The circle is looking at these words now."),
            _("Take them back first."),
            status=409,
        )


def _must_be_obstacle(obstacle: str) -> None:
    if obstacle and obstacle not in Obstacle.values:
        raise Refused("handovers.obstacle", _("Choose one from the list."), facts={"field": "obstacle"})


def _words(text: str, most: int, field: str) -> str:
    try:
        return words_for_circle(text, most=most, is_sure=True)
    except Refused as refused:
        raise Refused(
            f"handovers.{field}", refused.message, refused.hint, facts={"field": field}
        ) from refused


def _with_circle(handover_id: uuid.UUID) -> Handover:
    return Handover.objects.select_related("circle__workplace").get(id=handover_id)


def _record(handover: Handover, verb: str, acting: Person, at: datetime, **facts: int | bool | str) -> None:
    audit.record(
        chain=handover.circle.organisation_id,
        acting=acting.id,
        verb=verb,
        target=handover.id,
        facts=facts,
        at=at,
    )
