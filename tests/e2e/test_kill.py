"""The server is killed ten times while twelve phones write: nothing that was acknowledged is lost, nothing doubled."""

import json
import random
import signal
import subprocess
import sys
import threading
import time
import uuid
from contextlib import contextmanager
from pathlib import Path

import pytest
from bench.servers import ROOT, data_folder, free_port, migrate, run

from sirkel.config.bots.phone import Phone

PHONES, NOTES_EACH, KILLS = 12, 20, 10
ACKNOWLEDGED = 200

pytestmark = pytest.mark.slow


class Server:
    """One server process that can be killed and started again on the same port and data."""

    def __init__(self, environment):
        self.environment, self.port, self.process = environment, free_port(), None

    def start(self):
        self.process = subprocess.Popen(
            [
                *[sys.executable, "-m", "uvicorn", "--factory", "sirkel.config.serve:build"],
                *["--port", str(self.port), "--log-level", "error", "--no-access-log"],
            ],
            env=self.environment,
            cwd=ROOT,
        )

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    @property
    def site(self):
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def started():
    with data_folder() as environment:
        migrate(environment)
        stage = json.loads(run(["bench.stage", "1", "0"], environment))[0]
        server = Server(environment)
        server.start()
        try:
            yield server, stage
        finally:
            server.kill()


def until_it_answers(action, *, seconds=300):
    """Try again while nobody answers, as a phone does; on a busy machine one of them finds every server gone for long."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return action()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def write_notes(site, stage, number, acknowledged, lock):
    phone = Phone(site=site, language="nb", dice=random.Random(number))
    until_it_answers(lambda: phone.join(stage["join"]))
    assert phone.meeting
    until_it_answers(phone.look)
    for index in range(NOTES_EACH):
        text, client_id = f"Phone {number} note {index}", uuid.uuid4()
        while True:
            answer = until_it_answers(lambda: phone.note(stage["round"], text, client_id=client_id))  # noqa: B023
            if answer.status == ACKNOWLEDGED:
                break
            time.sleep(0.1)
        with lock:
            acknowledged.append(text)
        time.sleep(0.05)


def stored(environment):
    code = (
        "import django, json; django.setup(); from sirkel.circles.models import InboxNote, Note;"
        "print(json.dumps([*InboxNote.objects.values_list('text', flat=True), *Note.objects.values_list('text', flat=True)]))"
    )
    printed = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=ROOT, check=True, capture_output=True
    )
    return json.loads(printed.stdout)


def test_nothing_acknowledged_is_lost_and_nothing_doubled():
    acknowledged, lock = [], threading.Lock()
    with started() as (server, stage):
        writers = [
            threading.Thread(target=write_notes, args=(server.site, stage, number, acknowledged, lock))
            for number in range(PHONES)
        ]
        for writer in writers:
            writer.start()
        kills = 0
        while kills < KILLS and any(writer.is_alive() for writer in writers):
            before = len(acknowledged)
            deadline = time.monotonic() + 30
            # Kill only a server that has taken something in since it was started, so that every kill hits work.
            while len(acknowledged) < before + 3 and time.monotonic() < deadline:
                time.sleep(0.02)
            server.kill()
            server.start()
            kills += 1
        for writer in writers:
            writer.join(timeout=300)
        kept = sorted(stored(server.environment))
    assert kills == KILLS
    assert len(acknowledged) == PHONES * NOTES_EACH
    assert kept == sorted(acknowledged)


def test_the_test_reads_what_the_server_wrote():
    """Without a note, nothing is stored: the comparison above can fail."""
    with started() as (server, _stage):
        assert stored(server.environment) == []
        assert (Path(server.environment["SIRKEL_DATA"]) / "sirkel.sqlite3").is_file()
