"""Telling somebody by mail that how they sign in was changed, so that a stranger's hand is noticed (ASVS 6.3.7).

The mail says what kind of thing it was and when, by the clock of its reader, and what to do if it was not them. It names
no passkey, no service, no key and no place from which it was done: it may be read by others.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.formats import date_format
from django.utils.translation import gettext, override

from sirkel.people.domain import outbox
from sirkel.people.domain.outbox import Letter
from sirkel.people.enums import MailKind, SignInChange
from sirkel.people.models import Mail, Person, RoleAssignment
from sirkel.people.queries.administration import zone_of
from sirkel.people.queries.mail import reach_of
from sirkel.people.rules.periods import NETWORK_ZONE

logger = logging.getLogger(__name__)

TOLD_FOR = timedelta(days=30)
"""A mail server that was away for weeks still tells it: a thief may sit there for as long."""


def tell(*, person: Person, change: SignInChange, at: datetime) -> None:
    """Post the mail about one change, inside the caller's transaction. It waits for no quiet hours to end."""
    outbox.post(
        [
            outbox.Posted(
                # What was changed when stands in the key alone: the words are made when it is sent.
                key=f"changed:{change.value}:{int(at.timestamp() * 1_000_000)}:{person.id}",
                person=person.id,
                kind=MailKind.CHANGED,
                about=person.id,
                edition=0,
                time_zone=_zone_of(person),
                not_before=at,
                outdated_at=at + TOLD_FOR,
            )
        ]
    )


def tell_old_address(*, address: str, language: str) -> None:
    """Write to the address that an account had until now: the new one may be the thief's.

    At once and not through the outbox, which knows nobody but by their account. Must run after the commit. A mail
    server that is away ends nothing: it is logged, and the new address hears of it by the outbox.
    """
    with override(language):
        text = "\n\n".join(
            [
                gettext("Hi!"),
                gettext("This address opens an account in Sirkel no more: another one was put in its place."),
                gettext("Did you ask for it? Then there is nothing to do."),
                gettext("Is it a mistake? Tell whoever runs Sirkel where you work, at once."),
                settings.SITE_URL,
            ]
        )
        message = EmailMessage(
            gettext("This address no longer opens your account in Sirkel"),
            f"{text}\n",
            to=[address],
            headers={"Auto-Submitted": "auto-generated", "Content-Language": language},
        )
    try:
        message.send()
    except (OSError, ValueError) as fault:  # SMTP's own errors, and an address that no mail can carry
        logger.warning("an old address was not told that it opens nothing any more: %s", type(fault).__name__)


def compose(mails: Sequence[Mail], at: datetime) -> Mapping[UUID, Letter]:
    """Make the words; every one of these mails is needed."""
    reach = reach_of((mail.person_id for mail in mails), at=at)
    return {mail.id: _letter(mail, reach[mail.person_id].zone or mail.time_zone) for mail in mails}


def _letter(mail: Mail, zone: str) -> Letter:
    _mark, change, moment, _person = mail.key.split(":")
    then = datetime.fromtimestamp(int(moment) / 1_000_000, UTC).astimezone(ZoneInfo(zone))
    with override(mail.person.language):
        said = {
            "name": mail.person.first_name,
            "what": SignInChange(change).label,
            "moment": date_format(then, "DATETIME_FORMAT"),
        }
        words = _signed_out() if change == SignInChange.SIGNED_OUT else _changed()
        text = "\n\n".join([gettext("Hi, %(name)s!") % said, gettext("%(moment)s: %(what)s") % said, *words])
        return Letter(
            language=mail.person.language,
            subject=gettext("How you sign in to Sirkel was changed"),
            text=text,
        )


def _changed() -> list[str]:
    """Return what to do about what was done under one's own account."""
    return [
        gettext("Was it you? Then there is nothing to do."),
        gettext(
            "Was it not you? Sign in now, sign all other devices out, and take away what is not yours. "
            "Then tell an administrator where you work:"
        ),
        f"{settings.SITE_URL}/me/security/",
        gettext(
            "If you cannot get in any more, an administrator can sign you out everywhere and help you in again."
        ),
    ]


def _signed_out() -> list[str]:
    """Return what to do when an administrator has ended all sessions: nothing else was taken away."""
    return [
        gettext(
            "Nothing else was changed. Sign in again, and look whether second steps, linked services and keys for "
            "programs are all your own: they go on until you end them."
        ),
        f"{settings.SITE_URL}/me/security/",
        gettext("You do not know why? Ask an administrator."),
    ]


def _zone_of(person: Person) -> str:
    """Return the clock for somebody without a workplace: of an organisation of theirs, or of the network."""
    held = RoleAssignment.objects.filter(person=person, organisation__isnull=False)
    first = held.select_related("organisation").order_by("valid_from", "id").first()
    return zone_of(first.organisation) if first and first.organisation else NETWORK_ZONE
