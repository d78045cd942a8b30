"""Voice balance: the circle's decision to count by perspective, and to stop."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sirkel.circles.domain.agreeing import MOST_AGREEING
from sirkel.circles.domain.closing import forget_on_disk
from sirkel.circles.enums import CircleState
from sirkel.circles.models import Circle, VoiceDecision, VoicePicture, VoiceRun, VoiceWindow
from sirkel.circles.queries.leading import circle_for, circle_led
from sirkel.kernel import audit
from sirkel.kernel.errors import Refused
from sirkel.people.models import Person

_OVER = {CircleState.CLOSED, CircleState.ENDED_EARLY}


def switch_voices_on(*, acting: Person, circle_id: uuid.UUID, count: int, at: datetime) -> VoiceDecision:
    """Keep that the circle decided to count by perspective, from its next meeting on: how many were for it, never who.

    Deciding the same twice changes nothing.

    Raises:
        Refused: ``voices.count`` for a number that cannot be; ``circles.over``.
        NotFound: this person does not facilitate it.

    """
    circle_led(acting=acting, circle_id=circle_id)
    if not 1 <= count <= MOST_AGREEING:
        raise Refused(
            "voices.count",
            _("Choose a number from %(least)d to %(most)d.") % {"least": 1, "most": MOST_AGREEING},
            facts={"field": "count"},
        )
    with transaction.atomic():
        circle, newest = _locked(circle_id)
        if circle.state in _OVER:
            raise Refused("circles.over", _("The circle is over."), status=409)
        if newest and newest.is_on:
            return newest
        decision = _decide(circle, newest, is_on=True, agreed_count=count, at=at)
        audit.record(
            chain=circle.organisation_id,
            acting=acting.id,
            verb="voices.switched_on",
            target=circle.id,
            facts={"count": count},
            at=at,
        )
    return decision


def switch_voices_off(*, acting: Person, circle_id: uuid.UUID, at: datetime) -> None:
    """Stop counting by perspective at once, also in a running meeting, and delete what was counted and shown.

    Any member may, and who it was is kept nowhere: nobody has to answer for it.

    Raises:
        NotFound: not this person's circle.

    """
    circle_for(person=acting, circle_id=circle_id)
    with transaction.atomic():
        circle, newest = _locked(circle_id)
        if newest is None or not newest.is_on:
            return
        VoiceRun.objects.filter(meeting__circle=circle).delete()
        VoiceWindow.objects.filter(circle=circle).delete()
        VoicePicture.objects.filter(circle=circle).delete()
        _decide(circle, newest, is_on=False, agreed_count=None, at=at)
        audit.record(
            chain=circle.organisation_id, acting=None, verb="voices.switched_off", target=circle.id, at=at
        )
        transaction.on_commit(forget_on_disk)


def _locked(circle_id: uuid.UUID) -> tuple[Circle, VoiceDecision | None]:
    circle = Circle.objects.select_for_update().get(id=circle_id)
    return circle, VoiceDecision.objects.filter(circle=circle).order_by("-number").first()


def _decide(
    circle: Circle, newest: VoiceDecision | None, *, is_on: bool, agreed_count: int | None, at: datetime
) -> VoiceDecision:
    return VoiceDecision.objects.create(
        circle=circle,
        number=newest.number + 1 if newest else 1,
        is_on=is_on,
        agreed_count=agreed_count,
        decided_at=at,
    )
