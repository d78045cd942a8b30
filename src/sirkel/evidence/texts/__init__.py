"""The words of reports as data, in six languages: why a number is missing, what must stand beside it, and the rest.

This room knows no gettext, so that it works where no server is. Each file holds keys with one line per language.
"""

from functools import cache
from pathlib import Path

import yaml

from sirkel.evidence.why import SENTENCES, Absent

LANGUAGES = ("nb", "nn", "da", "sv", "fi", "en")
TOPICS = ("why", "notes", "hidden", "report", "measures")
_HERE = Path(__file__).parent


@cache
def texts(topic: str) -> dict[str, dict[str, str]]:
    """Return all texts of a topic by key and language."""
    loaded: dict[str, dict[str, str]] = yaml.safe_load((_HERE / f"{topic}.yaml").read_text(encoding="utf-8"))
    return loaded


def text(language: str, topic: str, key: str) -> str:
    """Return one text.

    Raises:
        KeyError: there is no such text or language.

    """
    return texts(topic)[key][language]


def why_sentence(absent: Absent, language: str) -> str:
    """Return in a language why a number is missing."""
    return text(language, "why", absent.why.value)


def why_of(result: dict[str, object], name: str, language: str) -> str:
    """Return in a language why a value of a result is missing; empty where no reason is given.

    A result says ``why`` in English: one sentence for all that is missing, or names and sentence after one another.
    """
    why = str(result.get("why", ""))
    found = next((reason for reason, sentence in SENTENCES.items() if sentence == why), None)
    for reason, sentence in SENTENCES.items():
        names, there, _rest = why.partition(f": {sentence}")
        if found is None and there and name in names.rpartition(". ")[2].split(", "):
            found = reason
    return text(language, "why", found.value) if found else why
