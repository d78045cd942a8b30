"""Who keeps the whole installation: given and taken by whoever runs the server, from no page."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sirkel.kernel import audit
from sirkel.kernel.errors import NotFound, Refused
from sirkel.people.enums import Role
from sirkel.people.models import Person, RoleAssignment
from sirkel.people.queries.roles import kept_by


def let_keep(*, email: str, at: datetime) -> RoleAssignment:
    """Give somebody the administrator role for the whole installation.

    Raises:
        NotFound: ``keeping.nobody`` where no active account has this address.
        Refused: ``keeping.already`` where they hold it.

    """
    person = _account(email)
    with transaction.atomic():
        Person.objects.select_for_update().get(id=person.id)
        if kept_by(person, at=at).exists():
            raise Refused("keeping.already", _("They keep the installation already."))
        role = RoleAssignment.objects.create(person=person, role=Role.ADMINISTRATOR, valid_from=at)
        facts: audit.Facts = {"role": role.role, "person": person.id}
        audit.record(chain=None, acting=None, verb="role.given", target=role.id, facts=facts, at=at)
    return role


def end_keeping(*, email: str, at: datetime) -> None:
    """End the administrator role for the whole installation; roles in organisations stay.

    Raises:
        NotFound: ``keeping.nobody``; ``keeping.none`` where they hold no such role.

    """
    person = _account(email)
    with transaction.atomic():
        held = list(kept_by(person, at=at).select_for_update())
        if not held:
            raise NotFound("keeping.none", _("They do not keep the installation."))
        for role in held:
            RoleAssignment.objects.filter(id=role.id).update(valid_to=at, version=role.version + 1)
            facts: audit.Facts = {"role": role.role, "person": person.id}
            audit.record(chain=None, acting=None, verb="role.ended", target=role.id, facts=facts, at=at)


def _account(email: str) -> Person:
    found = Person.objects.filter(email=email.strip().lower(), is_active=True).first()
    if found is None:
        raise NotFound("keeping.nobody", _("No account has this address."))
    return found
