"""A PIN of four digits: opens one's own seat on a shared device again, while the meeting is open."""

import re

_PIN = re.compile(r"[0-9]{4}")
_ROWS = ("01234567890", "09876543210")


def plain_pin(typed: str) -> str:
    """Return a PIN as it is compared; empty when it is not four digits of our own writing."""
    pin = typed.strip()
    return pin if _PIN.fullmatch(pin) else ""


def is_guessed_first(pin: str) -> bool:
    """Tell whether a PIN is among those that everybody tries: one digit four times, one or two digits in turn, a row of keys."""
    return pin[:2] == pin[2:] or any(pin in row for row in _ROWS)
