"""Before words leave an organisation: one of the circle goes through a checklist, and another says yes.

The circle has approved the words; this asks once more, without hurry, whether a person could be recognised. Only
members read them until then: leaders and representatives see no words of a circle, so neither can be the second.
"""

import uuid
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sirkel.circles.domain.signals import items_approved
from sirkel.circles.enums import ShareState
from sirkel.circles.models import ShareItem
from sirkel.circles.queries.leading import circle_for, circle_led
from sirkel.circles.rules.recognition import QUESTIONS
from sirkel.kernel import audit, national_id
from sirkel.kernel.errors import Conflict, NotAllowed, NotFound, Refused
from sirkel.people.models import Person

NO = "no"


def check(
    *,
    acting: Person,
    circle_id: uuid.UUID,
    item_id: uuid.UUID,
    answers: Mapping[str, str],
    has_looked: bool,
    at: datetime,
) -> ShareItem:
    """Go through the checklist for words that wait. Nothing leaves yet: somebody else of the circle confirms.

    Args:
        acting: a facilitator of the circle.
        circle_id: the circle.
        item_id: the words.
        answers: ``no`` or ``yes`` by the code of each question.
        has_looked: whether what the detector found was looked at.
        at: now.

    Raises:
        Refused: ``release.answers`` when a question is open; ``release.recognised`` when one is answered yes;
            ``release.national_id`` for a certain personal number; ``release.look`` while findings were not looked at.
        NotFound: no such words for this facilitator. Conflict: ``release.state`` when they do not wait.

    """
    circle_led(acting=acting, circle_id=circle_id)
    for code in QUESTIONS:
        if answers.get(code) not in {NO, "yes"}:
            raise Refused("release.answers", _("Answer every question."), facts={"field": code})
    recognised = next((code for code in QUESTIONS if answers[code] != NO), "")
    if recognised:
        raise Refused(
            "release.recognised",
            _("Then it stays in the room for now."),
            _("Write it in other words and ask the circle again at the next meeting."),
            facts={"field": recognised},
        )
    with transaction.atomic():
        item = _waiting(circle_id, item_id)
        found = national_id.find(item.text)
        if any(one.severity == national_id.Severity.HIGH for one in found):
            raise Refused(
                "release.national_id", _("This looks like a personal identity number. It cannot leave.")
            )
        if found and not has_looked:
            raise Refused(
                "release.look", _("Look at what was found, and say that you did."), facts={"field": "looked"}
            )
        item.checked_by = acting.id
        item.save(update_fields=["checked_by"])
        _record(item, "share.checked", acting, at)
    return item


def confirm(*, acting: Person, circle_id: uuid.UUID, item_id: uuid.UUID, at: datetime) -> ShareItem:
    """Say as the second person that nobody can be recognised: now the words leave.

    Raises:
        NotAllowed: ``release.same`` for whoever went through the checklist.
        Conflict: ``release.state`` when they do not wait, or nobody has gone through it.
        NotFound: no such words for this member.

    """
    circle_for(person=acting, circle_id=circle_id)
    with transaction.atomic():
        item = _waiting(circle_id, item_id)
        if item.checked_by is None:
            raise _not_now()
        if item.checked_by == acting.id:
            raise NotAllowed(
                "release.same", _("You went through it yourself."), _("Somebody else of the circle says yes.")
            )
        item.confirmed_by, item.state = acting.id, ShareState.APPROVED
        item.save(update_fields=["confirmed_by", "state"])
        _record(item, "share.confirmed", acting, at)
        items_approved.send(sender=ShareItem, items=[item], at=at)
    return item


def keep(*, acting: Person, circle_id: uuid.UUID, item_id: uuid.UUID, at: datetime) -> ShareItem:
    """Keep words that wait in the room, as any member may; no reason is asked for.

    Raises:
        Conflict: ``release.state`` when they do not wait. NotFound: no such words for this member.

    """
    circle_for(person=acting, circle_id=circle_id)
    with transaction.atomic():
        item = _waiting(circle_id, item_id)
        item.state, item.checked_by = ShareState.OBJECTED, None
        item.save(update_fields=["state", "checked_by"])
        # Who kept something in the room is nobody's business.
        _record(item, "share.kept", None, at)
    return item


def _waiting(circle_id: uuid.UUID, item_id: uuid.UUID) -> ShareItem:
    item = (
        ShareItem.objects.select_for_update(of=("self",))
        .select_related("circle")
        .filter(id=item_id, circle_id=circle_id)
        .first()
    )
    if item is None:
        raise NotFound("release.none", _("There are no such words here."))
    if item.state != ShareState.WAITING:
        raise _not_now()
    return item


def _not_now() -> Conflict:
    return Conflict(
        "release.state", _("This does not wait for you any more, or not yet."), _("Load the page again.")
    )


def _record(item: ShareItem, verb: str, acting: Person | None, at: datetime) -> None:
    audit.record(
        chain=item.circle.organisation_id,
        acting=acting.id if acting else None,
        verb=verb,
        target=item.id,
        facts={"audience": item.audience},
        at=at,
    )
