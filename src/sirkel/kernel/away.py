"""Telling a database that is away, full or busy, which passes, from a fault of ours, which does not."""

import sqlite3

from django.db import OperationalError

# PostgreSQL says what is wrong by five letters: connections, resources, being stopped, a lock that did not come.
_SERVER_SAYS = ("08", "53", "57P", "55P03")
_FILE_SAYS = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN}


def is_away(error: BaseException | None) -> bool:
    """Tell whether what broke is that a database could not be reached, had no connection left or no room.

    A table that does not exist or a statement that took too long is none of these.
    """
    if not isinstance(error, OperationalError):
        return False
    said = error.__cause__
    if isinstance(said, sqlite3.Error):
        # The lower eight bits name the kind; what stands above them says more of it.
        return getattr(said, "sqlite_errorcode", 0) & 0xFF in _FILE_SAYS
    state = getattr(said, "sqlstate", None)
    # A server that was never reached, or is gone in the middle, says nothing at all.
    return said is not None and (state is None or state.startswith(_SERVER_SAYS))
