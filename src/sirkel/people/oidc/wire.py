"""Talking to a sign-in service: few at a time, not for long, and only with the hosts that the settings name.

A service that is slow must not hold the pages of those who sign in without it. So a sign-in talks for at most nine
seconds altogether, only half of the process's page threads talk at once, and a service that did not answer is left
alone for ten seconds, in which everybody is told so at once.

What a service names is no reason to go there (SEC-17). A host must be its own, or allowed by name; the number that its
name leads to is looked at, and that very number is gone to, so that no second look-up can lead elsewhere; and nobody is
followed to where they redirect.
"""

import contextlib
import functools
import ipaddress
import json
import socket
import ssl
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit
from urllib.request import getproxies, proxy_bypass

import urllib3
from django.conf import settings

from sirkel.people.oidc.answers import away, not_believed
from sirkel.people.rules.providers import Provider, place_of

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
        if not self.provider.may_be_asked(address):
            raise not_believed(self.provider, "address")
        said = {
            "Accept": "application/json",
            "User-Agent": "Sirkel",
            "Host": urlsplit(address).netloc,
            **headers,
        }
        fault: Exception = TimeoutError()
        try:
            for pool, path in self._ways(address):
                left = self.until - time.monotonic()
                if left <= 0:
                    raise TimeoutError
                try:
                    response = pool.request(
                        method,
                        path,
                        body=body,
                        headers=said,
                        timeout=urllib3.Timeout(
                            connect=min(CONNECT_SECONDS, left), read=min(READ_SECONDS, left)
                        ),
                        redirect=False,
                        retries=False,
                        preload_content=False,
                    )
                except (
                    urllib3.exceptions.NewConnectionError,
                    urllib3.exceptions.ConnectTimeoutError,
                ) as error:
                    fault = error  # a host may have several numbers, of which not all answer
                    continue
                with contextlib.closing(response):
                    return Answer(response.status, _object(self._read(response)))
            raise fault
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            _silent_until[self.provider.issuer] = time.monotonic() + LEFT_ALONE_SECONDS
            raise away(self.provider, type(error).__name__) from error

    def _ways(self, address: str) -> Iterable[tuple[urllib3.PoolManager | urllib3.HTTPConnectionPool, str]]:
        """Yield what connects to an address, and what it is asked for: the network's proxy, or each number of the host.

        A proxy looks names up itself, so where one is named it decides which network they may lie in.
        """
        parts, (host, port) = urlsplit(address), place_of(address)
        if through := "" if proxy_bypass(host) else getproxies().get(parts.scheme, ""):
            yield urllib3.ProxyManager(through, num_pools=1, ssl_context=_trust()), address
            return
        found = dict.fromkeys(
            str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        )
        if not all(self.provider.may_lie_at(ipaddress.ip_address(number)) for number in found):
            raise not_believed(self.provider, "inside the network")
        path = urlunsplit(("", "", parts.path or "/", parts.query, ""))
        for number in found:
            if parts.scheme == "https":
                yield (
                    urllib3.HTTPSConnectionPool(
                        number, port, ssl_context=_trust(), server_hostname=host, maxsize=1
                    ),
                    path,
                )
            else:
                yield urllib3.HTTPConnectionPool(number, port, maxsize=1), path

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
    """Forget which services did not answer, and which authorities the system trusted."""
    _silent_until.clear()
    _trust.cache_clear()


@functools.cache
def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}
