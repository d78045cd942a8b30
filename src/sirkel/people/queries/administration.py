"""What an administrator sees: workplaces, units and people with roles of an own organisation, and of no other."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch, Q
from django.utils.translation import gettext_lazy as _

from sirkel.kernel.errors import NotFound
from sirkel.people.enums import Area
from sirkel.people.models import Organisation, Person, RoleAssignment, Unit, Workplace
from sirkel.people.queries.roles import organisations_administered
from sirkel.people.rules.conflicts import Clash, Held, clashes
from sirkel.people.rules.effects import CLASHES
from sirkel.people.rules.periods import NETWORK_ZONE, ZONE_OF_AREA, day_of, last_day_of


def organisation_of(*, person: Person, organisation_id: uuid.UUID, at: datetime) -> Organisation:
    """Return an organisation for its administrator.

    Raises:
        NotFound: it does not exist, or this person does not administer it: the answer is the same.

    """
    found = organisations_administered(person, at=at).filter(id=organisation_id).first()
    if found is None:
        raise NotFound("organisations.none", _("There is no such organisation here."))
    return found


def workplaces_of(organisation: Organisation) -> list[Workplace]:
    """Return the workplaces of an organisation by name, each with ``open_units``, by name."""
    units = Unit.objects.filter(closed_at__isnull=True).order_by("name", "id")
    return list(
        Workplace.objects.filter(organisation=organisation)
        .order_by("name", "id")
        .prefetch_related(Prefetch("units", queryset=units, to_attr="open_units"))
    )


def place_in(*, organisation: Organisation, place_id: uuid.UUID) -> Organisation | Workplace | Unit:
    """Return the organisation itself, or a workplace or open unit of it.

    Raises:
        NotFound: there is no such place in this organisation, or it is closed.

    """
    if place_id == organisation.id:
        return organisation
    units = Unit.objects.filter(workplace__organisation=organisation, closed_at__isnull=True)
    found = (
        Workplace.objects.filter(id=place_id, organisation=organisation).first()
        or units.filter(id=place_id).first()
    )
    if found is None:
        raise NotFound("places.none", _("There is no such place here."))
    return found


def people_between(organisation: Organisation, *, begins: datetime, ends: datetime) -> int:
    """Return how many people had a role in an organisation at some moment from ``begins`` until before ``ends``."""
    held = RoleAssignment.objects.filter(organisation=organisation, valid_from__lt=ends)
    held = held.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=begins))
    return held.values("person").distinct().count()


def zone_of(organisation: Organisation, workplace: Workplace | None = None) -> str:
    """Return the time zone by whose days a role begins and ends: the workplace's, or that of the organisation's area."""
    return workplace.time_zone if workplace else ZONE_OF_AREA[Area(organisation.area)]


@dataclass(frozen=True)
class HeldRole:
    """One role as an administrator sees it. ``until`` is its last day; days are those of its place."""

    role: RoleAssignment
    begins: date
    until: date | None
    state: str
    clashes: tuple[Clash, ...] = ()

    @property
    def clash_words(self) -> list[object]:
        """Why each clash is one."""
        return [CLASHES[clash] for clash in self.clashes]

    @property
    def place(self) -> str:
        """Where it is held."""
        role = self.role
        if role.unit:
            return f"{role.workplace}, {role.unit}"
        return str(role.workplace or role.organisation or role.programme or role.network or "")


@dataclass(frozen=True)
class PersonWithRoles:
    """Somebody with a role in an organisation, and those roles alone."""

    person: Person
    roles: tuple[HeldRole, ...]

    @property
    def is_here(self) -> bool:
        """Whether one of the roles is held now: only then has the organisation a say in how they sign in."""
        return any(one.state == "now" for one in self.roles)


def held_role(role: RoleAssignment, *, at: datetime) -> HeldRole:
    """Return a role with its days, those of its place or of the network; ``state`` is ``now``, ``coming`` or ``over``."""
    zone = zone_of(role.organisation, role.workplace) if role.organisation else NETWORK_ZONE
    state = "coming" if role.valid_from > at else "now"
    if role.valid_to is not None and role.valid_to <= at:
        state = "over"
    return HeldRole(
        role=role,
        begins=day_of(role.valid_from, zone),
        until=last_day_of(role.valid_to, zone) if role.valid_to else None,
        state=state,
    )


def as_held(role: RoleAssignment) -> Held:
    """Return an assignment as the rules of conflicts take it."""
    return Held(role.role, role.organisation_id, role.workplace_id, role.valid_from, role.valid_to)


def people_ids(organisation: Organisation) -> list[uuid.UUID]:
    """Return the ids of everybody who holds or held a role in an organisation, by name."""
    here = RoleAssignment.objects.filter(organisation=organisation).values("person")
    found = Person.objects.filter(id__in=here).order_by("first_name", "family_name", "id")
    return list(found.values_list("id", flat=True))


def count_of_people(organisation: Organisation, *, at: datetime) -> int:
    """Return how many people hold a role in an organisation, now or later."""
    going = RoleAssignment.objects.filter(organisation=organisation).filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=at)
    )
    return going.values("person").distinct().count()


def people_of(
    organisation: Organisation, people: Sequence[uuid.UUID], *, at: datetime
) -> list[PersonWithRoles]:
    """Return these people with their roles in an organisation, by name, and what clashes now or later."""
    roles = (
        RoleAssignment.objects.filter(organisation=organisation, person__in=people)
        .select_related("person", "organisation", "workplace", "unit")
        .order_by("person__first_name", "person__family_name", "person_id", "role", "valid_from", "id")
    )
    return by_person(roles, at=at)


def by_person(roles: Iterable[RoleAssignment], *, at: datetime) -> list[PersonWithRoles]:
    """Return the people of these roles in their order, each with their own, and what clashes now or later."""
    found: dict[uuid.UUID, list[RoleAssignment]] = {}
    for role in roles:
        found.setdefault(role.person_id, []).append(role)
    return [_with_roles(held, at) for held in found.values()]


def _with_roles(roles: list[RoleAssignment], at: datetime) -> PersonWithRoles:
    going = [role for role in roles if role.valid_to is None or role.valid_to > at]
    shown = []
    for role in roles:
        one = held_role(role, at=at)
        others = [as_held(other) for other in going if other.id != role.id]
        found = tuple(clashes(as_held(role), others)) if role in going else ()
        shown.append(HeldRole(one.role, one.begins, one.until, one.state, found))
    return PersonWithRoles(roles[0].person, tuple(shown))


def role_in(*, organisation: Organisation, role_id: uuid.UUID) -> RoleAssignment:
    """Return a role of an organisation.

    Raises:
        NotFound: there is no such role in this organisation.

    """
    found = (
        RoleAssignment.objects.filter(id=role_id, organisation=organisation)
        .select_related("person", "organisation", "workplace", "unit")
        .first()
    )
    if found is None:
        raise NotFound("roles.none", _("There is no such role here."))
    return found


def person_in(*, organisation: Organisation, person_id: uuid.UUID) -> Person:
    """Return somebody with a role in an organisation.

    Raises:
        NotFound: nobody of this organisation.

    """
    found = Person.objects.filter(id=person_id, roles__organisation=organisation).distinct().first()
    if found is None:
        raise NotFound("people.none", _("There is nobody of this organisation here."))
    return found
