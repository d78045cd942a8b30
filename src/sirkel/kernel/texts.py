"""What people wrote, in the language they wrote it in and in others.

Every text has one original. Translations hang on it, say whether a machine made them, and ask to be checked when
the original changes. A reader gets the wording closest to the language asked for, and is told which one it is.
"""

import re
import uuid
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sirkel.kernel.errors import Conflict, NotFound, Refused
from sirkel.kernel.models.texts import Text

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")
_MAPPED = {"no": "nb"}
_UNDERSTOOD = {
    "nb": ("nn", "da", "sv"),
    "nn": ("nb", "da", "sv"),
    "da": ("nb", "nn", "sv"),
    "sv": ("nb", "nn", "da"),
    "se": ("nb", "nn", "sv", "fi"),
    "sma": ("nb", "nn", "sv"),
    "smj": ("nb", "nn", "sv"),
    "smn": ("fi",),
    "sms": ("fi",),
    "fo": ("da", "nb", "nn"),
    "kl": ("da",),
    "is": ("da", "nb", "nn"),
}
"""What a reader of a language most likely reads as well, the closest first."""


@dataclass(frozen=True)
class Wording:
    """A text as a reader gets it; `language` is what it is in, which need not be what was asked for."""

    text: str
    language: str
    is_source: bool
    is_machine_made: bool
    needs_check: bool
    source_language: str


def put_text(*, owner: uuid.UUID, field: str, language: str, text: str) -> Text:
    """Write the original of a text, or change it.

    A change asks for a check of every translation. An original that moves to another language takes the place of
    the translation there, and the former original stays as a translation to be checked. The same words again
    change nothing.

    Args:
        owner: id of what the text belongs to.
        field: which of its texts, such as ``"title"``.
        language: BCP 47, such as ``"nb"`` or ``"sv-FI"``; ``"no"`` counts as Bokmål.
        text: as written; blanks around it are dropped.

    Raises:
        Refused: ``texts.empty`` or ``texts.language``.

    """
    language, text = _checked(language, text)
    with transaction.atomic():
        rows = {row.language: row for row in _locked(owner, field)}
        source = next((row for row in rows.values() if row.is_source), None)
        if source and (source.language, source.text) == (language, text):
            return source
        version = source.source_version + 1 if source else 1
        if source and source.language != language:
            _retire(source, language)
        if source:
            others = Text.objects.filter(owner=owner, field=field).exclude(language=language)
            others.update(needs_check=True, source_language=language)
        row = rows.get(language) or Text(owner=owner, field=field, language=language)
        row.text, row.source_language, row.source_version = text, language, version
        row.is_source, row.is_machine_made, row.needs_check = True, False, False
        row.save()
        return row


def _retire(source: Text, new_language: str) -> None:
    """Make a translation of what was the original until now."""
    source.is_source, source.needs_check, source.source_language = False, True, new_language
    source.save(update_fields=["is_source", "needs_check", "source_language"])


def put_translation(
    *,
    owner: uuid.UUID,
    field: str,
    language: str,
    text: str,
    is_machine_made: bool,
    source_version: int | None = None,
) -> Text:
    """Write a translation of a text, or change it.

    A machine's wording needs a check, and never takes the place of a person's that fits the present original:
    that one is kept and given back.

    Args:
        owner: as in `put_text`.
        field: as in `put_text`.
        language: the language translated into.
        text: the translation.
        is_machine_made: whether a machine wrote it and nobody has read it yet.
        source_version: the version of the original it was made from; None for the present one. An older one
            needs a check.

    Raises:
        Refused: ``texts.empty`` or ``texts.language``.
        NotFound: ``texts.no_source``: there is no original.
        Conflict: ``texts.is_source``: that is the language of the original.

    """
    language, text = _checked(language, text)
    with transaction.atomic():
        source = _source(owner, field)
        if source.language == language:
            raise Conflict("texts.is_source", _("This is the language that the text was written in."))
        row = Text.objects.filter(owner=owner, field=field, language=language).first()
        if row and is_machine_made and not row.is_machine_made and not row.needs_check:
            return row
        row = row or Text(owner=owner, field=field, language=language)
        row.text, row.is_machine_made, row.source_language = text, is_machine_made, source.language
        row.source_version = min(source_version or source.source_version, source.source_version)
        row.needs_check = is_machine_made or row.source_version < source.source_version
        row.save()
        return row


