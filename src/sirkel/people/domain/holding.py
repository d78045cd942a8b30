"""Holding something from deletion, and lifting that again: two administrators for each, and the trail of both."""

import re
import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sirkel.kernel import audit, national_id
from sirkel.kernel.errors import Conflict, NotAllowed, Refused
from sirkel.people.enums import HoldScope, HoldState
from sirkel.people.models import Hold, Organisation, Person, RoleAssignment, Workplace
from sirkel.people.queries.administration import organisation_of, zone_of
from sirkel.people.queries.holds import circle_place, hold_in
from sirkel.people.rules.periods import day_of

KEPT = timedelta(days=365)
"""So long after it was lifted a hold can still be read."""
ASK_LASTS = timedelta(days=14)
LONGEST_REVIEW = timedelta(days=366)
MOST_REASON = 500
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class HoldPlan:
    """What shall be held and why.

    Attributes:
        scope: one of ``HoldScope``.
        which: the id of the workplace; the address of a circle's page, or its id; the address a person signs in with;
            empty for the whole organisation.
        reason: why, for administrators alone.
        review_on: the day by which it is looked at again, a year from now at most.
        may_tell: whether whom it covers may learn of it.

    """

    scope: str
    which: str
    reason: str
    review_on: date
    may_tell: bool = True


def ask(*, acting: Person, organisation_id: uuid.UUID, plan: HoldPlan, at: datetime) -> Hold:
    """Ask for a hold. It holds nothing before another administrator confirms it.

    Raises:
        NotFound: this person does not administer the organisation.
        Refused: ``holds.which``, ``holds.reason``, ``holds.national_id``, ``holds.review``.

    """
    organisation = organisation_of(person=acting, organisation_id=organisation_id, at=at)
    what = _what(organisation, plan)
    reason = " ".join(plan.reason.split())
    if not reason or len(reason) > MOST_REASON:
        raise Refused("holds.reason", _("Say why, in at most 500 signs."), facts={"field": "reason"})
    if any(found.severity == national_id.Severity.HIGH for found in national_id.find(reason)):
        raise Refused(
            "holds.national_id",
            _("This looks like a personal identity number. Leave it out."),
            facts={"field": "reason"},
        )
    _check_review(organisation, plan.review_on, at)
    with transaction.atomic():
        Organisation.objects.select_for_update().get(id=organisation.id)
        hold = Hold.objects.create(
            organisation=organisation,
            reason=reason,
            may_tell=plan.may_tell,
            review_on=plan.review_on,
            asked_by=acting.id,
            asked_at=at,
            **what,
        )
        _record(acting, hold, "hold.asked", at)
    return hold


def confirm(*, acting: Person, organisation_id: uuid.UUID, hold_id: uuid.UUID, at: datetime) -> Hold:
    """Confirm a hold that somebody else asked for: from now on it holds.

    Raises:
        NotFound: this person does not administer the organisation, or the hold is not of it.
        NotAllowed: ``holds.same`` for whoever asked for it.
        Conflict: ``holds.state`` when it is confirmed already.

    """
    with transaction.atomic():
        hold = _locked(acting, organisation_id, hold_id, HoldState.ASKED, at)
        _must_be_another(acting, hold.asked_by)
        hold.confirmed_by, hold.confirmed_at = acting.id, at
        hold.save(update_fields=["confirmed_by", "confirmed_at"])
        _record(acting, hold, "hold.confirmed", at)
    return hold


def ask_to_lift(*, acting: Person, organisation_id: uuid.UUID, hold_id: uuid.UUID, at: datetime) -> Hold:
    """Ask that a hold be lifted. It holds until another administrator agrees.

    Raises:
        NotFound: as for ``confirm``.
        Conflict: ``holds.state``.

    """
    with transaction.atomic():
        hold = _locked(acting, organisation_id, hold_id, HoldState.HOLDS, at)
        hold.lift_asked_by, hold.lift_asked_at = acting.id, at
        hold.save(update_fields=["lift_asked_by", "lift_asked_at"])
        _record(acting, hold, "hold.lift_asked", at)
    return hold


def lift(*, acting: Person, organisation_id: uuid.UUID, hold_id: uuid.UUID, at: datetime) -> Hold:
    """Lift a hold, as somebody else asked: what is overdue by then goes in the next night.

    Raises:
        NotFound: as for ``confirm``.
        NotAllowed: ``holds.same``.
        Conflict: ``holds.state``.

    """
    with transaction.atomic():
        hold = _locked(acting, organisation_id, hold_id, HoldState.LIFT_ASKED, at)
        assert hold.lift_asked_by is not None  # noqa: S101 -- by its state
        _must_be_another(acting, hold.lift_asked_by)
        hold.lifted_by, hold.lifted_at = acting.id, at
        hold.save(update_fields=["lifted_by", "lifted_at"])
        _record(acting, hold, "hold.lifted", at)
    return hold


