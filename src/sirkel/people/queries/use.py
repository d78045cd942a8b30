"""When a session was last used, and for how long it goes on. Seconds of the real clock, since 1970."""

import time

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.core import signing

from sirkel.people.queries.factors import SIGNED_IN_AT, records_of
from sirkel.people.queries.identities import METHOD, good_until
from sirkel.people.rules.sessions import HOUR, seconds_left, span_of

OWN_DEVICE, HANDLE = "own_device", "handle"
"""Keys of a session. ``handle`` names it to its owner; its key is a secret and is never shown."""

SEEN_COOKIE = "__Host-seen" if settings.SITE_IS_SECURE else "seen"
SEEN_SALT = "people.session.seen"
# Above the three hours that a meeting lasts at most.
SCREEN_SECONDS = 4 * HOUR


def stamp(session: SessionBase) -> str:
    """Return the proof that a session is in use now, for its browser to keep.

    Not a column: a row that changes whenever somebody does something lies beside what they did, and their
    unsigned words would be found by it.
    """
    return signing.dumps([session.get(HANDLE), int(time.time())], salt=SEEN_SALT)


def used_at(session: SessionBase, seen: str) -> float:
    """Return when a session was last used by the proof its browser brought; without one, when it signed in."""
    began = float(session.get(SIGNED_IN_AT, 0))
    try:
        handle, at = signing.loads(seen, salt=SEEN_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return began
    return max(began, float(at)) if handle == session.get(HANDLE) else began


def left(session: SessionBase, seen: str, *, more: int = 0) -> int:
    """Return for how many seconds a session goes on untouched; 0 when it is over. ``more`` lengthens the rest."""
    return seconds_left(
        span_of(is_own_device=bool(session.get(OWN_DEVICE))),
        began=float(session.get(SIGNED_IN_AT, 0)),
        used=used_at(session, seen) + more,
        now=time.time(),
        until=_until(session),
    )


def _until(session: SessionBase) -> float | None:
    """Return when a session must end that a sign-in service opened: the longest time after it last asked the person."""
    records = records_of(session)
    if not records or records[0].get("method") != METHOD:
        return None
    return max((end for one in records if (end := good_until(one)) is not None), default=None)
