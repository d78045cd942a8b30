"""A real mail server on 127.0.0.1 for tests, as obliging or as difficult as a test wants it."""

import email
import email.policy
import socketserver
import ssl
import threading
from contextlib import contextmanager


class MailServer(socketserver.ThreadingTCPServer):
    """Takes mails. ``says`` maps a command (RCPT, DATA, END: after the words) to what it answers instead of yes.

    The answer None hangs up without a word. ``taken`` are the mails it took, ``seen`` those whose words it has,
    ``asked`` are all commands, ``when_seen`` is called at each mail, and ``lines`` is how often it was called. With a ``context`` it offers TLS.
    """

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port=0):
        super().__init__(("127.0.0.1", port), _Talk)
        self.says, self.taken, self.lines, self.seen, self.asked = {}, [], 0, [], []
        self.when_seen, self.context = lambda: None, None

    @property
    def port(self):
        return self.server_address[1]

    def to(self):
        return sorted(message["To"] for message in self.taken)


class _Talk(socketserver.StreamRequestHandler):
    def handle(self):
        self.server.lines += 1
        self.answer("220 test")
        while line := self.rfile.readline().decode().strip():
            self.server.asked.append(line)
            word = line.split(" ")[0].upper()
            if word == "QUIT":
                self.answer("221 bye")
                return
            if word == "STARTTLS" and self.server.context:
                if not self.closed_to_others():
                    return
                continue
            if not self.may(word):
                return
            if word == "DATA" and "DATA" not in self.server.says and not self.words():
                return

    def finish(self):
        super().finish()
        self.request.close()

    def closed_to_others(self):
        """Go on over TLS, or hang up with whoever does not believe the certificate."""
        self.answer("220 go on")
        try:
            self.request = self.server.context.wrap_socket(self.request, server_side=True)
        except (ssl.SSLError, OSError):
            return False
        self.rfile, self.wfile = self.request.makefile("rb"), self.request.makefile("wb", 0)
        return True

    def may(self, word):
        """Answer a command, or hang up."""
        given = self.server.says.get(word, "354 go on" if word == "DATA" else "250 OK")
        if given is None:
            return False
        self.answer(given)
        return True

    def words(self):
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        message = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
        self.server.seen.append(message)
        self.server.when_seen()
        given = self.server.says.get("END", "250 taken")
        if given is not None and given.startswith("2"):
            self.server.taken.append(message)
        if given is None:
            return False
        self.answer(given)
        return True

    def answer(self, text):
        self.wfile.write(text.encode() + b"\r\n")


@contextmanager
def mail_server(settings, port=0):
    """Run a server, and let the settings name it."""
    server = MailServer(port)
    settings.EMAIL_BACKEND = "sirkel.kernel.smtp.Backend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.EMAIL_USE_TLS, settings.EMAIL_HOST_USER = False, ""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
