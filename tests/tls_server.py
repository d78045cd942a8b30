"""A server on 127.0.0.1 with a certificate of its own: what it has heard, and how often somebody came."""

import socketserver
import ssl
import threading
from contextlib import contextmanager


class Trap(socketserver.ThreadingTCPServer):
    """Counts who comes; answers requests with ``says``, over TLS where it has a certificate."""

    allow_reuse_address = daemon_threads = True

    def __init__(self, folder=None):
        super().__init__(("127.0.0.1", 0), _Talk)
        self.came, self.heard, self.says = (
            0,
            [],
            b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n" + b'{"a": 1}',
        )
        self.context = None
        if folder:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(folder / "fullchain.pem", folder / "privkey.pem")

    @property
    def port(self):
        return self.server_address[1]


class _Talk(socketserver.BaseRequestHandler):
    def handle(self):
        self.server.came += 1
        self.request.settimeout(5)
        try:
            line = self.request
            if self.server.context:
                line = self.server.context.wrap_socket(line, server_side=True)
            self.server.heard.append(line.recv(65536))
            line.sendall(self.server.says)
            line.close()
        except OSError:
            return


@contextmanager
def trap(folder=None):
    with Trap(folder) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
