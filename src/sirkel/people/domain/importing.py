"""Taking in a list of people and roles: looked through first, row by row, and then kept whole or not at all."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sirkel.kernel import audit
from sirkel.people.domain.inviting import post_invitations
from sirkel.people.domain.role_checks import Period, Place, moments, roles_anywhere
from sirkel.people.models import Organisation, Person, RoleAssignment, Unit, Workplace
from sirkel.people.queries.administration import as_held, organisation_of, workplaces_of, zone_of
from sirkel.people.rules.conflicts import clashes
from sirkel.people.rules.effects import CLASHES
from sirkel.people.rules.lists import plain
from sirkel.people.rules.periods import day_of
from sirkel.people.rules.role_rows import Row, nearest, read_rows


@dataclass(frozen=True)
class Report:
    """What became of each row. ``is_kept`` says whether anything was stored: everything, or nothing."""

    rows: tuple[Row, ...]
    is_kept: bool

    @property
    def faults(self) -> tuple[Row, ...]:
        """The rows that are wrong."""
        return tuple(row for row in self.rows if row.fault)

    @property
    def given(self) -> int:
        """How many roles are, or would be, given."""
        return sum(not row.fault and not row.is_held for row in self.rows)

    @property
    def new_people(self) -> int:
        """How many accounts are, or would be, made."""
        return len({row.email for row in self.rows if row.is_new and not row.fault})


class _Places:
    """The workplaces and units of an organisation, found by name."""

    def __init__(self, organisation: Organisation) -> None:
        found = workplaces_of(organisation)
        self._workplaces: dict[str, Workplace] = {plain(one.name): one for one in found}
        self._units: dict[uuid.UUID, dict[str, Unit]] = {
            one.id: {plain(unit.name): unit for unit in getattr(one, "open_units", ())} for one in found
        }

    def find(self, row: Row) -> tuple[Place, object]:
        """Return where a row's role is held, and what is wrong with it."""
        if not row.workplace:
            return Place(), ""
        workplace = self._workplaces.get(plain(row.workplace))
        if workplace is None:
            return Place(), _unknown(row.workplace, {key: one.name for key, one in self._workplaces.items()})
        if not row.unit:
            return Place(workplace), ""
        units = self._units[workplace.id]
        unit = units.get(plain(row.unit))
        if unit is None:
            return Place(), _unknown(row.unit, {key: one.name for key, one in units.items()})
        return Place(workplace, unit), ""


def _unknown(asked: str, known: dict[str, str]) -> object:
    near = nearest(asked, known)
    if near:
        return _("There is no “%(asked)s” here. Is it “%(near)s”?") % {"asked": asked[:60], "near": near}
    return _("There is no “%(asked)s” here. Add it first.") % {"asked": asked[:60]}


def take_in(*, acting: Person, organisation_id: uuid.UUID, text: str, is_dry: bool, at: datetime) -> Report:
    """Look through a list of people and roles and, unless dry or anything is wrong with it, keep it. All or nothing.

    A dry run asks the same of every row and writes nothing.

    Raises:
        NotFound: this person does not administer the organisation.
        Refused: ``lists.*`` for a text that is no list, see ``rules.role_rows``.

    """
    organisation = organisation_of(person=acting, organisation_id=organisation_id, at=at)
    read = read_rows(text, usual_language=acting.language, today=day_of(at, zone_of(organisation)))
    with transaction.atomic():
        Organisation.objects.select_for_update().get(id=organisation.id)
        tried = _tried(organisation, read)
        is_kept = not is_dry and not any(row.fault for row, _role in tried)
        if is_kept:
            _keep(acting, organisation, tried, at)
    return Report(rows=tuple(row for row, _role in tried), is_kept=is_kept)


def _tried(organisation: Organisation, rows: Sequence[Row]) -> list[tuple[Row, RoleAssignment | None]]:
    """Return each row with what is wrong with it, and the role that it gives when nothing is."""
    places = _Places(organisation)
    people = {one.email: one for one in Person.objects.filter(email__in={row.email for row in rows})}
    held: dict[uuid.UUID, list[RoleAssignment]] = {}
    for role in roles_anywhere(people.values()):
        held.setdefault(role.person_id, []).append(role)
    tried: list[tuple[Row, RoleAssignment | None]] = []
    for row in rows:
        if row.fault or row.begins is None:
            tried.append((row, None))
            continue
        place, fault = places.find(row)
        if fault:
            tried.append((replace(row, fault=fault), None))
            continue
        is_new = row.email not in people
        person = people.setdefault(
            row.email,
            Person(
                email=row.email,
                first_name=row.first_name,
                family_name=row.family_name,
                language=row.language,
            ),
        )
        begins, ends = moments(organisation, place, Period(row.begins, row.until))
        role = RoleAssignment(
            person=person,
            role=row.role,
            organisation=organisation,
            workplace=place.workplace,
            unit=place.unit,
            valid_from=begins,
            valid_to=ends,
        )
        theirs = held.setdefault(person.id, [])
        if any(_is_same(role, other) for other in theirs):
            tried.append((replace(row, is_held=True), None))
        elif found := clashes(as_held(role), [as_held(other) for other in theirs]):
            tried.append((replace(row, fault=CLASHES[found[0]]), None))
        else:
            theirs.append(role)
            tried.append((replace(row, is_new=is_new or person._state.adding), role))  # noqa: SLF001 -- Django's own word for a row that is not there yet
    return tried


def _is_same(one: RoleAssignment, other: RoleAssignment) -> bool:
    if (one.role, one.organisation_id, one.workplace_id, one.unit_id) != (
        other.role,
        other.organisation_id,
        other.workplace_id,
        other.unit_id,
    ):
        return False
    return (one.valid_to is None or other.valid_from < one.valid_to) and (
        other.valid_to is None or one.valid_from < other.valid_to
    )


def _keep(
    acting: Person,
    organisation: Organisation,
    tried: Sequence[tuple[Row, RoleAssignment | None]],
    at: datetime,
) -> None:
    roles = [role for _row, role in tried if role is not None]
    new = {role.person_id: role.person for role in roles if role.person._state.adding}  # noqa: SLF001 -- as above
    for person in new.values():
        person.set_unusable_password()
    Person.objects.bulk_create(new.values(), batch_size=500)
    RoleAssignment.objects.bulk_create(roles, batch_size=500)
    post_invitations(roles, at=at)
    audit.record(
        chain=organisation.id,
        acting=acting.id,
        verb="people.imported",
        target=organisation.id,
        facts={"roles": len(roles), "people": len(new)},
        at=at,
    )
