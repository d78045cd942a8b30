"""Workplaces and units of an organisation: making, naming, moving, merging and closing them. What was, stays."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import available_timezones

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sirkel.kernel import audit
from sirkel.kernel.errors import Conflict, NotFound, Refused
from sirkel.people.enums import Sector, WorkplaceKind
from sirkel.people.models import Organisation, Person, RoleAssignment, Unit, UnitPlacement, Workplace
from sirkel.people.queries.administration import organisation_of, place_in

MOST_NAME = 200


@dataclass(frozen=True)
class WorkplacePlan:
    """A workplace as an administrator describes it; ``time_zone`` is a name of the time zone database."""

    name: str
    kind: str
    sector: str
    time_zone: str


def add_workplace(
    *, acting: Person, organisation_id: uuid.UUID, plan: WorkplacePlan, at: datetime
) -> Workplace:
    """Add a workplace to an organisation.

    Raises:
        NotFound: this person does not administer the organisation.
        Refused: ``places.name``, ``places.zone``, ``places.kind``.
        Conflict: ``places.name_taken``.

    """
    organisation = organisation_of(person=acting, organisation_id=organisation_id, at=at)
    name = _name(plan.name)
    if plan.time_zone not in available_timezones():
        raise Refused("places.zone", _("Choose a time zone."), facts={"field": "time_zone"})
    if plan.kind not in WorkplaceKind.values or plan.sector not in Sector.values:
        raise Refused("places.kind", _("Choose one of the kinds."), facts={"field": "kind"})
    with transaction.atomic():
        _locked(organisation)
        _must_be_free_in(organisation, name)
        made = Workplace.objects.create(
            organisation=organisation,
            name=name,
            kind=plan.kind,
            sector=plan.sector,
            time_zone=plan.time_zone,
        )
        _record(acting, organisation, "workplace.added", made.id, at)
    return made


def add_unit(
    *, acting: Person, organisation_id: uuid.UUID, workplace_id: uuid.UUID, name: str, at: datetime
) -> Unit:
    """Add a unit to a workplace.

    Raises:
        NotFound: this person does not administer the organisation, or the workplace is not one of its.
        Refused: ``places.name``.
        Conflict: ``places.name_taken``.

    """
    organisation = organisation_of(person=acting, organisation_id=organisation_id, at=at)
    name = _name(name)
    with transaction.atomic():
        _locked(organisation)
        workplace = _workplace(organisation, workplace_id)
        _must_be_free(workplace, name)
        unit = Unit.objects.create(workplace=workplace, name=name)
        UnitPlacement.objects.create(unit=unit, workplace=workplace, valid_from=at)
        _record(acting, organisation, "unit.added", unit.id, at)
    return unit


def move_unit(
    *,
    acting: Person,
    organisation_id: uuid.UUID,
    unit_id: uuid.UUID,
    workplace_id: uuid.UUID,
    at: datetime,
) -> Unit:
    """Let a unit belong to another workplace of the same organisation from now on, with the roles held in it.

    The old placement and the old roles end at this moment; new rows begin.

    Raises:
        NotFound: this person does not administer the organisation, or unit or workplace are not of it.
        Conflict: ``places.name_taken``, ``places.there``.

    """
    organisation = organisation_of(person=acting, organisation_id=organisation_id, at=at)
    with transaction.atomic():
        _locked(organisation)
        unit = _unit(organisation, unit_id)
        workplace = _workplace(organisation, workplace_id)
        if unit.workplace_id == workplace.id:
            raise Conflict("places.there", _("The unit is there already."), facts={"field": "workplace"})
        _must_be_free(workplace, unit.name)
        UnitPlacement.objects.filter(unit=unit, valid_to__isnull=True).update(valid_to=at)
        UnitPlacement.objects.create(unit=unit, workplace=workplace, valid_from=at)
        unit.workplace = workplace
        unit.save(update_fields=["workplace"])
        count = _carry_on(_open_roles(unit, at), unit, at)
        facts: audit.Facts = {"workplace": workplace.id, "roles": count}
        _record(acting, organisation, "unit.moved", unit.id, at, facts)
    return unit


def merge_unit(
    *, acting: Person, organisation_id: uuid.UUID, unit_id: uuid.UUID, into_id: uuid.UUID, at: datetime
) -> Unit:
    """Let one unit be part of another from now on: it is closed, and the roles held in it go on in the other.

    Raises:
        NotFound: this person does not administer the organisation, or one of the units is not of it or closed.
        Conflict: ``places.itself``.

    """
    organisation = organisation_of(person=acting, organisation_id=organisation_id, at=at)
    if unit_id == into_id:
        raise Conflict("places.itself", _("A unit cannot become part of itself."), facts={"field": "into"})
    with transaction.atomic():
        _locked(organisation)
        unit, into = _unit(organisation, unit_id), _unit(organisation, into_id)
        count = _carry_on(_open_roles(unit, at), into, at)
        _close(unit, at, into=into)
        _record(acting, organisation, "unit.merged", unit.id, at, {"into": into.id, "roles": count})
    return into


def close_unit(*, acting: Person, organisation_id: uuid.UUID, unit_id: uuid.UUID, at: datetime) -> None:
    """Close a unit and end the roles held in it.

    Raises:
        NotFound: this person does not administer the organisation, or the unit is not of it or closed.

    """
    organisation = organisation_of(person=acting, organisation_id=organisation_id, at=at)
    with transaction.atomic():
        _locked(organisation)
        unit = _unit(organisation, unit_id)
        roles = _open_roles(unit, at)
        for role in roles:
            _end(role, at)
        _close(unit, at, into=None)
        _record(acting, organisation, "unit.closed", unit.id, at, {"roles": len(roles)})


def rename(
    *, acting: Person, organisation_id: uuid.UUID, place_id: uuid.UUID, name: str, at: datetime
) -> Organisation | Workplace | Unit:
    """Give an organisation, or a workplace or open unit of it, another name; it stays the same place.

    Raises:
        NotFound: this person does not administer the organisation, or the place is not of it or closed.
        Refused: ``places.name``.
        Conflict: ``places.name_taken``.

    """
    organisation = organisation_of(person=acting, organisation_id=organisation_id, at=at)
    name = _name(name)
    with transaction.atomic():
        _locked(organisation)
        place = place_in(organisation=organisation, place_id=place_id)
        if place.name == name:
            return place
        if isinstance(place, Workplace):
            _must_be_free_in(organisation, name, but=place)
        elif isinstance(place, Unit):
            _must_be_free(place.workplace, name, but=place)
        place.name = name
        place.save(update_fields=["name"])
        _record(acting, organisation, f"{type(place).__name__.lower()}.renamed", place.id, at)
    return place


def _open_roles(unit: Unit, at: datetime) -> list[RoleAssignment]:
    return [
        role
        for role in RoleAssignment.objects.select_for_update().filter(unit=unit)
        if role.valid_to is None or role.valid_to > at
    ]


def _carry_on(roles: Iterable[RoleAssignment], unit: Unit, at: datetime) -> int:
    """End these roles and let them go on in a unit; tell how many."""
    count = 0
    for role in roles:
        begins, ends = max(role.valid_from, at), role.valid_to
        _end(role, at)
        RoleAssignment.objects.create(
            person_id=role.person_id,
            role=role.role,
            organisation_id=role.organisation_id,
            workplace_id=unit.workplace_id,
            unit=unit,
            valid_from=begins,
            valid_to=ends,
        )
        count += 1
    return count


def _end(role: RoleAssignment, at: datetime) -> None:
    """End a role; one that has not begun is as if it had never been."""
    if role.valid_from >= at:
        role.delete()
        return
    role.valid_to, role.version = at, role.version + 1
    role.save(update_fields=["valid_to", "version"])


def _close(unit: Unit, at: datetime, *, into: Unit | None) -> None:
    UnitPlacement.objects.filter(unit=unit, valid_to__isnull=True).update(valid_to=at)
    unit.closed_at, unit.merged_into = at, into
    unit.save(update_fields=["closed_at", "merged_into"])


def _locked(organisation: Organisation) -> None:
    """Let two who change the same tree wait for each other."""
    Organisation.objects.select_for_update().get(id=organisation.id)


def _workplace(organisation: Organisation, workplace_id: uuid.UUID) -> Workplace:
    found = Workplace.objects.filter(id=workplace_id, organisation=organisation).first()
    if found is None:
        raise NotFound("workplaces.none", _("There is no such workplace here."))
    return found


def _unit(organisation: Organisation, unit_id: uuid.UUID) -> Unit:
    found = Unit.objects.filter(
        id=unit_id, workplace__organisation=organisation, closed_at__isnull=True
    ).first()
    if found is None:
        raise NotFound("units.none", _("There is no such unit here."))
    return found


def _must_be_free_in(organisation: Organisation, name: str, *, but: Workplace | None = None) -> None:
    beside = Workplace.objects.filter(organisation=organisation, name__iexact=name)
    if beside.exclude(id__in=[but.id] if but else []).exists():
        raise _taken()


def _must_be_free(workplace: Workplace, name: str, *, but: Unit | None = None) -> None:
    beside = Unit.objects.filter(workplace=workplace, name__iexact=name, closed_at__isnull=True)
    if beside.exclude(id__in=[but.id] if but else []).exists():
        raise _taken()


def _taken() -> Conflict:
    return Conflict("places.name_taken", _("There is one of this name already."), facts={"field": "name"})


def _name(words: str) -> str:
    name = " ".join(words.split())
    if not 1 <= len(name) <= MOST_NAME:
        raise Refused("places.name", _("Write a name, not longer than 200 letters."), facts={"field": "name"})
    return name


def _record(
    acting: Person,
    organisation: Organisation,
    verb: str,
    target: uuid.UUID,
    at: datetime,
    facts: audit.Facts | None = None,
) -> None:
    audit.record(chain=organisation.id, acting=acting.id, verb=verb, target=target, facts=facts, at=at)
