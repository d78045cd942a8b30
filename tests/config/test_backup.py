"""The restore drill, as an administrator does it: SEC-30, F-09, F-10, PD-10 and T13 of the threat model."""

import os
import secrets
import shutil
import signal
import stat
import subprocess
import sys
import time
import uuid
from contextlib import ExitStack
from datetime import date
from urllib.parse import unquote

import psycopg
import pytest
from bench.servers import prepared

from sirkel.config.backup import sources
from sirkel.config.backup.postgres import PostgresSource
from sirkel.people.rules import erased
from tests.config.backup_house import ROOT, House, addresses
from tests.postgres_server import DATABASES, NoServerError, postgres_server

pytestmark = pytest.mark.slow
LEFT_OUT = ("circles_inboxnote", "people_seat", "kernel_liveevent", "people_session")


@pytest.fixture(scope="module")
def server():
    with ExitStack() as stack:
        try:
            yield stack.enter_context(postgres_server())
        except NoServerError as error:
            pytest.skip(f"SKIPPED: {error}")


def new_databases(server, *, like=None):
    """Make three databases: empty, or copies of those whose names end in ``like``."""
    suffix = f"_{secrets.token_hex(4)}"
    with psycopg.connect(server + "postgres", autocommit=True) as there:
        for name in DATABASES.values():
            there.execute(f"CREATE DATABASE {name}{suffix}" + (f" TEMPLATE {name}{like}" if like else ""))
    return addresses(server, suffix)


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    house = House(tmp_path_factory.mktemp("filled"))
    for file in prepared().glob("*.sqlite3"):
        shutil.copy(file, house.data)
    house.seed("seed")
    return house


@pytest.fixture(scope="module")
def filled_on_server(server, tmp_path_factory):
    """Databases on the server that are filled once and copied for each test; gives the end of their names."""
    env = new_databases(server)
    house = House(tmp_path_factory.mktemp("filled_on_server"), env)
    house.seed("seed")
    return env["SIRKEL_DATABASE_URL"].removeprefix(f"{server}{DATABASES['SIRKEL_DATABASE_URL']}")


@pytest.fixture
def house(filled, tmp_path):
    return filled.copy(tmp_path / "data")


@pytest.fixture
def key(tmp_path):
    path = tmp_path / "keys" / "backup.key"
    path.parent.mkdir()
    path.write_text(secrets.token_urlsafe(32) + "\n")
    return path


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def pair(request, tmp_path, key):
    """A house that is filled, and a bare one on another machine; both of them on SQLite or on PostgreSQL."""
    env = {"SIRKEL_BACKUP_KEY_FILE": str(key)}
    if request.param == "sqlite":
        old = request.getfixturevalue("house").with_env(**env)
        return old, House(tmp_path / "new", env)
    server = request.getfixturevalue("server")
    like = request.getfixturevalue("filled_on_server")
    old = House(tmp_path / "data", {**env, **new_databases(server, like=like)})
    old.data.mkdir()
    return old, House(tmp_path / "new", {**env, **new_databases(server)})


@pytest.mark.requirement("PD-10")
def test_a_restored_house_is_the_house_that_was_backed_up(pair, tmp_path):
    """SEC-30, F-09: rows, words and audit chain are the same; what ties a note to a phone is not there (PD-10)."""
    old, new = pair
    before = old.tell()
    assert before["inbox"] == 3
    file = old.backup(tmp_path / "backups")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    said = new.restore(file).stdout
    assert "Restored into" in said
    after = new.tell()
    assert after["breaks"] == 0
    for name in ("people", "notes", "heads"):
        assert after[name] == before[name]
    changed = {table for table in before["rows"] if after["rows"][table] != before["rows"][table]}
    assert changed == {f"default.{table}" for table in LEFT_OUT} | {
        table for table in changed if before["rows"][table] and not after["rows"][table] and "voice" in table
    }
    assert after["inbox"] == 0
    assert after["open_secrets"] == [32] * len(before["open_secrets"]), "an open step has a new secret"
    assert set(before["mails"]) == {"waiting"}
    assert set(after["mails"]) == {"unsure"}, "a mail that was due may be sent already"
    assert new.restore(file, code=2).stderr.count("\n") == 1, "a second time it is refused"


@pytest.mark.requirement("PD-10", "SEC-30")
@pytest.mark.threat(row="T13")
def test_nothing_of_an_open_step_is_in_a_backup_and_nothing_at_all_is_readable_in_a_closed_one(
    house, key, tmp_path
):
    """PD-10, T13: marker strings."""
    open_file = house.backup(tmp_path / "open")
    closed = house.with_env(SIRKEL_BACKUP_KEY_FILE=str(key)).backup(tmp_path / "closed")
    plain = open_file.read_bytes()
    assert b"MERKE-VIST" in plain
    assert "MERKE-ÅPEN".encode() not in plain
    assert "MERKE-ØKT".encode() not in plain
    for word in ("MERKE", "Tuulikki", "SQLite format", "manifest"):
        assert word.encode() not in closed.read_bytes()


