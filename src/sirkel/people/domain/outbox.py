"""The outbox: mails wait here as rows, and go out once each, in nobody's quiet hours but for a warning.

**Once.** A row is claimed, and the claim committed, before its mail is handed to the mail server; afterwards it is
written down as sent. A worker that is killed in between leaves a claimed row behind, and nobody can know whether
the server took that mail. It is then *not* sent again: after an hour it is settled as ``unsure``. This is
at-most-once at that one point, and chosen because a mail here only says what the circle's page, the calendar entry
and the calendar feed say too: a lost one costs little, while mails that come twice teach people to overlook them.
At every other point it is at-least-once: a mail that the server certainly did not take (no answer, or a no) waits
and is tried again, longer each time, an hour at most, until it is outdated. Mails to one person about one piece of
news have one key for ever, so that a task may run as often as it likes. The Message-ID is the row's, in case a
mail server between us and the reader delivers twice.

**A mail server that is down** stops the round; nothing is counted against a mail. When it is back, what is outdated
is dropped: a reminder of a meeting that has begun, dates that were changed again.

**Words** are made when a mail is sent, by the room that posted it (``compose_with``): what was said or changed in
between is right, and no text lies in the outbox. Sign-in codes do not go through here: somebody waits for those.
That somebody's sign-in was changed is the one thing said in quiet hours, too (``queries.mail.AT_ONCE``).
"""

import logging
import smtplib
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlparse

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import override

from sirkel.kernel import clock
from sirkel.people.domain import mail_files
from sirkel.people.enums import MailKind, MailState
from sirkel.people.models import Mail
from sirkel.people.queries.mail import AT_ONCE, WANTS, Reach, mail_off_address, reach_of

logger = logging.getLogger(__name__)

BATCH = 100
LONGEST_WAIT = timedelta(hours=1)
UNSURE_AFTER = timedelta(hours=1)
KEPT = timedelta(days=90)
MOST_REFUSALS = 10
"""So many mails in a row that the server puts off end the round: it wants to be left in peace for a while."""
_PERMANENT = 500


@dataclass(frozen=True)
class Posted:
    """One mail to come: see ``people.models.Mail`` for what the fields mean."""

    key: str
    person: uuid.UUID
    kind: MailKind
    about: uuid.UUID
    edition: int
    time_zone: str
    not_before: datetime
    outdated_at: datetime


@dataclass(frozen=True)
class Letter:
    """The words of one mail. ``parts`` are other forms of it and ``files`` are attached: content, kind; name first."""

    language: str
    subject: str
    text: str
    parts: tuple[tuple[str, str], ...] = ()
    files: tuple[tuple[str, bytes, str], ...] = ()


# Given mails of one kind with their people, and the moment; a mail left out of the answer is no longer needed.
Composer = Callable[[Sequence[Mail], datetime], Mapping[uuid.UUID, Letter]]
_composers: dict[str, Composer] = {}


def compose_with(kind: MailKind, composer: Composer) -> None:
    """Let a room make the words of its mails."""
    _composers[kind.value] = composer


def post(mails: Iterable[Posted]) -> int:
    """Put mails into the outbox, inside the caller's transaction; one whose key was ever used before is left out.

    Returns how many were offered.
    """
    rows = [
        Mail(
            key=one.key,
            person_id=one.person,
            kind=one.kind,
            about=one.about,
            edition=one.edition,
            time_zone=one.time_zone,
            not_before=one.not_before,
            outdated_at=one.outdated_at,
        )
        for one in mails
    ]
    Mail.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def take_out(*, about: uuid.UUID, kind: MailKind) -> int:
    """Take out what still waits about something, as if it had never been posted; tell how many."""
    return Mail.objects.filter(about=about, kind=kind, state=MailState.WAITING).delete()[0]


def deliver() -> int:
    """Send what is due and allowed now; tell how many mails the server took. May run in several workers at once."""
    at = clock.now()
    lost = Mail.objects.filter(state=MailState.SENDING, claimed_at__lt=at - UNSURE_AFTER)
    if count := lost.update(state=MailState.UNSURE, settled_at=at):
        logger.warning("%d mails were perhaps sent: a worker ended in the middle of them", count)
    waiting = Mail.objects.filter(state=MailState.WAITING)
    waiting.filter(outdated_at__lte=at).update(state=MailState.DROPPED, settled_at=at)
    taken = 0
    connection = get_connection()
    try:
        while batch := _due(clock.now()):
            letters = _letters(batch, clock.now())
            if letters and not _is_there(connection):
                break
            count, goes_on = _send_all(connection, letters)
            taken += count
            if not goes_on:
                break
    finally:
        _close(connection)
    return taken


def tidy(*, at: datetime) -> int:
    """Forget settled mails after 90 days, and files of mails that lie in the data folder; tell how many rows."""
    mail_files.tidy(before=at - KEPT)
    return Mail.objects.filter(settled_at__lt=at - KEPT).delete()[0]


def _due(at: datetime) -> list[Mail]:
    due = Mail.objects.filter(state=MailState.WAITING, not_before__lte=at)
    return list(due.select_related("person").order_by("not_before", "id")[:BATCH])


