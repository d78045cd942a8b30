"""Sealing a private log: words become bytes that only whoever has the server's key and the owner's id can open.

AES-256-GCM under a key of the owner, made with HKDF-SHA-256 from the server's key for private logs, which is kept
outside the database. A seal is bound to its owner and its entry: moved to another row, it does not open. What is
sealed is padded, so that a row does not tell how much was written.
"""

import os
import uuid
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_VERSION = b"\x01"
_NONCE_BYTES = 12
_BLOCK = 512
_SALT = b"sirkel.private-log"


class CannotOpen(Exception):  # noqa: N818 -- it says what happened
    """None of the keys opens a seal: the key was lost, or the row is not what was written."""


def owner_key(*, key: str, owner: uuid.UUID) -> bytes:
    """Return the 32-byte key of one owner."""
    return HKDF(algorithm=SHA256(), length=32, salt=_SALT, info=owner.bytes).derive(key.encode())


def seal(data: bytes, *, key: str, owner: uuid.UUID, entry: uuid.UUID) -> bytes:
    """Return the sealed form of some bytes; blanks are added at their end up to a multiple of 512."""
    nonce = os.urandom(_NONCE_BYTES)
    padded = data + b" " * (-len(data) % _BLOCK)
    sealed = AESGCM(owner_key(key=key, owner=owner)).encrypt(nonce, padded, owner.bytes + entry.bytes)
    return _VERSION + nonce + sealed


def unseal(sealed: bytes, *, keys: Sequence[str], owner: uuid.UUID, entry: uuid.UUID) -> bytes:
    """Return what was sealed, with the blanks at its end.

    Args:
        sealed: as ``seal`` returned it.
        keys: the server's key, and earlier ones.
        owner: whose it is.
        entry: which one it is.

    Raises:
        CannotOpen: no key fits, or a bit was changed.

    """
    nonce, rest = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    if sealed[:1] == _VERSION and len(nonce) == _NONCE_BYTES:
        for key in keys:
            try:
                return AESGCM(owner_key(key=key, owner=owner)).decrypt(nonce, rest, owner.bytes + entry.bytes)
            except InvalidTag:
                continue
    raise CannotOpen