def test_an_open_backup_is_said_loudly_to_be_open(house, key, tmp_path):
    done = house.sirkel("backup", tmp_path / "open", "--data", house.data)
    assert "NOT ENCRYPTED" in done.stderr
    closed = house.with_env(SIRKEL_BACKUP_KEY_FILE=str(key))
    assert "NOT ENCRYPTED" not in closed.sirkel("backup", tmp_path / "closed", "--data", house.data).stderr


def test_somebody_erased_after_the_backup_does_not_come_back(pair, tmp_path):
    """F-10: the ledger beside the databases outlives them."""
    old, new = pair
    old = old.with_env(SIRKEL_ERASURE_LEDGER=str(tmp_path / "elsewhere.ledger"))
    new = new.with_env(SIRKEL_ERASURE_LEDGER=str(tmp_path / "elsewhere.ledger"))
    file = old.backup(tmp_path / "backups")
    mails = len(old.tell()["mails"])
    old.seed("erase")
    assert "Erased again: 1." in new.restore(file).stdout
    after = new.tell()
    assert "Tuulikki" not in after["people"]
    assert len(after["mails"]) == mails - 1
    assert after["breaks"] == 0


def test_somebody_who_left_one_circle_after_the_backup_is_not_in_it_again(pair, tmp_path):
    """F-10: the account stays; nothing says any more that they were in that circle, and what they took back is gone."""
    ledger = tmp_path / "elsewhere.ledger"
    old, new = (one.with_env(SIRKEL_ERASURE_LEDGER=str(ledger)) for one in pair)
    file = old.backup(tmp_path / "backups")
    assert "Aino" in old.tell()["members"]
    old.seed("leave")
    left = old.tell()
    assert ("Aino" in left["members"], "Aino" in left["people"]) == (False, True)
    assert "Erased again: 2." in new.restore(file).stdout
    after = new.tell()
    assert after["rows"]["default.circles_challenge"] == 0
    assert after["members"] == left["members"]
    assert after["people"] == left["people"]
    assert after["breaks"] == 0


