"""Signing somebody out on all devices, by an administrator of an organisation in which they have a role (ASVS 7.4.5).

One administrator is enough: it takes away nothing that its owner does not have again after signing in. Hence keys for
programs stay: they are made for a person and not for an organisation, cannot be had back, and read no more than their
owner, so that ending the role ends what they read there. Two administrators end them with a lost second step.
"""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sirkel.kernel import audit
from sirkel.kernel.errors import NotAllowed
from sirkel.people.domain.erasing import end_sessions
from sirkel.people.domain.sign_in_changes import tell
from sirkel.people.enums import SignInChange
from sirkel.people.models import Person
from sirkel.people.queries.administration import organisation_of
from sirkel.people.queries.factor_resets import holder_in


def sign_out(*, acting: Person, organisation_id: uuid.UUID, person_id: uuid.UUID, at: datetime) -> None:
    """End every session of somebody and tell them by mail. Neither answer nor trail says whether there was one (PD-23).

    Raises:
        NotFound: this person does not administer the organisation, or the other has no role in it.
        NotAllowed: ``sessions.own`` for one's own: they are ended one by one on one's own page.

    """
    organisation = organisation_of(person=acting, organisation_id=organisation_id, at=at)
    person = holder_in(organisation=organisation, person_id=person_id, at=at)
    if person.id == acting.id:
        raise NotAllowed(
            "sessions.own", _("This is you."), _("You sign your own devices out under “How I sign in”.")
        )
    with transaction.atomic():
        end_sessions(person.id)
        audit.record(
            chain=organisation.id,
            acting=acting.id,
            verb="person.signed_out",
            target=person.id,
            facts={"person": person.id},
            at=at,
        )
        tell(person=person, change=SignInChange.SIGNED_OUT, at=at)
