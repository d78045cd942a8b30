"""Make a backup: run by `sirkel backup` as `python -m sirkel.config.backup.making DIR`."""

import argparse
import fcntl
import os
import shutil
import signal
import sqlite3
import sys
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import psycopg

from sirkel import __version__
from sirkel.config.cli.place import Trouble, need_disk, note, say, working
from sirkel.people.rules import erased

from . import archive, left_out, remembered
from .envelope import Way, closing_with
from .manifest import Manifest, is_safe
from .sources import Copied, Source, as_owner, hold_still, sources

STAGE = ".backup"
OPEN = (
    "NOT ENCRYPTED: whoever gets this file can read all of it. "
    "Set SIRKEL_BACKUP_RECIPIENTS or SIRKEL_BACKUP_KEY_FILE."
)


def main(words: Sequence[str] | None = None) -> int:
    """Make one backup; give the exit code."""
    parser = argparse.ArgumentParser(prog="sirkel.config.backup.making", description=__doc__)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args(words)
    os.umask(0o077)
    signal.signal(signal.SIGTERM, leave)
    try:
        make(options.folder.expanduser().resolve())
    except Trouble as trouble:
        note(str(trouble))
        return trouble.code
    except OSError as error:
        note(f"The backup could not be written: {error.strerror or error}. Nothing of it is left.")
        return 1
    except (sqlite3.Error, psycopg.Error) as error:
        note(
            f"A database does not do what it should: {str(error).strip()[:300]}. Nothing of the backup is left."
        )
        return 1
    except KeyboardInterrupt:
        note("Stopped. Nothing of the backup is left.")
        return 130
    return 0


