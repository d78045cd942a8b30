"""Ids made by the sender's page: what the server keeps of them."""

import hashlib
import uuid


def client_hash(client_id: uuid.UUID) -> bytes:
    """Return the SHA-256 of an id that a browser knows: enough to find its entry, useless to claim it."""
    return hashlib.sha256(client_id.bytes).digest()