def confirm_translation(*, owner: uuid.UUID, field: str, language: str) -> Text:
    """Say that a person has read a translation and that it fits the present original.

    Raises:
        NotFound: ``texts.no_source`` or ``texts.no_translation``.

    """
    with transaction.atomic():
        source = _source(owner, field)
        row = Text.objects.filter(
            owner=owner, field=field, language=_language(language), is_source=False
        ).first()
        if row is None:
            raise NotFound("texts.no_translation", _("There is no translation into this language."))
        row.needs_check, row.source_version = False, source.source_version
        row.save(update_fields=["needs_check", "source_version"])
        return row


def text_for(owner: uuid.UUID, field: str, language: str) -> Wording | None:
    """Give the wording closest to a language; None when nothing was written.

    Tried in turn: the language itself, the same language of other regions, languages its readers most likely
    understand (an original before a translation), English, the original.
    """
    return texts_for(owners=[owner], fields=[field], language=language).get((owner, field))


def texts_for(
    *, owners: Collection[uuid.UUID], fields: Collection[str], language: str
) -> dict[tuple[uuid.UUID, str], Wording]:
    """Give the closest wordings of many texts in one query, by owner and field; what was not written is absent."""
    asked = _language(language)
    best: dict[tuple[uuid.UUID, str], Text] = {}
    for row in Text.objects.filter(owner__in=owners, field__in=fields):
        key = (row.owner, row.field)
        if key not in best or _distance(row, asked) < _distance(best[key], asked):
            best[key] = row
    return {
        key: Wording(
            row.text, row.language, row.is_source, row.is_machine_made, row.needs_check, row.source_language
        )
        for key, row in best.items()
    }


def forget_texts(*, owners: Collection[uuid.UUID]) -> None:
    """Delete every wording of every text of these owners."""
    Text.objects.filter(owner__in=owners).delete()


def _distance(row: Text, asked: str) -> tuple[int, int, str]:
    """Rank a row for a reader: smaller is closer; never equal for two rows of one text."""
    base, its_base = asked.partition("-")[0], row.language.partition("-")[0]
    understood = _UNDERSTOOD.get(base, ())
    if row.language == asked:
        rank = (0, 0)
    elif its_base == base:
        rank = (1, int("-" in row.language))
    elif its_base in understood[:1] and {base, its_base} == {"nb", "nn"}:
        rank = (2, 0)
    elif its_base in understood:
        rank = (3, 0 if row.is_source else 1 + understood.index(its_base))
    elif row.language == "en":
        rank = (4, 0)
    else:
        rank = (5, 0 if row.is_source else 1)
    return (*rank, row.language)


def _locked(owner: uuid.UUID, field: str) -> list[Text]:
    return list(Text.objects.select_for_update().filter(owner=owner, field=field).order_by("id"))


def _source(owner: uuid.UUID, field: str) -> Text:
    """Give the original, locked, so that it does not change while a translation is written."""
    source = Text.objects.select_for_update().filter(owner=owner, field=field, is_source=True).first()
    if source is None:
        raise NotFound("texts.no_source", _("There is no text to translate."))
    return source


def _checked(language: str, text: str) -> tuple[str, str]:
    text = text.strip()
    if not text:
        raise Refused("texts.empty", _("Write something first."))
    return _language(language), text


def _language(language: str) -> str:
    """Give a language as it is stored: Norwegian without a form is Bokmål, a region is in capitals."""
    base, _dash, region = language.partition("-")
    language = f"{base}-{region.upper()}" if region else base
    if not _LANGUAGE.fullmatch(language):
        raise Refused("texts.language", _("This language is not known."))
    return _MAPPED.get(language, language)
