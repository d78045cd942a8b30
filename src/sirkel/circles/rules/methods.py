"""Methods as data: run sheets, question cards, help in the moment and the words of the come-back phrase.

The files beside the room, ``circles/methods/*.yaml``, are read once per process, at the first question.
A broken file raises `MethodFault` with a line per fault.
"""

import re
import unicodedata
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import cast

from sirkel.circles.rules.method_data import (
    CARD_GROUPS,
    KINDS,
    LANGUAGES,
    MOMENTS,
    Card,
    ChecklistItem,
    Method,
    MethodFault,
    Moment,
    Question,
    StepPlan,
    Word,
)
from sirkel.circles.rules.method_files import (
    fold,
    read_cards,
    read_checklist,
    read_method,
    read_moments,
    read_questions,
    read_words,
)

__all__ = [
    "CARD_GROUPS",
    "KINDS",
    "LANGUAGES",
    "Card",
    "ChecklistItem",
    "Method",
    "MethodFault",
    "Moment",
    "Question",
    "StepPlan",
    "Word",
    "card",
    "checklist",
    "find_phrase",
    "log_questions",
    "method",
    "methods",
    "moments",
    "picture_name",
    "question_cards",
    "read_folder",
    "word_lists",
    "words",
    "words_in",
]

Phrase = tuple[str, str, str]

_FOLDER = Path(__file__).resolve().parent.parent / "methods"
_CARDS, _MOMENTS, _WORDS = "question_cards.yaml", "moments.yaml", "words.yaml"
_CHECKLIST = "checklist.yaml"
_AFTER = "after_meeting.yaml"
_LETTERS = re.compile(r"[^\W\d_]+")
_LONGEST_TYPED = 200
_WORDS_IN_PHRASE = 3


def read_folder(folder: Path) -> dict[str, Method]:
    """Read all run sheets of a folder, in the order of a series: first, middle, last, any; the longest first.

    Raises:
        MethodFault: with the faults of all files together.

    """
    found: list[Method] = []
    faults: list[str] = []
    for path in sorted(folder.glob("*.yaml")):
        if path.name in {_CARDS, _MOMENTS, _WORDS, _CHECKLIST, _AFTER}:
            continue
        try:
            found.append(read_method(path))
        except MethodFault as broken:
            faults += broken.lines
    if faults:
        raise MethodFault(faults)
    found.sort(key=lambda sheet: (MOMENTS.index(sheet.moment), -sheet.duration_minutes, sheet.id))
    return {sheet.id: sheet for sheet in found}


@cache
def _all_methods() -> MappingProxyType[str, Method]:
    return MappingProxyType(read_folder(_FOLDER))


def methods() -> dict[str, Method]:
    """Give every method by id, in the order of a series of meetings."""
    return dict(_all_methods())


def method(method_id: str) -> Method:
    """Give one method. Raises `KeyError` where there is none."""
    return _all_methods()[method_id]


@cache
def _cards() -> MappingProxyType[str, Card]:
    return MappingProxyType({card.id: card for card in read_cards(_FOLDER / _CARDS)})


def question_cards(group: str) -> tuple[Card, ...]:
    """Give the cards of a group (``check-in`` or ``deepen``) in their order; empty for any other word."""
    return tuple(card for card in _cards().values() if card.group == group)


def card(card_id: str) -> Card:
    """Give one question card. Raises `KeyError` where there is none."""
    return _cards()[card_id]


@cache
def moments() -> tuple[Moment, ...]:
    """Give the help for difficult moments, the most common first."""
    return read_moments(_FOLDER / _MOMENTS)


@cache
def checklist() -> tuple[ChecklistItem, ...]:
    """Give what there is to do before the first meeting: the longest before first."""
    return read_checklist(_FOLDER / _CHECKLIST)


@cache
def log_questions() -> tuple[Question, ...]:
    """Give the questions that a facilitator's private log begins from, if its owner likes."""
    return read_questions(_FOLDER / _AFTER)


@cache
def words() -> tuple[tuple[Word, ...], ...]:
    """Give the three word lists of the come-back phrase: a colour, an animal, a thing."""
    return read_words(_FOLDER / _WORDS)


@cache
def word_lists() -> tuple[tuple[str, ...], ...]:
    """Give the ids of the three lists, to draw one of each."""
    return tuple(tuple(word.id for word in one) for one in words())


@cache
def _texts() -> dict[str, Word]:
    return {word.id: word for one in words() for word in one}


@cache
def _spellings() -> dict[str, tuple[int, str]]:
    return {
        fold(spelling): (place, word.id)
        for place, one in enumerate(words())
        for word in one
        for spelling in word.text.values()
    }


def picture_name(word_id: str, language: str) -> str:
    """Give one word in a language; English where the language is not among ours. Raises `KeyError`."""
    text = _texts()[word_id].text
    return text.get(language, text["en"])


def words_in(word_ids: Phrase, language: str) -> Phrase:
    """Give the three words of a phrase in a language, as they are shown and typed. Raises `KeyError`."""
    first, second, third = (picture_name(word_id, language) for word_id in word_ids)
    return first, second, third


def find_phrase(typed: str) -> Phrase | None:
    """Understand a typed come-back phrase.

    Any of the six languages, large or small letters, with or without marks on them (``Blå RÆV lampe``,
    ``bla raev, lampe``), in any order, with anything but letters between. Gives the ids of colour, animal
    and thing; None where it is not exactly one of each.
    """
    plain = unicodedata.normalize("NFKC", typed[:_LONGEST_TYPED])
    found = [_spellings().get(fold(word)) for word in _LETTERS.findall(plain)]
    places = dict(entry for entry in found if entry)
    if len(found) != _WORDS_IN_PHRASE or len(places) != _WORDS_IN_PHRASE:
        return None
    return cast("Phrase", tuple(places[place] for place in range(_WORDS_IN_PHRASE)))
