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
from enum import StrEnum

from django.core import signing

_ID_BYTES = 16


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


def secret_hash(secret: str) -> bytes:
    """Return what is kept of the secret in a calendar address."""
    return hashlib.sha256(b"sirkel.calendar:" + secret.encode()).digest()


def _signer(purpose: For) -> signing.Signer:
    return signing.Signer(salt=f"sirkel.link.{purpose.value}", sep="~")
