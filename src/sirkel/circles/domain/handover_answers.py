"""What a leader does with a line: says that it is read, answers with a reason, and clears what is in the way."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from sirkel.circles.domain import line_mails
from sirkel.circles.domain.handover_parts import line_words, record, with_circle
from sirkel.circles.enums import HandoverAnswer, HandoverState, Mandate
from sirkel.circles.line_enums import LineNews, ObstacleState
from sirkel.circles.models import Handover, NamedObstacle, Trial
from sirkel.circles.queries.handovers import handover_for_leader
from sirkel.circles.queries.trial_page import today_at
from sirkel.circles.rules.handover_states import WAITING
from sirkel.kernel import audit
from sirkel.kernel.errors import Conflict, NotFound, Refused
from sirkel.people.models import Person

MOST_REASON, MOST_BODY = 500, 120


def mark_seen(*, acting: Person, handover_id: uuid.UUID, at: datetime) -> None:
    """Let the circle know that its leader has read the line. Saying it again changes nothing.

    Raises:
        NotFound: not a line for this leader.

    """
    handover_for_leader(person=acting, handover_id=handover_id, at=at)
    with transaction.atomic():
        sent = Handover.objects.filter(id=handover_id, state=HandoverState.SENT)
        if sent.update(state=HandoverState.SEEN):
            record(with_circle(handover_id), "handover.seen", acting, at)


def answer_handover(
    *,
    acting: Person,
    handover_id: uuid.UUID,
    answer: str,
    reason: str,
    at: datetime,
    comes_back_on: date | None = None,
    other_body: str = "",
) -> Handover:
    """Answer a line, once, with a reason; after a "later" one more answer is given, which is no "later".

    A yes to a line that asks for a trial's mandate gives that trial its mandate.

    Args:
        acting: a leader of the workplace.
        handover_id: the line.
        answer: one of the answers.
        reason: why, in words that the circle reads.
        at: now.
        comes_back_on: the day on which a "later" comes back; needed with it and with no other answer.
        other_body: who must decide instead; needed with "somebody else" and with no other answer.

    Raises:
        Refused: ``handovers.answer``, ``handovers.reason``, ``handovers.comes_back_on``, ``handovers.other_body``.
        Conflict: ``handovers.answered`` (facts: ``kept`` and ``sent``, each an answer and its reason) when it is
            answered already, by the same leader or another.
        NotFound: not a line for this leader.

    """
    line = handover_for_leader(person=acting, handover_id=handover_id, at=at)
    if answer not in HandoverAnswer.values:
        raise Refused("handovers.answer", _("Choose one of the answers."), facts={"field": "answer"})
    why = line_words(reason, MOST_REASON, "reason")
    with transaction.atomic():
        handover = with_circle(handover_id)
        today = today_at(handover.circle, at=at)
        more = _with_the_answer(answer, comes_back_on, other_body, today)
        if not _is_open_for(answer, handover_id).update(
            said_later=Case(When(answer=HandoverAnswer.LATER, then=F("reason")), default=Value("")),
            state=HandoverState.ANSWERED,
            answer=answer,
            reason=why,
            answered_on=today,
            **more,
        ):
            raise _answered(handover_id, answer, why)
        record(handover, "handover.answered", acting, at, answer=answer, is_late=line.is_overdue)
        if answer == HandoverAnswer.YES and handover.asks_mandate:
            _give_mandate(handover, acting, at)
        line_mails.tell_facilitators(handover, LineNews.ANSWERED, at=at)
    handover.refresh_from_db()
    return handover


def _is_open_for(answer: str, handover_id: uuid.UUID) -> QuerySet[Handover]:
    """Return the line if it takes this answer: none was given, or "later", which is said once."""
    is_open = Q(state__in=sorted(WAITING))
    if answer != HandoverAnswer.LATER:
        is_open |= Q(state=HandoverState.ANSWERED, answer=HandoverAnswer.LATER)
    return Handover.objects.filter(is_open, id=handover_id)


def _answered(handover_id: uuid.UUID, answer: str, why: str) -> Conflict:
    kept = Handover.objects.get(id=handover_id)
    return Conflict(
        "handovers.answered",
        _("This line is answered already."),
        _("The answer that was given stands. Talk with the circle if it should change."),
        facts={
            "kept": {"answer": kept.answer, "reason": kept.reason},
            "sent": {"answer": answer, "reason": why},
        },
    )


def _with_the_answer(
    answer: str, comes_back_on: date | None, other_body: str, today: date
) -> dict[str, date | str | None]:
    """Return what belongs to this answer alone; what belongs to another one is left out."""
    if answer == HandoverAnswer.LATER and (comes_back_on is None or comes_back_on <= today):
        raise Refused(
            "handovers.comes_back_on",
            _("Choose a day to come."),
            _("On that day the line comes back to you."),
            facts={"field": "comes_back_on"},
        )
    is_other = answer == HandoverAnswer.OTHER_BODY
    return {
        "comes_back_on": comes_back_on if answer == HandoverAnswer.LATER else None,
        "other_body": line_words(other_body, MOST_BODY, "other_body") if is_other else "",
    }


def _give_mandate(handover: Handover, acting: Person, at: datetime) -> None:
    """Give the trial its mandate; one that was planned anew without touching care needs none any more."""
    if handover.trial_id is None:
        return
    lacking = Trial.objects.filter(id=handover.trial_id, touches_care=True, mandate=Mandate.NEEDED)
    if lacking.update(mandate=Mandate.GIVEN):
        audit.record(
            chain=handover.circle.organisation_id,
            acting=acting.id,
            verb="trial.mandate_given",
            target=handover.trial_id,
            facts={"handover": handover.id},
            at=at,
        )


@dataclass(frozen=True)
class Mark:
    """What a leader says about something in the way; ``until`` is the day by which it shall be done."""

    state: str
    until: date | None = None


def mark_obstacle(
    *, acting: Person, handover_id: uuid.UUID, obstacle_id: uuid.UUID, mark: Mark, at: datetime
) -> NamedObstacle:
    """Say what becomes of something in the way. It may be said anew as often as things change.

    Raises:
        Refused: ``handovers.mark``; ``handovers.until`` for working on it without a day to come.
        NotFound: not a line for this leader, or nothing of this line.

    """
    handover_for_leader(person=acting, handover_id=handover_id, at=at)
    if mark.state not in {ObstacleState.WORKING, ObstacleState.REMOVED, ObstacleState.CANNOT}:
        raise Refused("handovers.mark", _("Choose what becomes of it."), facts={"field": "state"})
    with transaction.atomic():
        found = NamedObstacle.objects.select_for_update().filter(id=obstacle_id, handover=handover_id).first()
        if found is None:
            raise NotFound("handovers.none", _("There is no such line here."))
        handover = with_circle(handover_id)
        today = today_at(handover.circle, at=at)
        is_working = mark.state == ObstacleState.WORKING
        if is_working and (mark.until is None or mark.until < today):
            raise Refused("handovers.until", _("Choose a day to come."), facts={"field": "until"})
        found.state, found.marked_on = mark.state, today
        found.until = mark.until if is_working else None
        found.save(update_fields=["state", "marked_on", "until"])
        record(handover, "obstacle.marked", acting, at, state=mark.state)
    return found
