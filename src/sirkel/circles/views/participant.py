"""Who is asking: a device by its cookie."""

from collections.abc import Mapping

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from sirkel.circles.models import Meeting
from sirkel.people.domain.seats import Taken
from sirkel.people.queries.seats import PASS_SECONDS

DEVICE_COOKIE = "__Host-device" if settings.SITE_IS_SECURE else "device"
PASS_COOKIE = "seat-pass"  # noqa: S105 -- a cookie's name
SHARED_COOKIE = "shared_phone"
# What somebody said of where they speak from, sealed; see the perspective view.
MARK_COOKIE = "voice"
SHARED_SECONDS = 3 * 3600


def device_in(cookies: Mapping[str, str]) -> str | None:
    """Return the device's secret from its cookie, or None."""
    value = cookies.get(DEVICE_COOKIE, "")
    return value if 16 <= len(value) <= 64 else None  # noqa: PLR2004 -- bounds of a 128-bit token


def device_of(request: HttpRequest) -> str | None:
    """Return the asking device's secret, or None."""
    return device_in(request.COOKIES)


def pass_of(request: HttpRequest) -> str | None:
    """Return the statement "was in this meeting" that a phone keeps for a day, or None."""
    return request.COOKIES.get(PASS_COOKIE)


def remember(response: HttpResponse, taken: Taken, *, was_in: bool = True) -> None:
    """Give the device its secret and its pass. A shared device forgets both when the browser closes.

    Whoever only waits at the door gets no pass: it says that somebody was in.
    """
    age = None if taken.seat.is_shared else PASS_SECONDS
    _keep(response, DEVICE_COOKIE, taken.device, age=age)
    if was_in:
        _keep(response, PASS_COOKIE, taken.seat_pass, age=age)
    if taken.seat.is_shared:  # read by our scripts, which then keep nothing on this phone
        response.set_cookie(  # nosemgrep: no-unsafe-cookie -- it says that a phone is shared, and nothing else
            SHARED_COOKIE, "1", secure=settings.SITE_IS_SECURE, samesite="Lax", path="/"
        )
    else:
        response.delete_cookie(SHARED_COOKIE, path="/", samesite="Lax")


def remember_device(response: HttpResponse, device: str) -> None:
    """Give a shared device the secret of a seat that it held before."""
    _keep(response, DEVICE_COOKIE, device, age=None)


def _keep(response: HttpResponse, name: str, value: str, *, age: int | None) -> None:
    response.set_cookie(
        name, value, max_age=age, httponly=True, secure=settings.SITE_IS_SECURE, samesite="Lax", path="/"
    )


def forget(response: HttpResponse) -> None:
    """Take the device's secret and pass away."""
    forget_device(response)
    response.delete_cookie(PASS_COOKIE, path="/", samesite="Lax")


def forget_device(response: HttpResponse) -> None:
    """Take the device's secret away; where it was earlier today it may still read what was decided."""
    for name in (DEVICE_COOKIE, SHARED_COOKIE):
        response.delete_cookie(name, path="/", samesite="Lax")


def keep_mark(response: HttpResponse, *, meeting: Meeting, is_shared: bool, mark: str) -> None:
    """Let a phone keep its owner's sealed answer; only this meeting's pages get it back."""
    response.set_cookie(
        MARK_COOKIE,
        mark,
        max_age=None if is_shared else PASS_SECONDS,
        httponly=True,
        secure=settings.SITE_IS_SECURE,
        samesite="Lax",
        path=f"/m/{meeting.id}/",
    )


def drop_mark(response: HttpResponse, *, meeting: Meeting) -> None:
    """Take the answer off a phone that goes to the next person, or leaves."""
    response.delete_cookie(MARK_COOKIE, path=f"/m/{meeting.id}/", samesite="Lax")
