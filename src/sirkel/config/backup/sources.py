"""The three databases, held still for one moment so that what is copied belongs together.

All three are locked against writing, in one order; then each is pinned to what it holds now, in a transaction that
only reads; then the locks go. The locks stand for milliseconds, copying may take minutes. See decision 30.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from sirkel.config.cli.place import Trouble

TRIES = 60
PAUSE_SECONDS = 0.5


class Busy(Exception):  # noqa: N818 -- no fault: somebody else is writing
    """A lock could not be had in time."""


@dataclass(frozen=True)
class Copied:
    """One database, copied: its files by their names in the backup, and its rows by table."""

    files: dict[str, Path]
    rows: dict[str, int]


class Source(Protocol):
    """One database that can be held still."""

    alias: str
    engine: str

    def lock(self) -> None:
        """Keep everybody from writing; raise `Busy` when somebody goes on writing."""

    def pin(self) -> None:
        """Go on reading what it holds now, whatever is written later."""

    def unlock(self) -> None:
        """Let others write again; harmless when nothing is locked."""

    def heads(self) -> dict[str, str]:
        """Give the heads of the audit chains, as pinned; nothing where there is no chain."""

    def erased(self) -> list[str]:
        """Give the ids of the people whom the trail calls erased, as pinned."""

    def copy(self, folder: Path) -> Copied:
        """Copy what is pinned, without what must stay out."""

    def close(self) -> None:
        """Let go of everything."""


def as_owner() -> Mapping[str, Mapping[str, Any]]:
    """Give Django's settings of the databases, by the role that owns the tables: another one may not hold them all still."""
    from django.conf import settings  # noqa: PLC0415 -- read from the environment when it is needed

    owned = {"default": settings.OWNER_DATABASE} if settings.OWNER_DATABASE else {}
    return {**settings.DATABASES, **owned}


def sources(databases: Mapping[str, Mapping[str, Any]]) -> list[Source]:
    """Give one source per database, as Django's settings name them.

    Raises:
        Trouble: (code 2) a SQLite file that is not there.

    """
    from .postgres import PostgresSource  # noqa: PLC0415 -- a SQLite installation need not load it
    from .sqlite import SqliteSource  # noqa: PLC0415 -- as above

    found: list[Source] = []
    for alias, one in databases.items():
        if str(one["ENGINE"]).endswith("sqlite3"):
            path = Path(str(one["NAME"]))
            if not path.is_file():
                raise Trouble(
                    f"There is nothing to back up: {path} does not exist. Name the data folder by --data DIR.",
                    code=2,
                )
            found.append(SqliteSource(alias, path))
        else:
            found.append(PostgresSource(alias, one))
    return found


def hold_still(
    all_of_them: Sequence[Source], *, tries: int = TRIES, pause_seconds: float = PAUSE_SECONDS
) -> None:
    """Pin all databases to one moment at which nobody was writing to any of them.

    Raises:
        Trouble: somebody kept writing through all ``tries``, with ``pause_seconds`` after each.

    """
    for _try in range(tries):
        try:
            for one in all_of_them:
                one.lock()
            for one in all_of_them:
                one.pin()
        except Busy:
            pass
        else:
            return
        finally:
            for one in reversed(all_of_them):
                one.unlock()
        time.sleep(pause_seconds)
    raise Trouble("The databases are being written to without a pause. Try again in a quieter moment.")
