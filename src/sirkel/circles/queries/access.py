"""Equality of access: for whom the question is, and what leader and representative see of it."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from sirkel.circles.models import AccessPicture, Meeting, StaffFacts
from sirkel.circles.queries.around import CircleAround
from sirkel.circles.queries.standing import ROLES, Part
from sirkel.circles.rules.access import GROUPS, period_of
from sirkel.circles.rules.when import on_wall
from sirkel.kernel.errors import NotFound
from sirkel.people.models import Person, Workplace
from sirkel.people.queries.roles import workplaces_where


@dataclass(frozen=True)
class AccessPage:
    """What a representative sees of a workplace. ``facts`` are what its leader said; ``pictures`` newest first."""

    workplace: Workplace
    facts: StaffFacts | None
    pictures: tuple[AccessPicture, ...]

    @property
    def said(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """The leader's numbers by kind: each group and its size."""
        sizes = self.facts.sizes if self.facts else {}
        return [
            (kind, [(str(label), sizes[kind][group]) for group, label in groups.items()])
            for kind, groups in GROUPS.items()
            if kind in sizes
        ]


def workplace_around(*, person: Person, workplace_id: uuid.UUID, part: Part, at: datetime) -> Workplace:
    """Return a workplace for its leader or representative.

    Raises:
        NotFound: it does not exist, or is somebody else's: the answer is the same.

    """
    found = workplaces_where(person, ROLES[part], at=at).filter(id=workplace_id).first()
    if found is None:
        raise NotFound("workplaces.none", _("There is no such workplace here."))
    return found


def workplaces_of(circles: Iterable[CircleAround]) -> list[Workplace]:
    """Return the workplaces of circles, each once, in their order."""
    return list({around.circle.workplace_id: around.circle.workplace for around in circles}.values())


def access_page(*, person: Person, workplace_id: uuid.UUID, at: datetime) -> AccessPage:
    """Return what was told of a workplace to its representative.

    Raises:
        NotFound: as for ``workplace_around``.

    """
    workplace = workplace_around(person=person, workplace_id=workplace_id, part=Part.REPRESENTATIVE, at=at)
    return AccessPage(
        workplace=workplace,
        facts=StaffFacts.objects.filter(workplace=workplace).first(),
        pictures=tuple(AccessPicture.objects.filter(workplace=workplace)),
    )


def staff_facts(workplace: Workplace) -> StaffFacts | None:
    """Return what the leader of a workplace said, or None."""
    return StaffFacts.objects.filter(workplace=workplace).first()


def period_asked(*, meeting: Meeting, at: datetime) -> str | None:
    """Return the half-year for which a meeting asks who takes part; None where nobody said how many work there."""
    workplace = Workplace.objects.filter(circles=meeting.circle_id, staff_facts__isnull=False).first()
    return period_of(on_wall(at, workplace.time_zone).date()) if workplace else None
