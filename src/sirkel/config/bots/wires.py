"""How a bot reaches the site: over the network, or in this process through the callable that answers pages.

Both are urllib with a cookie jar, so that everything above them is the same. In this process the clock may
stand where a story is; over the network it is the server's.
"""

import io
import sys
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from email.message import Message
from typing import Any
from urllib.parse import unquote, urlsplit
from urllib.response import addinfourl

from django.core.signals import request_finished, request_started
from django.db import close_old_connections

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class _InProcess(urllib.request.HTTPHandler):
    """Answers http requests by calling a WSGI application in this thread."""

    def __init__(self, application: Application) -> None:
        super().__init__()
        self.application = application

    def http_open(self, request: urllib.request.Request) -> Any:
        """Call the application with the request, and return its answer as urllib's own."""
        status: list[Any] = []

        def start(line: str, headers: list[tuple[str, str]], _fault: Any = None) -> None:
            status[:] = [line, headers]

        with _connections_kept():
            body = self.application(_environ(request), start)
            try:
                content = b"".join(body)
            finally:
                getattr(body, "close", lambda: None)()
        code, _space, reason = status[0].partition(" ")
        headers = Message()
        for name, value in status[1]:
            headers[name] = value
        answer = addinfourl(io.BytesIO(content), headers, request.full_url, int(code))
        answer.msg = reason  # type: ignore[attr-defined] # urllib's error handlers read it
        return answer


class _SecureInProcess(urllib.request.HTTPSHandler):
    """The same for a site whose public address is https."""

    def __init__(self, application: Application) -> None:
        super().__init__()
        self.plain = _InProcess(application)

    def https_open(self, request: urllib.request.Request) -> Any:
        """Call the application with the request."""
        return self.plain.http_open(request)


@contextmanager
def _connections_kept() -> Iterator[None]:
    """Let a request leave the connections of this thread open: a transaction may be under way around it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


def _environ(request: urllib.request.Request) -> dict[str, Any]:
    address = urlsplit(request.full_url)
    sent: bytes = request.data or b""  # type: ignore[assignment] # forms are always bytes here
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.get_method(),
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(address.path, encoding="latin-1"),
        "QUERY_STRING": address.query,
        "SERVER_NAME": address.hostname or "localhost",
        "SERVER_PORT": str(address.port or (443 if address.scheme == "https" else 80)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_LENGTH": str(len(sent)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": address.scheme,
        "wsgi.input": io.BytesIO(sent),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in request.header_items():
        key = name.upper().replace("-", "_")
        environ["CONTENT_TYPE" if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value
    return environ


def over_network() -> list[urllib.request.BaseHandler]:
    """Return what reaches a server at its address, past any proxy."""
    return [urllib.request.ProxyHandler({})]


def in_process(application: Application) -> list[urllib.request.BaseHandler]:
    """Return what reaches the pages callable in this process."""
    return [urllib.request.ProxyHandler({}), _InProcess(application), _SecureInProcess(application)]
