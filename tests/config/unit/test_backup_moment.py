"""One moment for three databases: F-09."""

import sqlite3
from contextlib import closing

import pytest

from sirkel.config.backup import sources
from sirkel.config.backup.sqlite import SqliteSource
from sirkel.config.cli.place import Trouble

ALIASES = ("default", "research", "vault")


@pytest.fixture
def paths(tmp_path):
    made = {}
    for alias in ALIASES:
        made[alias] = tmp_path / f"{alias}.sqlite3"
        with closing(sqlite3.connect(made[alias], isolation_level=None)) as database:
            database.execute("PRAGMA journal_mode=WAL")
            database.execute("CREATE TABLE counted (number integer)")
    return made


def write(path):
    with closing(sqlite3.connect(path, isolation_level=None, timeout=0)) as database:
        database.execute("INSERT INTO counted VALUES (1)")


def test_nobody_can_write_anywhere_while_the_three_are_pinned_and_everybody_afterwards(paths, tmp_path):
    refused = []

    class Watched(SqliteSource):
        def pin(self):
            for path in paths.values():
                with pytest.raises(sqlite3.OperationalError, match="locked"):
                    write(path)
                refused.append(path)
            super().pin()

    found = [Watched(alias, path) for alias, path in paths.items()]
    sources.hold_still(found)
    assert len(refused) == 9
    for path in paths.values():
        write(path)
    folder = tmp_path / "copies"
    folder.mkdir()
    assert [one.copy(folder).rows for one in found] == [{"counted": 0}] * 3
    for one in found:
        one.close()


def test_somebody_who_never_stops_writing_is_named_and_no_lock_stays(paths):
    with closing(sqlite3.connect(paths["vault"], isolation_level=None)) as busy:
        busy.execute("BEGIN IMMEDIATE")
        with pytest.raises(Trouble, match="quieter moment"):
            found = [SqliteSource(alias, path, lock_seconds=0.05) for alias, path in paths.items()]
            sources.hold_still(found, tries=2, pause_seconds=0.0)
        write(paths["default"])
        write(paths["research"])


def test_a_damaged_file_makes_no_backup(paths, tmp_path):
    with closing(sqlite3.connect(paths["default"], isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode=DELETE")
        database.execute("BEGIN")
        database.executemany("INSERT INTO counted VALUES (?)", [(number,) for number in range(5000)])
        database.execute("COMMIT")
    data = bytearray(paths["default"].read_bytes())
    data[8192 : 8192 + 200] = bytes(200)
    paths["default"].write_bytes(data)
    source = SqliteSource("default", paths["default"])
    sources.hold_still([source])
    folder = tmp_path / "copies"
    folder.mkdir()
    with pytest.raises(sqlite3.DatabaseError):
        source.copy(folder)
    source.close()
