"""What a browser's session keeps of the sign-ins it has begun at other services: sealed, a few, for a quarter of an hour."""

import time
from dataclasses import asdict, dataclass
from typing import Any

from django.contrib.sessions.backends.base import SessionBase

from sirkel.people.oidc.client import Secrets

KEY = "sign_ins_elsewhere"
SECONDS = 900
MOST = 5

SIGN_IN, LINK, AGAIN = "sign-in", "link", "again"


@dataclass(frozen=True)
class Pending:
    """A sign-in that was begun. ``person`` is who began it, where they had to be signed in; ``since`` is real time."""

    provider: str
    purpose: str
    nonce: str
    verifier: str
    onward: str
    person: str
    since: float


def keep(session: SessionBase, made: Secrets, begun: Pending) -> None:
    """Keep a sign-in under its state; the oldest of too many goes."""
    kept = {state: one for state, one in _all(session).items() if _is_in_time(one)}
    for oldest in sorted(kept, key=lambda state: kept[state]["since"])[: max(0, len(kept) - MOST + 1)]:
        del kept[oldest]
    session[KEY] = {**kept, made.state: asdict(begun)}


def take(session: SessionBase, state: str) -> tuple[Secrets, Pending] | None:
    """Return what was kept under a state, once; None when nothing was, in this browser, or too long ago."""
    kept = _all(session)
    found = kept.pop(state, None)
    if found is None:
        return None
    session[KEY] = kept
    if not kept:
        del session[KEY]
    if not _is_in_time(found):
        return None
    return Secrets(state, found["nonce"], found["verifier"]), Pending(**found)


def _all(session: SessionBase) -> dict[str, Any]:
    return dict(session.get(KEY) or {})


def _is_in_time(one: dict[str, Any]) -> bool:
    return 0 <= time.time() - one["since"] < SECONDS
