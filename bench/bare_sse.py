"""The bare other side: one INSERT into SQLite and the same bytes to every stream of the room, nothing else."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

Message = MutableMapping[str, Any]
rooms: dict[str, set[asyncio.Queue[bytes]]] = {}
store: list[sqlite3.Connection] = []


def connection() -> sqlite3.Connection:
    """Return the one connection, opened at first use with the same settings as the measured side."""
    if not store:
        import os  # noqa: PLC0415 -- only here

        database = sqlite3.connect(os.environ["BARE_DATABASE"], isolation_level=None)
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=NORMAL")
        database.execute("CREATE TABLE IF NOT EXISTS note (id INTEGER PRIMARY KEY, room TEXT, text TEXT)")
        store.append(database)
    return store[0]


async def app(
    scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
) -> None:
    """Answer ``GET /stream/ROOM`` and ``POST /note/ROOM``."""
    if scope["type"] != "http":
        return
    _empty, kind, room = (*scope["path"].split("/"), "", "")[:3]
    if scope["method"] == "POST":
        body = (await receive())["body"]
        text = parse_qs(body.decode())["text"][0]
        connection().execute("INSERT INTO note (room, text) VALUES (?, ?)", (room, text))
        for queue in rooms.get(room, ()):
            queue.put_nowait(f"event: patch\ndata: <li>{text}</li>\n\n".encode())
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})
        return
    if kind != "stream":
        await send({"type": "http.response.start", "status": 404, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})
        return
    queue: asyncio.Queue[bytes] = asyncio.Queue()
    rooms.setdefault(room, set()).add(queue)
    await send(
        {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]}
    )
    await send({"type": "http.response.body", "body": b"data: hello\n\n", "more_body": True})
    while True:
        await send({"type": "http.response.body", "body": await queue.get(), "more_body": True})
