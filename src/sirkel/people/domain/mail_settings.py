"""Choosing what one is written to about and when, and the secret address of one's calendar."""

import uuid
from datetime import UTC, datetime, time

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sirkel.kernel.errors import NotFound, Refused
from sirkel.kernel.ids import secret_token
from sirkel.people.enums import MailKind
from sirkel.people.models import CalendarAddress, MailSettings, Person
from sirkel.people.queries.mail import WANTS
from sirkel.people.rules import links


def choose(
    *, acting: Person, language: str, quiet_from: time, quiet_to: time, wants: set[MailKind]
) -> MailSettings:
    """Keep how somebody wants to be written to. Nobody else can choose it, and nobody is told.

    Raises:
        Refused: ``mail.language`` for a language that is not spoken here.

    """
    if language not in dict(settings.LANGUAGES):
        raise Refused("mail.language", _("Choose one of the languages."))
    with transaction.atomic():
        kept, _is_new = MailSettings.objects.update_or_create(
            person=acting,
            defaults={
                "quiet_from": quiet_from,
                "quiet_to": quiet_to,
                **{field: kind in wants for kind, field in WANTS.items()},
            },
        )
        Person.objects.filter(id=acting.id).update(language=language)
    return kept


def no_such_link() -> NotFound:
    """Return the one answer to a link that is forged, outdated, damaged or meant for another page."""
    return NotFound(
        "links.none",
        _("This link does not work any more."),
        _("Take the newest mail, or sign in and look there."),
    )


def mail_off_of(token: str, *, at: datetime) -> tuple[Person, MailKind]:
    """Return whose mails of which kind a link switches off, for 400 days after its mail was sent.

    Raises:
        NotFound: ``links.none``.

    """
    found = links.read_mail_off(token, today=at.astimezone(UTC).date())
    if found is None or found[1] not in {kind.value for kind in WANTS}:
        raise no_such_link()
    person = Person.objects.filter(id=found[0], is_active=True).first()
    if person is None:
        raise no_such_link()
    return person, MailKind(found[1])


def switch(*, person_id: uuid.UUID, kind: MailKind, is_wanted: bool) -> None:
    """Switch one kind of mail off or on again; doing it twice changes nothing more."""
    MailSettings.objects.update_or_create(person_id=person_id, defaults={WANTS[kind]: is_wanted})


def new_calendar_address(*, acting: Person) -> str:
    """Make a secret calendar address and return it whole, this once; an older one stops working."""
    secret = secret_token(128)
    CalendarAddress.objects.update_or_create(
        person=acting, defaults={"secret_hash": links.secret_hash(secret)}
    )
    return f"{settings.SITE_URL}/link/calendar/{secret}.ics"


def end_calendar_address(*, acting: Person) -> None:
    """Take the calendar address away; calendars that still ask get nothing."""
    CalendarAddress.objects.filter(person=acting).delete()
