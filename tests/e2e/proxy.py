"""A network that misbehaves on purpose: swallows replies after the server gave them, and streams that fall silent."""

import contextlib
import random
import socket
import socketserver
import threading
from collections.abc import Iterator

END = b"\r\n\r\n"
CHUNK = 65536


class Proxy(socketserver.ThreadingTCPServer):
    """Forwards HTTP to a server on this machine, one request a connection, each in a thread of its own.

    Attributes:
        drops: share of POSTs whose reply is swallowed after the server answered; the connection just ends.
        is_asleep: what already runs delivers nothing more and is not closed either, as after a phone has slept.
        swallowed: the body that was sent, and the whole reply that never arrived.

    """

    allow_reuse_address = True
    daemon_threads = False  # each is waited for, so that no socket is left behind

    def __init__(self, target: int, *, drops: float = 0.0, seed: int = 1) -> None:
        super().__init__(("127.0.0.1", 0), Connection)
        self.port = int(self.server_address[1])
        self.target, self.drops = target, drops
        self.is_asleep = False
        self.ends = threading.Event()
        self.swallowed: list[tuple[bytes, bytes]] = []
        self._dice = random.Random(seed)

    def swallows(self, head: bytes) -> bool:
        """Decide by chance whether the reply to this request shall be lost."""
        return head.startswith(b"POST") and self._dice.random() < self.drops


class Connection(socketserver.StreamRequestHandler):
    """One request and its reply."""

    server: Proxy

    def handle(self) -> None:
        """Pass the request on, and the reply back unless it is lost or the phone sleeps."""
        with contextlib.suppress(OSError):
            head = b""
            while not head.endswith(END):
                line = self.rfile.readline(CHUNK)
                if not line:
                    return
                head += line
            body = self.rfile.read(_length(head))
            with socket.create_connection(("127.0.0.1", self.server.target)) as far:
                far.sendall(head.replace(END, b"\r\nConnection: close" + END, 1) + body)
                self._answer(far, body, is_lost=self.server.swallows(head))

    def _answer(self, far: socket.socket, body: bytes, *, is_lost: bool) -> None:
        far.settimeout(0.5)
        is_silenced, reply = False, b""
        while not self.server.ends.is_set():
            is_silenced = is_silenced or self.server.is_asleep
            try:
                chunk = far.recv(CHUNK)
            except TimeoutError:
                continue
            if not chunk:
                break
            if is_lost:
                reply += chunk
            elif not is_silenced:
                self.wfile.write(chunk)
        if is_lost:
            self.server.swallowed.append((body, reply))
        elif is_silenced:
            self.server.ends.wait()


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _colon, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


@contextlib.contextmanager
def proxied(target: int, *, drops: float = 0.0) -> Iterator[Proxy]:
    """Run a proxy in a thread of its own and yield it."""
    with Proxy(target, drops=drops) as proxy:
        thread = threading.Thread(target=proxy.serve_forever, daemon=True)
        thread.start()
        try:
            yield proxy
        finally:
            proxy.ends.set()
            proxy.shutdown()
            thread.join(10)
