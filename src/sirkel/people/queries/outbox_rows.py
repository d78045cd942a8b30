"""The outbox as whoever keeps the installation sees it: mails without their words, and nearly all without their person.

A mail about a circle is a mail about a circle, whatever its kind and whoever it goes to: "you left a circle", with a
time, would tell who left. A mail that tells of a role names its reader, to those who administer the place of the role:
they gave it, and find the address that does not work only so.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, IntegerField, Value, When
from django.utils.translation import gettext_lazy as _

from sirkel.kernel.errors import NotFound
from sirkel.people.enums import MailKind, MailState
from sirkel.people.models import Mail, Person, RoleAssignment
from sirkel.people.queries.roles import organisations_administered

SHOWN = 100
ABOUT = {MailKind.INVITED: "role", MailKind.TRAIL: "trail"}
UNFINISHED = (MailState.FAILED, MailState.UNSURE, MailState.WAITING, MailState.SENDING)


@dataclass(frozen=True)
class MailRow:
    """One mail, about a ``circle``, a ``role`` or the ``trail``.

    ``reader`` is empty where the asker may not know it; ``next_at`` is None for what is settled.
    """

    id: uuid.UUID
    about: str
    reader: str
    state: MailState
    tries: int
    next_at: datetime | None
    is_outdated: bool


def unfinished_mails(*, person: Person, at: datetime) -> list[MailRow]:
    """Return mails that were not taken, were perhaps sent, or wait, in this order; a hundred at most."""
    order = Case(
        *(When(state=state, then=Value(place)) for place, state in enumerate(UNFINISHED)),
        output_field=IntegerField(),
    )
    rows = Mail.objects.filter(state__in=UNFINISHED).order_by(order, "not_before", "id")[:SHOWN]
    return _shown(list(rows), person, at)


def mail_row(*, person: Person, mail_id: uuid.UUID, at: datetime) -> MailRow:
    """Return one of these mails.

    Raises:
        NotFound: ``mails.none``.

    """
    found = Mail.objects.filter(id=mail_id, state__in=UNFINISHED).first()
    if found is None:
        raise NotFound("mails.none", _("There is no such mail here any more."))
    return _shown([found], person, at)[0]


def _shown(mails: Iterable[Mail], person: Person, at: datetime) -> list[MailRow]:
    mails = list(mails)
    wanted = {mail.person_id for mail in mails if mail.kind == MailKind.INVITED}
    here = RoleAssignment.objects.filter(
        person__in=wanted, organisation__in=organisations_administered(person, at=at).values("id")
    )
    names = {
        one.id: f"{one.first_name} {one.family_name}".strip()
        for one in Person.objects.filter(id__in=here.values("person"))
    }
    return [
        MailRow(
            id=mail.id,
            about=ABOUT.get(MailKind(mail.kind), "circle"),
            reader=names.get(mail.person_id, "") if mail.kind == MailKind.INVITED else "",
            state=MailState(mail.state),
            tries=mail.tries,
            next_at=mail.not_before if mail.state == MailState.WAITING else None,
            is_outdated=mail.outdated_at <= at,
        )
        for mail in mails
    ]
