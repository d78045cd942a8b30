"""A session begins, is used, is lengthened and ends. Times are those of the real clock, in seconds since 1970."""

import time
import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sirkel.kernel import audit
from sirkel.kernel.errors import NotFound
from sirkel.kernel.ids import new_id
from sirkel.people.models import Person, Session
from sirkel.people.queries.factors import SIGNED_IN_AT, records_of
from sirkel.people.queries.roles import roles_of
from sirkel.people.queries.use import HANDLE, OWN_DEVICE
from sirkel.people.rules.factors import FRESH_SECONDS
from sirkel.people.rules.sessions import browser_and_system, may_stay_long, span_of
from sirkel.people.sessions import owner_of

DEVICE, USED_ON = "device", "used_on"
CHANGED_AT = "changed_at"
"""Key of a session: when it changed how its person signs in, so that ending the others is offered for a while."""


@dataclass(frozen=True)
class OpenSession:
    """One session as its owner sees it: never an address, times to the day (UTC)."""

    handle: str
    browser: str
    system: str
    began_on: date
    used_on: date
    is_own_device: bool
    is_this: bool


def begin(session: SessionBase, *, person: Person, user_agent: str, at: datetime) -> None:
    """Fill in a session that has just signed in. Whether it is the person's own device was said before."""
    now = int(time.time())
    own = bool(session.pop(OWN_DEVICE, False)) and may_stay_long(
        roles_of(person, at=at).values_list("role", flat=True)
    )
    session[SIGNED_IN_AT] = now
    session[HANDLE] = str(new_id())
    session[OWN_DEVICE] = own
    session[DEVICE] = browser_and_system(user_agent)
    session[USED_ON] = _today().isoformat()
    session.set_expiry(datetime.fromtimestamp(now, UTC) + timedelta(seconds=span_of(is_own_device=own).whole))


def keep_day(session: SessionBase) -> None:
    """Keep on which day a session was last used, when that is another one than before."""
    today = _today().isoformat()
    if session.get(USED_ON) != today:
        session[USED_ON] = today


def open_sessions(person: Person, *, this: str | None) -> list[OpenSession]:
    """Return a person's sessions that go on, this one first, then the last used; ``this`` is its secret key."""
    found = []
    for row in _rows(person):
        data = row.get_decoded()
        if not data.get(HANDLE):
            continue
        browser, system = data.get(DEVICE) or ("", "")
        began = datetime.fromtimestamp(data.get(SIGNED_IN_AT, 0), UTC).date()
        found.append(
            OpenSession(
                handle=data[HANDLE],
                browser=browser,
                system=system,
                began_on=began,
                used_on=date.fromisoformat(data.get(USED_ON) or began.isoformat()),
                is_own_device=bool(data.get(OWN_DEVICE)),
                is_this=row.session_key == this,
            )
        )
    return sorted(found, key=lambda one: (not one.is_this, -one.used_on.toordinal(), one.handle))


def keep_change(session: SessionBase) -> None:
    """Keep that a session has just changed how its person signs in."""
    session[CHANGED_AT] = int(time.time())


def has_just_changed(session: SessionBase) -> bool:
    """Tell whether a session changed how its person signs in within the last ten minutes, and did not end the others since."""
    return time.time() - float(session.get(CHANGED_AT, 0)) < FRESH_SECONDS


def end_one(*, acting: Person, handle: uuid.UUID, at: datetime) -> None:
    """End one of one's own sessions.

    Raises:
        NotFound: ``session.none``, also for somebody else's.

    """
    keys = [row.session_key for row in _rows(acting) if row.get_decoded().get(HANDLE) == str(handle)]
    if not keys:
        raise NotFound("session.none", _("This sign-in is over already."))
    _end(acting, keys, at=at)


def end_others(*, acting: Person, session: SessionBase, at: datetime) -> int:
    """End all of one's own sessions but this one; tell how many."""
    keys = [row.session_key for row in _rows(acting) if row.session_key != session.session_key]
    _end(acting, keys, at=at)
    session.pop(CHANGED_AT, None)
    return len(keys)


def end_those_with(person: Person, identity_id: uuid.UUID, *, this: str | None, at: datetime) -> None:
    """End a person's sessions that were opened with an identity, but for this one."""
    keys = [
        row.session_key
        for row in _rows(person)
        if row.session_key != this
        and any(record.get("identity") == str(identity_id) for record in records_of(row.get_decoded()))
    ]
    _end(person, keys, at=at)


def end_begun_before(person: Person, moment: datetime, *, at: datetime) -> int:
    """End a person's sessions that were begun before a moment; tell how many. Nobody did it: a rule does."""
    keys = [
        row.session_key
        for row in _rows(person)
        if float(row.get_decoded().get(SIGNED_IN_AT, 0)) < moment.timestamp()
    ]
    _end(person, keys, at=at, by_rule=True)
    return len(keys)


def _rows(person: Person) -> list[Session]:
    return list(Session.objects.filter(owner=owner_of(person.id), expire_date__gt=datetime.now(UTC)))


def _end(person: Person, keys: list[str], *, at: datetime, by_rule: bool = False) -> None:
    if not keys:
        return
    with transaction.atomic():
        Session.objects.filter(session_key__in=keys).delete()
        audit.record(
            chain=None,
            acting=None if by_rule else person.id,
            verb="sessions.ended",
            target=person.id,
            facts={"count": len(keys)},
            at=at,
        )


def _today() -> date:
    return datetime.now(UTC).date()
