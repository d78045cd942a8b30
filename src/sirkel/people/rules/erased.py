"""The ledger of erased people: a small file that outlives the databases, so that no backup brings anybody back.

Its first line holds a random key; each further line the HMAC-SHA-256 of one number under it, and the day: a person's,
that of a row that said of somebody that they were in a circle, where they deleted themselves from that circle alone,
or that of words that somebody took back.
Lines are only ever added. No name, no address, and no number that could be looked up without the key; decision 30
says what it can do and what not.
"""

import fcntl
import hashlib
import hmac
import os
import re
import secrets
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

FILE_NAME = "erased.ledger"
_HEAD = re.compile(r"sirkel-erased 1 ([0-9a-f]{64})")
_LINE = re.compile(r"([0-9a-f]{64}) (\d{4}-\d{2}-\d{2})")


class Damaged(Exception):  # noqa: N818 -- it says what the file is
    """The ledger cannot be read, with a plain reason."""


@dataclass(frozen=True)
class Ledger:
    """A ledger as read: its key, and the marks of what was erased."""

    key: bytes
    marks: frozenset[str]

    def holds(self, number: uuid.UUID) -> bool:
        """Tell whether somebody, or a row that named somebody, was erased."""
        return _mark(self.key, number) in self.marks


def read(path: Path) -> Ledger:
    """Read a ledger.

    Raises:
        Damaged: a line is not one of ours or is cut off: somebody could be missing.
        OSError: it cannot be read.

    """
    return _parse(path.read_text(encoding="ascii", errors="replace"), path)


def remember(path: Path, numbers: Iterable[uuid.UUID], *, on: date) -> None:
    """Add those that are not in the ledger yet, in one write that has reached the disk on return; made where there is none.

    A last line that a crash cut off is dropped first: the trail still names a person, and a later call adds them.

    Raises:
        Damaged: there is a ledger that cannot be read.
        OSError: it cannot be written.

    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "r+b", buffering=0) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        text = file.read().decode("ascii", "replace")
        whole = text[: text.rfind("\n") + 1]
        if whole != text:
            file.truncate(len(whole.encode()))
        head = ""
        if not whole:
            head = f"sirkel-erased 1 {secrets.token_hex(32)}\n"
            whole = head
        ledger = _parse(whole, path)
        fresh = sorted({_mark(ledger.key, one) for one in numbers} - ledger.marks)
        if head or fresh:
            file.write((head + "".join(f"{mark} {on.isoformat()}\n" for mark in fresh)).encode())
        os.fsync(file.fileno())


def _parse(text: str, path: Path) -> Ledger:
    lines = text.split("\n")
    head = _HEAD.fullmatch(lines[0])
    if head is None:
        raise Damaged(f"{path} is not a ledger of erased people.")
    marks = set()
    for number, line in enumerate(lines[1:-1], start=2):
        found = _LINE.fullmatch(line)
        if found is None:
            raise Damaged(f"{path} is damaged in line {number}: it cannot say who was erased.")
        marks.add(found[1])
    if lines[-1]:
        raise Damaged(f"{path} is cut off in line {len(lines)}: it cannot say who was erased.")
    return Ledger(bytes.fromhex(head[1]), frozenset(marks))


def _mark(key: bytes, number: uuid.UUID) -> str:
    return hmac.new(key, number.bytes, hashlib.sha256).hexdigest()
