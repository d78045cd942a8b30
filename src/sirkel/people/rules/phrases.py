"""Come-back phrases: three picture words, the same in every language."""

import hashlib
import hmac
import unicodedata
import uuid


def plain_word(word: str) -> str:
    """Return a word as it is compared: lower case, composed, without blanks at the ends."""
    return unicodedata.normalize("NFC", word).strip().casefold()


def phrase_hash(*, room: uuid.UUID, word_ids: tuple[str, str, str]) -> bytes:
    """Return what is kept of a phrase: bound to its meeting and deleted with it."""
    return hmac.new(room.bytes, " ".join(word_ids).encode(), hashlib.sha256).digest()


def device_hash(*, room: uuid.UUID, device: str) -> bytes:
    """Return what is kept of a device's 128-bit secret: a hash bound to the meeting."""
    return hashlib.sha256(room.bytes + device.encode()).digest()
