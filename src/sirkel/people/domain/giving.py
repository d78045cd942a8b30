"""Giving, changing and ending roles. What clashes is said first, and done only by whoever says that it is known."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sirkel.kernel import audit
from sirkel.kernel.errors import Conflict
from sirkel.people.domain.inviting import post_invitations
from sirkel.people.domain.role_checks import (
    Newcomer,
    Period,
    Place,
    account_for,
    check_role,
    moments,
    must_be_accepted,
    must_be_new,
)
from sirkel.people.enums import Role
from sirkel.people.models import Organisation, Person, RoleAssignment
from sirkel.people.queries.administration import organisation_of, role_in
from sirkel.people.rules.conflicts import Clash, Held


def give_role(
    *,
    acting: Person,
    organisation_id: uuid.UUID,
    newcomer: Newcomer,
    role: str,
    place: Place,
    period: Period,
    accepts: frozenset[Clash] = frozenset(),
    at: datetime,
) -> RoleAssignment:
    """Give somebody a role, making an account when there is none, and tell them by mail.

    Args:
        acting: an administrator of the organisation.
        organisation_id: the organisation.
        newcomer: whom it is given to.
        role: one of ``GIVABLE``.
        place: from ``place_of``.
        period: its days.
        accepts: what it may clash with: said on the page before.
        at: now.

    Raises:
        NotFound: this person does not administer the organisation.
        Refused: ``people.email``, ``people.first_name``, ``roles.role``, ``roles.place``, ``roles.until``.
        Conflict: ``roles.clash`` (facts: clashes), ``roles.held``.

    """
    organisation = organisation_of(person=acting, organisation_id=organisation_id, at=at)
    check_role(role, place)
    begins, ends = moments(organisation, place, period)
    with transaction.atomic():
        Organisation.objects.select_for_update().get(id=organisation.id)
        person = account_for(newcomer)
        held = Held(role, organisation.id, place.workplace.id if place.workplace else None, begins, ends)
        must_be_new(person, held, place)
        found = must_be_accepted(person, held, accepts)
        made = RoleAssignment.objects.create(
            person=person,
            role=role,
            organisation=organisation,
            workplace=place.workplace,
            unit=place.unit,
            valid_from=begins,
            valid_to=ends,
        )
        facts: audit.Facts = {"role": role, "person": person.id, "clashes": [one.value for one in found]}
        audit.record(
            chain=organisation.id, acting=acting.id, verb="role.given", target=made.id, facts=facts, at=at
        )
        post_invitations([made], at=at)
    return made


def change_role(
    *,
    acting: Person,
    organisation_id: uuid.UUID,
    role_id: uuid.UUID,
    version: int,
    period: Period,
    accepts: frozenset[Clash] = frozenset(),
    at: datetime,
) -> RoleAssignment:
    """Change the days of a role.

    Args:
        acting: an administrator of the organisation.
        organisation_id: the organisation.
        role_id: the role.
        version: the one that the page showed.
        period: its new days.
        accepts: as for ``give_role``.
        at: now.

    Raises:
        NotFound: this person does not administer the organisation, or the role is not of it.
        Refused: ``roles.until``.
        Conflict: ``roles.changed`` when somebody else changed it meanwhile; ``roles.clash``; ``roles.held``.

    """
    organisation = organisation_of(person=acting, organisation_id=organisation_id, at=at)
    with transaction.atomic():
        Organisation.objects.select_for_update().get(id=organisation.id)
        role = role_in(organisation=organisation, role_id=role_id)
        _must_be_version(role, version)
        place = Place(role.workplace, role.unit)
        begins, ends = moments(organisation, place, period)
        held = Held(role.role, organisation.id, role.workplace_id, begins, ends)
        must_be_new(role.person, held, place, besides=role.id)
        found = must_be_accepted(role.person, held, accepts, besides=role.id)
        role.valid_from, role.valid_to, role.version = begins, ends, role.version + 1
        role.save(update_fields=["valid_from", "valid_to", "version"])
        facts: audit.Facts = {"person": role.person_id, "clashes": [one.value for one in found]}
        audit.record(
            chain=organisation.id, acting=acting.id, verb="role.changed", target=role.id, facts=facts, at=at
        )
    return role


def end_role(
    *, acting: Person, organisation_id: uuid.UUID, role_id: uuid.UUID, version: int, at: datetime
) -> None:
    """End a role at this moment; one that has not begun is taken back. The person's next request is without it.

    Raises:
        NotFound: this person does not administer the organisation, or the role is not of it.
        Conflict: ``roles.changed``, ``roles.over``; ``roles.last`` for the last administrator.

    """
    organisation = organisation_of(person=acting, organisation_id=organisation_id, at=at)
    with transaction.atomic():
        Organisation.objects.select_for_update().get(id=organisation.id)
        role = role_in(organisation=organisation, role_id=role_id)
        _must_be_version(role, version)
        if role.valid_to is not None and role.valid_to <= at:
            raise Conflict("roles.over", _("This role is over already."))
        _must_leave_one(role, at)
        facts: audit.Facts = {"role": role.role, "person": role.person_id}
        if role.valid_from >= at:
            role.delete()
        else:
            role.valid_to, role.version = at, role.version + 1
            role.save(update_fields=["valid_to", "version"])
        audit.record(
            chain=organisation.id, acting=acting.id, verb="role.ended", target=role_id, facts=facts, at=at
        )


def _must_be_version(role: RoleAssignment, version: int) -> None:
    if role.version != version:
        raise Conflict(
            "roles.changed",
            _("Somebody else changed this role a moment ago."),
            _("Both are shown here. Nothing of yours is lost; save again if yours shall count."),
        )


def _must_leave_one(role: RoleAssignment, at: datetime) -> None:
    """Refuse to end the last administrator of an organisation: nobody could give roles any more."""
    if role.role != Role.ADMINISTRATOR:
        return
    others = RoleAssignment.objects.filter(
        role=Role.ADMINISTRATOR,
        organisation=role.organisation,
        valid_to__isnull=True,
        valid_from__lte=at,
        person__is_active=True,
    )
    if not others.exclude(person=role.person_id).exists():
        raise Conflict(
            "roles.last",
            _("This is the last administrator of the organisation."),
            _("Give somebody else the role first, without a last day."),
        )
