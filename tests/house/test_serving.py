"""`./sirkel up`, the real thing: a fresh data folder, a real server, and nothing left behind."""

import html
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest
from bench.servers import prepared

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.slow


def environment(data):
    env = {name: value for name, value in os.environ.items() if not name.startswith(("SIRKEL_", "DJANGO_"))}
    return {**env, "SIRKEL_VENV": sys.prefix, "SIRKEL_DATA": str(data)}


@contextmanager
def running(data, *words, shown="127.0.0.1", **variables):
    """Start Sirkel on a free port, wait for its line, and give the process and its address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, str(ROOT / "sirkel"), "up", "--port", str(port), *words]
    with subprocess.Popen(
        command,
        env={**environment(data), **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            line = process.stdout.readline()
            assert line == f"Sirkel is running at http://{shown}:{port}/\n", process.stderr.read()
            yield process, f"http://127.0.0.1:{port}"
        finally:
            if process.poll() is None:
                process.terminate()
            process.communicate(timeout=40)


def get(address):
    answer = httpx.get(address, timeout=10)
    return answer.status_code, answer.content


def children_of(pid):
    listing = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    pairs = [tuple(map(int, line.split())) for line in listing.splitlines()]
    direct = [child for child, parent in pairs if parent == pid]
    return direct + [below for child in direct for below in children_of(child)]


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture
def data(tmp_path):
    return Path(shutil.copytree(prepared(), tmp_path / "data"))


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_answers_and_ends_every_child(data, how):
    with running(data, "--no-demo") as (process, address):
        status, body = get(f"{address}/healthz")
        children = children_of(process.pid)
        process.send_signal(how)
        _, errors = process.communicate(timeout=40)
    assert status == 200
    assert json.loads(body)["status"] == "ok"
    assert children
    assert [pid for pid in children if is_alive(pid)] == []
    assert process.returncode == 0
    assert "Traceback" not in errors
    with pytest.raises(OSError):  # noqa: PT011 -- refused or reset: nobody answers there any more
        socket.create_connection(("127.0.0.1", int(address.rpartition(":")[2])), timeout=2).close()


def test_static_files_are_compressed_and_kept_by_the_browser(data):
    with running(data, "--no-demo") as (_process, address):
        named = json.loads((data / "staticfiles.json").read_text())["paths"]
        answer = httpx.get(f"{address}/static/{named['css/base.css']}", headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200
    assert answer.headers["content-encoding"] == "gzip"
    assert "immutable" in answer.headers["cache-control"]
    assert answer.text


def test_an_empty_house_prints_a_code_and_its_first_page_asks_for_it(data):
    with running(data, "--no-demo") as (process, address):
        where, code = re.fullmatch(r"  set-up +(http\S+)  (\S+)\n", process.stdout.readline()).groups()
        assert where == f"{address}/set-up/"
        assert re.fullmatch(r"(\w{4}-){3}\w{4}", code)
        assert httpx.get(f"{address}/").headers["location"] == "/set-up/"
        assert httpx.get(where).status_code == 200


def test_phones_of_the_same_network_are_given_an_address_they_can_reach(data):
    with running(data, "--no-demo", "--host", "0.0.0.0", shown="0.0.0.0") as (process, _address):
        reachable = re.fullmatch(r"  other machines (http://[\d.]+:\d+/)\n", process.stdout.readline())[1]
        assert "0.0.0.0" not in reachable
        assert httpx.get(f"{reachable}healthz").status_code == 200


def test_a_public_name_is_enough_to_be_answered_by(data):
    """The command finds its own server also when only the public name is allowed."""
    public = {
        "SIRKEL_SITE_URL": "https://sirkel.example",
        "SIRKEL_ALLOWED_HOSTS": "sirkel.example",
        "SIRKEL_SMTP_HOST": "mail.example",
    }
    with running(data, "--no-demo", **public) as (_process, address):
        assert httpx.get(f"{address}/healthz").status_code == 400
        assert httpx.get(f"{address}/healthz", headers={"Host": "sirkel.example"}).status_code == 200


def command_of(pid):
    """Give a process's words; none for one that has ended since it was listed."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
    except OSError:
        return []


