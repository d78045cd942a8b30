"""Reading a member list as text: which rows it has, and in plain words what is wrong with each. Stores nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from sirkel.kernel.errors import Refused
from sirkel.people.rules import lists

MOST_BYTES = 100_000
MOST_ROWS = 60
COLUMNS = ("first_name", "lang", "email", "perspective")

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
    return lists.text_of(data, most=MOST_BYTES, too_large=_too_large())


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
    lines = list(lists.lines_of(text))
    if not lines:
        raise Refused("lists.empty", _("There are no rows in it."), facts={"field": "text"})
    hint = _(
        "Only first name, language, e-mail and role are read. Take everything else out; it is not needed."
    )
    columns = lists.columns_of(lines[0][1], _NAMES, needed=("first_name",), hint=hint)
    if columns:
        lines = lines[1:]
    elif len(lines[0][1]) > len(COLUMNS):
        raise lists.unknown_column("", hint)
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


def _row(line: int, cells: Sequence[str], columns: Sequence[str], usual_language: str) -> Row:
    if lists.has_number(cells):
        return Row(line, fault=lists.HAS_NUMBER)
    values = dict(zip(columns, cells, strict=False))
    name, email = values.get("first_name", ""), values.get("email", "")
    lang = lists.meaning(values.get("lang", ""), lists.LANGUAGE_NAMES, usual_language)
    perspective = lists.meaning(values.get("perspective", ""), _ROLES, "employee")
    faults = (
        (not name, lists.NO_FIRST_NAME),
        (not lang, lists.UNKNOWN_LANGUAGE),
        (not perspective, _("This role is not known. Write employee or leader, or leave it empty.")),
        (email and not lists.is_address(email), lists.NO_ADDRESS),
    )
    fault = lists.fault_of(cells, len(columns)) or next((words for is_wrong, words in faults if is_wrong), "")
    return Row(line, name, lang, email.lower(), perspective, fault)


def _without_doubles(rows: Sequence[Row]) -> list[Row]:
    seen: dict[tuple[str, str], int] = {}
    kept = []
    for row in rows:
        key = ("", row.email) if row.email else (lists.plain(row.first_name), "")
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


def _too_large() -> Refused:
    return Refused(
        "lists.large",
        _("This is far more than the list of one circle."),
        _("Take only the rows of this circle's people."),
        status=413,
        facts={"field": "file"},
    )
