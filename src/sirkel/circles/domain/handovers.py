"""Handing a line over to the leader: drafted, approved by the circle, sent, answered with a reason, followed up."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sirkel.circles.domain import line_mails
from sirkel.circles.domain.handover_answers import answer_handover, mark_seen
from sirkel.circles.domain.handover_parts import line_words, must_go, record
from sirkel.circles.domain.sharing import propose, take_back_proposal
from sirkel.circles.enums import Audience, HandoverState, MeetingState, Obstacle, ShareState
from sirkel.circles.line_enums import LineNews
from sirkel.circles.models import Handover, Meeting, NamedObstacle
from sirkel.circles.queries.handovers import answer_days_for, handover_led
from sirkel.circles.queries.leading import circle_led
from sirkel.circles.queries.trial_page import today_at, trial_led
from sirkel.circles.rules.handover_states import MOST_OBSTACLES, after_working_days
from sirkel.kernel.errors import Refused
from sirkel.people.enums import Role
from sirkel.people.models import Person
from sirkel.people.queries.roles import holders_at

__all__ = [
    "answer_handover",
    "ask_circle",
    "change_draft",
    "discard_draft",
    "draft_handover",
    "follow_up",
    "mark_seen",
    "send_handover",
]

MOST_LINE, MOST_FOLLOW_UP, MOST_OBSTACLE = 300, 300, 120
# The circle is asked about a line and what it names together; that many signs fit on the phone's card.
MOST_TOGETHER = 500

Named = Sequence[tuple[str, str]]
"""What is in the way, by name: its kind and one line each."""


def draft_handover(
    *,
    acting: Person,
    circle_id: uuid.UUID,
    text: str,
    lang: str,
    at: datetime,
    obstacle: str = "",
    trial_id: uuid.UUID | None = None,
    named: Named = (),
) -> Handover:
    """Draft one line for the leader. Nobody outside the circle sees it before the circle has approved it.

    From a trial that lacks its mandate, the line asks for the mandate.

    Raises:
        Refused: ``handovers.obstacle``, ``handovers.named``, and as for notes.
        NotFound: no such circle or trial for this facilitator.

    """
    circle = circle_led(acting=acting, circle_id=circle_id)
    trial = trial_led(acting=acting, circle_id=circle_id, trial_id=trial_id) if trial_id else None
    kept = line_words(text, MOST_LINE, "text")
    _must_be_obstacle(obstacle)
    lines = _named(named, kept)
    with transaction.atomic():
        handover = Handover.objects.create(
            circle=circle,
            trial=trial,
            text=kept,
            lang=lang,
            obstacle=obstacle,
            asks_mandate=trial is not None and trial.lacks_mandate,
        )
        _name(handover, lines)
        record(handover, "handover.drafted", acting, at)
    return handover


def change_draft(
    *,
    acting: Person,
    circle_id: uuid.UUID,
    handover_id: uuid.UUID,
    text: str,
    at: datetime,
    obstacle: str = "",
    named: Named = (),
) -> Handover:
    """Change a line that the circle has not approved. One it is being asked about must be taken back first.

    Raises:
        Refused: ``handovers.state``, ``handovers.asked``, and as for drafting.
        NotFound: no such line for this facilitator.

    """
    handover = _draft(acting=acting, circle_id=circle_id, handover_id=handover_id)
    _must_not_be_asked(handover)
    handover.text = line_words(text, MOST_LINE, "text")
    _must_be_obstacle(obstacle)
    handover.obstacle, handover.has_stayed = obstacle, False
    lines = _named(named, handover.text)
    with transaction.atomic():
        handover.save(update_fields=["text", "obstacle", "has_stayed"])
        NamedObstacle.objects.filter(handover=handover).delete()
        _name(handover, lines)
        record(handover, "handover.changed", acting, at)
    return handover


def discard_draft(*, acting: Person, circle_id: uuid.UUID, handover_id: uuid.UUID, at: datetime) -> None:
    """Throw a draft away; if the circle is being asked about it, it is asked no more.

    Raises:
        Refused: ``handovers.state``. NotFound: no such line for this facilitator.

    """
    handover = _draft(acting=acting, circle_id=circle_id, handover_id=handover_id)
    with transaction.atomic():
        item = handover.share_item
        record(handover, "handover.discarded", acting, at)
        handover.delete()
        if item:
            take_back_proposal(acting=acting, meeting_id=item.meeting_id, item_id=item.id)


def ask_circle(*, acting: Person, circle_id: uuid.UUID, handover_id: uuid.UUID, at: datetime) -> Handover:
    """Put a draft before the meeting that runs now: approved when nobody objects before its carry-out step ends.

    Asking twice is asking once. What stayed in the room may be asked anew in a later meeting.

    Raises:
        Refused: ``handovers.state``; ``handovers.no_meeting`` when none runs; ``handovers.asked`` while the circle
            is asked between meetings.
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
    if handover.asked_until is not None:
        raise asked()
    if item and item.meeting_id == meeting.id and item.state in {ShareState.PROPOSED, ShareState.OBJECTED}:
        return handover
    with transaction.atomic():
        handover.share_item = propose(
            acting=acting,
            meeting_id=meeting.id,
            text=whole_text(handover),
            lang=handover.lang,
            audience=Audience.LEADER,
            trial_id=handover.trial_id,
        )
        handover.save(update_fields=["share_item"])
        record(handover, "handover.asked", acting, at)
    return handover


