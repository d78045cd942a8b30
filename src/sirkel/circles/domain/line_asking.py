"""Asking the circle about a line between meetings: it goes out unless somebody wants it to stay, by a named day.

Whoever wants it to stay says so unsigned, from the circle's page or by the circle's link on paper. Nobody learns who
it was, how many, or when: what was said is looked at once, after the last day, and then deleted.
"""

import uuid
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sirkel.circles.domain import line_mails
from sirkel.circles.domain.handover_parts import must_go, record
from sirkel.circles.enums import HandoverState, ShareState
from sirkel.circles.line_enums import LineNews
from sirkel.circles.models import Circle, Handover, LineObjection
from sirkel.circles.queries.handovers import InCircle, handover_led
from sirkel.circles.queries.trial_page import today_at
from sirkel.circles.rules.client_ids import client_hash
from sirkel.circles.rules.handover_states import ASK_DAYS
from sirkel.circles.rules.phases import RESTING
from sirkel.kernel.errors import NotFound, Refused
from sirkel.people.models import Person

BATCH = 200
# The earliest clock on earth is this far ahead of UTC: what is over nowhere need not be looked at.
_AHEAD = timedelta(hours=14)


def ask_between(
    *, acting: Person, circle_id: uuid.UUID, handover_id: uuid.UUID, days: int, at: datetime
) -> Handover:
    """Ask the circle about a draft between meetings. Asking again while it is asked changes nothing.

    Raises:
        Refused: ``handovers.state`` for a line past that; ``handovers.days`` for another number of days;
            ``handovers.asked`` while a meeting looks at the words; ``handovers.circle_rests`` while the circle
            is paused or over.
        NotFound: no such line for this facilitator.

    """
    handover = handover_led(acting=acting, circle_id=circle_id, handover_id=handover_id)
    must_go(handover, HandoverState.APPROVED)
    if days not in ASK_DAYS:
        raise Refused("handovers.days", _("Choose one of the days."), facts={"field": "days"})
    if handover.share_item and handover.share_item.state == ShareState.PROPOSED:
        raise Refused("handovers.asked", _("A meeting is looking at these words now."), status=409)
    if handover.circle.state in RESTING:
        raise Refused("handovers.circle_rests", _("The circle is paused or over."), status=409)
    if handover.asked_until is not None:
        return handover
    handover.asked_until = today_at(handover.circle, at=at) + timedelta(days=days)
    handover.has_stayed = False
    with transaction.atomic():
        handover.save(update_fields=["asked_until", "has_stayed"])
        record(handover, "handover.asked", acting, at, days=days)
        line_mails.tell_circle(handover, LineNews.ASKED, at=at, but=acting.id)
    return handover


def stop_asking(*, acting: Person, circle_id: uuid.UUID, handover_id: uuid.UUID, at: datetime) -> Handover:
    """Take a line back that the circle is asked about; what was said about it is deleted unseen.

    Raises:
        Refused: ``handovers.state`` when the circle is not asked. NotFound: no such line for this facilitator.

    """
    handover = handover_led(acting=acting, circle_id=circle_id, handover_id=handover_id)
    if handover.asked_until is None:
        raise Refused("handovers.state", _("This line is not there yet, or is past that."), status=409)
    handover.asked_until = None
    with transaction.atomic():
        handover.save(update_fields=["asked_until"])
        LineObjection.objects.filter(handover=handover).delete()
        record(handover, "handover.taken_back", acting, at)
    return handover


def let_stay(*, circle: Circle, handover_id: uuid.UUID, client_id: uuid.UUID, at: datetime) -> None:
    """Say that a line should stay in the room. Twice with the same id is once.

    Without ``acting`` and without an audit row on purpose: nothing that is kept says who it was, or when.

    Raises:
        NotFound: ``handovers.not_asked`` when the circle is not, or no longer, asked about it.

    """
    with transaction.atomic():
        asked = _asked(circle, handover_id, at=at)
        LineObjection.objects.get_or_create(handover=asked, client_hash=client_hash(client_id))


def let_go(*, circle: Circle, handover_id: uuid.UUID, client_id: uuid.UUID, at: datetime) -> bool:
    """Take back, for whoever holds the id, that a line should stay; tell whether there was something.

    Raises:
        NotFound: ``handovers.not_asked``.

    """
    with transaction.atomic():
        asked = _asked(circle, handover_id, at=at)
        mine = LineObjection.objects.filter(handover=asked, client_hash=client_hash(client_id))
        return mine.delete()[0] > 0


def with_own(lines: Iterable[InCircle], client_ids: Iterable[uuid.UUID]) -> list[InCircle]:
    """Return the lines, those that a browser wanted to stay with its own id for them."""
    found = list(lines)
    by_hash = {client_hash(one): one for one in client_ids}
    asked = [line.handover.id for line in found if line.is_asked_between]
    mine = LineObjection.objects.filter(handover__in=asked, client_hash__in=list(by_hash))
    own = {one.handover_id: by_hash[bytes(one.client_hash)] for one in mine} if asked and by_hash else {}
    return [replace(line, own_id=own.get(line.handover.id)) for line in found]


def settle(*, at: datetime) -> int:
    """Settle the lines whose last day is over at their workplace; tell how many were approved.

    A line of a circle that is paused or over waits.
    """
    due = (
        Handover.objects.filter(asked_until__lt=(at + _AHEAD).date())
        .exclude(circle__state__in=RESTING)
        .select_related("circle__workplace")
        .order_by("id")
    )
    approved, batch = 0, list(due[:BATCH])
    while batch:
        approved += sum(_settle(one, at) for one in batch)
        batch = list(due.filter(id__gt=batch[-1].id)[:BATCH])
    return approved


def _settle(asked: Handover, at: datetime) -> bool:
    if asked.asked_until is None or asked.asked_until >= today_at(asked.circle, at=at):
        return False
    with transaction.atomic():
        line = Handover.objects.select_for_update().filter(id=asked.id, asked_until=asked.asked_until).first()
        if line is None:
            return False
        objections = LineObjection.objects.filter(handover=line)
        line.has_stayed, line.asked_until = objections.exists(), None
        if not line.has_stayed:
            line.state = HandoverState.APPROVED
        line.save(update_fields=["has_stayed", "asked_until", "state"])
        objections.delete()
        record(asked, "handover.stayed" if line.has_stayed else "handover.approved", None, at)
    return not line.has_stayed


def _asked(circle: Circle, handover_id: uuid.UUID, *, at: datetime) -> Handover:
    line = (
        Handover.objects.select_for_update()
        .filter(id=handover_id, circle=circle, asked_until__gte=today_at(circle, at=at))
        .first()
    )
    if line is None:
        raise NotFound("handovers.not_asked", _("The circle is not asked about this any more."))
    return line
