"""The ASGI side: server-sent events over the live event table."""

import asyncio
import logging
import random
import re
import threading
import uuid
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qsl

from django.conf import settings
from django.db import OperationalError, close_old_connections, connections

from sirkel.kernel import clock
from sirkel.kernel.away import is_away
from sirkel.kernel.live.changes import STATE, Change
from sirkel.kernel.live.events import changes_since
from sirkel.kernel.live.hub import Kind, Made, hub
from sirkel.kernel.live.surfaces import Asker, Surface, surfaces

logger = logging.getLogger(__name__)

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

# Whoever may no longer read is gone within a minute, whatever happens in the room meanwhile.
RECHECK_SECONDS = 40
STREAMS_PER_ASKER = 4
THREADS = 4
_PATH = re.compile(r"^/live/([a-z]+)/([0-9a-f-]{36})/$")
_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache, no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]


# Place, surface, language, and the version that the asker holds.
Key = tuple[uuid.UUID, str, str, int]


class Frames:
    """The frames of this process: each change is read and rendered once per language and surface.

    A frame is kept while its version is the newest or lately was; ``kept`` bounds the memory.
    """

    def __init__(self, kept: int = 2000) -> None:
        self._made: dict[Key, asyncio.Future[list[tuple[int, bytes]]]] = {}
        self._kept = kept
        self._threads = ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="live")

    def close(self) -> None:
        """Let the threads go, with the database connections they hold."""
        each = threading.Barrier(THREADS)  # so that no thread takes the turn of another

        def let_go() -> None:
            connections.close_all()
            each.wait(timeout=5)

        for _thread in range(THREADS):
            self._threads.submit(let_go)
        self._threads.shutdown(wait=True)

    def call(self, function: Callable[..., Any], *arguments: Any) -> "asyncio.Future[Any]":
        """Run blocking work in a thread of the live pool, database connections tidied."""

        def work() -> Any:
            close_old_connections()
            return function(*arguments)

        return asyncio.get_running_loop().run_in_executor(self._threads, work)

    async def since(
        self, room_id: uuid.UUID, surface_name: str, language: str, version: int
    ) -> list[tuple[int, bytes]]:
        """Return the frames after ``version`` as (version, bytes), oldest first."""
        made = self._begun(room_id, surface_name, language, version)
        return made.result() if made.done() else await asyncio.shield(made)

    def begin(self, room_id: uuid.UUID, kinds: list[Kind], version: int) -> None:
        """Begin the frames after ``version`` at once: the streams that wake now will all ask for them."""
        for surface_name, language in kinds:
            self._begun(room_id, surface_name, language, version)

    def keep(self, room_id: uuid.UUID, version: int, made: Made) -> None:
        """Keep frames that were made elsewhere in this process, for streams that hold ``version``."""
        for (surface_name, language), ready in made.items():
            done: asyncio.Future[list[tuple[int, bytes]]] = asyncio.get_running_loop().create_future()
            done.set_result(ready)
            self._put((room_id, surface_name, language, version), done)

    def _put(self, key: Key, made: "asyncio.Future[list[tuple[int, bytes]]]") -> None:
        self._made[key] = made
        while len(self._made) > self._kept:
            self._made.pop(next(iter(self._made)))

    def _begun(
        self, room_id: uuid.UUID, surface_name: str, language: str, version: int
    ) -> "asyncio.Future[list[tuple[int, bytes]]]":
        key = (room_id, surface_name, language, version)
        known = self._made.get(key)
        if known is None or (known.done() and not self._is_current(room_id, known)):
            known = self._make(room_id, surface_name, language, version)
            self._put(key, known)
        return known

    def _is_current(self, room_id: uuid.UUID, made: "asyncio.Future[list[tuple[int, bytes]]]") -> bool:
        if made.cancelled() or made.exception() is not None:
            return False
        frames = made.result()
        return bool(frames) and frames[-1][0] >= hub.versions.get(room_id, 0)

    def _make(
        self, room_id: uuid.UUID, surface_name: str, language: str, version: int
    ) -> "asyncio.Future[list[tuple[int, bytes]]]":
        surface = surfaces[surface_name]
        at_hand = hub.since(room_id, version)

        def read_and_render() -> list[tuple[int, bytes]]:
            changes = at_hand or changes_since(room_id=room_id, version=version)
            return [(change.version, frame(surface, room_id, change, language)) for change in changes]

        return self.call(read_and_render)


def frame(surface: Surface, room_id: uuid.UUID, change: Change, language: str) -> bytes:
    """Return one change as a server-sent event; its id is the version."""
    html = surface.render(room_id, change, language)
    name = STATE if change.kind == STATE else "patch"
    data = "".join(f"data: {line}\n" for line in html.splitlines())
    return f"id: {change.version}\nevent: {name}\n{data or 'data:'}\n\n".encode()


frames = Frames()


def _begin(room_id: uuid.UUID, kinds: list[Kind], version: int) -> None:
    """Let the frames that hold now begin: a test puts its own in their place and closes them."""
    frames.begin(room_id, kinds, version)


