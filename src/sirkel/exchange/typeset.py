"""One way to PDF: a template of ours, data of theirs, and never the one inside the other."""

import json
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import typst

from sirkel.exchange.text import clean_text

_TEMPLATES = Path(__file__).parent / "templates"
_STAND_IN = "□"
# Above this many different rare letters in one document, do not look at each: replace what lies beyond
# the Latin, Greek and Cyrillic letters that the fonts are known to hold.
_MOST_PROBES = 256
_LAST_KNOWN_LETTER = "\u04ff"


def typeset(template: str, data: Mapping[str, object], *, at: datetime) -> bytes:
    """Return a tagged PDF (PDF/UA-1) made from `templates/<template>.typ`.

    `data` is JSON-ready; the template reads it as data, so no text in it can become code, and every string is
    cleaned of what a document cannot hold. `at` is the aware time that stands in the file as its making. The
    same input gives the same bytes on the same machine.

    A sign that no font on this machine holds, such as an emoji on a bare server, is written out by its
    Unicode name in square brackets, and a letter becomes an empty square: a missing glyph is not accessible,
    and refusing the whole document would help nobody. Fonts of the machine are used only for signs that the
    fonts inside Typst do not hold.
    """
    if at.tzinfo is None:
        raise ValueError("The time of a document must be aware")
    cleaned = _each_text(data, clean_text)
    try:
        return _compile(template, cleaned, at=at)
    except typst.TypstError:
        rare = {sign for text in _texts(cleaned) for sign in text if not sign.isascii()}
    try:
        return _compile(template, _without(cleaned, _without_glyph(rare)), at=at)
    except typst.TypstError:
        # Signs that can be set one by one and not together: rare enough to give up both.
        return _compile(template, _without(cleaned, _beyond_known(rare)), at=at)


def _compile(template: str, data: object, *, at: datetime) -> bytes:
    return typst.compile(
        str(_TEMPLATES / f"{template}.typ"),
        root=str(_TEMPLATES),
        font_paths=_fonts(),
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=["ua-1"],
        timestamp=at.astimezone(UTC).replace(microsecond=0),
    )


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=True)


def _without(data: object, lost: set[str]) -> object:
    """Return the data with the lost signs said in words; a text of nothing else is no empty one, which no heading may be."""

    def said(text: str) -> str:
        kept = "".join(_in_words(sign) if sign in lost else sign for sign in text)
        return kept if kept.strip() or not text else _STAND_IN

    return _each_text(data, said)


def _without_glyph(signs: set[str]) -> set[str]:
    if len(signs) > _MOST_PROBES:
        return _beyond_known(signs)
    return {sign for sign in signs if not _has_glyph(sign)}


def _beyond_known(signs: set[str]) -> set[str]:
    return {sign for sign in signs if sign > _LAST_KNOWN_LETTER or unicodedata.category(sign) in {"Mn", "Cn"}}


@lru_cache(maxsize=4096)
def _has_glyph(sign: str) -> bool:
    try:
        typst.compile(
            str(_TEMPLATES / "sign.typ"),
            root=str(_TEMPLATES),
            font_paths=_fonts(),
            sys_inputs={"sign": sign},
            pdf_standards=["ua-1"],
        )
    except typst.TypstError:
        return False
    return True


def _in_words(sign: str) -> str:
    """Say a sign that cannot be shown. Skin tones and joiners go with the sign they belong to."""
    kind = unicodedata.category(sign)
    if kind in {"Sk", "Cf", "Mn"}:
        return ""
    name = unicodedata.name(sign, "")
    return f"[{name.lower()}]" if kind.startswith("S") and name else _STAND_IN


def _each_text(value: object, change: Callable[[str], str]) -> object:
    """Return the data with every text in it changed; keys are ours and stay."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {key: _each_text(item, change) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_each_text(item, change) for item in value]
    return value


def _texts(value: object) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
