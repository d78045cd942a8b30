"""The mark in a PostgreSQL database that a restore is filling, so that half of one is never taken for a whole."""

from collections.abc import Mapping
from contextlib import ExitStack, closing
from types import TracebackType
from typing import Any, Self

import psycopg

from sirkel.config.cli.place import Trouble

from . import postgres

MARK = postgres.MARK
# One restore at a time for each database; the number is any that nobody else uses there.
_LOCK = 7_302_181


class Claim:
    """A database that a restore has for itself: marked when it begins, emptied again unless it is kept.

    A restore that was killed leaves the mark, and no lock: what it put there is cleared away by the next one, and no
    server starts on it meanwhile.
    """

    def __init__(self, alias: str, config: Mapping[str, Any]) -> None:
        self._alias, self._config = alias, config
        self._is_kept = False

    def __enter__(self) -> Self:
        """Take the database.

        Raises:
            Trouble: (code 2) somebody else restores into it, or it holds something that no restore left.

        """
        self._there = postgres.connect(self._config)
        with ExitStack() as undoing:
            undoing.callback(self._there.close)
            try:
                self._take()
            except psycopg.Error as error:
                said = postgres.line_of(error)
                raise Trouble(f"The {self._alias} database cannot be filled: {said}") from error
            undoing.pop_all()
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

    def keep(self) -> None:
        """Empty it no more: everything is in its place. Should the mark stay after all, the restore is done again."""
        self._is_kept = True

    def unmark(self) -> None:
        """Take the mark away, by a connection that did not lie idle for as long as the restore took."""
        with closing(postgres.connect(self._config)) as there:
            there.execute(f"DROP TABLE public.{MARK}")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the database back, empty unless it is kept."""
        try:
            if not self._is_kept:
                postgres.empty(self._config)
        finally:
            self._there.close()