def send_handover(*, acting: Person, circle_id: uuid.UUID, handover_id: uuid.UUID, at: datetime) -> Handover:
    """Send an approved line to the leaders of the workplace; from today counts the time they have to answer.

    Raises:
        Refused: ``handovers.state`` for a line that the circle has not approved, or that was sent;
            ``handovers.no_leader`` when nobody leads the workplace in Sirkel.
        NotFound: no such line for this facilitator.

    """
    handover = handover_led(acting=acting, circle_id=circle_id, handover_id=handover_id)
    must_go(handover, HandoverState.SENT)
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
        record(handover, "handover.sent", acting, at, answer_days=handover.answer_days)
        line_mails.tell_leaders(handover, LineNews.SENT, at=at)
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
    must_go(handover, HandoverState.FOLLOWED_UP)
    handover.followed_up = line_words(text, MOST_FOLLOW_UP, "text")
    handover.state = HandoverState.FOLLOWED_UP
    with transaction.atomic():
        handover.save(update_fields=["followed_up", "state"])
        record(handover, "handover.followed_up", acting, at)
    return handover


def _draft(*, acting: Person, circle_id: uuid.UUID, handover_id: uuid.UUID) -> Handover:
    handover = handover_led(acting=acting, circle_id=circle_id, handover_id=handover_id)
    must_go(handover, HandoverState.APPROVED)
    return handover


def asked() -> Refused:
    """Return the refusal for a line that the circle is being asked about."""
    return Refused(
        "handovers.asked",
        _("The circle is looking at these words now."),
        _("Take them back first."),
        status=409,
    )


def whole_text(handover: Handover) -> str:
    """Return a line together with what it names in the way: all that the circle is asked about."""
    named = NamedObstacle.objects.filter(handover=handover).order_by("position")
    return "\n".join([handover.text, *(f"– {one.line}" for one in named)])


def _must_not_be_asked(handover: Handover) -> None:
    item = handover.share_item
    if handover.asked_until is not None or (item and item.state == ShareState.PROPOSED):
        raise asked()


def _must_be_obstacle(obstacle: str) -> None:
    if obstacle and obstacle not in Obstacle.values:
        raise Refused("handovers.obstacle", _("Choose one from the list."), facts={"field": "obstacle"})


def _named(named: Named, text: str) -> list[tuple[str, str]]:
    """Return what is in the way as it is kept; a row without words is left out."""
    lines = []
    for kind, words in named:
        kept = line_words(words, MOST_OBSTACLE, "named", may_be_empty=True)
        if kept and kind not in Obstacle.values:
            raise Refused("handovers.named", _("Choose one from the list."), facts={"field": "named"})
        if kept:
            lines.append((kind, kept))
    if len(lines) > MOST_OBSTACLES:
        raise Refused("handovers.named", _("Name three at most."), facts={"field": "named"})
    if len("\n– ".join([text, *(line for _kind, line in lines)])) > MOST_TOGETHER:
        raise Refused(
            "handovers.named",
            _("The line and what is in the way are too long together."),
            _("Shorten them a little. Your words are still here."),
            facts={"field": "text"},
        )
    return lines


def _name(handover: Handover, lines: Named) -> None:
    NamedObstacle.objects.bulk_create(
        NamedObstacle(handover=handover, position=place, kind=kind, line=line)
        for place, (kind, line) in enumerate(lines)
    )
