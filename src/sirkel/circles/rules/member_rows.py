"""Reading a member list as text: which rows it has, and in plain words what is wrong with each. Stores nothing."""

import csv
import io
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from sirkel.kernel import national_id
from sirkel.kernel.errors import Refused

MOST_BYTES = 100_000
MOST_ROWS = 60
COLUMNS = ("first_name", "lang", "email", "perspective")
_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

# How a column may be called, in any of the six languages, compared without case and marks.
_NAMES: Mapping[str, Sequence[str]] = {
    "first_name": (
        "first name",
        "name",
        "fornavn",
        "navn",
        "førenamn",
        "fornamn",
        "namn",
        "förnamn",
        "etunimi",
        "nimi",
    ),
    "lang": ("language", "språk", "sprog", "kieli"),
    "email": ("e-mail", "email", "mail", "e-post", "epost", "sähköposti"),
    "perspective": ("role", "rolle", "roll", "rooli"),
}
_LANGUAGES: Mapping[str, Sequence[str]] = {
    "nb": ("nb", "no", "norsk", "bokmål", "norsk bokmål", "norwegian", "norja", "norska"),
    "nn": ("nn", "nynorsk", "norsk nynorsk"),
    "da": ("da", "dk", "dansk", "danish", "danska", "tanska"),
    "sv": ("sv", "se", "svenska", "svensk", "swedish", "ruotsi"),
    "fi": ("fi", "suomi", "finsk", "finska", "finnish"),
    "en": ("en", "english", "engelsk", "engelska", "englanti"),
}
_ROLES: Mapping[str, Sequence[str]] = {
    "employee": ("employee", "ansatt", "tilsett", "medarbejder", "medarbetare", "anställd", "työntekijä"),
    "leader": ("leader", "leder", "leiar", "chef", "esihenkilö"),
}


@dataclass(frozen=True)
class Row:
    """One row as it was read. ``line`` counts from 1 as in the file; ``fault`` is empty when nothing is wrong with it.

    A row that holds what looks like a personal number keeps none of its words.
    """

    line: int
    first_name: str = ""
    lang: str = ""
    email: str = ""
    perspective: str = "employee"
    fault: object = ""


