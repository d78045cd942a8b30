"""Signed links: what a mail carries so that somebody can act without signing in.

A link names what it is for in its signature, so that a link to one page opens no other. It says who and what by
ids alone; whether it still counts is asked of the database when it is used. The pages behind such links change
nothing when they are read, since mail scanners read them first.
"""

import base64
import binascii
import hashlib
import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.core import signing

_ID_BYTES = 16

MAIL_OFF_LASTS = timedelta(days=400)
"""For how long a link switches mails off after its mail was sent: a circle's year and some weeks.

Somebody who looks for the way out takes a mail that lies there, and for most that is a newer one. What lies in a mail
box for longer, or was sent on, shall open nothing any more (ASVS 9.2.1).
"""
UNDATED_END = date(2028, 1, 2)
"""Links of mails that were sent before links had a day: they end when the youngest of them would have."""


class For(StrEnum):
    """What a link is for; it opens nothing else."""

    MAIL_OFF = "mail-off"
    ANSWER = "answer"
    LEAVE = "leave"
    JOIN = "join"


def sign(purpose: For, *ids: uuid.UUID, word: str = "") -> str:
    """Return the token of a link: ids, perhaps one ASCII word, and a signature over both and the purpose."""
    packed = b"".join(one.bytes for one in ids) + word.encode("ascii")
    text = base64.urlsafe_b64encode(packed).rstrip(b"=").decode()
    return _signer(purpose).sign(text)


def read(purpose: For, token: str, *, ids: int) -> tuple[Sequence[uuid.UUID], str] | None:
    """Return the ids and the word of a token; None when it is forged, damaged or meant for something else."""
    try:
        text = _signer(purpose).unsign(token)
        packed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        word = packed[ids * _ID_BYTES :].decode("ascii")
    except (signing.BadSignature, binascii.Error, UnicodeDecodeError):
        return None
    if len(packed) < ids * _ID_BYTES:
        return None
    parts = [packed[place * _ID_BYTES : (place + 1) * _ID_BYTES] for place in range(ids)]
    return [uuid.UUID(bytes=part) for part in parts], word


def mail_off(person: uuid.UUID, kind: str, *, on: date) -> str:
    """Return the token that switches one person's mails of one kind off; ``on`` is the day on which it is sent."""
    return sign(For.MAIL_OFF, person, word=f"{kind}:{on:%Y%m%d}")


def read_mail_off(token: str, *, today: date) -> tuple[uuid.UUID, str] | None:
    """Return whose mails of which kind a token switches off; None when it is none, or over."""
    found = read(For.MAIL_OFF, token, ids=1)
    if found is None:
        return None
    (person,), word = found
    kind, _mark, day = word.partition(":")
    if not day:
        return (person, kind) if today < UNDATED_END else None
    return (person, kind) if today < datetime.strptime(day, "%Y%m%d").date() + MAIL_OFF_LASTS else None  # noqa: DTZ007 -- a day


def secret_hash(secret: str) -> bytes:
    """Return what is kept of the secret in a calendar address."""
    return hashlib.sha256(b"sirkel.calendar:" + secret.encode()).digest()


def _signer(purpose: For) -> signing.Signer:
    return signing.Signer(salt=f"sirkel.link.{purpose.value}", sep="~")
