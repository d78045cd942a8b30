"""Fold text to one plain form before looking for numbers in it, and remember where each character came from."""

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

_PLAIN = frozenset(map(chr, [0x0A, *range(0x20, 0x7F), *range(0xC0, 0x180)]))
_INVISIBLE_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
_LINE_ENDS = frozenset("\n\v\f\x85\u2028\u2029")
_MINUS = "\u2212"


class PlainText(NamedTuple):
    """Hold folded text and, for each of its characters, the code point offset it had in the original."""

    text: str
    origins: Sequence[int]


def plain(text: str) -> PlainText:
    """Fold compatibility forms (NFKC), Unicode digits, dashes, blanks and line ends, and drop what is invisible.

    A combining mark joins the letter before it; after anything else it is dropped, so that an underlined or
    circled digit is a digit. Runs in time proportional to the text.
    """
    unusual = set(text) - _PLAIN
    if not unusual:
        return PlainText(text, range(len(text)))
    table = {character: _folded(character) for character in unusual}
    marks = {character for character in unusual if unicodedata.category(character)[0] == "M"}
    if not marks and all(len(folded) == 1 for folded in table.values()):
        return PlainText(
            text.translate({ord(character): folded for character, folded in table.items()}), range(len(text))
        )
    characters: list[str] = []
    origins: list[int] = []
    for index, character in enumerate(text):
        if character in marks:
            _join_mark(characters, character)
            continue
        for part in table.get(character, character):
            characters.append(part)
            origins.append(index)
    return PlainText("".join(characters), origins)


@lru_cache(maxsize=4096)
def _folded(character: str) -> str:
    """Give the plain form of one character: "" for what cannot be seen, ASCII for digits, dashes and blanks."""
    category = unicodedata.category(character)
    folded = unicodedata.normalize("NFKC", character)
    if category == "Cf" or character in _INVISIBLE_LETTERS:
        folded = ""
    elif category == "Nd":
        folded = str(unicodedata.decimal(character))
    elif category == "Pd" or character == _MINUS:
        folded = "-"
    elif category == "Zs" or character in "\t\r":
        folded = " "
    elif character in _LINE_ENDS:
        folded = "\n"
    elif folded != character:
        folded = "".join(map(_folded, folded))
    return folded


def _join_mark(characters: list[str], mark: str) -> None:
    """Compose a combining mark with the letter before it where one character exists for the two."""
    if characters and characters[-1].isalpha():
        composed = unicodedata.normalize("NFC", characters[-1] + mark)
        if len(composed) == 1:
            characters[-1] = composed
