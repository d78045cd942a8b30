"""Tokens: how a device owns a note or a choice without the database knowing the device."""

import hashlib
import hmac
import secrets
import uuid

from sirkel.kernel.ids import RECEIPT_ALPHABET

SECRET_BYTES = 32


def new_secret() -> bytes:
    """Return a fresh secret for one round (32 random bytes)."""
    return secrets.token_bytes(SECRET_BYTES)


def device_token(*, secret: bytes, device: str) -> bytes:
    """Return the token of a device in one round: HMAC-SHA-256 of the device's secret under the round's.

    Once the round's secret is destroyed nobody can make the token again, not even the device.
    """
    return hmac.new(secret, b"device:" + device.encode(), hashlib.sha256).digest()


def asked_token(*, secret: bytes, device: str) -> bytes:
    """Return the token that says a device has answered who takes part; it does not show whose check-out is whose."""
    return hmac.new(secret, b"asked:" + device.encode(), hashlib.sha256).digest()


def card_token(*, secret: bytes, card_number: int) -> bytes:
    """Return the token of a paper card that the facilitator typed in for somebody."""
    return hmac.new(secret, b"card:%d" % card_number, hashlib.sha256).digest()


def receipt_hash(receipt: str) -> bytes:
    """Return what the server keeps of an 80-bit receipt: its SHA-256, spelling differences removed."""
    return hashlib.sha256(plain_receipt(receipt).encode()).digest()


def plain_receipt(receipt: str) -> str:
    """Return a receipt as it is hashed: upper case, without blanks and hyphens, look-alikes as Crockford reads them."""
    kept = "".join(sign for sign in receipt.upper() if sign.isascii() and sign.isalnum())
    return kept.translate(str.maketrans("OILU", "011V"))


def card_client_id(*, secret: bytes, card_number: int) -> uuid.UUID:
    """Return the id under which a paper card's note is sent, the same in every try while its round is open.

    Made from the round's secret, so that nobody can tell the card's number from the note afterwards.
    """
    return uuid.UUID(bytes=_of_card(secret, b"id", card_number)[:16], version=4)


def card_receipt(*, secret: bytes, card_number: int) -> str:
    """Return a paper card's receipt: 80 bits as 16 signs of Crockford's base 32, for anybody without the secret random."""
    bits = int.from_bytes(_of_card(secret, b"receipt", card_number)[:10])
    return "".join(RECEIPT_ALPHABET[bits >> shift & 31] for shift in range(75, -1, -5))


def _of_card(secret: bytes, purpose: bytes, card_number: int) -> bytes:
    return hmac.new(secret, b"card-%b:%d" % (purpose, card_number), hashlib.sha256).digest()
