"""The mark in a PostgreSQL database that a restore is filling, so that half of one is never taken for a whole."""

from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

import psycopg

from sirkel.config.cli.place import Trouble

from . import postgres

MARK = postgres.MARK
# One restore at a time for each database; the number is any that nobody else uses there.
_LOCK = 7_302_181


class Claim:
    """A database that a restore has for itself: marked when it begins, emptied again unless it is finished.

    A restore that was killed leaves the mark, and no lock: what it put there is cleared away by the next one, and no
    server starts on it meanwhile.
    """

    def __init__(self, alias: str, config: Mapping[str, Any]) -> None:
        self._alias, self._config = alias, config
        self._is_finished = False

    def __enter__(self) -> Self:
        """Take the database.

        Raises:
            Trouble: (code 2) somebody else restores into it, or it holds something that no restore left.

        """
        self._there = postgres.connect(self._config)
        try:
            self._take()
        except psycopg.Error as error:
            self._there.close()
            raise Trouble(
                f"The {self._alias} database cannot be filled: {postgres.line_of(error)}"
            ) from error
        except BaseException:
            self._there.close()
            raise
        return self

    def _take(self) -> None:
        held = self._there.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK]).fetchone()
        if not held or not held[0]:
            raise Trouble(f"Another restore is filling the {self._alias} database.", code=2)
        marked = self._there.execute("SELECT to_regclass(%s)", [f"public.{MARK}"]).fetchone()
        if marked and marked[0]:
            postgres.empty(self._config)
        postgres.must_be_empty(self._alias, self._config)
        self._there.execute(f"CREATE TABLE public.{MARK} ()")

    def finish(self) -> None:
        """Take the mark away: everything is in its place."""
        self._there.execute(f"DROP TABLE public.{MARK}")
        self._is_finished = True

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the database back, empty unless the restore was finished."""
        try:
            if not self._is_finished:
                postgres.empty(self._config)
        finally:
            self._there.close()
