"""What a key of the API looks like, for how long it opens, and how many somebody may have."""

import hashlib
from datetime import timedelta

BEGINS_WITH = "sirkel_"
"""So that whoever finds one, or searches files for secrets, knows what it is."""

SECRET_BITS = 256
MOST_LABEL = 60
MOST_KEYS = 10

DAYS = (30, 90, 365)
"""For how many days a key can be made. None lasts for ever: a program that still needs one is given a new one."""

KEPT_AFTER_END = timedelta(days=30)
"""For how long an outdated key stays on its owner's list, so that a program that stopped is understood."""


def key_hash(secret: str) -> bytes:
    """Return what is kept of a key (32 bytes). Its secret is random and long, so that no slower hash is needed."""
    return hashlib.sha256(b"sirkel.api:" + secret.encode()).digest()
