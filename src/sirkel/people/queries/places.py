"""The places that a person has in Sirkel: what stands in the head of every page. Rooms offer theirs; nobody gets more.

A place is only a way there: whether somebody may read a page is asked by that page's own query.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from sirkel.people.enums import Role
from sirkel.people.models import Person
from sirkel.people.queries.roles import administers_anything, roles_of


@dataclass(frozen=True)
class Place:
    """One place. ``begins`` are the beginnings of the paths that belong to it; ``order`` says where it stands."""

    label: Any
    href: str
    order: int
    begins: tuple[str, ...] = ()
    is_current: bool = False

    def holds(self, path: str) -> bool:
        """Tell whether a path belongs to this place."""
        return path.startswith(self.begins or (self.href,))


@dataclass(frozen=True)
class Asker:
    """Who asks, and which roles they hold at this moment: asked once for all rooms."""

    person: Person
    roles: frozenset[str]
    at: datetime


Offer = Callable[[Asker], Iterable[Place]]
_offers: list[Offer] = []


def offer(places: Offer) -> None:
    """Let a room say which of its places somebody has. Offering the same twice is offering it once."""
    if places not in _offers:
        _offers.append(places)


def places_of(person: object, *, path: str, at: datetime) -> list[Place]:
    """Return somebody's places in their order, the one that a path belongs to marked; none for a stranger.

    Of several that a path could belong to, the one with the longest beginning is marked.
    """
    if not isinstance(person, Person):
        return []
    asker = Asker(person, frozenset(roles_of(person, at=at).values_list("role", flat=True)), at)
    found = sorted((place for offered in _offers for place in offered(asker)), key=lambda one: one.order)
    here = max((one for one in found if one.holds(path)), key=_longest_beginning(path), default=None)
    return [replace(one, is_current=one is here) for one in found]


def _longest_beginning(path: str) -> Callable[[Place], int]:
    return lambda place: max(len(one) for one in place.begins or (place.href,) if path.startswith(one))


def administration_places(asker: Asker) -> Iterable[Place]:
    """Yield the administration to whoever administers an organisation or the whole installation."""
    if Role.ADMINISTRATOR in asker.roles and administers_anything(asker.person, at=asker.at):
        yield Place(_("Administration"), "/administration/", 60)
