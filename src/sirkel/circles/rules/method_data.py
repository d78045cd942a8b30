"""What a method is made of: run sheets, question cards, help in the moment, words of the come-back phrase.

Texts are read-only maps from language to text and always hold all six languages of ``LANGUAGES``.
"""

from collections.abc import Mapping
from dataclasses import dataclass

LANGUAGES = ("en", "nb", "nn", "da", "sv", "fi")
MOMENTS = ("first", "middle", "last", "any")
CARD_GROUPS = ("check-in", "deepen")
CHECKLIST_PAGES = ("none", "set-up", "commitment", "invitation", "meeting", "sheet", "paper")
CHECKLIST_WEEKS = (4, 2, 1, 0)
WORD_LISTS = ("colours", "pictures", "things")

LONGEST_NOTE = 500
MOST_DOTS = 10


class MethodFault(Exception):  # noqa: N818 -- the house says fault for what is broken, refusal for what is asked
    """A file of methods is broken.

    ``lines`` holds one sentence per fault: file, path inside the file, what is wrong.
    """

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = tuple(lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepPlan:
    """One line of a run sheet as the method proposes it.

    ``hint`` and ``say`` may be empty maps; the other texts are complete. ``settings`` holds every setting
    of its kind, those left out in the file at their usual value.
    """

    key: str
    kind: str
    minutes: int
    title: Mapping[str, str]
    prompt: Mapping[str, str]
    hint: Mapping[str, str]
    say: Mapping[str, str]
    settings: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """One way to hold a meeting. ``moment`` is its place in the series: first, middle, last or any.

    ``source`` is who wrote it and ``licence`` under which terms, as the file says; empty where it does not say.
    """

    id: str
    version: str
    title: Mapping[str, str]
    about: Mapping[str, str]
    moment: str
    duration_minutes: int
    steps: tuple[StepPlan, ...]
    source: str = ""
    licence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One question to lay on the table; ``group`` is check-in or deepen."""

    id: str
    group: str
    text: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question that a facilitator's private log begins from."""

    id: str
    text: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Help for the facilitator right now: what to do, and one sentence to say aloud."""

    id: str
    title: Mapping[str, str]
    advice: Mapping[str, str]
    say: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistItem:
    """One thing to do before the first meeting, ``weeks`` before it; ``page`` names the page that helps, or ``none``."""

    id: str
    weeks: int
    page: str
    text: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One word of the come-back phrase in every language."""

    id: str
    text: Mapping[str, str]


# Settings per kind: the usual value, and what else it may be (true or false, one of some words, a number
# between two). A kind that works on another step's notes names that step as its source.
SETTINGS: Mapping[str, Mapping[str, tuple[object, object]]] = {
    "talk": {
        "round": (False, bool),
        "listening": (False, bool),
        "cards": ("none", ("check-in", "deepen", "none")),
    },
    "write": {
        "hidden": (True, bool),
        "max_length": (200, range(20, LONGEST_NOTE + 1)),
        "signing": ("unsigned", ("unsigned", "choice")),
        "note_kind": ("challenge", ("challenge", "expectation", "story", "insight", "question")),
    },
    "group": {},
    "choose": {
        "method": ("dots", ("dots", "stance")),
        "dots": (3, range(1, MOST_DOTS + 1)),
        "makes": ("none", ("theme", "none")),
    },
    "look_back": {},
    "deepen": {"cards": ("deepen", ("check-in", "deepen", "none")), "parking": (True, bool)},
    "decide_trial": {},
    "carry_out": {},
    "check_out": {},
}
SOURCES: Mapping[str, tuple[str, ...]] = {"group": ("write",), "choose": ("write", "group")}
KINDS = tuple(SETTINGS)
