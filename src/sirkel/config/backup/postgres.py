"""A PostgreSQL database: held still, dumped by pg_dump from one snapshot, restored by pg_restore of the server's version."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from sirkel.config.cli.place import Trouble

from .left_out import BLANKED, EMPTIED
from .sources import Busy, Copied

# Below the second after which PostgreSQL looks for deadlocks: we give way, nobody's page is ever ended for us.
LOCK_MILLISECONDS = 500
# A backup holds the rows of all organisations, also where PostgreSQL keeps them apart: see ``kernel.rows``.
_EVERYTHING = "-c sirkel.organisations=*"
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
MARK = "sirkel_restoring"
"""A table that stands in a database while a restore is filling it; see ``claim``."""
_ANYTHING = """SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace
    AND relkind IN ('r', 'p', 'v', 'm', 'S', 'f')"""


class PostgresSource:
    """One PostgreSQL database, by Django's settings of it."""

    engine = "postgresql"

    def __init__(self, alias: str, config: Mapping[str, Any]) -> None:
        self.alias, self._config = alias, config
        self._lock: psycopg.Connection[Any] | None = None
        self._reader: psycopg.Connection[Any] | None = None
        self._snapshot = ""

    def lock(self) -> None:
        """Let nobody write to any table: whoever reads is not held up."""
        self._lock = connect(self._config)
        self._lock.execute("BEGIN")
        self._lock.execute(f"SET LOCAL statement_timeout = {LOCK_MILLISECONDS}")
        tables = [row[0] for row in self._lock.execute(_TABLES)]
        if not tables:
            return
        named = sql.SQL(", ").join(sql.Identifier("public", table) for table in tables)
        try:
            self._lock.execute(sql.SQL("LOCK TABLE {} IN SHARE MODE").format(named))
        except (psycopg.errors.QueryCanceled, psycopg.errors.DeadlockDetected) as error:
            raise Busy from error
        except psycopg.Error as error:
            raise Trouble(f"The {self.alias} database cannot be locked: {line_of(error)}") from error

    def pin(self) -> None:
        """Take a snapshot that pg_dump can use too."""
        self._reader = connect(self._config)
        self._reader.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        found = self._reader.execute("SELECT pg_export_snapshot()").fetchone()
        self._snapshot = str(found[0]) if found else ""

    def unlock(self) -> None:
        """Give the locks back."""
        if self._lock:
            self._lock.close()
            self._lock = None

    def heads(self) -> dict[str, str]:
        """Give the heads of the audit chains by organisation."""
        return {
            str(a): str(b) for a, b in self._ask("SELECT chain, hash FROM kernel_audithead WHERE length > 0")
        }

    def erased(self) -> list[str]:
        """Give the ids of everybody whom the trail calls erased."""
        question = "SELECT target FROM kernel_auditevent WHERE verb = 'person.erased'"
        return [str(target) for (target,) in self._ask(question)]

    def copy(self, folder: Path) -> Copied:
        """Dump the database as pinned, without what must stay out; tables with an emptied column go beside the dump."""
        reader = _pinned(self._reader)
        tables = [str(row[0]) for row in reader.execute(_TABLES)]
        dump = folder / f"{self.alias}.pgdump"
        apart = [table for table in tables if table in BLANKED]
        without = [
            f"--exclude-table-data=public.{table}" for table in tables if table in EMPTIED or table in BLANKED
        ]
        _run(
            [
                *(program("pg_dump", _major(reader)), "--format=custom", "--no-owner", "--no-privileges"),
                "--enable-row-security",  # the owner is held by the policies too, and says that it needs everything
                *(f"--snapshot={self._snapshot}", f"--file={dump}", *without),
            ],
            self._config,
            f"The {self.alias} database could not be dumped",
        )
        files = {dump.name: dump}
        for table in apart:
            target = folder / f"{self.alias}.{table}.copy"
            _copy_blanked(reader, table, target)
            files[target.name] = target
        rows = count(reader)
        return Copied(files, {table: 0 if table in EMPTIED else rows[table] for table in rows})

    def close(self) -> None:
        """Let go of everything."""
        self.unlock()
        if self._reader:
            self._reader.close()
            self._reader = None

    def _ask(self, question: str) -> Sequence[tuple[Any, ...]]:
        return _pinned(self._reader).execute(question).fetchall() if self.alias == "default" else []


def connect(config: Mapping[str, Any]) -> "psycopg.Connection[Any]":
    """Open a connection that commits each statement.

    Raises:
        Trouble: it cannot be had.

    """
    names = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    words = {name: str(config[key]) for key, name in names.items() if config.get(key)}
    try:
        return psycopg.connect(autocommit=True, connect_timeout=10, options=_EVERYTHING, **words)  # type: ignore[arg-type] # words of an address
    except psycopg.Error as error:
        raise Trouble(f"PostgreSQL does not let us in: {line_of(error)}") from error


def must_be_empty(alias: str, config: Mapping[str, Any]) -> None:
    """Refuse a database that holds anything.

    Raises:
        Trouble: (code 2).

    """
    with closing(connect(config)) as there:
        found = there.execute(_ANYTHING).fetchone()
        if found and found[0]:
            raise Trouble(
                f"The {alias} database {config['NAME']!r} is not empty. Restore into a new one: createdb NAME",
                code=2,
            )


