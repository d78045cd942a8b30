"""Whose rows a statement may touch: what PostgreSQL's row level security is told, with every statement.

Queries decide who sees what. Beneath them the database asks once more, where an installation switched it on: every
statement carries the organisations that its request belongs to, and rows of others are not there. Nothing said is
nobody's rows. The word travels in the same message as the statement and ends with its transaction (``SET LOCAL``), so
that a connection that is given back remembers nothing, and no second trip to the server is made.

It stands against a forgotten filter and a wrong join. Whoever can run statements of their own as the application can
also say other organisations.
"""

import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper

SETTING = "sirkel.organisations"
EVERYTHING = "*"
_NOBODY = ""
# They show no rows; a transaction that failed takes nothing else than the first three, and the last one takes none.
_ALONE = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT", "VACUUM")


class Why(StrEnum):
    """Every reason for which rows of all organisations may be touched. There is no other way to do so."""

    SESSION = "session"  # to which organisations somebody who is signed in belongs
    SIGN_IN = "sign-in"  # signing in, before it is known who
    SET_UP = "set-up"  # the first organisation of an empty installation
    DEMO = "demo"  # the invented people one can be
    ADDRESS = "address"  # which circle a code, a link or a meeting's address belongs to
    RECEIPT = "receipt"  # the note that a receipt stands for, wherever it went
    CARDS = "cards"  # what cards and recommendations rest on: ids and counts over all organisations
    OWN_DATA = "own-data"  # everything that is kept of one person
    NEWCOMER = "newcomer"  # roles of one person elsewhere, when somebody gives them another
    CODES = "codes"  # new codes for all running meetings, after too many guesses
    INSTALLATION = "installation"  # how the whole installation is, for whoever keeps it
    WORKER = "worker"  # what is done by the timetable and the queue
    COMMAND = "command"  # what an operator runs on the server
    MIGRATION = "migration"  # bringing the tables up to the code


_said: ContextVar[str] = ContextVar("sirkel.rows", default=_NOBODY)
_migrating: ContextVar[AbstractContextManager[None] | None] = ContextVar(
    "sirkel.rows.migrating", default=None
)


def is_on(connection: BaseDatabaseWrapper) -> bool:
    """Tell whether statements on a connection carry whose rows they may touch."""
    return bool(settings.ROW_SECURITY) and connection.vendor == "postgresql" and connection.alias == "default"


@contextmanager
def of(organisations: Iterable[uuid.UUID]) -> Iterator[None]:
    """Let statements touch the rows of these organisations alone; of none when there are none."""
    with _saying(",".join(sorted({str(one) for one in organisations}))):
        yield


@contextmanager
def everything(why: Why) -> Iterator[None]:
    """Let statements touch the rows of all organisations, for a reason that has a name."""
    del why  # said for whoever reads, and found by the test that lists them
    with _saying(EVERYTHING):
        yield


@contextmanager
def _saying(what: str) -> Iterator[None]:
    token = _said.set(what)
    try:
        yield
    finally:
        _said.reset(token)


def add(organisations: Iterable[uuid.UUID]) -> None:
    """Let the rest of this block touch the rows of these organisations too: a code or a link named one of theirs."""
    said = _said.get()
    if said != EVERYTHING:
        _said.set(",".join(sorted({*filter(None, said.split(",")), *(str(one) for one in organisations)})))


def said() -> str:
    """Return what the next statement says: organisations with commas between them, ``*`` for all, empty for none."""
    return _said.get()


def begin_migration(**_given: object) -> None:
    """Let migrations move the rows of all organisations: they would find none, and say that they are done."""
    if _migrating.get() is None:
        block = everything(Why.MIGRATION)
        block.__enter__()  # until the signal that all of them are done
        _migrating.set(block)


def end_migration(**_given: object) -> None:
    """Say again what was said before."""
    if (block := _migrating.get()) is not None:
        _migrating.set(None)
        block.__exit__(None, None, None)


def follow(connection: BaseDatabaseWrapper, **_given: object) -> None:
    """Make a new connection say whose rows its statements may touch, where this is on."""
    if is_on(connection) and carry not in connection.execute_wrappers:
        connection.execute_wrappers.append(carry)


def carry(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:  # noqa: FBT001 -- Django's own shape of a wrapper
    """Run a statement that says first whose rows it may touch.

    Both go in one message, which the server runs as one transaction when none is open. Ids and commas are all that is
    ever said, so that nothing needs quoting.
    """
    if isinstance(sql, str) and sql.startswith(_ALONE):
        return execute(sql, params, many, context)
    cursor, word = context["cursor"], f"SET LOCAL {SETTING} = '{_said.get()}'"
    if many:
        with context["connection"].cursor() as first:
            first.cursor.execute(word)
        return execute(sql, params, many, context)
    text = sql if isinstance(sql, str) else sql.as_string(context["connection"].connection)
    result = execute(f"{word}; {text}", params, many, context)
    cursor.nextset()
    return result
