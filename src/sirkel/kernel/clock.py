"""The one source of time. Rehearsals, tests and the demo move it; nothing else reads the machine's clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass
class _Hands:
    """Where the clock stands: one for the whole process, so that a server in a thread follows its test."""

    frozen: datetime | None = None
    offset: timedelta = timedelta(0)


_hands = _Hands()


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return (_hands.frozen or datetime.now(UTC)) + _hands.offset


def advance(by: timedelta) -> None:
    """Move the clock of this process on by ``by``, until it is moved back."""
    _hands.offset += by


@contextmanager
def moved(by: timedelta) -> Iterator[None]:
    """Run a block with the clock moved by ``by`` (negative: into the past)."""
    before = _hands.offset
    _hands.offset += by
    try:
        yield
    finally:
        _hands.offset = before


@contextmanager
def frozen(at: datetime) -> Iterator[None]:
    """Run a block with the clock standing still at ``at``.

    Raises:
        ValueError: ``at`` has no time zone.

    """
    if at.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    before = (_hands.frozen, _hands.offset)
    _hands.frozen, _hands.offset = at.astimezone(UTC), timedelta(0)
    try:
        yield
    finally:
        _hands.frozen, _hands.offset = before