def _letters(batch: Sequence[Mail], at: datetime) -> list[tuple[Mail, Letter, Reach]]:
    """Settle or put off what must not go out now and return the rest with its words."""
    reach = reach_of((mail.person_id for mail in batch), at=at)
    open_: list[Mail] = []
    for mail in batch:
        later = reach[mail.person_id].next_moment(at, otherwise=mail.time_zone)
        if later > at and mail.kind not in AT_ONCE:
            Mail.objects.filter(id=mail.id, state=MailState.WAITING).update(not_before=later)
        elif not mail.person.is_active or not reach[mail.person_id].wants(mail.kind):
            _settle(mail, MailState.DROPPED, at, before=MailState.WAITING)
        else:
            open_.append(mail)
    words: dict[uuid.UUID, Letter] = {}
    for kind in {mail.kind for mail in open_}:
        words |= _composers[kind]([mail for mail in open_ if mail.kind == kind], at)
    for mail in open_:
        if mail.id not in words:
            _settle(mail, MailState.DROPPED, at, before=MailState.WAITING)
    return [(mail, words[mail.id], reach[mail.person_id]) for mail in open_ if mail.id in words]


def _is_there(connection: BaseEmailBackend) -> bool:
    try:
        connection.open()
    except OSError as fault:
        logger.warning("the mail server is away: %s; mails wait", type(fault).__name__)
        return False
    return True


def _send_all(
    connection: BaseEmailBackend, letters: Sequence[tuple[Mail, Letter, Reach]]
) -> tuple[int, bool]:
    """Send one after the other; return how many were taken, and whether to go on."""
    taken = put_off = 0
    for mail, letter, reach in letters:
        now = clock.now()
        if mail.kind not in AT_ONCE and reach.is_quiet(now, otherwise=mail.time_zone):
            continue
        claim = Mail.objects.filter(id=mail.id, state=MailState.WAITING, not_before__lte=now)
        if not claim.update(state=MailState.SENDING, claimed_at=now):
            continue
        try:
            connection.send_messages([_message(mail, letter)])
        except ValueError as fault:  # an address or a subject that no mail can carry
            logger.warning("a mail could not be written: %s", type(fault).__name__)
            _settle(mail, MailState.FAILED, clock.now())
        except OSError as fault:  # SMTP's own errors are among them
            put_off = put_off + 1 if _not_taken(mail, connection, fault) else 0
            _close(connection)
            if put_off >= MOST_REFUSALS or not _is_there(connection):
                return taken, False
        else:
            _settle(mail, MailState.SENT, clock.now())
            taken, put_off = taken + 1, 0
    return taken, True


def _not_taken(mail: Mail, connection: BaseEmailBackend, fault: OSError) -> bool:
    """Write down what became of a mail that failed; tell whether the server put it off."""
    now = clock.now()
    if getattr(connection, "may_have_been_taken", False):
        _settle(mail, MailState.UNSURE, now)
        return False
    if _is_final(fault):
        _settle(mail, MailState.FAILED, now)
        return False
    wait = min(timedelta(minutes=2 ** min(mail.tries, 6)), LONGEST_WAIT)
    Mail.objects.filter(id=mail.id, state=MailState.SENDING).update(
        state=MailState.WAITING, tries=F("tries") + 1, not_before=now + wait
    )
    return True


def _is_final(fault: OSError) -> bool:
    """Tell whether the server refused this reader or these words for good; faults of ours or of the line pass."""
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        return all(code >= _PERMANENT for code, _answer in fault.recipients.values())
    return isinstance(fault, smtplib.SMTPDataError) and fault.smtp_code >= _PERMANENT


def _settle(mail: Mail, state: MailState, at: datetime, *, before: MailState = MailState.SENDING) -> None:
    Mail.objects.filter(id=mail.id, state=before).update(state=state, settled_at=at)


def _close(connection: BaseEmailBackend) -> None:
    try:
        connection.close()
    except OSError as fault:
        logger.info("the mail server hung up first: %s", type(fault).__name__)


def _message(mail: Mail, letter: Letter) -> EmailMultiAlternatives:
    """Return the mail as it goes out, with the way to stop its kind (RFC 2369, RFC 8058)."""
    headers = {
        "Message-ID": f"<{mail.id}@{urlparse(settings.SITE_URL).hostname}>",
        "Auto-Submitted": "auto-generated",
        "Content-Language": letter.language,
    }
    with override(letter.language):
        lines = ["--", _("You choose what we write to you about, and when:"), _own_page()]
        foot = "" if mail.kind in AT_ONCE else "\n".join(["", "", *lines])
        if MailKind(mail.kind) in WANTS:
            off = mail_off_address(mail.person_id, mail.kind, at=clock.now())
            foot += "\n" + _("Stop mails of this kind: %(address)s") % {"address": off}
            headers["List-Unsubscribe"] = f"<{off}>"
            if settings.SITE_IS_SECURE:  # RFC 8058 allows the one press for https alone
                headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message = EmailMultiAlternatives(
        " ".join(letter.subject.split()),
        f"{letter.text}{foot}\n",
        to=[mail.person.email],
        headers=headers,
    )
    for content, kind in letter.parts:
        message.attach_alternative(content, kind)
    for name, file, kind in letter.files:
        message.attach(name, file, kind)
    return message


def _own_page() -> str:
    return f"{settings.SITE_URL}/me/messages/"
