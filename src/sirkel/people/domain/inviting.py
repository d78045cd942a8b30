"""Telling somebody by mail that they have a role now: of which organisation and where to sign in, and nothing else."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext, override

from sirkel.people.domain import outbox
from sirkel.people.domain.outbox import Letter
from sirkel.people.enums import MailKind
from sirkel.people.models import Mail, Network, Organisation, Programme, RoleAssignment
from sirkel.people.queries.administration import zone_of
from sirkel.people.rules.periods import NETWORK_ZONE

TOLD_FOR = timedelta(days=30)


def post_invitations(roles: Iterable[RoleAssignment], *, at: datetime) -> None:
    """Post the mails about new roles, one per person and organisation and day, when the roles begin."""
    outbox.post(_posted(role, at) for role in roles)


def _posted(role: RoleAssignment, at: datetime) -> outbox.Posted:
    begins = max(at, role.valid_from)
    about = _place_of(role)
    return outbox.Posted(
        key=f"invited:{about}:{role.person_id}:{begins:%Y-%m-%d}",
        person=role.person_id,
        kind=MailKind.INVITED,
        about=about,
        edition=0,
        time_zone=zone_of(role.organisation, role.workplace) if role.organisation else NETWORK_ZONE,
        not_before=begins,
        outdated_at=begins + TOLD_FOR,
    )


def _place_of(role: RoleAssignment) -> uuid.UUID:
    """Return what the mail is about: the organisation, the programme or the network."""
    return role.organisation_id or role.programme_id or role.network_id or role.id


def compose(mails: Sequence[Mail], at: datetime) -> Mapping[uuid.UUID, Letter]:
    """Make the words to those who still have a role in the organisation, programme or network."""
    places = {mail.about for mail in mails}
    held = RoleAssignment.objects.filter(
        Q(organisation__in=places) | Q(programme__in=places) | Q(network__in=places),
        person__in={mail.person_id for mail in mails},
    )
    pairs = {
        (_place_of(role), role.person_id) for role in held if role.valid_to is None or role.valid_to > at
    }
    names = {
        key: name
        for model in (Network, Programme, Organisation)
        for key, name in model.objects.filter(id__in=places).values_list("id", "name")
    }
    return {
        mail.id: _letter(mail, names[mail.about]) for mail in mails if (mail.about, mail.person_id) in pairs
    }


def _letter(mail: Mail, organisation: str) -> Letter:
    with override(mail.person.language):
        text = "\n\n".join(
            [
                gettext("Hi, %(name)s!") % {"name": mail.person.first_name},
                gettext(
                    "You have been given a role at %(organisation)s in Sirkel, the place for learning circles."
                )
                % {"organisation": organisation},
                gettext("Sign in with this e-mail address. You get a code by mail; there is no password:"),
                f"{settings.SITE_URL}/accounts/login/",
                gettext(
                    "Is it a mistake? Tell your administrator. As long as you do not sign in, nothing happens."
                ),
            ]
        )
        return Letter(
            language=mail.person.language,
            subject=gettext("A role for you at %(organisation)s") % {"organisation": organisation},
            text=text,
        )
