"""What somebody is to a circle: its facilitator, a member, or the leader or representative of its workplace."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from sirkel.circles.enums import MemberRole
from sirkel.circles.models import Circle, Membership
from sirkel.circles.queries.keeping import is_kept
from sirkel.kernel.errors import NotAllowed, NotFound
from sirkel.people.enums import Role
from sirkel.people.models import Person
from sirkel.people.queries.roles import has_role, roles_of, workplaces_where


class Part(StrEnum):
    """What somebody is to a circle. Leader and representative are so by their role at its workplace."""

    FACILITATOR = "facilitator"
    MEMBER = "member"
    LEADER = "leader"
    REPRESENTATIVE = "representative"


ROLES = {Part.LEADER: Role.LEADER, Part.REPRESENTATIVE: Role.UNION}
INSIDE = frozenset({Part.FACILITATOR, Part.MEMBER})
AROUND = frozenset({Part.FACILITATOR, Part.LEADER, Part.REPRESENTATIVE})


@dataclass(frozen=True)
class Standing:
    """A circle and all that one person is to it."""

    circle: Circle
    parts: frozenset[Part]

    @property
    def is_facilitator(self) -> bool:
        """Whether the person facilitates the circle now."""
        return Part.FACILITATOR in self.parts

    @property
    def is_inside(self) -> bool:
        """Whether the person belongs to the circle now."""
        return bool(self.parts & INSIDE)

    @property
    def is_leader(self) -> bool:
        """Whether the person leads the circle's workplace now."""
        return Part.LEADER in self.parts

    @property
    def is_representative(self) -> bool:
        """Whether the person represents the employees of the circle's workplace now."""
        return Part.REPRESENTATIVE in self.parts

    @property
    def is_around(self) -> bool:
        """Whether the person sees what is between facilitators, leader and representatives."""
        return bool(self.parts & AROUND)


def circles_of(person: Person, part: Part, *, at: datetime) -> QuerySet[Circle]:
    """Return the circles at the workplaces a person leads or represents, by workplace and name."""
    return (
        Circle.objects.filter(
            workplace__in=workplaces_where(person, ROLES[part], at=at).order_by().values("id")
        )
        .select_related("workplace", "organisation")
        .order_by("workplace__name", "name", "id")
    )


def must_be(person: Person, part: Part, *, at: datetime) -> None:
    """Refuse whoever is neither leader nor representative anywhere.

    Raises:
        NotAllowed: ``roles.leader`` or ``roles.representative``.

    """
    if not has_role(person, ROLES[part], at=at):
        raise NotAllowed(
            f"roles.{part}",
            _("This page is for leaders.")
            if part == Part.LEADER
            else _("This page is for union and safety representatives."),
        )


def standing_of(
    *, person: Person, circle_id: uuid.UUID, at: datetime, needs: Collection[Part] | None = None
) -> Standing:
    """Return a circle for somebody who is something to it, with all that they are.

    Args:
        person: who asks.
        circle_id: the circle.
        at: the moment whose roles count.
        needs: one of these is asked for; any part when left out.

    Raises:
        NotFound: it does not exist, or the person is none of this to it: the answer is the same.

    """
    circle = Circle.objects.filter(id=circle_id).select_related("workplace", "organisation").first()
    parts = parts_in(person=person, circle=circle, at=at) if circle else frozenset()
    if circle is None or not parts or (needs is not None and not parts & set(needs)):
        raise NotFound("circles.none", _("There is no such circle here."), _("Go to your circles."))
    return Standing(circle, parts)


def parts_in(*, person: Person, circle: Circle, at: datetime) -> frozenset[Part]:
    """Return all that a person is to a circle; empty for a stranger."""
    parts = set()
    if person.is_active and is_kept(circle, at=at):
        held = Membership.objects.filter(circle=circle, person=person, left_at__isnull=True)
        for role in held.values_list("role", flat=True):
            parts.add(Part.FACILITATOR if role == MemberRole.FACILITATOR else Part.MEMBER)
    # A role in a unit shows nothing of the whole workplace, to which a circle belongs.
    held_here = roles_of(person, at=at).filter(unit__isnull=True)
    for role, workplace_id, organisation_id in held_here.values_list("role", "workplace", "organisation"):
        is_here = workplace_id == circle.workplace_id or (
            workplace_id is None and organisation_id == circle.organisation_id
        )
        parts |= {part for part, needed in ROLES.items() if is_here and role == needed}
    return frozenset(parts)
