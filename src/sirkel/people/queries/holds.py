"""What a legal hold covers. The one rule that the nightly deletion and every erasure ask, and what its pages show."""

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from sirkel.kernel.errors import Conflict, NotFound
from sirkel.people.enums import HoldScope, HoldState
from sirkel.people.models import Hold, Organisation, Person, RoleAssignment
from sirkel.people.queries.administration import zone_of
from sirkel.people.rules.periods import day_of


@dataclass(frozen=True)
class CirclePlace:
    """A circle, as far as a hold needs it: never its name, which administrators do not see."""

    id: uuid.UUID
    workplace_id: uuid.UUID
    workplace: str
    organisation_id: uuid.UUID


FindCircle = Callable[[uuid.UUID], CirclePlace | None]
CirclesOf = Callable[[Person], Iterable[CirclePlace]]
_circles: list[tuple[FindCircle, CirclesOf]] = []


def know_circles(find: FindCircle, of_person: CirclesOf) -> None:
    """Let the room of circles say where one is, and in which ones a person is or was."""
    if (find, of_person) not in _circles:
        _circles.append((find, of_person))


def circle_place(circle_id: uuid.UUID) -> CirclePlace | None:
    """Return where a circle is; None when there is none."""
    return next((found for find, _of in _circles if (found := find(circle_id))), None)


def in_force() -> QuerySet[Hold]:
    """Return the holds that hold: confirmed and not lifted. A hold that was only asked for holds nothing."""
    return Hold.objects.filter(confirmed_at__isnull=False, lifted_at__isnull=True)


def is_anything_held(organisation: Organisation) -> bool:
    """Tell whether a hold on anything of an organisation is in force; everybody may know that much, and no more."""
    return in_force().filter(organisation=organisation, may_tell=True).exists()


def held_circles(prefix: str = "") -> Q:
    """Return the condition that a circle is under a hold: itself, its workplace, or its organisation.

    Args:
        prefix: the way from the rows to their circle, as ``"circle__"``; empty for circles.

    """
    holds = in_force()
    whole = holds.filter(workplace__isnull=True, circle__isnull=True, person__isnull=True)
    return (
        Q(**{f"{prefix}id__in": holds.filter(circle__isnull=False).values("circle")})
        | Q(**{f"{prefix}workplace__in": holds.filter(workplace__isnull=False).values("workplace")})
        | Q(**{f"{prefix}organisation__in": whole.values("organisation")})
    )


def held_people() -> "QuerySet[Hold, Any]":
    """Return, as a subquery, the ids of people who are under a hold themselves."""
    return in_force().filter(person__isnull=False).values("person")


def holds_on(person: Person, *, circle: CirclePlace | None = None) -> list[Hold]:
    """Return the holds that keep what is a person's: on themselves, on their places by any role, on their circles.

    Args:
        person: whose data it is.
        circle: what is theirs in this circle alone; None for all of it.

    """
    if circle:
        circles: Sequence[CirclePlace] = [circle]
        places = Q()
    else:
        circles = [one for _find, of_person in _circles for one in of_person(person)]
        held = RoleAssignment.objects.filter(person=person, organisation__isnull=False)
        places = Q(workplace__in=held.values("workplace")) | _whole(held.values("organisation"))
    wanted = (
        Q(person=person)
        | places
        | Q(circle__in=[one.id for one in circles])
        | Q(workplace__in=[one.workplace_id for one in circles])
        | _whole([one.organisation_id for one in circles])
    )
    return list(
        in_force().filter(wanted).select_related("organisation", "workplace").order_by("confirmed_at", "id")
    )


def _whole(organisations: object) -> Q:
    return Q(organisation__in=organisations, workplace__isnull=True, circle__isnull=True, person__isnull=True)


def must_not_be_held(person: Person, *, circle: CirclePlace | None = None) -> None:
    """Refuse to erase what a hold keeps. The same words whether or not the person may be told of it.

    Raises:
        Conflict: ``holds.held``.

    """
    if holds_on(person, circle=circle):
        raise Conflict(
            "holds.held",
            _("This cannot be deleted at the moment. Nothing was deleted."),
            _(
                "It has to be kept for now, as evidence or because a law asks for it. Ask an administrator of your organisation."
            ),
        )


@dataclass(frozen=True)
class TheirHold:
    """A hold as whom it covers sees it: where, from when, and when it is looked at again. Not why, and not by whom."""

    organisation: str
    since: date
    review_on: date


def told_of(person: Person) -> list[TheirHold]:
    """Return the holds that a person is told of: those on what is theirs, except where the law forbids to tell."""
    return [
        TheirHold(one.organisation.name, day_of(one.confirmed_at, zone_of(one.organisation)), one.review_on)
        for one in holds_on(person)
        if one.may_tell and one.confirmed_at
    ]


@dataclass(frozen=True)
class ShownHold:
    """A hold as an administrator sees it. Names are empty for people who have no account any more."""

    hold: Hold
    what: str
    asked_by: str
    confirmed_by: str
    lift_asked_by: str
    lifted_by: str
    is_due: bool

    @property
    def state_words(self) -> object:
        """Where it stands, in words."""
        return HoldState(self.hold.state).label


def hold_in(*, organisation: Organisation, hold_id: uuid.UUID) -> Hold:
    """Return a hold of an organisation.

    Raises:
        NotFound: ``holds.none``.

    """
    found = Hold.objects.filter(organisation=organisation, id=hold_id).select_related(
        "organisation", "workplace", "person"
    )
    hold = found.first()
    if hold is None:
        raise NotFound("holds.none", _("There is no such hold here."))
    return hold


def holds_of(organisation: Organisation, *, at: datetime) -> list[ShownHold]:
    """Return all holds of an organisation, those that are open first, then the newest."""
    found = Hold.objects.filter(organisation=organisation).select_related(
        "organisation", "workplace", "person"
    )
    order = list(HoldState)
    rows = sorted(found, key=lambda one: (order.index(one.state), -one.asked_at.timestamp()))
    return shown(rows, at=at)


def shown(holds: Sequence[Hold], *, at: datetime) -> list[ShownHold]:
    """Return holds with the names of those who asked and confirmed."""
    ids = {
        key
        for one in holds
        for key in (one.asked_by, one.confirmed_by, one.lift_asked_by, one.lifted_by)
        if key
    }
    names = {
        one.id: f"{one.first_name} {one.family_name}".strip() for one in Person.objects.filter(id__in=ids)
    }

    def name(key: uuid.UUID | None) -> str:
        return names.get(key, "") if key else ""

    return [
        ShownHold(
            hold=one,
            what=_what(one),
            asked_by=name(one.asked_by),
            confirmed_by=name(one.confirmed_by),
            lift_asked_by=name(one.lift_asked_by),
            lifted_by=name(one.lifted_by),
            is_due=one.state in (HoldState.HOLDS, HoldState.LIFT_ASKED)
            and one.review_on <= day_of(at, zone_of(one.organisation)),
        )
        for one in holds
    ]


def _what(hold: Hold) -> str:
    if hold.scope == HoldScope.PERSON:
        assert hold.person is not None  # noqa: S101 -- by its scope
        return f"{hold.person.first_name} {hold.person.family_name}".strip()
    if hold.scope == HoldScope.CIRCLE:
        assert hold.circle is not None  # noqa: S101 -- by its scope
        place = circle_place(hold.circle)
        return f"{place.workplace if place else '–'} · {str(hold.circle)[:8]}"
    return str(hold.workplace or hold.organisation)
