"""How much is left beneath a clause."""

from collections.abc import Iterable
from enum import StrEnum

FEWEST_CIRCLES = 2
LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Strength(StrEnum):
    """What is left beneath a clause."""

    STANDS = "stands"
    WEAKENED = "weakened"
    UNSUPPORTED = "unsupported"


def strength(legs: Iterable[tuple[bool, bool]]) -> Strength:
    """Return what is left beneath a clause.

    Args:
        legs: for each card, whether it is gone (held or taken back), and whether it lost a note beneath it.

    """
    known = list(legs)
    if all(is_gone for is_gone, _is_thinner in known):
        return Strength.UNSUPPORTED
    if any(is_gone or is_thinner for is_gone, is_thinner in known):
        return Strength.WEAKENED
    return Strength.STANDS


def is_experience_based(circles: int) -> bool:
    """Tell whether a clause rests on the experience of too few circles to be called more than that."""
    return circles < FEWEST_CIRCLES


def next_letter(taken: Iterable[str]) -> str:
    """Return the first letter after all that were ever taken; empty when the alphabet is used up."""
    last = max((LETTERS.index(letter) for letter in taken), default=-1)
    return LETTERS[last + 1] if last + 1 < len(LETTERS) else ""
