"""Clients that take their time, on purpose: slow headers, slow bodies, slow readers."""

import asyncio
import contextlib
import itertools
import socket
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from bench._nginx import NAME

KINDS = ("headers", "body", "reading")
PAUSE_SECONDS = 1.5
BODY_BYTES = 400_000
ADDRESSES = [f"127.0.1.{number}" for number in range(1, 6)]


@dataclass
class Slow:
    """What became of the slow clients: how many hold a connection now, and how often one was cut off."""

    held: int = 0
    cut_off: int = 0
    most_held: int = 0
    tasks: list["asyncio.Task[None]"] = field(default_factory=list)


def _opening(kind: str, path: str) -> bytes:
    method = "POST" if kind == "body" else "GET"
    head = f"{method} {path} HTTP/1.1\r\nHost: {NAME}\r\nUser-Agent: Slow\r\n"
    if (
        kind == "body"
    ):  # with what a form guard looks at before it reads: or it would turn away without reading
        head += f"Cookie: __Host-csrf={'a' * 32}\r\nOrigin: https://{NAME}\r\n"
        head += (
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {BODY_BYTES}\r\n\r\ntext="
        )
    if kind == "reading":
        head += "\r\n"
    return head.encode()


async def _one(
    slow: Slow, kind: str, port: int, trust: ssl.SSLContext | None, address: str, path: str
) -> None:
    """Hold one connection as long as the server lets it, then take another."""
    while True:
        writer = None
        try:
            raw = socket.socket()
            if kind == "reading":
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            raw.setblocking(False)
            raw.bind((address, 0))
            await asyncio.get_running_loop().sock_connect(raw, ("127.0.0.1", port))
            reader, writer = await asyncio.open_connection(
                sock=raw, ssl=trust, server_hostname=NAME if trust else None, limit=512
            )
            slow.held += 1
            slow.most_held = max(slow.most_held, slow.held)
            try:
                writer.write(_opening(kind, path))
                for turn in itertools.count():
                    await writer.drain()
                    await asyncio.sleep(PAUSE_SECONDS)
                    if kind == "reading":
                        if not await reader.read(20):
                            break
                    elif reader.at_eof():
                        break
                    else:
                        writer.write(f"X-{turn}: a\r\n".encode() if kind == "headers" else b"a" * 20)
            finally:
                slow.held -= 1
            slow.cut_off += 1
        except OSError:
            slow.cut_off += 1
            await asyncio.sleep(PAUSE_SECONDS)
        finally:
            if writer:
                writer.transport.abort()


@contextlib.asynccontextmanager
async def slow_clients(
    number: int, port: int, trust: ssl.SSLContext | None, *, path: str = "/b"
) -> AsyncIterator[Slow]:
    """Keep ``number`` slow clients of all three kinds at a port until the block ends; yield when they have begun."""
    slow = Slow()
    for index in range(number):
        kind, address = KINDS[index % len(KINDS)], ADDRESSES[index % len(ADDRESSES)]
        slow.tasks.append(asyncio.create_task(_one(slow, kind, port, trust, address, path)))
        if index % 25 == 0:
            await asyncio.sleep(0.1)
    await asyncio.sleep(1)
    try:
        yield slow
    finally:
        for task in slow.tasks:
            task.cancel()
        await asyncio.gather(*slow.tasks, return_exceptions=True)
