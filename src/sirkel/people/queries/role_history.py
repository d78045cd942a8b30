"""When roles at workplaces came to an end: moments, without names."""

import uuid
from collections.abc import Collection, Mapping
from datetime import datetime

from django.db.models import Q

from sirkel.people.enums import Role
from sirkel.people.models import RoleAssignment, Workplace


def role_endings(
    workplaces: Collection[Workplace], role: Role, *, until: datetime
) -> Mapping[uuid.UUID, list[datetime]]:
    """Return when somebody stopped holding a role, by the workplace's id, in one query.

    A role held in the whole organisation ends at each of its workplaces; one in a unit is none at the workplace. An assignment that the same person holds
    on by another one is no ending.
    """
    held = list(
        RoleAssignment.objects.filter(role=role, unit__isnull=True)
        .filter(
            Q(workplace__in=[one.id for one in workplaces])
            | Q(workplace__isnull=True, organisation__in={one.organisation_id for one in workplaces})
        )
        .order_by("valid_from", "id")
    )
    return {
        place.id: sorted(
            one.valid_to
            for one in held
            if one.valid_to
            and one.valid_to <= until
            and _is_at(one, place)
            and not _goes_on(one, held, place)
        )
        for place in workplaces
    }


def _is_at(one: RoleAssignment, place: Workplace) -> bool:
    if one.workplace_id is None:
        return one.organisation_id == place.organisation_id
    return one.workplace_id == place.id


def _goes_on(one: RoleAssignment, held: list[RoleAssignment], place: Workplace) -> bool:
    end = one.valid_to
    return end is not None and any(
        other.person_id == one.person_id
        and other.id != one.id
        and _is_at(other, place)
        and other.valid_from <= end
        and (other.valid_to is None or other.valid_to > end)
        for other in held
    )