@pytest.mark.parametrize("way", ["open", "key"])
def test_one_changed_byte_is_refused_wherever_it_lies(way, house, key, tmp_path):
    """SEC-30: at the head, in the first page, in each part and at the end."""
    if way == "key":
        house = house.with_env(SIRKEL_BACKUP_KEY_FILE=str(key))
    file = house.backup(tmp_path / "backups")
    whole = file.read_bytes()
    new = House(tmp_path / "new", house.env)
    for place in (3, 30, 700, len(whole) // 3, len(whole) * 99 // 100, len(whole) - 1):
        bad = bytearray(whole)
        bad[place] ^= 1
        file.write_bytes(bad)
        said = new.restore(file, code=2).stderr
        assert "Nothing was restored" in said, said
        assert not new.data.exists()
    file.write_bytes(whole[:-1000])
    assert "Nothing was restored" in new.restore(file, code=2).stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backups", "data", "keys"]
    file.write_bytes(whole)
    new.restore(file)


@pytest.mark.skipif(not shutil.which("age"), reason="SKIPPED: age is not installed (apt install age)")
def test_either_of_two_people_opens_a_backup_closed_with_age_and_nobody_else(house, tmp_path):
    """SEC-30, T13: two recipients; a third key, no key and one changed byte are refused."""
    keys = [tmp_path / f"{name}.txt" for name in ("first", "second", "stranger")]
    for path in keys:
        subprocess.run(["age-keygen", "-o", path], check=True, capture_output=True)
    public = [path.read_text().split("public key: ")[1].split()[0] for path in keys]
    file = house.with_env(SIRKEL_BACKUP_RECIPIENTS=", ".join(public[:2])).backup(tmp_path / "backups")
    assert file.name.endswith(".tar.age")
    whole = file.read_bytes()
    for word in ("MERKE", "Tuulikki", "SQLite format", "manifest"):
        assert word.encode() not in whole
    new = House(tmp_path / "new")
    assert "--key" in new.restore(file, code=2).stderr
    assert "another key" in new.restore(file, "--key", keys[2], code=2).stderr
    for place in (5, 120, 300, len(whole) // 2, len(whole) - 1):
        bad = bytearray(whole)
        bad[place] ^= 1
        file.write_bytes(bad)
        new.restore(file, "--key", keys[1], code=2)
        assert not new.data.exists()
    file.write_bytes(whole)
    assert "Restored into" in new.restore(file, "--key", keys[1]).stdout
    assert new.tell()["heads"] == house.tell()["heads"]


def test_another_key_a_full_folder_and_a_missing_ledger_are_refused_in_one_line(house, key, tmp_path):
    """SEC-30: nothing half-written, whatever is wrong."""
    file = house.with_env(SIRKEL_BACKUP_KEY_FILE=str(key)).backup(tmp_path / "backups")
    other = tmp_path / "other.key"
    other.write_text(secrets.token_urlsafe(32))
    short = tmp_path / "short.key"
    short.write_text("secret")
    new = House(tmp_path / "new")
    said = new.restore(file, "--key", other, code=2).stderr
    assert "another key" in said
    assert said.count("\n") == 1
    assert "too short" in new.restore(file, "--key", short, code=2).stderr
    assert "--key" in new.restore(file, code=2).stderr
    assert new.restore(file, "--erased", tmp_path / "nothing", code=2).stderr.count("\n") == 1
    assert house.restore(file, code=2).stderr.splitlines() == [
        f"{house.data} is not empty. Restore into a new folder."
    ]
    (file.parent / "erased.ledger").unlink()
    assert "--erased none" in new.restore(file, "--key", key, code=2).stderr
    assert not new.data.exists()
    assert "No ledger" in new.restore(file, "--key", key, "--erased", "none").stdout


@pytest.mark.parametrize(
    ("env", "folder", "says"),
    [
        ({"SIRKEL_BACKUP_RECIPIENTS": "age1short"}, "backups", "public keys"),
        ({"SIRKEL_BACKUP_KEY_FILE": "nowhere"}, "backups", "cannot be read"),
        ({"SIRKEL_BACKUP_RECIPIENTS": "a", "SIRKEL_BACKUP_KEY_FILE": "b"}, "backups", "not both"),
        ({"SIRKEL_BACKUP_KEY_FILE": "keys/backup.key"}, "keys", "Keep it somewhere else"),
        ({}, "data/sirkel.sqlite3", "is not a folder"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_leaves_nothing(env, folder, says, house, key, tmp_path):
    env = {name: word.replace("keys/", f"{key.parent}/") for name, word in env.items()}
    before = sorted(tmp_path.rglob("*"))
    said = house.with_env(**env).backup(tmp_path / folder, code=2)
    assert says in said
    assert said.count("\n") == 1
    assert sorted(path for path in tmp_path.rglob("*") if path.name not in {".backup", "backups"}) == before


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGKILL])
def test_a_backup_or_restore_ended_in_the_middle_leaves_nothing_that_looks_whole(by, house, key, tmp_path):
    house = house.with_env(SIRKEL_BACKUP_KEY_FILE=str(key))
    media = house.data / "media"
    media.mkdir()
    with (media / "film.bin").open("wb") as film:
        film.truncate(300_000_000)
    backups, new = tmp_path / "backups", House(tmp_path / "new", house.env)
    code = end_in_the_middle(house, by, ".backup/vault.sqlite3", "backup", backups, "--data", house.data)
    assert code == (130 if by == signal.SIGTERM else -9)
    assert [path.name for path in backups.iterdir()] == []
    if by == signal.SIGTERM:
        assert list((house.data / ".backup").iterdir()) == []
    file = house.backup(backups)
    assert list((house.data / ".backup").iterdir()) == [], "what a killed one left is cleared away"
    end_in_the_middle(new, by, "../.new.restoring-*/media/film.bin", "restore", file, "--data", new.data)
    assert not new.data.exists()
    if by == signal.SIGTERM:
        assert sorted(path.name for path in tmp_path.iterdir()) == ["backups", "data", "keys"]
    new.restore(file)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backups", "data", "keys", "new"]
    assert (new.data / "media" / "film.bin").stat().st_size == 300_000_000


def end_in_the_middle(house, by, at, *words):
    """Run a command until a file `at` is there and a little longer, then end it; give its exit code."""
    with subprocess.Popen(
        [sys.executable, str(ROOT / "sirkel"), *map(str, words)],
        env=house.environment,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    ) as running:
        folder, pattern = (house.data.parent, at[3:]) if at.startswith("../") else (house.data, at)
        while not list(folder.glob(pattern)):
            assert running.poll() is None, running.stderr.read()
            time.sleep(0.01)
        time.sleep(0.1)
        if by == signal.SIGKILL:
            os.killpg(running.pid, by)
        else:
            running.send_signal(by)
        assert "Traceback" not in running.stderr.read()
        return running.wait(30)


def test_the_three_databases_of_a_backup_belong_together(pair, tmp_path):
    """F-09: while somebody writes to all three in turn, no backup holds a later row without the earlier one."""
    old, new = pair
    with subprocess.Popen(
        [sys.executable, "-m", "tests.config.backup_seed", "write-on"],
        env=old.environment,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as writing:
        try:
            assert writing.stdout.readline() == "writing\n"
            file = old.backup(tmp_path / "backups")
        finally:
            writing.kill()
    new.restore(file)
    first, second, third = new.tell()["counted"]
    assert first >= second >= third >= 5
    assert first - third <= 1


@pytest.mark.postgres
def test_databases_of_postgresql_that_fail_a_check_are_emptied_again(server, key, tmp_path):
    """A ledger of another installation is noticed last of all: by then all three databases were filled."""
    old = House(tmp_path / "data", {"SIRKEL_BACKUP_KEY_FILE": str(key), **new_databases(server)})
    old.data.mkdir()
    old.seed("seed")
    old.seed("erase")
    file = old.backup(tmp_path / "backups")
    other = tmp_path / "other.ledger"
    erased.remember(other, [uuid.uuid4()], on=date(2026, 3, 2))
    there = new_databases(server)
    new = House(tmp_path / "new", {**old.env, **there})
    assert "another installation" in new.restore(file, "--erased", other, code=2).stderr
    assert not new.data.exists()
    for address in there.values():
        with psycopg.connect(address) as there:
            left = "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            assert there.execute(left).fetchone() == (0,)
    assert "Restored into" in new.restore(file).stdout


@pytest.mark.postgres
def test_a_restore_that_was_killed_on_postgresql_is_cleared_away_by_the_next(server, key, tmp_path):
    """Until then no server starts on what it left, and nobody else restores beside one that is at it."""
    old = House(tmp_path / "data", {"SIRKEL_BACKUP_KEY_FILE": str(key), **new_databases(server)})
    old.data.mkdir()
    old.seed("seed")
    (old.data / "media").mkdir()
    with (old.data / "media" / "film.bin").open("wb") as film:
        film.truncate(300_000_000)
    file = old.backup(tmp_path / "backups")
    there = new_databases(server)
    new = House(tmp_path / "new", {**old.env, **there})
    by_force = signal.SIGKILL
    end_in_the_middle(
        new, by_force, "../.new.restoring-*/media/film.bin", "restore", file, "--data", new.data
    )
    half = House(tmp_path / "half", new.env)
    half.data.mkdir()
    prepare = [sys.executable, "-m", "sirkel.config.prepare", "--no-demo"]
    refused = subprocess.run(prepare, env=half.environment, capture_output=True, text=True, check=False)
    assert refused.returncode == 1
    assert "was not finished" in refused.stdout + refused.stderr
    with psycopg.connect(there["SIRKEL_DATABASE_URL"]) as killed:  # as if it had come further
        killed.execute("CREATE TABLE circles_half (id integer)")
    with psycopg.connect(there["SIRKEL_VAULT_DATABASE_URL"], autocommit=True) as beside:
        beside.execute("SELECT pg_advisory_lock(7302181)")
        assert "Another restore" in new.restore(file, code=2).stderr
    assert "Restored into" in new.restore(file).stdout
    for address in there.values():
        with psycopg.connect(address) as database:
            assert database.execute("SELECT to_regclass('public.sirkel_restoring')").fetchone() == (None,)
    assert new.tell()["counted"] == old.tell()["counted"]


@pytest.mark.postgres
def test_on_postgresql_nobody_can_write_while_the_three_are_pinned_and_everybody_afterwards(server, tmp_path):
    """F-09: locks stand only until three snapshots are taken; readers are never held up."""
    env = new_databases(server)
    for address in env.values():
        with psycopg.connect(address) as there:
            there.execute("CREATE TABLE counted (number integer)")

    def write(address):
        with psycopg.connect(address, options="-c lock_timeout=50") as there:
            assert there.execute("SELECT count(*) FROM counted").fetchone()
            there.execute("INSERT INTO counted VALUES (1)")

    refused = []

    class Watched(PostgresSource):
        def pin(self):
            for address in env.values():
                with pytest.raises(psycopg.errors.LockNotAvailable):
                    write(address)
                refused.append(address)
            super().pin()

    host = unquote(server.partition("@")[2].strip("/"))
    configs = {
        name: {"NAME": env[variable].rpartition("/")[2], "USER": "sirkel", "HOST": host}
        for variable, name in DATABASES.items()
    }
    found = [Watched(f"of {name}", config) for name, config in configs.items()]
    sources.hold_still(found)
    assert len(refused) == 9
    for address in env.values():
        write(address)
    assert [one.copy(tmp_path).rows for one in found] == [{"counted": 0}] * 3
    for one in found:
        one.close()
