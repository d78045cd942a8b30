"""Deleting what is mine: in one circle, or everywhere. What the circle learned together stays, without a name."""

import uuid
from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sirkel.circles.domain.closing import forget_on_disk
from sirkel.circles.models import Circle, Handover, Meeting, Membership, Participant
from sirkel.circles.queries.forgetting import only_facilitator_of
from sirkel.circles.queries.keeping import place_of
from sirkel.kernel import audit
from sirkel.kernel.errors import Conflict, NotFound
from sirkel.people.domain.erasing import enter_in_ledger, erase
from sirkel.people.models import Mail, Person
from sirkel.people.queries.holds import must_not_be_held


def forget_in_circle(*, acting: Person, circle_id: uuid.UUID, at: datetime) -> None:
    """Leave a circle and delete everything in it that says who was there, now or before.

    Gone are membership, answers, and what was mailed about the circle. Nothing is left to come back to, and the numbers
    of what is gone go into the ledger, so that no old backup brings it back.

    Raises:
        NotFound: ``circles.none`` where the person never was in it.
        Conflict: ``circles.last_facilitator``; ``holds.held`` while a hold keeps it.

    """
    with transaction.atomic():
        circle = Circle.objects.select_for_update().filter(id=circle_id).first()
        mine = Membership.objects.filter(circle=circle_id, person=acting)
        if circle is None or not mine.exists():
            raise NotFound("circles.none", _("There is no such circle here."), _("Go to your circles."))
        must_not_be_held(acting, circle=place_of(circle))
        must_not_be_alone(acting, [circle])
        _forget(circle, acting.id, at=at)
        transaction.on_commit(forget_on_disk)


def _forget(circle: Circle, person: uuid.UUID, *, at: datetime) -> None:
    """Delete what says that somebody was in a circle; in the caller's transaction.

    The trail does not keep the numbers of what is gone: a link in an old mail holds one of them.
    """
    mine = Membership.objects.filter(circle=circle, person=person)
    listed = Participant.objects.filter(circle=circle, person=person)
    gone = [*listed.values_list("id", flat=True), *mine.values_list("id", flat=True)]
    about = [
        *gone,
        *Meeting.objects.filter(circle=circle).values_list("id", flat=True),
        *Handover.objects.filter(circle=circle).values_list("id", flat=True),
    ]
    Mail.objects.filter(person=person, about__in=about).delete()
    listed.delete()
    mine.delete()
    audit.record(
        chain=circle.organisation_id, acting=None, verb="circle.member_forgotten", target=circle.id, at=at
    )
    transaction.on_commit(lambda: enter_in_ledger(gone, at=at))


def forget_again(was_erased: Callable[[uuid.UUID], bool], *, at: datetime) -> int:
    """Delete what an old backup brought back of people who had deleted themselves from a circle; tell of how many.

    Who came again afterwards did so by rows of other numbers. Neither a hold of that time nor that a circle is left
    without a facilitator keeps what was deleted already.

    Args:
        was_erased: tells of a row's number whether the ledger has it.
        at: now.

    """
    back = {
        (row.circle_id, row.person_id)
        for model in (Membership, Participant)
        for row in model.objects.filter(person__isnull=False).only("id", "circle_id", "person_id").iterator()
        if was_erased(row.id) and row.person_id is not None
    }
    with transaction.atomic():
        for circle_id, person in sorted(back):
            _forget(Circle.objects.select_for_update().get(id=circle_id), person, at=at)
    return len(back)


def forget_person(*, acting: Person, at: datetime) -> None:
    """Delete an account and all that is its owner's: memberships, answers, mails and their settings, private log, roles.

    In one step or not at all. Notes and presses between meetings hold no person and cannot be found; what the circle
    learned, decided and handed over stays without a name.

    Raises:
        Conflict: ``circles.last_facilitator`` while a circle that is under way has no other facilitator;
            ``holds.held`` while a hold keeps what is theirs.

    """
    with transaction.atomic():
        person = Person.objects.select_for_update().get(id=acting.id)
        circles = Circle.objects.filter(memberships__person=person).order_by("id")
        must_not_be_alone(
            person, list(Circle.objects.select_for_update().filter(id__in=circles.values("id")))
        )
        erase(person=person, at=at)
        transaction.on_commit(forget_on_disk)


def must_not_be_alone(person: Person, circles: list[Circle]) -> None:
    """Refuse to take the only facilitator from a circle that is under way.

    Raises:
        Conflict: ``circles.last_facilitator`` (facts: circles, their names).

    """
    alone = only_facilitator_of(person, circles)
    if alone:
        raise Conflict(
            "circles.last_facilitator",
            _("You are the only facilitator of a circle that is under way."),
            _("Let somebody else become a facilitator first, or close the circle."),
            facts={"circles": [circle.name for circle in alone]},
        )
