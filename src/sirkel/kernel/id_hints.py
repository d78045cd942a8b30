"""Find softer signs of a person in folded text: telephone, e-mail, a named patient, a room, age with diagnosis.

These only hint. Recall is limited: no list of names is used, and a person can be described in endless ways.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

import phonenumbers

_DIGITS_WITHOUT_TRUNK_ZERO = 8
_MOST_PHONES_CHECKED = 40
_PHONE = re.compile(r"(?<![\w+])(?:\+|00)?\d(?:[ .-]?\d){6,13}(?!\w)")
_DATE_OR_TIME = re.compile(
    r"\d?\d\.\d\d(?!\d{3})|(?:19|20)\d\d-?[01]\d-?[0-3]\d|[0-3]?\d-[01]?\d-(?:19|20)?\d\d(?!\d)", re.ASCII
)
_LETTER = re.compile(r"[^\W\d_]")
_LOCAL_PART = re.compile(r"[\w.+%-]+\Z")
_DOMAIN = re.compile(r"(?:[\w-]{1,63}\.){1,5}[^\W\d_]{2,24}")
_LONGEST_LOCAL_PART = 64
_LONGEST_DOMAIN = 255

_ROLE = (
    r"(?:pasient(?:en)?|bebo(?:er|ar)(?:en)?|bru(?:ker|kar|ger)(?:en)?|borger(?:en)?|patient(?:en)?|(?:den )?boende"
    r"|asukas|asukkaan|potilas|potilaan|asiakas|asiakkaan|resident|client|citizen)"
)
_NAME = r"[A-ZÀ-ÖØ-ÞĀČĐŊŠŦŽ][a-zà-öø-ÿāčđŋšŧž]+(?:[- ][A-ZÀ-ÖØ-ÞČĐŊŠŦŽ][a-zà-öø-ÿčđŋšŧž]+)?"
_NAMED = re.compile(rf"\b(?i:{_ROLE}),? {_NAME}")
_INITIALS = re.compile(r"(?<![\w.])[A-ZÆØÅÄÖ]\. ?[A-ZÆØÅÄÖ]\.(?!\w)")
_ROOM = re.compile(
    r"\b(?:rom(?:met)?|rum(?:met)?|huone(?:en|essa)?|stu[ea]n?|lgh|lägenhet|leilighet|værelse|vrs|asunto|room)"
    r"\.? ?(?:nr\.? ?)?\d{1,4}[a-z]?\b",
    re.IGNORECASE,
)
_ILLNESS = re.compile(
    r"\b(?:demens|dement|alzheimer|parkinson|diabet|kreft|cancer|kræft|kols|slag|stroke|depresjon|depression"
    r"|hjertesvikt|hjärtsvikt|dementia|heart failure|muistisair|syöpä|aivohalvaus|masennus)",
    re.IGNORECASE,
)
_AGED = r"\d{1,3}(?: ?(?:år(?:ig)?|years)|[- ]?(?:åring|årig|vuotias)|-year-old)"
# nosemgrep: no-words-as-a-pattern -- made of constants
_AGE_AND_ILLNESS = re.compile(rf"\b{_AGED}\b.{{0,60}}?{_ILLNESS.pattern}\w{{0,20}}", re.IGNORECASE)
_KIN = (
    r"(?:datter|dotter|sønn|søn|son|sonen|sønnen|kone|kona|ektemann|ektefelle|hustru|maka|make|mor|far|søster|syster"
    r"|bror|daughter|wife|husband|sister|brother)(?:en|a|n)?"
)
_KIN_AND_PLACE = re.compile(
    rf"\b(?i:{_KIN}) (?:(?:som )?(?:bor|lives) )?(?:i|på|fra|från|in|from) {_NAME}"
    rf"|\b(?i:tytär|poika|vaimo|puoliso|sisko|veli) [A-ZÅÄÖ][a-zåäö]+(?:ssa|ssä|sta|stä)\b"
)


class Hint(NamedTuple):
    """Say where a softer sign stands in folded text, and of which kind it is (the values of `national_id.Kind`)."""

    start: int
    end: int
    kind: str


def hints(text: str) -> Iterator[Hint]:
    """Yield telephone numbers, e-mail addresses, rooms and other personal details, kind by kind."""
    yield from _emails(text)
    yield from _phones(text)
    if not _LETTER.search(text):
        return
    patterns = [("room", _ROOM), ("name", _NAMED), ("name", _INITIALS), ("circumstance", _KIN_AND_PLACE)]
    if _ILLNESS.search(text):
        patterns.append(("circumstance", _AGE_AND_ILLNESS))
    for kind, pattern in patterns:
        for match in pattern.finditer(text):
            yield Hint(*match.span(), kind)


def _emails(text: str) -> Iterator[Hint]:
    """Yield what stands around each @ when both sides fit; looks a bounded way to either side."""
    at = text.find("@")
    while at >= 0:
        domain = _DOMAIN.match(text, at + 1, at + 1 + _LONGEST_DOMAIN)
        local = _LOCAL_PART.search(text[max(0, at - _LONGEST_LOCAL_PART) : at]) if domain else None
        if local and domain:
            yield Hint(at - len(local[0]), domain.end(), "email")
        at = text.find("@", at + 1)


def _phones(text: str) -> Iterator[Hint]:
    """Yield valid numbers of the Nordic countries or with a country prefix.

    Looking one up costs far more than finding it, so a text that holds dozens of candidates has only the first
    ones looked up: the hint is about the text, and one is enough to give it.
    """
    for checked, match in enumerate(_PHONE.finditer(text)):
        if checked == _MOST_PHONES_CHECKED:
            return
        if not _DATE_OR_TIME.match(match[0]) and _is_phone(match[0]):
            yield Hint(*match.span(), "phone")


def _is_phone(candidate: str) -> bool:
    """Look a candidate up where it could belong: with a prefix anywhere, 8 digits in NO and DK, with a 0 in SE and FI."""
    regions: tuple[str | None, ...] = ()
    if candidate.startswith(("+", "00")):
        candidate, regions = "+" + candidate.lstrip("+0"), (None,)
    elif candidate.startswith("0"):
        regions = ("SE", "FI")
    elif sum(map(str.isdigit, candidate)) == _DIGITS_WITHOUT_TRUNK_ZERO:
        regions = ("NO", "DK")
    for region in regions:
        try:
            number = phonenumbers.parse(candidate, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return True
    return False
