"""Phones as a load: one stream each over a plain socket, notes posted over kept connections."""

import asyncio
import re
import time
import urllib.parse
import uuid
from dataclasses import dataclass, field

_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')
_COOKIE = re.compile(rb"set-cookie: *(csrf(?:token)?=[^;]+)", re.IGNORECASE)
OK = 200
IDLE_SECONDS = 3.0  # servers close a kept connection after five
MARK = re.compile(rb"mark-([0-9]{6})-")


@dataclass
class Phone:
    """One phone in one room: which marks it saw, when first, and how often in one message."""

    seen: dict[int, float] = field(default_factory=dict)
    doubled: int = 0
    is_open: bool = False
    count: int = 0

    def take(self, message: bytes, at: float) -> None:
        """Note the arrival of every mark in one server-sent event."""
        marks = [int(mark) for mark in MARK.findall(message)]
        self.doubled += len(marks) - len(set(marks))
        for mark in marks:
            self.seen.setdefault(mark, at)


async def listen(phone: Phone, port: int, path: str, cookie: str) -> None:
    """Hold one stream open and hand every event to the phone, until cancelled."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**20)
    writer.write(
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\nAccept: text/event-stream\r\n\r\n".encode()
    )
    await writer.drain()
    status = await reader.readline()
    if b" 200 " not in status:
        raise RuntimeError(f"stream refused: {status!r}")
    event = bytearray()
    try:
        while line := await reader.readline():
            if line == b"\n":
                if b"data:" in event:
                    phone.is_open = True
                    phone.count += 1
                    phone.take(bytes(event), time.perf_counter())
                event.clear()
            else:
                event += line
    finally:
        writer.close()


class Poster:
    """One kept HTTP connection that posts notes for a device, or forms for whoever ``cookie`` signs in."""

    def __init__(self, port: int, device: str, *, cookie: str = "") -> None:
        self.port, self.device, self.signed = port, device, cookie
        self.token = self.cookie = b""
        self.used = float("-inf")

    async def call(
        self, method: str, path: str, body: bytes = b"", headers: str = ""
    ) -> tuple[int, bytes, bytes]:
        """Send one request over the kept connection and return status, head and body."""
        if time.perf_counter() - self.used > IDLE_SECONDS:
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port, limit=2**20)
        self.used = time.perf_counter()
        cookie = self.signed or f"device={self.device}"
        if self.cookie:
            cookie += f"; {self.cookie.decode()}"
        self.writer.write(
            f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n"
            f"Content-Length: {len(body)}\r\n{headers}\r\n".encode()
            + body
        )
        await self.writer.drain()
        head = await self.reader.readuntil(b"\r\n\r\n")
        match = _LENGTH.search(head)
        if match:
            content = await self.reader.readexactly(int(match[1]))
        else:
            content = b""
            while (size := int((await self.reader.readline()).strip() or b"0", 16)) > 0:
                content += await self.reader.readexactly(size)
                await self.reader.readline()
            await self.reader.readline()
        return int(head.split(b" ", 2)[1]), head, content

    async def guard(self, page: str) -> None:
        """Open a page once, as a browser does, and keep its form guard."""
        status, head, content = await self.call("GET", page)
        token, cookie = _TOKEN.search(content), _COOKIE.search(head)
        if status != OK or not token or not cookie:
            raise RuntimeError(f"the page gave {status}")
        self.token, self.cookie = token[1], cookie[1]

    async def prepare(self, meeting: str) -> None:
        """Open the hand page of a meeting."""
        await self.guard(f"/m/{meeting}/")

    async def post(self, meeting: str, round_id: str, text: str) -> int:
        """Post one note and return the status."""
        form = {
            "csrfmiddlewaretoken": self.token.decode(),
            "client_id": str(uuid.uuid4()),
            "receipt": uuid.uuid4().hex[:16],
            "text": text,
            "lang": "nb",
        }
        body = urllib.parse.urlencode(form).encode()
        headers = (
            "Content-Type: application/x-www-form-urlencoded\r\nAccept: application/json\r\n"
            f"X-CSRFToken: {self.token.decode()}\r\n"
        )
        status, _head, _content = await self.call(
            "POST", f"/m/{meeting}/rounds/{round_id}/notes/", body, headers
        )
        return status
