"""What an administrator sees of second steps that were lost."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from sirkel.kernel.errors import NotFound
from sirkel.people.models import FactorReset, Organisation, Person
from sirkel.people.queries.roles import roles_of


def holder_in(*, organisation: Organisation, person_id: uuid.UUID, at: datetime) -> Person:
    """Return somebody who holds a role in an organisation now: whoever only held one is not its to let in.

    Raises:
        NotFound: ``people.none``.

    """
    person = Person.objects.filter(id=person_id).first()
    if person is None or not roles_of(person, at=at).filter(organisation=organisation).exists():
        raise NotFound("people.none", _("There is nobody of this organisation here."))
    return person


@dataclass(frozen=True)
class ShownReset:
    """Where it stands. ``asked_by`` is empty for somebody without an account now."""

    reset: FactorReset
    asked_by: str


def reset_of(organisation: Organisation, person: Person) -> ShownReset | None:
    """Return what was asked here about somebody's second step; None when nothing was."""
    found = FactorReset.objects.filter(organisation=organisation, person=person).first()
    if found is None:
        return None
    asker = Person.objects.filter(id=found.asked_by).first()
    return ShownReset(found, f"{asker.first_name} {asker.family_name}".strip() if asker else "")


def waiting_in(organisation: Organisation, *, at: datetime) -> list[FactorReset]:
    """Return what was asked in an organisation and waits for a second administrator or for its day, oldest first."""
    found = FactorReset.objects.filter(organisation=organisation, asked_at__lte=at)
    return list(found.select_related("person").order_by("asked_at", "id"))
