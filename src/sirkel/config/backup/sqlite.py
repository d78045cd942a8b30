"""A SQLite file: held still, copied by SQLite's own backup, and checked."""

import sqlite3
import uuid
from contextlib import closing
from pathlib import Path

from sirkel.config.cli.place import Trouble

from .left_out import BLANKED, EMPTIED
from .sources import Busy, Copied

LOCK_SECONDS = 1.0


class SqliteSource:
    """One SQLite file."""

    engine = "sqlite"

    def __init__(self, alias: str, path: Path, *, lock_seconds: float = LOCK_SECONDS) -> None:
        """Name a file; ``lock_seconds`` is how long to wait for somebody who is writing."""
        self.alias, self._path, self._lock_seconds = alias, path, lock_seconds
        self._lock: sqlite3.Connection | None = None
        self._reader: sqlite3.Connection | None = None

    @property
    def size(self) -> int:
        """Bytes of the file, its log aside."""
        return self._path.stat().st_size

    def lock(self) -> None:
        """Take the one lock for writing that a SQLite file has."""
        self._lock = self._open()
        try:
            self._lock.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise Busy from error
            raise Trouble(f"{self._path} cannot be locked: {error}") from error
        except sqlite3.DatabaseError as error:
            raise Trouble(f"{self._path} is not a database that can be read: {error}") from error

    def pin(self) -> None:
        """Begin to read: in a write-ahead log a reader keeps seeing what was there when it began."""
        self._reader = self._open()
        self._reader.execute("BEGIN")
        self._reader.execute("SELECT count(*) FROM sqlite_master").fetchone()

    def unlock(self) -> None:
        """Give the lock back."""
        if self._lock:
            self._lock.close()
            self._lock = None

    def heads(self) -> dict[str, str]:
        """Give the heads of the audit chains by organisation."""
        return {
            _hyphened(chain): head
            for chain, head in self._ask("SELECT chain, hash FROM kernel_audithead WHERE length > 0")
        }

    def erased(self) -> list[str]:
        """Give the ids of everybody whom the trail calls erased."""
        return [
            _hyphened(target)
            for (target,) in self._ask("SELECT target FROM kernel_auditevent WHERE verb = 'person.erased'")
        ]

    def copy(self, folder: Path) -> Copied:
        """Copy the file as pinned, empty what must stay out, and check the copy."""
        name = f"{self.alias}.sqlite3"
        target = folder / name
        with closing(sqlite3.connect(target)) as copy:
            _pinned(self._reader).backup(copy)
        with closing(sqlite3.connect(target, isolation_level=None)) as copy:
            _leave_out(copy)
            _must_be_sound(copy, name)
            return Copied({name: target}, count(copy))

    def close(self) -> None:
        """Let go of everything."""
        self.unlock()
        if self._reader:
            self._reader.close()
            self._reader = None

    def _open(self) -> sqlite3.Connection:
        address = f"{self._path.absolute().as_uri()}?mode=rw"
        return sqlite3.connect(address, uri=True, isolation_level=None, timeout=self._lock_seconds)

    def _ask(self, question: str) -> list[tuple[str, ...]]:
        if self.alias != "default":
            return []
        return _pinned(self._reader).execute(question).fetchall()


def check(path: Path) -> dict[str, int]:
    """Check a file that came out of a backup and count its rows by table.

    Raises:
        Trouble: (code 2) SQLite finds it damaged, or a row points to one that is not there.

    """
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as database:
            _must_be_sound(database, path.name)
            return count(database)
    except sqlite3.DatabaseError as error:
        raise Trouble(
            f"{path.name} is not a sound database: {error}. Nothing was restored.", code=2
        ) from error


def count(database: sqlite3.Connection) -> dict[str, int]:
    """Count rows by table."""
    return {
        table: database.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]  # noqa: S608 -- names as SQLite gives them # nosec B608
        for table in _tables(database)
    }


def _leave_out(copy: sqlite3.Connection) -> None:
    """Empty what must stay out, and write the file anew so that no page keeps it."""
    for pragma in ("journal_mode=DELETE", "secure_delete=ON", "foreign_keys=OFF"):
        copy.execute(f"PRAGMA {pragma}")
    present = set(_tables(copy))
    copy.execute("BEGIN")
    for table in present & set(EMPTIED):
        copy.execute(f'DELETE FROM "{table}"')  # noqa: S608 -- names of our own # nosec B608
    for table in present & set(BLANKED):
        copy.execute(f'UPDATE "{table}" SET "{BLANKED[table]}" = NULL')  # noqa: S608 -- names of our own # nosec B608
    copy.execute("COMMIT")
    copy.execute("VACUUM")


def _must_be_sound(database: sqlite3.Connection, name: str) -> None:
    said = [row[0] for row in database.execute("PRAGMA integrity_check(3)")]
    if said != ["ok"]:
        raise sqlite3.DatabaseError(f"{name} is damaged: {said[0]}")
    lost = database.execute("PRAGMA foreign_key_check").fetchone()
    if lost:
        raise sqlite3.DatabaseError(
            f"{name}: a row of {lost[0]} points to a row of {lost[2]} that is missing"
        )


def _tables(database: sqlite3.Connection) -> list[str]:
    names = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
    return [row[0] for row in database.execute(names)]


def _pinned(reader: sqlite3.Connection | None) -> sqlite3.Connection:
    if reader is None:
        raise Trouble("The database was not held still before it was copied.")
    return reader


def _hyphened(hexadecimal: str) -> str:
    """Write an id as it is read by people: SQLite keeps it as 32 letters."""
    return str(uuid.UUID(hexadecimal))