def _render(room_id: uuid.UUID, kinds: tuple[Kind, ...], change: Change) -> Made:
    """Render a change in the thread that made it; what cannot be rendered here the streams try again, and say why."""
    try:
        return {
            (name, language): [(change.version, frame(surfaces[name], room_id, change, language))]
            for name, language in kinds
        }
    except Exception:  # noqa: BLE001 -- whoever made the change has done so, whatever a screen makes of it
        return {}


def _keep(room_id: uuid.UUID, version: int, made: Made) -> None:
    """Hand frames to those that hold now."""
    frames.keep(room_id, version, made)


hub.begin, hub.render, hub.keep = _begin, _render, _keep
_open: dict[str, int] = {}


def _request(scope: Scope) -> tuple[Asker, int | None]:
    headers = {key.lower(): value.decode("latin-1") for key, value in scope["headers"]}
    cookies: SimpleCookie = SimpleCookie()
    try:
        cookies.load(headers.get(b"cookie", ""))
    except CookieError:
        cookies = SimpleCookie()
    query = dict(parse_qsl(scope.get("query_string", b"").decode("latin-1")))
    last = headers.get(b"last-event-id") or query.get("last", "")
    asker = Asker(cookies={name: morsel.value for name, morsel in cookies.items()}, query=query)
    return asker, int(last) if last.isascii() and last.isdigit() and len(last) < 10 else None  # noqa: PLR2004 -- fits an integer column


async def _answer(send: Send, status: int, *more: tuple[bytes, bytes]) -> None:
    headers = [(b"content-length", b"0"), *more]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


async def live(scope: Scope, receive: Receive, send: Send) -> None:
    """Serve ``GET /live/<surface>/<place>/``: server-sent events until the asker leaves or may no longer read.

    The asker may name the version it holds by ``Last-Event-ID`` or ``?last=``; without one it
    receives the present state first. Query ``lang`` chooses the language. Answers 404 for an
    unknown address and for anybody who may not read, 429 for too many streams of one asker, 503 while a database is away.
    """
    match = _PATH.match(scope["path"])
    surface = surfaces.get(match[1]) if match else None
    if match is None or surface is None or scope["method"] != "GET":
        await _answer(send, 404)
        return
    hub.attach(asyncio.get_running_loop())
    try:
        room_id = uuid.UUID(match[2])
    except ValueError:
        await _answer(send, 404)
        return
    asker, last = _request(scope)
    language = asker.query.get("lang", "")
    if language not in surface.languages:
        language = surface.languages[0]
    try:
        may_read = await frames.call(surface.authorise, room_id, asker)
    except OperationalError as fault:
        if not is_away(fault):
            raise
        logger.warning("a stream found no database: %s", type(fault).__name__)
        await _answer(send, 503, (b"retry-after", b"10"))
        return
    if not may_read:
        await _answer(send, 404)
        return
    owner = f"{room_id}{sorted(asker.cookies.items())}{asker.query.get('k', '')}"
    if _open.get(owner, 0) >= STREAMS_PER_ASKER:
        await _answer(send, 429)
        return
    _open[owner] = _open.get(owner, 0) + 1
    try:
        await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        await _stream(send, receive, room_id, match[1], language, last, asker)
    finally:
        _open[owner] -= 1
        if not _open[owner]:
            del _open[owner]


async def _stream(
    send: Send, receive: Receive, room_id: uuid.UUID, name: str, language: str, last: int | None, asker: Asker
) -> None:
    loop = asyncio.get_running_loop()
    gone = asyncio.ensure_future(_gone(receive))
    retry = random.randint(2500, 4500)  # noqa: S311 -- spreads reconnections, guards nothing
    hello = f"retry: {retry}\n\nevent: clock\ndata: {int(clock.now().timestamp() * 1000)}\n\n"
    await send({"type": "http.response.body", "body": hello.encode(), "more_body": True})
    # Screens that came together are not asked about together: that would hold up the news of all others.
    due = loop.time() + random.uniform(0.5, 1) * RECHECK_SECONDS  # noqa: S311 -- as above
    has_news = True
    with hub.listening(room_id, (name, language)) as changed:
        gone.add_done_callback(lambda _gone: changed.set())
        try:
            while not gone.done():
                changed.clear()
                if has_news:
                    sent = -1 if last is None else last
                    for version, body in await frames.since(room_id, name, language, sent):
                        await send({"type": "http.response.body", "body": body, "more_body": True})
                        last = version
                    last = 0 if last is None else last
                if loop.time() >= due:  # after the news: nobody waits for it
                    due = loop.time() + RECHECK_SECONDS
                    if not await frames.call(surfaces[name].authorise, room_id, asker):
                        break
                try:
                    async with asyncio.timeout(min(settings.LIVE_HEARTBEAT_SECONDS, due - loop.time())):
                        has_news = await changed.wait()
                except TimeoutError:  # whoever makes a change, or the watcher, would have told
                    has_news = False
                    await send({"type": "http.response.body", "body": b": still here\n\n", "more_body": True})
        except OSError:
            return
        finally:
            gone.cancel()
    await send({"type": "http.response.body", "body": b"event: over\ndata:\n\n"})


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
