"""What is remembered of the last backup and of the last one that was put back, for the page on how the server is.

Two small files without content: one in the data folder, written when a backup was made; one beside the backups, written
when one of them was restored with every check passed. Neither is needed to restore, and what cannot be read counts
as unknown.
"""

import contextlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

MADE = "last_backup.json"
RESTORED = "last_restored.json"


@dataclass(frozen=True)
class Made:
    """The last backup: its whole path, its moment in ISO form, its size in bytes and whether it needs a key."""

    path: str
    made_at: str
    size: int
    is_closed: bool


@dataclass(frozen=True)
class Restored:
    """The last backup of a folder that was put back: its name, and when that was, in ISO form."""

    name: str
    at: str


def made(data: Path, place: Path, *, at: datetime, is_closed: bool) -> None:
    """Remember a backup that is whole and on the disk. That it was made counts; a note that cannot be kept does not."""
    _keep(data / MADE, asdict(Made(str(place), at.isoformat(), place.stat().st_size, is_closed)))


def restored(file: Path, *, at: datetime) -> None:
    """Remember that a backup passed every check of a restore, beside it, where that folder can be written to."""
    _keep(file.resolve().parent / RESTORED, asdict(Restored(file.name, at.isoformat())))


def last_made(data: Path) -> Made | None:
    """Return the last backup that this server knows of."""
    known = _read(data / MADE)
    try:
        found = Made(**known)
        datetime.fromisoformat(found.made_at)
    except (TypeError, ValueError):
        return None
    return found


def last_restored(folder: Path) -> Restored | None:
    """Return which backup of a folder was put back last."""
    try:
        found = Restored(**_read(folder / RESTORED))
        datetime.fromisoformat(found.at)
    except (TypeError, ValueError):
        return None
    return found


def _keep(path: Path, said: dict[str, object]) -> None:
    with contextlib.suppress(OSError):
        fresh = path.with_name(f".{path.name}.new")
        fresh.write_text(json.dumps(said) + "\n", encoding="utf-8")
        fresh.replace(path)


def _read(path: Path) -> dict[str, Any]:
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}
