"""Addresses that open one thing to whoever holds them: on a screen, on paper, in a QR code.

An address is an id and a 128-bit token made from the installation's key, so that nothing in the database gives it away.
``epoch`` makes it anew: one number higher, and what was printed before opens nothing.
"""

import base64
import hashlib
import hmac
import uuid

from django.conf import settings

_ID_SIGNS = 22
_TOKEN_BYTES = 16


def address_of(purpose: str, thing: uuid.UUID, epoch: int) -> str:
    """Return the address of a thing, 44 signs that are safe in a path."""
    return _made(settings.SECRET_KEY, purpose, thing, epoch)


def is_address_of(address: str, purpose: str, thing: uuid.UUID, epoch: int) -> bool:
    """Tell whether an address is this thing's, also one that was made with an earlier key that is still believed."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return any(
        hmac.compare_digest(address.encode(), _made(key, purpose, thing, epoch).encode()) for key in keys
    )


def id_in(address: str) -> uuid.UUID:
    """Return the id that an address begins with, true or not; nobody's when it begins with none."""
    try:
        return uuid.UUID(bytes=base64.urlsafe_b64decode(address[:_ID_SIGNS] + "=="))
    except ValueError:
        return uuid.UUID(int=0)


def _made(key: str, purpose: str, thing: uuid.UUID, epoch: int) -> str:
    message = f"{purpose}:{thing}:{epoch}".encode()
    token = hmac.new(key.encode(), message, hashlib.sha256).digest()[:_TOKEN_BYTES]
    return "".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in (thing.bytes, token))
