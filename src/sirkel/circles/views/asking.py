"""What the doors of a meeting need to know of a request: its address and its mark, neither kept."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from sirkel.circles.domain.guessing import missed, must_not_press, must_not_wait, pressed
from sirkel.kernel.ids import secret_token

TRIES_COOKIE = "tries"
_TRIES_SECONDS = 3600


def address_of(request: HttpRequest) -> str:
    """Return the network address that asks; behind our own proxy, the one that asked the proxy."""
    if settings.SECURE_PROXY_SSL_HEADER:
        return request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return str(request.META.get("REMOTE_ADDR", ""))


def _mark_of(request: HttpRequest) -> str:
    mark = request.COOKIES.get(TRIES_COOKIE, "")
    return mark if len(mark) <= 64 else ""  # noqa: PLR2004 -- a longer one is not ours


def _counted(request: HttpRequest, count: Callable[..., None]) -> str:
    mark = _mark_of(request) or secret_token(128)
    count(device=mark, address=address_of(request))
    return mark


def must_not_guess(request: HttpRequest) -> None:
    """Refuse an asker who has guessed too often."""
    must_not_wait(device=_mark_of(request), address=address_of(request))


def count_miss(request: HttpRequest) -> str:
    """Count a wrong try and return the mark the device must keep."""
    return _counted(request, missed)


def must_not_press_again(request: HttpRequest) -> None:
    """Refuse an asker who has begun to wait at closed doors too often."""
    must_not_press(device=_mark_of(request), address=address_of(request))


def count_press(request: HttpRequest) -> str:
    """Count that a phone began to wait, and return the mark the device must keep."""
    return _counted(request, pressed)


def keep_mark(response: HttpResponse, mark: str) -> None:
    """Let the device keep the mark its wrong tries are counted by, for an hour."""
    response.set_cookie(
        TRIES_COOKIE,
        mark,
        max_age=_TRIES_SECONDS,
        httponly=True,
        secure=settings.SITE_IS_SECURE,
        samesite="Lax",
        path="/b",
    )
