"""The restore drill, as an administrator does it: SEC-30, F-09, F-10, PD-10 and T13 of the threat model."""

import secrets
import stat
from contextlib import ExitStack

import psycopg
import pytest

from tests.config.backup_house import House, addresses
from tests.postgres_server import DATABASES, NoServerError, postgres_server

pytestmark = pytest.mark.slow
LEFT_OUT = ("circles_inboxnote", "people_seat", "kernel_liveevent", "django_session")


@pytest.fixture(scope="module")
def server():
    with ExitStack() as stack:
        try:
            yield stack.enter_context(postgres_server())
        except NoServerError as error:
            pytest.skip(f"SKIPPED: {error}")


def new_databases(server, suffix):
    with psycopg.connect(server + "postgres", autocommit=True) as there:
        for name in DATABASES.values():
            there.execute(f"CREATE DATABASE {name}{suffix}")
    return addresses(server, suffix)


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    house = House(tmp_path_factory.mktemp("filled"))
    house.seed("seed")
    return house


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
    old = House(tmp_path / "data", {**env, **addresses(server)})
    old.data.mkdir()
    with psycopg.connect(addresses(server)["SIRKEL_DATABASE_URL"]) as there:
        is_new = there.execute("SELECT to_regclass('people_person') IS NULL").fetchone()[0]
    if is_new:
        old.seed("seed")
    return old, House(tmp_path / "new", {**env, **new_databases(server, f"_{secrets.token_hex(4)}")})


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
    if "Tuulikki" not in old.tell()["people"]:
        pytest.skip("the other test of this server has erased her")
    file = old.backup(tmp_path / "backups")
    mails = len(old.tell()["mails"])
    old.seed("erase")
    assert "Erased again: 1." in new.restore(file).stdout
    after = new.tell()
    assert "Tuulikki" not in after["people"]
    assert len(after["mails"]) == mails - 1
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
