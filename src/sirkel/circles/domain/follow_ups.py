"""Looking back at a circle three and six months after its closing: three questions, answered once for the circle."""

import uuid
from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sirkel.circles.domain.wording import words_for_circle
from sirkel.circles.enums import CircleState, InUse, StillMeets
from sirkel.circles.models import AnchorLook, Circle, FollowUp
from sirkel.circles.queries.closing import ending_of
from sirkel.circles.queries.closing_page import may_answer
from sirkel.circles.queries.leading import circle_for, circle_led
from sirkel.circles.queries.trial_page import today_at
from sirkel.circles.rules.follow_ups import bounds
from sirkel.kernel import audit
from sirkel.kernel.errors import NotFound, Refused
from sirkel.people.domain import outbox
from sirkel.people.enums import MailKind
from sirkel.people.models import Person

MOST_WORDS = 300


def answer_follow_up(
    *,
    acting: Person,
    circle_id: uuid.UUID,
    months: int,
    in_use: Mapping[uuid.UUID, str],
    still_meets: str,
    lang: str,
    at: datetime,
    words: str = "",
) -> FollowUp:
    """Answer a follow-up for the circle, or change the answer while it is young. Any member with an account may.

    Args:
        acting: the member.
        circle_id: the circle.
        months: three or six.
        in_use: what is still in use: an answer for every anchor but the stopped ones.
        still_meets: whether the circle, or something like it, still meets.
        lang: the language of the words.
        at: now.
        words: what helped or got in the way, in one line; may be empty.

    Raises:
        Refused: ``follow_ups.anchors`` (facts: field) for an anchor without an answer, ``follow_ups.still_meets``;
            ``follow_ups.not_now`` before its time, after it, and in a circle that is not followed up; as for notes.
        NotFound: no such circle or follow-up for this person.

    """
    circle_for(person=acting, circle_id=circle_id)
    kept = words_for_circle(words, most=MOST_WORDS, is_sure=True, may_be_empty=True)
    if still_meets not in StillMeets.values:
        raise Refused("follow_ups.still_meets", _("Choose an answer."), facts={"field": "still_meets"})
    with transaction.atomic():
        circle, found = _locked(circle_id, months)
        today = today_at(circle, at=at)
        if not may_answer(circle, found, today):
            raise _not_now()
        lasting = ending_of(circle).lasting
        for anchor in lasting:
            if in_use.get(anchor.id) not in InUse.values:
                raise Refused(
                    "follow_ups.anchors", _("Choose an answer."), facts={"field": f"anchor-{anchor.id}"}
                )
        is_new = found.answered_on is None
        found.answered_on = found.answered_on or today
        found.words, found.lang, found.still_meets = kept, lang, still_meets
        found.save(update_fields=["answered_on", "words", "lang", "still_meets"])
        AnchorLook.objects.filter(follow_up=found).delete()
        AnchorLook.objects.bulk_create(
            [AnchorLook(follow_up=found, anchor=anchor, in_use=in_use[anchor.id]) for anchor in lasting]
        )
        outbox.take_out(about=found.id, kind=MailKind.FOLLOW_UP)
        verb = "follow_up.answered" if is_new else "follow_up.changed"
        _record(verb, circle, acting, at, months=months)
    return found


def move_follow_up(
    *, acting: Person, circle_id: uuid.UUID, months: int, due_on: date, at: datetime
) -> FollowUp:
    """Move a follow-up that nobody has answered to another day; its reminder follows.

    Raises:
        Refused: ``follow_ups.due_on`` (facts: first, last) for a day too far from that of the closing, or past;
            ``follow_ups.not_now`` for one that was answered, and in a circle that is not followed up.
        NotFound: no such circle or follow-up for this facilitator.

    """
    circle_led(acting=acting, circle_id=circle_id)
    with transaction.atomic():
        circle, found = _locked(circle_id, months)
        closed_on = ending_of(circle).closed_on
        if circle.state != CircleState.FOLLOWUP or found.is_answered or closed_on is None:
            raise _not_now()
        first, last = bounds(closed_on, months)
        first = max(first, today_at(circle, at=at))
        if not first <= due_on <= last:
            raise Refused(
                "follow_ups.due_on",
                _("This day is too far from the day of the closing, or past."),
                facts={"field": "due_on"},
            )
        if due_on != found.due_on:
            days = (due_on - found.due_on).days
            found.due_on, found.edition, found.asked = due_on, found.edition + 1, 0
            found.save(update_fields=["due_on", "edition", "asked"])
            outbox.take_out(about=found.id, kind=MailKind.FOLLOW_UP)
            _record("follow_up.moved", circle, acting, at, months=months, days=days)
    return found


def _locked(circle_id: uuid.UUID, months: int) -> tuple[Circle, FollowUp]:
    circle = Circle.objects.select_for_update(of=("self",)).select_related("workplace").get(id=circle_id)
    found = FollowUp.objects.select_for_update().filter(circle=circle, months=months).first()
    if found is None:
        raise NotFound("follow_ups.none", _("There is no such follow-up here."))
    found.circle = circle
    return circle, found


def _not_now() -> Refused:
    return Refused(
        "follow_ups.not_now",
        _("This follow-up cannot be answered or changed now."),
        _("Its page says when it can."),
        status=409,
    )


def _record(verb: str, circle: Circle, acting: Person, at: datetime, **facts: audit.Fact) -> None:
    audit.record(
        chain=circle.organisation_id, acting=acting.id, verb=verb, target=circle.id, facts=facts, at=at
    )
