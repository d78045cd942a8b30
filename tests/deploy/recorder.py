"""What stands behind the proxy and keeps every byte it is sent, connection by connection."""

import socketserver
import threading
from contextlib import contextmanager

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
IDLE_SECONDS = 0.5
END = b"\r\n\r\n"


class Recorder(socketserver.ThreadingTCPServer):
    """Answers whatever looks like the head of a request, and goes on listening as a server with keep-alive does."""

    allow_reuse_address = daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Keeping)
        self.kept = []

    @property
    def port(self):
        return self.server_address[1]


class _Keeping(socketserver.BaseRequestHandler):
    def handle(self):
        self.request.settimeout(IDLE_SECONDS)
        seen = bytearray()
        self.server.kept.append(seen)
        try:
            while piece := self.request.recv(65536):
                seen += piece
                if END in seen:
                    self.request.sendall(ANSWER)
        except OSError:
            return


@contextmanager
def recording():
    with Recorder() as recorder:
        thread = threading.Thread(target=recorder.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield recorder
        finally:
            recorder.shutdown()
            thread.join()
