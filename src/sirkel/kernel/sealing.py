"""Closing a few bytes so that the database alone cannot open them.

The key is made of the installation's secret, which is not in the database, and a secret of the thing itself, which
is. To destroy the second is to destroy what was sealed: nobody can open it again, in no backup and with no key.
"""

import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

SECRET_BYTES = 32
_NONCE_BYTES = 12
OVERHEAD_BYTES = _NONCE_BYTES + 16


def new_secret() -> bytes:
    """Return a fresh secret for one thing (32 random bytes)."""
    return secrets.token_bytes(SECRET_BYTES)


def seal(plain: bytes, *, secret: bytes, purpose: str) -> bytes:
    """Return bytes that only this installation opens, while the secret is there; always 28 longer than ``plain``.

    The same bytes sealed twice look different. For one purpose always seal as many bytes: the length can be seen.
    """
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(_key(settings.SECRET_KEY, secret, purpose)).encrypt(nonce, plain, None)


def unseal(sealed: bytes, *, secret: bytes, purpose: str) -> bytes | None:
    """Return what was sealed; None for anything else, also under a key the installation no longer has."""
    for installation in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        if (plain := _opened(installation, sealed, secret, purpose)) is not None:
            return plain
    return None


def is_newest(sealed: bytes, *, secret: bytes, purpose: str) -> bool:
    """Tell whether bytes open with the installation's present key, without any earlier one."""
    return _opened(settings.SECRET_KEY, sealed, secret, purpose) is not None


def blind(data: bytes, *, secret: bytes, purpose: str) -> bytes:
    """Return a name for ``data`` (32 bytes) that cannot be made again without the installation's key and the secret."""
    return hmac.new(_key(settings.SECRET_KEY, secret, purpose), data, hashlib.sha256).digest()


def blinds(data: bytes, *, secret: bytes, purpose: str) -> list[bytes]:
    """Return the names that ``blind`` gives ``data`` now and gave under each earlier key that is still believed, in order."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return [hmac.new(_key(one, secret, purpose), data, hashlib.sha256).digest() for one in keys]


def _opened(installation: str, sealed: bytes, secret: bytes, purpose: str) -> bytes | None:
    if len(sealed) < OVERHEAD_BYTES:
        return None
    try:
        cipher = AESGCM(_key(installation, secret, purpose))
        return cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], None)
    except InvalidTag:
        return None


def _key(installation: str, secret: bytes, purpose: str) -> bytes:
    of_this = hmac.new(installation.encode(), b"sirkel.sealing:" + purpose.encode(), hashlib.sha256).digest()
    return hmac.new(of_this, secret, hashlib.sha256).digest()
