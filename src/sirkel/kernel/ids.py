"""Identifiers: random, never counted, never derived from time or person."""

import secrets
import uuid

# Without 0/O, 1/I/L, 2/Z, 5/S, 8/B in pairs: one of each look-alike pair at most, 28 signs.
CODE_ALPHABET = "23456789ACDEFGHJKMNPQRTUVWXY"
RECEIPT_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32


def new_id() -> uuid.UUID:
    """Return a random 128-bit id (UUID version 4), the key of every row.

    Version 4 and not 7 on purpose: a key that holds the time would betray the order of notes.
    """
    return uuid.uuid4()


def secret_token(bits: int = 128) -> str:
    """Return a URL-safe random secret of at least ``bits`` bits."""
    return secrets.token_urlsafe((bits + 7) // 8)


def readable_code(length: int = 6) -> str:
    """Return a random code of ``length`` letters and digits that cannot be mistaken for each other."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(length))


def new_receipt() -> str:
    """Return an 80-bit receipt: 16 characters of Crockford's base 32, without separators."""
    return "".join(secrets.choice(RECEIPT_ALPHABET) for _ in range(16))
