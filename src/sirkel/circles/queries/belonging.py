"""Whose rows a request may touch at all, whatever the pages' own queries say: see ``kernel.rows``."""

import base64
import uuid
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache

from django.db.models import Q, QuerySet

from sirkel.circles.models import Circle, Membership
from sirkel.kernel import rows
from sirkel.people.models import Person, RoleAssignment
from sirkel.people.rules import links

_ID_SIGNS = 22


def organisations_of(person: Person, *, at: datetime) -> set[uuid.UUID]:
    """Return the organisations in which somebody holds a role, or belongs to a circle, at a moment."""
    if not person.is_active:
        return set()
    held = RoleAssignment.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=at),
        person=person,
        organisation__isnull=False,
        valid_from__lte=at,
    )
    member = Membership.objects.filter(person=person, left_at__isnull=True)
    with rows.everything(rows.Why.SESSION):
        return set(
            held.values_list("organisation", flat=True).union(
                member.values_list("circle__organisation", flat=True)
            )
        )


@lru_cache(maxsize=4096)
def _organisation_of_meeting(meeting_id: uuid.UUID) -> uuid.UUID | None:
    """Return the organisation of a meeting. A meeting never changes its circle, nor a circle its organisation."""
    found = _first(Circle.objects.filter(meetings=meeting_id))
    if found is None:
        raise LookupError  # a meeting may come to be: only what was found is kept
    return found


def organisations_of_meeting(meeting_id: uuid.UUID) -> set[uuid.UUID]:
    """Return the organisation of a meeting; none when there is no such meeting."""
    try:
        found = _organisation_of_meeting(meeting_id)
    except LookupError:
        return set()
    return {found} if found else set()


def _first(circles: QuerySet[Circle]) -> uuid.UUID | None:
    with rows.everything(rows.Why.ADDRESS):
        return circles.values_list("organisation", flat=True).first()


def _of_code(code: str) -> set[uuid.UUID]:
    return organisations_of_meeting(_id_in(code))


def _of_circle(address: str) -> set[uuid.UUID]:
    found = _first(Circle.objects.filter(id=_id_in(address)))
    return {found} if found else set()


def _of_trial(address: str) -> set[uuid.UUID]:
    found = _first(Circle.objects.filter(trials=_id_in(address)))
    return {found} if found else set()


def _of_link(token: str) -> set[uuid.UUID]:
    """Return the organisations of the circle, or of the membership's circle, that a signed link names."""
    for purpose, ids in ((links.For.ANSWER, 2), (links.For.LEAVE, 1), (links.For.JOIN, 2)):
        if found := links.read(purpose, token, ids=ids):
            named = found[0][0]
            circle = _first(Circle.objects.filter(Q(id=named) | Q(memberships=named)))
            return {circle} if circle else set()
    return set()


def _id_in(address: str) -> uuid.UUID:
    """Return the id with which an address of ours begins; nobody's where it is none."""
    try:
        return uuid.UUID(bytes=base64.urlsafe_b64decode(address[:_ID_SIGNS] + "=="))
    except ValueError:
        return uuid.UUID(int=0)


def _named(organisation_id: uuid.UUID) -> set[uuid.UUID]:
    """Return the organisation of a page that says to everybody what it can hand over."""
    return {organisation_id}


# By the first word of a route: the part of the address that names what it opens, and whose that is. These pages open
# without signing in, to whoever holds the address; whether it is a true one is asked by the page's own query.
OPENED_BY: dict[str, tuple[str, Callable[..., set[uuid.UUID]]]] = {
    "m": ("meeting_id", organisations_of_meeting),
    "room": ("address", _of_code),
    "b": ("address", _of_code),
    "i": ("address", _of_circle),
    "c": ("address", _of_circle),
    "t": ("address", _of_trial),
    "r": ("address", _of_trial),
    "link": ("token", _of_link),
    "privacy": ("organisation_id", _named),
}
