"""Dates and names of languages as their readers write them."""

import re
from datetime import date
from decimal import Decimal

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.dates import format_date
from babel.numbers import format_decimal

_PREFERRED = {"en": "en_GB", "no": "nb"}  # en alone would be American
_LANGUAGE = re.compile("[a-z]{2,3}")


def locale_of(tag: str) -> Locale:
    """Return what is known about a language tag such as nb or sv-FI; an unknown one is read as English."""
    parts = tag.replace("_", "-").split("-")
    for candidate in ("-".join(parts[:2]), parts[0]):
        try:
            return Locale.parse(_PREFERRED.get(candidate, candidate).replace("-", "_"))
        except (UnknownLocaleError, ValueError):
            continue
    return Locale.parse("en_GB")


def long_date(day: date, tag: str) -> str:
    """Write a day with its weekday, such as onsdag 4. mars 2026."""
    return format_date(day, "full", locale=locale_of(tag))


def own_name(tag: str) -> str:
    """Return what a language calls itself, such as suomi; an unknown one keeps its tag."""
    language = base_language(tag)
    try:
        name = Locale.parse(language).get_language_name(language)
    except (UnknownLocaleError, ValueError):
        name = None
    return name or tag


def base_language(tag: str) -> str:
    """Return the language without region or script: sv for sv-FI, nb for no; und where the tag names none."""
    language = tag.replace("_", "-").split("-")[0].lower()
    if not _LANGUAGE.fullmatch(language):
        return "und"
    return "nb" if language == "no" else language


def culture(tag: str) -> str:
    """Return the language with its country, as word processors name it: nb-NO for nb, sv-FI for sv-FI."""
    locale = locale_of(tag)
    if locale.territory:
        return f"{locale.language}-{locale.territory}"
    likely = get_global("likely_subtags").get(locale.language, "")
    territory = likely.split("_")[-1]
    return f"{locale.language}-{territory}" if territory else locale.language


def number_words(value: Decimal | int, tag: str) -> str:
    """Write a number as its readers do, with at most one place after the comma: 12 or 12,5."""
    return format_decimal(value, format="#,##0.#", locale=locale_of(tag))
