"""What must hold of a role before it is given or changed: where it may be held, in which days, and beside which others."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from sirkel.kernel import rows
from sirkel.kernel.errors import Conflict, NotFound, Refused
from sirkel.people.enums import Role
from sirkel.people.models import Organisation, Person, RoleAssignment, Unit, Workplace
from sirkel.people.queries.administration import as_held, zone_of
from sirkel.people.rules.conflicts import Clash, Held, clashes
from sirkel.people.rules.periods import begin_of, end_of

# What an organisation gives itself; coordinators and policy officers work for the whole network.
GIVABLE = (Role.FACILITATOR, Role.LEADER, Role.UNION, Role.RESEARCHER, Role.ADMINISTRATOR)
WHOLE_ORGANISATION = (Role.RESEARCHER, Role.ADMINISTRATOR)


@dataclass(frozen=True)
class Place:
    """Where a role is held: the whole organisation, a workplace, or a unit of it."""

    workplace: Workplace | None = None
    unit: Unit | None = None


@dataclass(frozen=True)
class Period:
    """From which day, and up to and with which; days of the role's place. Without a last day it has no end."""

    begins: date
    until: date | None = None


@dataclass(frozen=True)
class Newcomer:
    """Whom a role is given to. The name and language of somebody who has an account stay as they are."""

    email: str
    first_name: str
    family_name: str = ""
    language: str = "en"


def place_of(
    organisation: Organisation, *, workplace_id: uuid.UUID | None, unit_id: uuid.UUID | None
) -> Place:
    """Return a place of an organisation.

    Raises:
        NotFound: the workplace or the unit is not of this organisation, or the unit is closed.

    """
    if unit_id:
        unit = (
            Unit.objects.filter(id=unit_id, workplace__organisation=organisation, closed_at__isnull=True)
            .select_related("workplace")
            .first()
        )
        if unit is None or (workplace_id and unit.workplace_id != workplace_id):
            raise NotFound("units.none", _("There is no such unit here."))
        return Place(unit.workplace, unit)
    if not workplace_id:
        return Place()
    workplace = Workplace.objects.filter(id=workplace_id, organisation=organisation).first()
    if workplace is None:
        raise NotFound("workplaces.none", _("There is no such workplace here."))
    return Place(workplace)


def check_role(role: str, place: Place) -> None:
    """Refuse a role that an organisation does not give, or not at such a place.

    Raises:
        Refused: ``roles.role``, ``roles.place``.

    """
    if role not in GIVABLE:
        raise Refused("roles.role", _("Choose one of the roles."), facts={"field": "role"})
    if role in WHOLE_ORGANISATION and place.workplace:
        raise Refused(
            "roles.place", _("This role is held in the whole organisation."), facts={"field": "place"}
        )


def moments(organisation: Organisation, place: Place, period: Period) -> tuple[datetime, datetime | None]:
    """Return when a period begins and when it is over, by the midnights of its place.

    Raises:
        Refused: ``roles.until`` for a last day before the first.

    """
    if period.until and period.until < period.begins:
        raise Refused("roles.until", _("The last day lies before the first."), facts={"field": "until"})
    zone = zone_of(organisation, place.workplace)
    return begin_of(period.begins, zone), end_of(period.until, zone) if period.until else None


def account_for(newcomer: Newcomer) -> Person:
    """Return the account of an address, made now when there is none.

    Raises:
        Refused: ``people.email``, ``people.first_name``.

    """
    email = newcomer.email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise Refused("people.email", _("This is no e-mail address."), facts={"field": "email"}) from error
    if known := Person.objects.filter(email__iexact=email).first():
        return known
    first_name = " ".join(newcomer.first_name.split())
    if not first_name:
        raise Refused("people.first_name", _("The first name is missing."), facts={"field": "first_name"})
    # Two organisations may invite the same new address at the same moment: then the second finds what the first made.
    person, is_made = Person.objects.get_or_create(
        email=email,
        defaults={
            "first_name": first_name[:80],
            "family_name": " ".join(newcomer.family_name.split())[:80],
            "language": newcomer.language if newcomer.language in dict(settings.LANGUAGES) else "en",
        },
    )
    if is_made:
        person.set_unusable_password()
        person.save(update_fields=["password"])
    return person


def must_be_new(person: Person, held: Held, place: Place, *, besides: uuid.UUID | None = None) -> None:
    """Refuse a role that somebody holds at the same place in the same days.

    Raises:
        Conflict: ``roles.held``.

    """
    same = RoleAssignment.objects.filter(
        person=person,
        role=held.role,
        organisation=held.organisation,
        workplace=place.workplace,
        unit=place.unit,
    )
    if besides:
        same = same.exclude(id=besides)
    if any(
        (held.ends is None or one.valid_from < held.ends)
        and (one.valid_to is None or held.begins < one.valid_to)
        for one in same
    ):
        raise Conflict(
            "roles.held",
            _("This person holds this role there in these days already."),
            facts={"field": "begins"},
        )


def must_be_accepted(
    person: Person, held: Held, accepts: frozenset[Clash], *, besides: uuid.UUID | None = None
) -> list[Clash]:
    """Return what a role clashes with, all of it accepted.

    Raises:
        Conflict: ``roles.clash``, with what is not accepted yet.

    """
    others = [one for one in roles_anywhere([person]) if one.id != besides]
    found = clashes(held, [as_held(one) for one in others])
    if open_ := [one for one in found if one not in accepts]:
        raise Conflict(
            "roles.clash",
            _("These roles do not go together."),
            _("Read why. If it is known and agreed, say so and give the role all the same."),
            facts={"clashes": [one.value for one in open_]},
        )
    return found


def clashes_of(organisation: Organisation, email: str, role: str, place: Place, period: Period) -> list[str]:
    """Return what a role would clash with for whoever has this address; nothing for a new one."""
    person = Person.objects.filter(email__iexact=email.strip()).first()
    if person is None:
        return []
    begins, ends = moments(organisation, place, period)
    held = Held(role, organisation.id, place.workplace.id if place.workplace else None, begins, ends)
    return [clash.value for clash in clashes(held, [as_held(one) for one in roles_anywhere([person])])]


def roles_anywhere(people: Iterable[Person]) -> list[RoleAssignment]:
    """Return all roles of these people, those in other organisations too: what clashes must be found."""
    with rows.everything(rows.Why.NEWCOMER):
        return list(RoleAssignment.objects.filter(person__in=people))
