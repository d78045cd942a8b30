"""Erasing a person: the account and all that hangs on it. What others wrote or decided stays, without the name."""

import logging
import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.apps import apps
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.db import transaction
from django.db.models import QuerySet

from sirkel.kernel import audit, clock
from sirkel.kernel.tasks import forget_work_of
from sirkel.people.domain.mail_files import forget_mails_to
from sirkel.people.models import Hold, Person, Session
from sirkel.people.queries.holds import must_not_be_held
from sirkel.people.rules import erased

_log = logging.getLogger(__name__)


def erase(*, person: Person, at: datetime, is_again: bool = False) -> None:
    """Erase a person's row, roles, settings, mails, addresses, sign-ins, sessions and waiting work. Must run inside a transaction.

    Rows of other rooms that belong to the person alone go with the row; those that only name the person keep the
    rest. Mails that lie in the data folder go after the commit. The trail keeps that somebody was erased and the
    random number under which they acted, which nothing leads back from any more. The ledger,
    where there is one, learns of it once it is so.

    Args:
        person: whom.
        at: now.
        is_again: they were erased before, and an old backup brought them back, perhaps with holds of that time.

    Raises:
        Conflict: ``holds.held`` while a hold keeps what is theirs.

    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("erasing is one step or none")
    if not is_again:
        must_not_be_held(person)
    Hold.objects.filter(person=person).delete()  # what is left of them is over, or older than the erasure
    end_sessions(person.id)
    for tries in (AccessAttempt, AccessFailureLog, AccessLog):
        tries.objects.filter(username=person.email).delete()
    forget_work_of(person.id)
    address = person.email
    audit.record(chain=None, acting=None, verb="person.erased", target=person.id, at=at)
    person_id = person.id
    person.delete()
    transaction.on_commit(lambda: forget_mails_to(address))
    transaction.on_commit(lambda: enter_in_ledger([person_id], at=at))


def delete_for_good(rows: "QuerySet[Any]") -> bool:
    """Delete what somebody took back, and let no old backup bring it back; tell whether there was something.

    Raises:
        TypeError: the model does not say ``is_deleted_for_good``, by which ``delete_again`` knows it.

    """
    if not getattr(rows.model, "is_deleted_for_good", False):
        raise TypeError(f"{rows.model.__name__} must say is_deleted_for_good, or a backup brings it back")
    ids = list(rows.values_list("pk", flat=True))
    rows.filter(pk__in=ids).delete()
    transaction.on_commit(lambda: enter_in_ledger(ids, at=clock.now()), using=rows.db)
    return bool(ids)


def delete_again(was_erased: Callable[[uuid.UUID], bool]) -> int:
    """Delete what an old backup brought back of rows that were deleted for good; tell of how many.

    Args:
        was_erased: tells of a row's number whether the ledger has it.

    """
    found = 0
    for model in apps.get_models():
        if not getattr(model, "is_deleted_for_good", False):
            continue
        rows = model._default_manager.all()  # noqa: SLF001 -- Django's own name for it
        gone = [one for one in rows.values_list("pk", flat=True).iterator() if was_erased(one)]
        rows.filter(pk__in=gone).delete()
        found += len(gone)
    return found


def enter_in_ledger(ids: Sequence[uuid.UUID], *, at: datetime) -> None:
    """Write the marks of what was erased into the ledger that lies outside the databases, where there is one.

    It is gone already: a ledger that cannot be written ends nothing. Of people the trail still knows, and the next
    backup makes up for it; of who was in a circle, and of words taken back, nothing else knows.

    Args:
        ids: of people, of rows that said of somebody that they were in a circle, or of words that were taken back.
        at: when.

    """
    if not ids or not settings.ERASURE_LEDGER:
        return
    try:
        erased.remember(Path(settings.ERASURE_LEDGER), ids, on=at.astimezone(UTC).date())
    except (erased.Damaged, OSError):
        _log.exception("the ledger of erased people could not be written")


def end_sessions(person_id: uuid.UUID) -> int:
    """End every session of a person, on all devices; tell how many. A session says whose it is in sealed words only."""
    theirs = [
        session.session_key
        for session in Session.objects.iterator(chunk_size=500)
        if session.get_decoded().get(SESSION_KEY) == str(person_id)
    ]
    for start in range(0, len(theirs), 500):
        Session.objects.filter(session_key__in=theirs[start : start + 500]).delete()
    return len(theirs)
