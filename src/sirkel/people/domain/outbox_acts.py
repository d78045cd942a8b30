"""What whoever keeps the installation may do with a single mail: let it be tried now, or drop it. Both leave a trace."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sirkel.kernel import audit
from sirkel.kernel.errors import Conflict, Gone, NotFound
from sirkel.people.enums import MailState
from sirkel.people.models import Mail, Person
from sirkel.people.queries.outbox_rows import UNFINISHED


def try_mail_again(*, acting: Person, mail_id: uuid.UUID, at: datetime) -> None:
    """Let a mail go out with the next round, outside its reader's quiet hours as ever.

    One that was perhaps sent may come twice.

    Raises:
        NotFound: ``mails.none``.
        Conflict: ``mails.on_its_way``.
        Gone: ``mails.outdated``: what it says is no longer of use.

    """
    with transaction.atomic():
        mail = _held(mail_id)
        if mail.outdated_at <= at:
            raise Gone("mails.outdated", _("It is too late for this mail. It can only be dropped."))
        mail.state, mail.not_before = MailState.WAITING, at
        mail.settled_at = mail.claimed_at = None
        mail.save(update_fields=["state", "not_before", "settled_at", "claimed_at"])
        audit.record(chain=None, acting=acting.id, verb="mail.retried", target=mail.id, at=at)


def drop_mail(*, acting: Person, mail_id: uuid.UUID, at: datetime) -> None:
    """Settle a mail as no longer needed: it is never sent, and its key is not used again.

    Raises:
        NotFound: ``mails.none``.
        Conflict: ``mails.on_its_way``.

    """
    with transaction.atomic():
        mail = _held(mail_id)
        mail.state, mail.settled_at = MailState.DROPPED, at
        mail.save(update_fields=["state", "settled_at"])
        audit.record(chain=None, acting=acting.id, verb="mail.dropped", target=mail.id, at=at)


def _held(mail_id: uuid.UUID) -> Mail:
    mail = Mail.objects.select_for_update().filter(id=mail_id, state__in=UNFINISHED).first()
    if mail is None:
        raise NotFound("mails.none", _("There is no such mail here any more."))
    if mail.state == MailState.SENDING:
        raise Conflict("mails.on_its_way", _("It is on its way just now."), _("Look again in an hour."))
    return mail