def drop(*, acting: Person, organisation_id: uuid.UUID, hold_id: uuid.UUID, at: datetime) -> None:
    """Take back what was only asked for: a hold goes, and one that was to be lifted goes on.

    Raises:
        NotFound: as for ``confirm``.
        Conflict: ``holds.state``.

    """
    with transaction.atomic():
        hold = _locked(acting, organisation_id, hold_id, None, at)
        if hold.state == HoldState.LIFT_ASKED:
            hold.lift_asked_by = hold.lift_asked_at = None
            hold.save(update_fields=["lift_asked_by", "lift_asked_at"])
        elif hold.state == HoldState.ASKED:
            Hold.objects.filter(id=hold.id).delete()
        else:
            raise _moved_on()
        _record(acting, hold, "hold.dropped", at)


def review(
    *, acting: Person, organisation_id: uuid.UUID, hold_id: uuid.UUID, review_on: date, at: datetime
) -> Hold:
    """Say that a hold was looked at and is still needed, and when it is looked at next.

    Raises:
        NotFound: as for ``confirm``.
        Refused: ``holds.review``.
        Conflict: ``holds.state``.

    """
    with transaction.atomic():
        hold = _locked(acting, organisation_id, hold_id, HoldState.HOLDS, at)
        _check_review(hold.organisation, review_on, at)
        hold.review_on = review_on
        hold.save(update_fields=["review_on"])
        _record(acting, hold, "hold.reviewed", at)
    return hold


def tidy(*, at: datetime) -> int:
    """Forget what was asked for two weeks ago and never confirmed, and what was lifted a year ago; tell how many."""
    stale = Hold.objects.filter(confirmed_at__isnull=True, asked_at__lt=at - ASK_LASTS)
    return stale.delete()[0] + Hold.objects.filter(lifted_at__lt=at - KEPT).delete()[0]


def _locked(
    acting: Person, organisation_id: uuid.UUID, hold_id: uuid.UUID, state: HoldState | None, at: datetime
) -> Hold:
    organisation = organisation_of(person=acting, organisation_id=organisation_id, at=at)
    Organisation.objects.select_for_update().get(id=organisation.id)
    hold = hold_in(organisation=organisation, hold_id=hold_id)
    if state is not None and hold.state != state:
        raise _moved_on()
    return hold


def _moved_on() -> Conflict:
    return Conflict(
        "holds.state",
        _("Somebody else was here a moment ago."),
        _("Look at how it stands now, and decide then."),
    )


def _must_be_another(acting: Person, first: uuid.UUID) -> None:
    if acting.id == first:
        raise NotAllowed(
            "holds.same",
            _("It takes two."),
            _("Another administrator of this organisation has to agree. You asked for it yourself."),
        )


def _check_review(organisation: Organisation, review_on: date, at: datetime) -> None:
    today = day_of(at, zone_of(organisation))
    if not today < review_on <= today + LONGEST_REVIEW:
        raise Refused(
            "holds.review", _("Choose a day after today, within a year."), facts={"field": "review_on"}
        )


def _what(organisation: Organisation, plan: HoldPlan) -> dict[str, object]:
    """Return the columns of what shall be held.

    Raises:
        Refused: ``holds.which``: the same answer for what does not exist and for what is another organisation's.

    """
    which = plan.which.strip()
    found: dict[str, object] = {}
    if plan.scope == HoldScope.ORGANISATION:
        return found
    if plan.scope == HoldScope.PERSON:
        here = RoleAssignment.objects.filter(organisation=organisation).values("person")
        found = {"person": Person.objects.filter(id__in=here, email__iexact=which).first()}
    elif key := _ID.search(which.lower()):
        place = circle_place(uuid.UUID(key[0]))
        if plan.scope == HoldScope.WORKPLACE:
            found = {"workplace": Workplace.objects.filter(organisation=organisation, id=key[0]).first()}
        elif plan.scope == HoldScope.CIRCLE and place and place.organisation_id == organisation.id:
            found = {"circle": place.id}
    if not any(found.values()):
        raise Refused(
            "holds.which",
            _("Nothing of this organisation is found by that."),
            _("A circle by the address of its page; a person with a role here by their e-mail address."),
            facts={"field": "which"},
        )
    return found


def _record(acting: Person, hold: Hold, verb: str, at: datetime) -> None:
    facts: audit.Facts = {"scope": hold.scope, **({"person": hold.person_id} if hold.person_id else {})}
    audit.record(chain=hold.organisation_id, acting=acting.id, verb=verb, target=hold.id, facts=facts, at=at)
