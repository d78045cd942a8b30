"""Who works for a whole network or one of its programmes, as whoever keeps the installation sees it."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sirkel.kernel.errors import NotFound
from sirkel.people.enums import Role
from sirkel.people.models import Network, Person, Programme, RoleAssignment
from sirkel.people.queries.administration import PersonWithRoles, by_person
from sirkel.people.queries.roles import keeps_house

NETWORK_ROLES = (Role.COORDINATOR, Role.POLICY)


@dataclass(frozen=True)
class Reach:
    """How far such a role reaches: a network, or one programme of it."""

    place: Network | Programme

    @property
    def network(self) -> Network | None:
        """The network, where it reaches all of it."""
        return self.place if isinstance(self.place, Network) else None

    @property
    def programme(self) -> Programme | None:
        """The programme, where it reaches no further."""
        return self.place if isinstance(self.place, Programme) else None

    @property
    def key(self) -> str:
        """What a form calls it."""
        return f"{'network' if self.network else 'programme'}:{self.place.id}"

    def __str__(self) -> str:
        return f"{self.programme.network}, {self.programme}" if self.programme else str(self.place)


def must_keep_house(person: Person, *, at: datetime) -> None:
    """Refuse whoever does not keep the installation.

    Raises:
        NotFound: ``house.none``.

    """
    if not keeps_house(person, at=at):
        raise NotFound("house.none", _("There is no such page."))


def reaches() -> list[Reach]:
    """Return every network and every programme, by name."""
    programmes = Programme.objects.select_related("network").order_by("network__name", "name", "id")
    return [
        *(Reach(network) for network in Network.objects.order_by("name", "id")),
        *(Reach(programme) for programme in programmes),
    ]


def _of_networks() -> Q:
    return Q(role__in=NETWORK_ROLES, organisation__isnull=True)


def network_people(*, at: datetime) -> list[PersonWithRoles]:
    """Return everybody who works or worked for a network, by name, each with those roles alone."""
    roles = (
        RoleAssignment.objects.filter(_of_networks())
        .select_related("person", "network", "programme__network")
        .order_by("person__first_name", "person__family_name", "person_id", "role", "valid_from", "id")
    )
    return by_person(roles, at=at)


def network_role(role_id: uuid.UUID) -> RoleAssignment:
    """Return a role in a network.

    Raises:
        NotFound: ``roles.none``; a role in an organisation is its administrator's.

    """
    found = (
        RoleAssignment.objects.filter(_of_networks(), id=role_id)
        .select_related("person", "network", "programme__network")
        .first()
    )
    if found is None:
        raise NotFound("roles.none", _("There is no such role here."))
    return found
