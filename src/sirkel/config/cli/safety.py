"""`sirkel backup` and `sirkel restore`. Standard library only; the work is done by `sirkel.config.backup`."""

import argparse
from pathlib import Path
from typing import Any

from .install import install
from .place import Place, Trouble, call

BACKUP = """Write one file with the three databases as they were at one moment, and what belongs to them, into DIR.
It is closed for the keys in SIRKEL_BACKUP_RECIPIENTS, or with SIRKEL_BACKUP_KEY_FILE. The server may go on meanwhile.
Keys are never in it: keep secret_key and private_log_key somewhere else."""
RESTORE = """Restore a backup into a new folder, and into empty databases where PostgreSQL is used. Every byte, every
row count, the databases and the audit chain are checked, and who was erased after the backup is erased again, before
anything is put in place."""


def add_to(verbs: "argparse._SubParsersAction[Any]") -> None:
    """Describe the verbs."""
    backup = verbs.add_parser("backup", help="write one file of everything there is", description=BACKUP)
    backup.add_argument("folder", metavar="DIR", help="where the backups lie")
    backup.add_argument("--data", metavar="DIR", help="the folder with databases and keys (default: data/)")
    backup.set_defaults(act=_backup)
    restore = verbs.add_parser("restore", help="check a backup and put it back", description=RESTORE)
    restore.add_argument("file", metavar="FILE", help="the backup")
    restore.add_argument(
        "--data", metavar="DIR", required=True, help="the new data folder: empty or not there"
    )
    restore.add_argument(
        "--key", metavar="FILE", help="the key file, or the identity file of age, that opens the backup"
    )
    restore.add_argument(
        "--erased",
        metavar="FILE",
        help="the ledger of erased people (default: SIRKEL_ERASURE_LEDGER and erased.ledger beside the backup); "
        "'none' to do without",
    )
    restore.set_defaults(act=_restore)


def _backup(parsed: argparse.Namespace) -> int:
    place = Place.find(parsed.data)
    if not place.data.is_dir():
        raise Trouble(f"There is no data folder {place.data}. Name it by --data DIR.", code=2)
    install(place, "run")
    return call(
        [place.python, "-m", "sirkel.config.backup.making", parsed.folder], place=place, cwd=Path.cwd()
    )


def _restore(parsed: argparse.Namespace) -> int:
    place = Place.find(parsed.data)
    if not Path(parsed.file).is_file():
        raise Trouble(f"There is no backup {parsed.file}.", code=2)
    if place.data.exists() and (not place.data.is_dir() or any(place.data.iterdir())):
        raise Trouble(f"{place.data} is not empty. Restore into a new folder.", code=2)
    install(place, "run")
    words: list[str | Path] = [parsed.file, "--into", place.data]
    for name in ("key", "erased"):
        if getattr(parsed, name):
            words += [f"--{name}", getattr(parsed, name)]
    return call([place.python, "-m", "sirkel.config.backup.restoring", *words], place=place, cwd=Path.cwd())