def worker_of(process, *, other_than=None, seconds=20):
    """Wait for the task worker under a server and give its process id, or None when there is none in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        for pid in children_of(process.pid):
            if pid != other_than and "run_worker" in command_of(pid) and is_alive(pid):
                return pid
        time.sleep(0.1)
    return None


def test_a_task_worker_that_dies_is_started_again(data):
    with running(data, "--no-demo") as (process, _address):
        first = worker_of(process)
        os.kill(first, signal.SIGKILL)
        second = worker_of(process, other_than=first)
        assert second is not None
    assert not is_alive(second)


def test_the_server_ends_when_the_command_is_killed(data):
    with running(data, "--no-demo") as (process, _address):
        server = next(pid for pid in children_of(process.pid) if "sirkel.config.serve" in command_of(pid))
        process.kill()
        process.wait()
        descriptor = os.pidfd_open(server) if is_alive(server) else None
        if descriptor is not None:
            import select

            assert select.select([descriptor], [], [], 30)[0]
            os.close(descriptor)
    assert not is_alive(server)


def test_keys_and_databases_are_for_the_owner_alone_and_the_key_stays(data):
    with running(data, "--no-demo"):
        key = (data / "secret_key").read_text()
    with running(data, "--no-demo"):
        pass
    assert (data / "secret_key").read_text() == key
    assert len(key.strip()) >= 50
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    open_to_others = [
        str(path)
        for path in data.rglob("*")
        if path.is_file() and "static" not in path.parts and stat.S_IMODE(path.stat().st_mode) & 0o077
    ]
    assert open_to_others == []


def test_a_database_behind_the_code_is_copied_before_it_is_migrated(data):
    assert not (data / "before-migration").exists()
    with closing(sqlite3.connect(data / "vault.sqlite3")) as vault, vault:
        vault.execute("CREATE TABLE kept (word TEXT)")
        vault.execute("INSERT INTO kept VALUES ('here')")
        vault.execute("DELETE FROM django_migrations WHERE id = (SELECT max(id) FROM django_migrations)")
    with running(data, "--no-demo") as (_process, address):
        assert get(f"{address}/healthz")[0] == 200
    assert [path.name for path in (data / "before-migration").iterdir()] == ["vault.sqlite3"]
    with closing(sqlite3.connect(data / "before-migration" / "vault.sqlite3")) as copy:
        assert copy.execute("SELECT word FROM kept").fetchall() == [("here",)]


def verify_audit(data):
    command = [sys.executable, str(ROOT / "sirkel"), "audit", "verify"]
    return subprocess.run(command, env=environment(data), capture_output=True, text=True, check=False)


@pytest.fixture
def demo(tmp_path):
    """Start for the first time, with the demo, and leave its folder."""
    data = tmp_path / "first"
    with running(data) as (process, address):
        links = dict(
            re.fullmatch(r"  (.+?) +(http\S+)\n", process.stdout.readline()).groups() for _ in range(3)
        )
        assert list(links) == ["participant", "room screen", "facilitator"]
        assert all(link.startswith(f"{address}/") for link in links.values())
        assert httpx.get(links["facilitator"]).status_code == 200
    return data


def test_a_first_start_fills_in_the_demo_and_no_later_one(tmp_path, demo):
    the_demo_is_filled_in_once(demo)
    streams_and_pages_share_an_address_and_an_open_stream_does_not_hold_a_stop_up(demo)
    a_changed_audit_row_is_named(tmp_path, demo)


def the_demo_is_filled_in_once(demo):
    rows = verify_audit(demo).stdout
    with running(demo) as (process, _address):
        assert re.match(r"  participant +http", process.stdout.readline())
    assert rows.startswith("The chain of ")
    assert verify_audit(demo).stdout == rows


def streams_and_pages_share_an_address_and_an_open_stream_does_not_hold_a_stop_up(demo):
    with running(demo) as (process, address):
        links = [process.stdout.readline().split()[-1] for _ in range(2)]
        page = httpx.get(links[1], follow_redirects=True)
        where = html.unescape(re.search(r'data-src="(/live/room/[^"]+)"', page.text)[1])
        with httpx.stream("GET", address + where, timeout=20) as stream:
            assert stream.headers["content-type"] == "text/event-stream; charset=utf-8"
            assert next(line for line in stream.iter_lines() if line.startswith("id:"))
            assert httpx.get(f"{address}/live/room/unknown/").status_code == 404
            children = children_of(process.pid)
            started = time.monotonic()
            process.terminate()
            process.communicate(timeout=40)
    assert time.monotonic() - started < 20
    assert [pid for pid in children if is_alive(pid)] == []


def a_changed_audit_row_is_named(tmp_path, demo):
    data = shutil.copytree(demo, tmp_path / "data")
    with closing(sqlite3.connect(data / "sirkel.sqlite3")) as practice, practice:
        triggers = practice.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'kernel_auditevent'"
        )
        for (name,) in triggers.fetchall():
            practice.execute(f'DROP TRIGGER "{name}"')
        practice.execute("UPDATE kernel_auditevent SET verb = 'something.else' WHERE sequence = 2")
    done = verify_audit(data)
    assert (done.returncode, done.stdout) == (1, "")
    assert re.fullmatch(r"(The chain does not hold: row 2 of \S+ .+\n)+", done.stderr)


def test_a_data_folder_that_cannot_be_written_is_one_line(tmp_path):
    (tmp_path / "data").write_text("a file in the way")
    command = [sys.executable, str(ROOT / "sirkel"), "up", "--port", "8099"]
    done = subprocess.run(
        command, env=environment(tmp_path / "data"), capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.splitlines() == [f"The data folder {tmp_path / 'data'} cannot be used: File exists."]


def test_a_server_without_a_lasting_key_is_refused(tmp_path):
    env = {
        **environment(tmp_path),
        "PYTHONPATH": str(ROOT / "src"),
        "DJANGO_SETTINGS_MODULE": "sirkel.config.settings",
    }
    command = [sys.executable, "-m", "sirkel.config.serve", "--port", "8098"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert done.stderr.startswith("Set SIRKEL_SECRET_KEY_FILE")