def restore(alias: str, config: Mapping[str, Any], folder: Path) -> dict[str, int]:
    """Fill an empty database from the files of a backup; count its rows by table.

    Foreign keys are made last and over all rows: one that leads nowhere ends it.

    Raises:
        Trouble: PostgreSQL refuses something.

    """
    with closing(connect(config)) as there:
        command = [program("pg_restore", _major(there)), "--no-owner", "--no-privileges", "--exit-on-error"]
        command += ["--single-transaction", f"--dbname={config['NAME']}"]
        dump, failed = str(folder / f"{alias}.pgdump"), f"The {alias} database could not be restored"
        _run([*command, "--section=pre-data", "--section=data", dump], config, failed)
        for table in BLANKED:
            beside = folder / f"{alias}.{table}.copy"
            if beside.is_file():
                _copy_back(there, table, beside)
        _run([*command, "--section=post-data", dump], config, failed)
        return count(there)


def empty(config: Mapping[str, Any]) -> None:
    """Drop everything again that a restore has put into a database that was empty before."""
    with closing(connect(config)) as there:
        there.execute("BEGIN")
        for (table,) in there.execute(_TABLES).fetchall():
            there.execute(sql.SQL("DROP TABLE IF EXISTS {} CASCADE").format(sql.Identifier("public", table)))
        own = """SELECT p.oid::regprocedure::text FROM pg_proc p WHERE pronamespace = 'public'::regnamespace
            AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')"""
        for (function,) in there.execute(own).fetchall():
            there.execute(f"DROP FUNCTION IF EXISTS {function} CASCADE")
        there.execute("COMMIT")


def count(there: "psycopg.Connection[Any]") -> dict[str, int]:
    """Count rows by table."""
    rows = {}
    for (table,) in there.execute(_TABLES).fetchall():
        found = there.execute(
            sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier("public", table))
        ).fetchone()
        rows[str(table)] = int(found[0]) if found else 0
    rows.pop(MARK, None)
    return rows


def program(name: str, major: int) -> str:
    """Find pg_dump or pg_restore of the server's version, or a newer one, which can do the same.

    Raises:
        Trouble: there is none.

    """
    exact = Path(f"/usr/lib/postgresql/{major}/bin/{name}")
    newer = [
        path for path in Path("/usr/lib/postgresql").glob(f"*/bin/{name}") if _number(path.parts[4]) >= major
    ]
    for path in (exact, *sorted(newer, key=lambda path: _number(path.parts[4]))):
        if path.is_file():
            return str(path)
    found = shutil.which(name)
    said = _version(found) if found else ""
    number = re.search(r"\) (\d+)", said)
    if found and number and int(number[1]) >= major:
        return found
    raise Trouble(f"{name} of PostgreSQL {major} is not installed: apt install postgresql-client-{major}")


def _copy_blanked(reader: "psycopg.Connection[Any]", table: str, target: Path) -> None:
    """Write a table's rows with one column empty."""
    columns = [
        sql.SQL("NULL") if name == BLANKED[table] else sql.Identifier(name)
        for name in _columns(reader, table)
    ]
    question = sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT").format(
        sql.SQL(", ").join(columns), sql.Identifier("public", table)
    )
    with reader.cursor() as cursor, target.open("wb") as file, cursor.copy(question) as rows:
        for block in rows:
            file.write(block)


def _copy_back(there: "psycopg.Connection[Any]", table: str, source: Path) -> None:
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier("public", table), sql.SQL(", ").join(map(sql.Identifier, _columns(there, table)))
    )
    with there.cursor() as cursor, source.open("rb") as file, cursor.copy(statement) as rows:
        while block := file.read(1024 * 1024):
            rows.write(block)


def _columns(there: "psycopg.Connection[Any]", table: str) -> list[str]:
    names = """SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(%s)
        AND attnum > 0 AND NOT attisdropped ORDER BY attnum"""
    return [str(row[0]) for row in there.execute(names, [f"public.{table}"])]


def _run(command: list[str], config: Mapping[str, Any], failed: str) -> None:
    """Run one of PostgreSQL's programs; the password goes by the environment, which others do not see."""
    names = {
        "NAME": "PGDATABASE",
        "USER": "PGUSER",
        "PASSWORD": "PGPASSWORD",
        "HOST": "PGHOST",
        "PORT": "PGPORT",
    }
    words = {name: str(config[key]) for key, name in names.items() if config.get(key)}
    env = {**os.environ, "PGOPTIONS": _EVERYTHING, **words}
    done = subprocess.run(  # noqa: S603 -- PostgreSQL's program with words of our own
        command,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        raise Trouble(f"{failed}: {lines[0][:300] if lines else 'no reason was given'}")


def _version(found: str) -> str:
    return subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603 -- found by us


def _major(there: "psycopg.Connection[Any]") -> int:
    return there.info.server_version // 10000


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0


def _pinned(reader: "psycopg.Connection[Any] | None") -> "psycopg.Connection[Any]":
    if reader is None:
        raise Trouble("The database was not held still before it was copied.")
    return reader


def line_of(error: Exception) -> str:
    """Return what PostgreSQL says first of an error (at most 300 characters), else its kind."""
    return str(error).strip().splitlines()[0][:300] if str(error).strip() else type(error).__name__
