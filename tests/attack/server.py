"""The real server as a process of its own on a fresh installation, everything it writes kept."""

import json
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from pathlib import Path

from bench.servers import ROOT, data_folder, free_port, migrate, run


class Server:
    """`sirkel.config.serve` on a fresh installation, everything it writes kept."""

    def __init__(self, environment):
        self.environment, self.port, self.output = environment, free_port(), ""
        self.data = Path(environment["SIRKEL_DATA"])
        self.process = subprocess.Popen(
            [sys.executable, "-m", "sirkel.config.serve", "--port", str(self.port)],
            env={**environment, "PYTHONUNBUFFERED": "1"},
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        deadline = time.monotonic() + 60
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                break
            except OSError:
                assert self.process.poll() is None, self.process.stdout.read()
                assert time.monotonic() < deadline
                time.sleep(0.2)

    @property
    def site(self):
        return f"http://127.0.0.1:{self.port}"

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.output += self.process.communicate(timeout=40)[0]

    def tables(self):
        """Every table of the three databases with its rows as text."""
        for file in sorted(self.data.glob("*.sqlite3")):
            with closing(sqlite3.connect(file)) as database:
                names = [
                    row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
                ]
                for name in names:
                    rows = database.execute(f'SELECT * FROM "{name}"').fetchall()
                    yield f"{file.stem}.{name}", "\n".join(map(repr, rows))


@contextmanager
def serving():
    with data_folder() as environment:
        migrate(environment)
        stage = json.loads(run(["bench.stage", "1", "0"], environment))[0]
        server = Server(environment)
        try:
            yield server, stage
        finally:
            server.stop()
