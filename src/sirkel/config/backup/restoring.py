"""Restore a backup: run by `sirkel restore` as `python -m sirkel.config.backup.restoring FILE --into DIR`.

Everything is read into a folder beside the new one, checked there and moved in one step; PostgreSQL databases must be
empty and are emptied again when anything is wrong.
"""

import argparse
import fcntl
import os
import shutil
import signal
import sqlite3
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from sirkel.config.cli.place import Trouble, need_disk, note, say
from sirkel.people.rules import erased

from . import archive, envelope, left_out, remembered
from .claim import Claim
from .making import leave, showing
from .manifest import Manifest

ADDRESSES = {
    "default": "SIRKEL_DATABASE_URL",
    "research": "SIRKEL_RESEARCH_DATABASE_URL",
    "vault": "SIRKEL_VAULT_DATABASE_URL",
}
NONE = "none"


def main(words: Sequence[str] | None = None) -> int:
    """Restore one backup; give the exit code."""
    parser = argparse.ArgumentParser(prog="sirkel.config.backup.restoring", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--into", type=Path, required=True)
    parser.add_argument("--key", type=Path)
    parser.add_argument("--erased")
    options = parser.parse_args(words)
    os.umask(0o077)
    signal.signal(signal.SIGTERM, leave)
    try:
        restore(options.file, options.into.expanduser().resolve(), key=options.key, ledger=options.erased)
    except Trouble as trouble:
        note(str(trouble))
        return trouble.code
    except OSError as error:
        note(f"The backup could not be restored: {error.strerror or error}. Nothing was restored.")
        return 1
    except (sqlite3.Error, psycopg.Error) as error:
        note(f"A database does not do what it should: {str(error).strip()[:300]}. Nothing was restored.")
        return 1
    except KeyboardInterrupt:
        note("Stopped. Nothing was restored.")
        return 130
    return 0


def restore(file: Path, target: Path, *, key: Path | None, ledger: str | None) -> None:
    """Restore `file` into the folder `target`, which must be empty or not there.

    Raises:
        Trouble: with code 2 for anything about file, key, ledger, folder or databases that is not as it must be;
            nothing is left of the attempt.

    """
    must_be_new(target)
    if not file.is_file():
        raise Trouble(f"There is no backup {file}.", code=2)
    ledgers = _ledgers(file, ledger)
    if key is None and os.environ.get("SIRKEL_BACKUP_KEY_FILE"):
        key = Path(os.environ["SIRKEL_BACKUP_KEY_FILE"])
    with _beside(target) as folder, ExitStack() as taken:
        databases, claims = _databases(folder, taken)
        need_disk(folder, 2 * file.stat().st_size // 1_000_000 + 1)
        with showing("Reading the backup"), envelope.opening(file, key) as spring:
            manifest = archive.read(spring, folder)
        _must_be_known(manifest)
        with showing("Filling the databases and checking them"):
            for alias, one in databases.items():
                _fill(alias, one, manifest, folder)
            walked, gone = _check(manifest, ledgers)
        for path in (*folder.glob("*.pgdump"), *folder.glob("*.copy")):
            path.unlink()
        _reach_the_disk(folder)
        try:
            folder.rename(target)
        except OSError as error:
            raise Trouble(
                f"{target} cannot be put in place: {error.strerror}. Name a folder that is not there yet.",
                code=2,
            ) from error
        for claim in claims:
            claim.keep()
        for claim in claims:
            claim.unmark()
    remembered.restored(file, at=datetime.now(UTC))
    rows = sum(sum(tables.values()) for tables in manifest.rows.values())
    say(f"Restored into {target}: the backup of {manifest.made_at}, made by Sirkel {manifest.version}.")
    say(
        f"Checked: {len(manifest.parts)} parts by hash, {rows} rows counted, {walked} rows of the audit chain."
    )
    say(f"Erased again: {gone}." if ledgers else "No ledger of erased people was used, as you asked.")
    note(
        "Before you start it, put secret_key and private_log_key back into the folder from where you keep them."
    )


def must_be_new(target: Path) -> None:
    """Refuse a folder that holds anything.

    Raises:
        Trouble: (code 2).

    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise Trouble(f"{target} is not empty. Restore into a new folder.", code=2)


def _ledgers(file: Path, named: str | None) -> list[erased.Ledger]:
    """Read the ledger that is named, or else those where the server and the backups keep them."""
    if named == NONE:
        return []
    kept = [
        file.resolve().parent / erased.FILE_NAME,
        Path(os.environ.get("SIRKEL_ERASURE_LEDGER") or os.devnull),
    ]
    paths = [Path(named)] if named else [path for path in kept if path.is_file()]
    if not paths:
        raise Trouble(
            "There is no ledger of erased people beside the backup. Name it by --erased FILE, "
            "or say --erased none if nobody has been erased since.",
            code=2,
        )
    try:
        return [erased.read(path) for path in paths]
    except erased.Damaged as error:
        raise Trouble(str(error), code=2) from error
    except OSError as error:
        raise Trouble(f"The ledger {paths[0]} cannot be read: {error.strerror}.", code=2) from error


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """Give a folder on the same disk that is gone afterwards, unless it was moved in place.

    Its lock says that somebody is at it: what an earlier restore left that was killed has none, and goes.
    """
    prefix = f".{target.name}.restoring-"
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        for left in target.parent.glob(f"{prefix}*"):
            _remove_unless_locked(left)
        folder = Path(tempfile.mkdtemp(prefix=prefix, dir=target.parent))
        lock = _locked(folder)
    except OSError as error:
        raise Trouble(f"Nothing can be written beside {target}: {error.strerror}.", code=2) from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def _remove_unless_locked(folder: Path) -> None:
    try:
        lock = _locked(folder)
    except OSError:
        return
    shutil.rmtree(folder, ignore_errors=True)
    os.close(lock)


def _locked(folder: Path) -> int:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        raise
    return handle


def _must_be_known(manifest: Manifest) -> None:
    """Refuse parts that no backup of ours has, a backup that lacks a database, and databases of another kind than set."""
    names = {part.name for part in manifest.parts}
    endings = {"sqlite": "sqlite3", "postgresql": "pgdump"}
    needed = {f"{alias}.{endings[engine]}" for alias, engine in manifest.engines.items()}
    allowed = needed | set(left_out.FILES)
    allowed |= {
        f"{a}.{t}.copy" for a, e in manifest.engines.items() for t in left_out.BLANKED if e == "postgresql"
    }
    odd = {n for n in names - allowed if not n.startswith(tuple(f"{one}/" for one in left_out.FOLDERS))}
    if odd or needed - names:
        wrong = f"holds {min(odd)[:80]!r}" if odd else f"lacks {min(needed - names)}"
        raise Trouble(
            f"The backup {wrong}, which no backup of this Sirkel does. Nothing was restored.", code=2
        )


def _databases(folder: Path, taken: ExitStack) -> tuple[Mapping[str, Mapping[str, Any]], list[Claim]]:
    """Turn the settings to the new databases, and give them and the claims on those of PostgreSQL.

    Raises:
        Trouble: (code 2) a PostgreSQL database that holds something, or that another restore is filling.

    """
    os.environ["SIRKEL_DATA"] = str(folder)
    from django.conf import settings  # noqa: PLC0415 -- reads the environment when it is loaded

    found = settings.DATABASES
    if settings.OWNER_DATABASE:  # the application's role owns nothing and may make no tables
        found["default"].update(settings.OWNER_DATABASE)
    claims = []
    for alias, one in found.items():
        if os.environ.get(ADDRESSES[alias]):
            claims.append(taken.enter_context(Claim(alias, one)))
    return found, claims


def _fill(alias: str, config: Mapping[str, Any], manifest: Manifest, folder: Path) -> None:
    """Put one database in its place and hold its rows against the manifest."""
    if manifest.engines[alias] == "sqlite":
        from . import sqlite  # noqa: PLC0415 -- each installation loads its own kind

        rows = sqlite.check(folder / f"{alias}.sqlite3")
        (folder / f"{alias}.sqlite3").rename(str(config["NAME"]))
    else:
        from . import postgres  # noqa: PLC0415 -- as above

        rows = postgres.restore(alias, config, folder)
    if rows != manifest.rows[alias]:
        differ = min(set(rows.items()) ^ set(manifest.rows[alias].items()))[0]
        raise Trouble(
            f"{differ} does not have the rows that the backup counted. Nothing was restored.", code=2
        )


def _check(manifest: Manifest, ledgers: Sequence[erased.Ledger]) -> tuple[int, int]:
    """Check the databases with the code that will use them; give the rows of the audit chain and how many were erased again."""
    import django  # noqa: PLC0415 -- set up for the restored databases
    from django.db import DatabaseError, connections  # noqa: PLC0415 -- as above

    django.setup()
    from sirkel.kernel import rows  # noqa: PLC0415 -- as above

    from . import checking  # noqa: PLC0415 -- as above

    try:
        with rows.everything(rows.Why.COMMAND):
            checking.bring_up_to_date()
            walked = checking.walk_the_chain(manifest.heads)
            checking.settle()
            gone = checking.erase_again(ledgers)
    except DatabaseError as error:
        raise Trouble(
            f"The restored databases do not do what they should: {error}. Nothing was restored."
        ) from error
    finally:
        connections.close_all()
    return walked, gone


def _reach_the_disk(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


if __name__ == "__main__":
    sys.exit(main())