def make(target: Path) -> Path:
    """Write one backup into the folder `target`, made where it is missing; give its path.

    Raises:
        Trouble: with code 2 where a setting or a folder is not what it must be.

    """
    from django.conf import settings  # noqa: PLC0415 -- read from the environment when it is needed

    way = Way.chosen(settings.BACKUP_RECIPIENTS, settings.BACKUP_KEY_FILE)
    data = Path(settings.DATA_DIR)
    found = sources(as_owner())
    _must_be_apart(target, settings.BACKUP_KEY_FILE)
    now = datetime.now(UTC).replace(microsecond=0)
    place = target / f"sirkel-{now:%Y%m%dT%H%M%SZ}{way.suffix}"
    with _stage(data) as stage:
        try:
            hold_still(found)
            gone = [uuid.UUID(one) for source in found for one in source.erased()]
            heads = {chain: head for source in found for chain, head in source.heads().items()}
            moment = datetime.now(UTC).replace(microsecond=0)
            with showing("Copying the databases"):
                copies = {source.alias: _copy(source, stage) for source in found}
        finally:
            for source in found:
                source.close()
        files = {name: path for copied in copies.values() for name, path in copied.files.items()}
        files |= _beside(data)
        manifest = Manifest(
            version=__version__,
            made_at=moment.isoformat(),
            engines={source.alias: source.engine for source in found},
            rows={alias: copied.rows for alias, copied in copies.items()},
            heads=heads,
            left_out=left_out.EMPTIED | {f"{t}.{c}": "emptied" for t, c in left_out.BLANKED.items()},
            parts=tuple(archive.part_of(name, path) for name, path in sorted(files.items())),
        )
        need_disk(target, sum(part.size for part in manifest.parts) // 1_000_000 + 1)
        with showing("Writing the backup"), appearing(place) as file, closing_with(way, file) as sink:
            archive.write(sink, manifest, files)
    keep_ledgers(target, settings.ERASURE_LEDGER, gone)
    remembered.made(data, place, at=moment, is_closed=not way.is_open)
    rows = sum(sum(tables.values()) for tables in manifest.rows.values())
    say(f"{place}")
    note(f"Backed up {len(found)} databases with {rows} rows, {place.stat().st_size / 1e6:.1f} MB.")
    if way.is_open:
        note(OPEN)
    return place


def keep_ledgers(target: Path, elsewhere: str, gone: Sequence[uuid.UUID]) -> None:
    """Bring the ledger beside the backups, and the one that the server writes, up to what the trail knows."""
    for path in (target / erased.FILE_NAME, *([Path(elsewhere)] if elsewhere else [])):
        try:
            erased.remember(path, gone, on=datetime.now(UTC).date())
        except (erased.Damaged, OSError) as error:
            raise Trouble(f"The backup is made, but the ledger of erased people is not: {error}") from error


@contextmanager
def appearing(path: Path) -> Iterator[BinaryIO]:
    """Write a file that is there, whole and on the disk, when the block ends, and never was when it does not.

    The file has no name until then; where the file system cannot do that, it has a hidden one.
    """
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    hidden: Path | None = None
    try:
        try:
            handle = os.open(path.parent, os.O_TMPFILE | os.O_RDWR, 0o600)
        except OSError:
            for left in path.parent.glob(".sirkel-*.part"):  # of a backup that was killed long ago
                if left.stat().st_mtime < time.time() - 86400:
                    left.unlink(missing_ok=True)
            hidden = path.with_name(f".{path.name}.part")
            handle = os.open(hidden, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
            try:
                # With a folder named, linkat follows the way to the nameless file.
                os.link(hidden or f"/proc/self/fd/{file.fileno()}", path, src_dir_fd=folder)
            except FileExistsError as error:
                raise Trouble(f"{path} is there already. Try again in a second.") from error
        os.fsync(folder)
    finally:
        if hidden:
            hidden.unlink(missing_ok=True)
        os.close(folder)


def showing(text: str) -> AbstractContextManager[None]:
    """Show long work on a terminal; a night job that went well says one line."""
    return working(text) if sys.stderr.isatty() else nullcontext()


def leave(_signal: int, _frame: object) -> None:
    """Let SIGTERM take the same way out as Ctrl-C, once."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise KeyboardInterrupt


@contextmanager
def _stage(data: Path) -> Iterator[Path]:
    """Give an empty folder inside the data folder, where the same content lies anyway; one backup at a time has it.

    What a killed backup left there is cleared away first.
    """
    stage = data / STAGE
    stage.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(stage, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Trouble("Another backup of this data folder is under way.") from error
        try:
            _clear(stage)
            yield stage
        finally:
            _clear(stage)
    finally:
        os.close(handle)


def _clear(stage: Path) -> None:
    for path in stage.iterdir():
        path.unlink() if not path.is_dir() else shutil.rmtree(path)


def _copy(source: Source, stage: Path) -> Copied:
    if isinstance(size := getattr(source, "size", None), int):
        need_disk(stage, 2 * size // 1_000_000 + 1)
    return source.copy(stage)


def _beside(data: Path) -> dict[str, Path]:
    """Name the files of the data folder that go with the databases."""
    files = {name: data / name for name in left_out.FILES if (data / name).is_file()}
    for folder in left_out.FOLDERS:
        for path in (data / folder).rglob("*"):
            if path.is_file() and not path.is_symlink():
                name = path.relative_to(data).as_posix()
                if not is_safe(name):
                    raise Trouble(f"{path} has a name that a backup cannot hold. Rename it first.")
                files[name] = path
    return files


def _must_be_apart(target: Path, key_file: str) -> None:
    """Make the folder, and refuse one in which the key lies beside what it closes."""
    if target.exists() and not target.is_dir():
        raise Trouble(f"{target} is not a folder.", code=2)
    if key_file and Path(key_file).resolve().is_relative_to(target):
        raise Trouble("The key file lies in the folder of the backups. Keep it somewhere else.", code=2)
    try:
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Trouble(f"The folder {target} cannot be made: {error.strerror}.", code=2) from error
    if not os.access(target, os.W_OK | os.X_OK):
        raise Trouble(f"The folder {target} cannot be written to.", code=2)


if __name__ == "__main__":
    sys.exit(main())
