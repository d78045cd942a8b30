"""What somebody who wants to be deleted is told beforehand: what goes, and what keeps them."""

from collections.abc import Iterable
from dataclasses import dataclass

from sirkel.circles.enums import MemberRole
from sirkel.circles.models import Circle, Membership, PrivateLogEntry
from sirkel.circles.rules.phases import OVER
from sirkel.people.models import Person


@dataclass(frozen=True)
class Mine:
    """What is somebody's: the circles they are or were in, how much of a private log, and what holds them back."""

    circles: tuple[Circle, ...]
    entries: int
    alone_in: tuple[Circle, ...]


def what_is_mine(person: Person) -> Mine:
    """Return what would go with a person."""
    circles = list(
        Circle.objects.filter(memberships__person=person)
        .select_related("workplace")
        .distinct()
        .order_by("name", "id")
    )
    return Mine(
        circles=tuple(circles),
        entries=PrivateLogEntry.objects.filter(owner=person).count(),
        alone_in=tuple(only_facilitator_of(person, circles)),
    )


def only_facilitator_of(person: Person, circles: Iterable[Circle]) -> list[Circle]:
    """Return those of some circles that are under way and would have no facilitator without this person."""
    under_way = [circle for circle in circles if circle.state not in OVER]
    leading = Membership.objects.filter(
        circle__in=under_way, role=MemberRole.FACILITATOR, left_at__isnull=True, person__is_active=True
    ).values_list("circle", "person")
    by_circle: dict[object, set[object]] = {}
    for circle, somebody in leading:
        by_circle.setdefault(circle, set()).add(somebody)
    return [circle for circle in under_way if by_circle.get(circle.id) == {person.id}]
