"""Erasing a person: the account and all that hangs on it. What others wrote or decided stays, without the name."""

import uuid
from datetime import datetime

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction

from sirkel.kernel import audit
from sirkel.people.models import Person


def erase(*, person: Person, at: datetime) -> None:
    """Erase a person's row, roles, settings, mails, addresses, sign-ins and sessions. Must run inside a transaction.

    Rows of other rooms that belong to the person alone go with the row; those that only name the person keep the
    rest. The trail keeps that somebody was erased and the random number under which they acted, which nothing
    leads back from any more.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("erasing is one step or none")
    end_sessions(person.id)
    for tries in (AccessAttempt, AccessFailureLog, AccessLog):
        tries.objects.filter(username=person.email).delete()
    audit.record(chain=None, acting=None, verb="person.erased", target=person.id, at=at)
    person.delete()


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
