"""Talking to a sign-in service: few at a time, not for long, and only with the addresses it was given.

A service that is slow must not hold the pages of those who sign in without it. So a sign-in talks for at most nine
seconds altogether, only half of the process's page threads talk at once, and a service that did not answer is left
alone for ten seconds, in which everybody is told so at once.
"""

import contextlib
import functools
import json
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit
from urllib.request import getproxies, proxy_bypass

import urllib3
from django.conf import settings

from sirkel.people.oidc.answers import away, not_believed
from sirkel.people.rules.providers import Provider, is_safe_address

CONNECT_SECONDS = 3.0
READ_SECONDS = 5.0
WHOLE_SECONDS = 9.0
QUEUE_SECONDS = 2.0
LEFT_ALONE_SECONDS = 10.0
LARGEST_ANSWER = 256 * 1024
OK, CREATED, FAULT = 200, 201, 500

_talkers = threading.BoundedSemaphore(max(1, settings.PAGE_THREADS // 2))
_silent_until: dict[str, float] = {}


@dataclass(frozen=True)
class Answer:
    """What a service answered: the status, and its JSON object (empty when there was none)."""

    status: int
    said: Mapping[str, Any]


@dataclass(frozen=True)
class Talk:
    """One sign-in's talk with a service, until a moment of the monotonic clock."""

    provider: Provider
    until: float

    def get(self, address: str) -> Answer:
        """Fetch a document.

        Raises:
            Refused: ``provider.away``, ``provider.answer``.

        """
        return self._ask("GET", address, {}, None)

    def post(self, address: str, sent: Mapping[str, str], headers: Mapping[str, str]) -> Answer:
        """Send a form. Raises as ``get``."""
        form = {**headers, "Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", address, form, urlencode(sent).encode())

    def _ask(self, method: str, address: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        if not is_safe_address(address, beside=self.provider.issuer):
            raise not_believed(self.provider, "address")
        left = self.until - time.monotonic()
        try:
            if left <= 0:
                raise TimeoutError
            with contextlib.closing(
                _pool(address).request(
                    method,
                    address,
                    body=body,
                    headers={"Accept": "application/json", "User-Agent": "Sirkel", **headers},
                    timeout=urllib3.Timeout(connect=min(CONNECT_SECONDS, left), read=min(READ_SECONDS, left)),
                    redirect=False,
                    retries=False,
                    preload_content=False,
                )
            ) as response:
                return Answer(response.status, _object(self._read(response)))
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            _silent_until[self.provider.issuer] = time.monotonic() + LEFT_ALONE_SECONDS
            raise away(self.provider, type(error).__name__) from error

    def _read(self, response: urllib3.BaseHTTPResponse) -> bytes:
        taken = b""
        for part in response.stream(16 * 1024):
            taken += part
            if len(taken) > LARGEST_ANSWER:
                raise ValueError("too large")
            if time.monotonic() > self.until:
                raise TimeoutError
        return taken


@contextlib.contextmanager
def talk(provider: Provider) -> Iterator[Talk]:
    """Begin a talk with a service.

    Raises:
        Refused: ``provider.away``, at once, when it did not answer a moment ago, or too many talk already.

    """
    until = time.monotonic() + WHOLE_SECONDS
    if _silent_until.get(provider.issuer, 0) > time.monotonic():
        raise away(provider, "left alone")
    if not _talkers.acquire(timeout=QUEUE_SECONDS):
        raise away(provider, "too many at once")
    try:
        yield Talk(provider, until)
    finally:
        _talkers.release()


def forget() -> None:
    """Forget which services did not answer."""
    _silent_until.clear()


def _pool(address: str) -> urllib3.PoolManager:
    """Return what connects to an address: by the system's own list of authorities, and its proxy where it names one."""
    host = urlsplit(address).hostname or ""
    through = "" if proxy_bypass(host) else getproxies().get(urlsplit(address).scheme, "")
    if through:
        return urllib3.ProxyManager(through, num_pools=1, ssl_context=_trust())
    return urllib3.PoolManager(num_pools=1, ssl_context=_trust())


@functools.cache
def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}
