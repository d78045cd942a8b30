"""Texts in many languages, and what a note may contain."""

import re
import unicodedata
from collections.abc import Mapping

# Who reads what when their own language is missing: neighbours first, then English, then whatever there is.
NEIGHBOURS = {
    "nb": ("nn", "da", "sv", "en"),
    "nn": ("nb", "da", "sv", "en"),
    "da": ("nb", "nn", "sv", "en"),
    "sv": ("nb", "da", "nn", "en"),
    "fi": ("sv", "en"),
    "en": ("nb", "da", "sv"),
}
_WORDS = re.compile(r"\w+")
# Fewer words than these are anybody's: "too little time" in a longer text is no quotation.
FEWEST_QUOTED_WORDS = 4
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")


def in_language(texts: Mapping[str, str], language: str) -> tuple[str, str]:
    """Return the text for a reader and the language it is in; two empty strings when there is none."""
    for tag in (language, *NEIGHBOURS.get(language, ("en",))):
        if texts.get(tag):
            return texts[tag], tag
    for tag, text in texts.items():
        if text:
            return text, tag
    return "", ""


def tidy(text: str) -> str:
    """Return words as they are kept: composed (NFC), without control and direction signs, blanks at the ends removed.

    Line breaks stay as single spaces; Sámi letters and emoji stay as they are.
    """
    text = re.sub(r"\s*[\r\n\t]+\s*", " ", unicodedata.normalize("NFC", text))
    return _CONTROL.sub("", text).strip()


def quotes(text: str, words: str) -> bool:
    """Tell whether a text repeats somebody's words: all of them, in order, whatever the case and the signs.

    Fewer than four words count as repeated only when the text is nothing else.
    """
    said, wanted = _WORDS.findall(text.casefold()), _WORDS.findall(words.casefold())
    if said == wanted:
        return True
    if len(wanted) < FEWEST_QUOTED_WORDS:
        return False
    return f" {' '.join(wanted)} " in f" {' '.join(said)} "
