"""Giving and ending the roles of those who work for a whole network: coordinators and policy officers."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sirkel.kernel import audit
from sirkel.kernel.errors import Conflict, NotFound, Refused
from sirkel.people.domain.inviting import post_invitations
from sirkel.people.domain.role_checks import Newcomer, Period, account_for
from sirkel.people.models import Network, Person, RoleAssignment
from sirkel.people.queries.network_roles import (
    NETWORK_ROLES,
    Reach,
    must_keep_house,
    network_role,
    reaches,
)
from sirkel.people.rules.periods import NETWORK_ZONE, begin_of, end_of


def reach_of(key: str) -> Reach:
    """Return the network or programme that a form names.

    Raises:
        NotFound: ``networks.none``.

    """
    found = next((reach for reach in reaches() if reach.key == key), None)
    if found is None:
        raise NotFound("networks.none", _("There is no such network here."))
    return found


def give_network_role(
    *, acting: Person, newcomer: Newcomer, role: str, reach: Reach, period: Period, at: datetime
) -> RoleAssignment:
    """Give somebody a role in a network, making an account when there is none, and tell them by mail.

    Args:
        acting: who keeps the installation.
        newcomer: whom it is given to.
        role: one of ``NETWORK_ROLES``.
        reach: from ``reach_of``.
        period: its days, by the clock of ``NETWORK_ZONE``.
        at: now.

    Raises:
        NotFound: ``house.none``: this person does not keep the installation.
        Refused: ``roles.role``, ``roles.until``; as for accounts.
        Conflict: ``roles.held``.

    """
    must_keep_house(acting, at=at)
    if role not in NETWORK_ROLES:
        raise Refused("roles.role", _("Choose one of the roles."), facts={"field": "role"})
    if period.until and period.until < period.begins:
        raise Refused("roles.until", _("The last day lies before the first."), facts={"field": "until"})
    begins = begin_of(period.begins, NETWORK_ZONE)
    ends = end_of(period.until, NETWORK_ZONE) if period.until else None
    with transaction.atomic():
        list(Network.objects.select_for_update().values_list("id"))  # two keepers give one after the other
        person = account_for(newcomer)
        _must_be_new(person, role, reach, begins, ends)
        made = RoleAssignment.objects.create(
            person=person,
            role=role,
            network=reach.network,
            programme=reach.programme,
            valid_from=begins,
            valid_to=ends,
        )
        facts: audit.Facts = {"role": role, "person": person.id}
        audit.record(chain=None, acting=acting.id, verb="role.given", target=made.id, facts=facts, at=at)
        post_invitations([made], at=at)
    return made


def _must_be_new(person: Person, role: str, reach: Reach, begins: datetime, ends: datetime | None) -> None:
    same = RoleAssignment.objects.filter(
        person=person, role=role, network=reach.network, programme=reach.programme, organisation=None
    )
    if any(
        (ends is None or one.valid_from < ends) and (one.valid_to is None or begins < one.valid_to)
        for one in same
    ):
        raise Conflict(
            "roles.held",
            _("This person holds this role there in these days already."),
            facts={"field": "begins"},
        )


def end_network_role(*, acting: Person, role_id: uuid.UUID, version: int, at: datetime) -> None:
    """End a role at this moment; one that has not begun is taken back. The person's next request is without it.

    Raises:
        NotFound: ``house.none``; ``roles.none``.
        Conflict: ``roles.changed`` when somebody else changed it meanwhile; ``roles.over``.

    """
    must_keep_house(acting, at=at)
    with transaction.atomic():
        list(Network.objects.select_for_update().values_list("id"))
        role = network_role(role_id)
        if role.version != version:
            raise Conflict("roles.changed", _("Somebody else changed this role a moment ago."))
        if role.valid_to is not None and role.valid_to <= at:
            raise Conflict("roles.over", _("This role is over already."))
        facts: audit.Facts = {"role": role.role, "person": role.person_id}
        if role.valid_from >= at:
            role.delete()
        else:
            role.valid_to, role.version = at, role.version + 1
            role.save(update_fields=["valid_to", "version"])
        audit.record(chain=None, acting=acting.id, verb="role.ended", target=role_id, facts=facts, at=at)