def text_of(data: bytes) -> str:
    """Return the text of a file that somebody chose.

    Raises:
        Refused: ``lists.large``, ``lists.encoding``.

    """
    if len(data) > MOST_BYTES:
        raise _too_large()
    try:
        return data.decode(_MARKS.get(data[:2], "utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Refused(
            "lists.encoding",
            _("The letters in this file cannot be read."),
            _("Save it as “CSV UTF-8”, or copy the rows and paste them here."),
            facts={"field": "file"},
        ) from error


def read_rows(text: str, *, usual_language: str) -> list[Row]:
    """Return every row of a list, right or wrong, in order. A first line with names of columns is none.

    Columns are parted by semicolon, comma or tab. Without names they are first name, language, e-mail, role.

    Args:
        text: what was pasted or stood in the file.
        usual_language: of whoever has none written beside them.

    Raises:
        Refused: ``lists.large``, ``lists.empty``, ``lists.columns``, ``lists.quotes``, ``lists.rows`` (facts: most).

    """
    if len(text) > MOST_BYTES:
        raise _too_large()
    lines = _cells(text)
    if not lines:
        raise Refused("lists.empty", _("There are no rows in it."), facts={"field": "text"})
    columns = _columns(lines[0][1])
    if columns:
        lines = lines[1:]
    elif len(lines[0][1]) > len(COLUMNS):
        raise _unknown_column("")
    if not lines:
        raise Refused("lists.empty", _("There are no rows in it."), facts={"field": "text"})
    if len(lines) > MOST_ROWS:
        raise Refused(
            "lists.rows",
            _("There are %(count)d rows. A circle's list holds %(most)d.")
            % {"count": len(lines), "most": MOST_ROWS},
            _("Was it the list of a whole workplace? Invite with the poster instead."),
            facts={"field": "text", "most": MOST_ROWS},
        )
    return _without_doubles([_row(line, cells, columns or COLUMNS, usual_language) for line, cells in lines])


def _cells(text: str) -> list[tuple[int, list[str]]]:
    first = next((line for line in text.splitlines() if line.strip()), "")
    mark = max(";,\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    found = []
    try:
        for cells in reader:
            stripped = [cell.strip(" ") for cell in cells]
            if any(stripped):
                found.append((reader.line_num, stripped))
    except csv.Error as error:
        raise Refused(
            "lists.quotes",
            _("Line %d cannot be read: a quotation mark is not closed.") % reader.line_num,
            facts={"field": "text"},
        ) from error
    return found


def _columns(cells: Sequence[str]) -> tuple[str, ...]:
    """Return what the columns hold when the first line names them; empty when it is a row itself."""
    known = {_plain(name): column for column, names in _NAMES.items() for name in names}
    named = [known.get(_plain(cell), "") for cell in cells]
    if not any(named):
        return ()
    for cell, column in zip(cells, named, strict=True):
        if not column and cell:
            raise _unknown_column(cell)
    if "first_name" not in named or len(set(filter(None, named))) != len(list(filter(None, named))):
        raise _unknown_column("")
    return tuple(named)


def _row(line: int, cells: Sequence[str], columns: Sequence[str], usual_language: str) -> Row:
    if any(_has_number(cell) for cell in cells):
        return Row(line, fault=_("This looks like a personal identity number. Take it out."))
    values = dict(zip(columns, cells, strict=False))
    name, email = values.get("first_name", ""), values.get("email", "")
    lang = _meaning(values.get("lang", ""), _LANGUAGES, usual_language)
    perspective = _meaning(values.get("perspective", ""), _ROLES, "employee")
    faults = (
        (any(cells[len(columns) :]), _("There are more cells than columns.")),
        (
            any(cell.startswith(_FORMULA) for cell in cells),
            _("A cell begins like a formula. Take the first sign away."),
        ),
        (
            any(unicodedata.category(sign) == "Cc" for cell in cells for sign in cell),
            _("There is a sign in it that cannot be seen. Write the row anew."),
        ),
        (not name, _("The first name is missing.")),
        (not lang, _("This language is not known here. Write for example nb, sv or fi.")),
        (not perspective, _("This role is not known. Write employee or leader, or leave it empty.")),
        (email and not _is_address(email), _("This is no e-mail address.")),
    )
    fault = next((words for is_wrong, words in faults if is_wrong), "")
    return Row(line, name, lang, email.lower(), perspective, fault)


def _without_doubles(rows: Sequence[Row]) -> list[Row]:
    seen: dict[tuple[str, str], int] = {}
    kept = []
    for row in rows:
        key = ("", row.email) if row.email else (_plain(row.first_name), "")
        if row.fault or key not in seen:
            seen.setdefault(key, row.line)
            kept.append(row)
        elif row.email:
            kept.append(_wrong(row, _("The same address stands in line %d.") % seen[key]))
        else:
            kept.append(
                _wrong(
                    row,
                    _("The same name stands in line %d. Add a letter, so that you can tell them apart.")
                    % seen[key],
                )
            )
    return kept


def _wrong(row: Row, fault: object) -> Row:
    return Row(row.line, row.first_name, row.lang, row.email, row.perspective, fault)


def _has_number(cell: str) -> bool:
    return any(found.severity == national_id.Severity.HIGH for found in national_id.find(cell))


def _is_address(email: str) -> bool:
    try:
        validate_email(email)
    except ValidationError:
        return False
    return True


def _meaning(cell: str, words: Mapping[str, Sequence[str]], usual: str) -> str:
    if not cell:
        return usual
    plain = _plain(cell)
    return next((key for key, names in words.items() if plain in {_plain(name) for name in names}), "")


def _plain(word: str) -> str:
    folded = unicodedata.normalize("NFKD", word.casefold().replace("ø", "o").replace("æ", "ae"))
    return " ".join("".join(sign for sign in folded if not unicodedata.combining(sign)).split())


def _too_large() -> Refused:
    return Refused(
        "lists.large",
        _("This is far more than the list of one circle."),
        _("Take only the rows of this circle's people."),
        status=413,
        facts={"field": "file"},
    )


def _unknown_column(name: str) -> Refused:
    return Refused(
        "lists.columns",
        (_("The column “%s” is not known here.") % name[:40])
        if name
        else _("The columns cannot be told apart."),
        _("Only first name, language, e-mail and role are read. Take everything else out; it is not needed."),
        facts={"field": "text"},
    )
