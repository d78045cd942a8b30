"""Mails that lie in the data folder because no mail server is set: forgotten with their reader, and in time."""

import email
import email.policy
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings

from sirkel.people.queries.demo import BETWEEN_MAILS


def forget_mails_to(address: str) -> int:
    """Delete the mails to an address from the data folder; tell how many. What went out by a mail server is not here."""
    gone = 0
    for file in _files():
        parts = [part for part in file.read_bytes().split(BETWEEN_MAILS) if part.strip()]
        stay = [part for part in parts if not _is_to(part, address)]
        if len(stay) == len(parts):
            continue
        gone += len(parts) - len(stay)
        if stay:
            fresh = file.with_suffix(".new")
            fresh.write_bytes(b"".join(part + BETWEEN_MAILS for part in stay))
            fresh.replace(file)
        else:
            file.unlink(missing_ok=True)
    return gone


def tidy(*, before: datetime) -> int:
    """Delete the files that were last written before a moment; tell how many."""
    old = [file for file in _files() if file.stat().st_mtime < before.timestamp()]
    for file in old:
        file.unlink(missing_ok=True)
    return len(old)


def _files() -> Iterator[Path]:
    folder = Path(settings.EMAIL_FILE_PATH)
    return iter(sorted(folder.glob("*.log")) if folder.is_dir() else ())


def _is_to(part: bytes, address: str) -> bool:
    message = email.message_from_bytes(part.strip(), policy=email.policy.default)
    return address.lower() in str(message["To"] or "").lower()
