"""Which unsigned entries this browser made: kept by the browser alone, so that it can take them back for a while.

In a cookie and not in the session: a session belongs to a person, and the database would know who wrote what.
"""

import uuid

from django.conf import settings
from django.http import HttpRequest, HttpResponse

_HOUR = 3600
LOG, REACTION, CHALLENGE, YES, LINE = "log", "reaction", "challenge", "yes", "line"
_SECONDS = {
    LOG: _HOUR,
    REACTION: _HOUR,
    CHALLENGE: 7 * 24 * _HOUR,
    YES: 7 * 24 * _HOUR,
    LINE: 14 * 24 * _HOUR,
}
_MOST = 8


def own_ids(request: HttpRequest, kind: str) -> list[uuid.UUID]:
    """Return the ids of this browser's entries of a kind, the newest first."""
    found = []
    for part in request.COOKIES.get(f"own-{kind}", "").split(".")[:_MOST]:
        try:
            found.append(uuid.UUID(part))
        except ValueError:
            continue
    return found


def keep_own(response: HttpResponse, request: HttpRequest, kind: str, client_id: uuid.UUID) -> None:
    """Let the browser keep the id of an entry it has just made."""
    ids = [client_id, *(one for one in own_ids(request, kind) if one != client_id)]
    _set(response, kind, ids[:_MOST])


def drop_own(response: HttpResponse, request: HttpRequest, kind: str, client_id: uuid.UUID) -> None:
    """Let the browser forget the id of an entry that was taken back."""
    _set(response, kind, [one for one in own_ids(request, kind) if one != client_id])


def _set(response: HttpResponse, kind: str, ids: list[uuid.UUID]) -> None:
    response.set_cookie(
        f"own-{kind}",
        ".".join(one.hex for one in ids),
        max_age=_SECONDS[kind],
        httponly=True,
        secure=settings.SITE_IS_SECURE,
        samesite="Lax",
        path="/",
    )
