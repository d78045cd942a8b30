"""Sending the head of each audit chain, once a day, to people outside the administration who keep it in their mail box.

Whoever owns the database can cut off the end of a chain, or write all of it anew; what lies in the mail boxes of leaders
and representatives cannot be changed with it. All of them get the same words: neither a mail nor its row tells who
represents a union. Each day has a row of its own in the chain, whose hash is what is mailed: there is a mail every day,
its hash is another one each time, and it holds no number. So nobody who gets it can read from it whether, or how much,
was done in the organisation meanwhile.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext, override

from sirkel.kernel import audit
from sirkel.kernel.models import AuditEvent
from sirkel.people.domain import outbox
from sirkel.people.domain.outbox import Letter
from sirkel.people.enums import MailKind
from sirkel.people.models import Mail, Organisation
from sirkel.people.queries.administration import zone_of
from sirkel.people.queries.roles import keepers_of_heads

TOLD = "trail.head_told"
TOLD_FOR = timedelta(days=7)
"""A server that was away for longer sends no old heads: the newest proves all that lies before it."""


def tell_heads(*, at: datetime) -> int:
    """Post the head of every organisation that has somebody to keep it, once per day in UTC; tell how many mails."""
    posted = 0
    for organisation in Organisation.objects.order_by("id").iterator(chunk_size=200):
        with transaction.atomic():
            Organisation.objects.select_for_update().get(id=organisation.id)
            keepers = list(keepers_of_heads(organisation, at=at).values_list("id", flat=True))
            if keepers and not _is_told(organisation.id, at):
                if not _is_told(audit.NOBODY, at):
                    _tell(audit.NOBODY, at)
                posted += outbox.post(_posted(organisation, keepers, _tell(organisation.id, at)))
    return posted


def _tell(chain: uuid.UUID, at: datetime) -> AuditEvent:
    return audit.record(chain=chain, acting=None, verb=TOLD, target=chain, at=at)


def _is_told(chain: uuid.UUID, at: datetime) -> bool:
    last = _last_told(chain)
    return last is not None and _day(last.at) == _day(at)


def _last_told(chain: uuid.UUID) -> AuditEvent | None:
    return AuditEvent.objects.filter(chain=chain, target=chain, verb=TOLD).order_by("-sequence").first()


def _day(at: datetime) -> date:
    return at.astimezone(UTC).date()


def _posted(
    organisation: Organisation, keepers: Iterable[uuid.UUID], row: AuditEvent
) -> Iterable[outbox.Posted]:
    """Return the mails. The key holds day and hash, so that what is sent is what was posted, whatever happens between."""
    for person in keepers:
        yield outbox.Posted(
            key=f"head:{_day(row.at)}:{row.hash}:{person}",
            person=person,
            kind=MailKind.TRAIL,
            about=organisation.id,
            edition=0,
            time_zone=zone_of(organisation),
            not_before=row.at,
            outdated_at=row.at + TOLD_FOR,
        )


def compose(mails: Sequence[Mail], at: datetime) -> Mapping[uuid.UUID, Letter]:
    """Make the words to those who still are somebody who keeps it."""
    organisations = Organisation.objects.in_bulk({mail.about for mail in mails})
    keepers = {
        one.id: set(keepers_of_heads(one, at=at).values_list("id", flat=True))
        for one in organisations.values()
    }
    house = _last_told(audit.NOBODY)
    return {
        mail.id: _letter(mail, organisations[mail.about], house)
        for mail in mails
        if mail.person_id in keepers.get(mail.about, ())
    }


def _letter(mail: Mail, organisation: Organisation, house: AuditEvent | None) -> Letter:
    _head, written, its_hash, _person = mail.key.split(":")
    lines = [f"{organisation.id} {its_hash} {written}"]
    if house:
        lines.append(f"{audit.NOBODY} {house.hash} {_day(house.at)}")
    with override(mail.person.language):
        said = {
            "name": mail.person.first_name,
            "organisation": organisation.name,
            "day": date_format(date.fromisoformat(written), "DATE_FORMAT"),
        }
        text = "\n\n".join(
            [
                gettext("Hi, %(name)s!") % said,
                gettext(
                    "Sirkel keeps a trail of what is done at %(organisation)s: who did what and when, and nothing that "
                    "anybody wrote. This is its fingerprint on %(day)s. Keep this mail; there is nothing else to do."
                )
                % said,
                "\n".join(lines),
                gettext(
                    "If somebody changes the trail later, or takes something out of it, it no longer fits this "
                    "fingerprint. Whoever runs the server compares the two like this:"
                ),
                "./sirkel audit verify --against MAIL.eml",
                gettext("The fingerprint is a new one every day. It says nothing about what was done."),
            ]
        )
        return Letter(
            language=mail.person.language,
            subject=gettext("To be kept: the fingerprint of %(organisation)s, %(day)s") % said,
            text=text,
        )
