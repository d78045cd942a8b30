"""How complete each language is: the texts of the interface, and those of the methods."""

import re
import struct
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

from sirkel.circles.rules.method_texts import texts_of
from sirkel.circles.rules.methods import methods

_LOCALE = Path(__file__).resolve().parents[2] / "locale"
_ENTRY = re.compile(rb"^msgid ", re.MULTILINE)
_SOURCE = "en"


@dataclass(frozen=True)
class Language:
    """One language of the interface. ``texts`` of ``of`` are there; the source language has all of them."""

    code: str
    name: str
    texts: int
    of: int
    method_texts: int
    of_method_texts: int
    is_default: bool

    @property
    def is_complete(self) -> bool:
        """Whether nothing is shown in another language than the reader's."""
        return (self.texts, self.method_texts) == (self.of, self.of_method_texts)


def languages() -> list[Language]:
    """Return every language that is offered, in the order of the menu."""
    of_methods = [words for sheet in methods().values() for words in texts_of(sheet)]
    most = max(_counted(code)[1] for code, _name in settings.LANGUAGES if code != _SOURCE)
    return [
        Language(
            code=code,
            name=name,
            texts=most if code == _SOURCE else _counted(code)[0],
            of=most,
            method_texts=sum(bool(words.get(code)) for words in of_methods),
            of_method_texts=len(of_methods),
            is_default=code == settings.LANGUAGE_CODE,
        )
        for code, name in settings.LANGUAGES
    ]


@cache
def _counted(code: str) -> tuple[int, int]:
    """Return how many texts a language has, and how many there are: from the compiled and the written catalogue."""
    folder = _LOCALE / code / "LC_MESSAGES"
    compiled = (folder / "django.mo").read_bytes()[:12]
    _magic, _revision, entries = struct.unpack("<III", compiled)
    written = len(_ENTRY.findall((folder / "django.po").read_bytes()))
    return entries - 1, written - 1  # without the head of each
