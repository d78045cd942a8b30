"""Reading a list of people and roles: which rows it has, and in plain words what is wrong with each. Stores nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from difflib import get_close_matches

from django.utils.translation import gettext_lazy as _

from sirkel.kernel.errors import Refused
from sirkel.people.rules import lists

MOST_BYTES = 500_000
MOST_ROWS = 2_000
COLUMNS = (
    "email",
    "first_name",
    "family_name",
    "language",
    "role",
    "workplace",
    "unit",
    "begins",
    "until",
)
_DAY_FORMS = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y")

_NAMES: lists.Names = {
    "email": ("e-mail", "email", "mail", "e-post", "epost", "sähköposti"),
    "first_name": ("first name", "fornavn", "førenamn", "fornamn", "förnamn", "etunimi"),
    "family_name": (
        "family name",
        "last name",
        "surname",
        "etternavn",
        "etternamn",
        "efternavn",
        "efternamn",
        "sukunimi",
    ),
    "language": ("language", "språk", "sprog", "kieli"),
    "role": ("role", "rolle", "roll", "rooli"),
    "workplace": ("workplace", "arbeidsplass", "arbejdsplads", "arbetsplats", "työpaikka"),
    "unit": ("unit", "enhet", "eining", "enhed", "yksikkö"),
    "begins": ("from", "first day", "fra", "frå", "från", "første dag", "första dag", "alkaen", "alkaa"),
    "until": ("until", "last day", "til", "till", "siste dag", "sidste dag", "sista dag", "asti", "päättyy"),
}
_ROLES: lists.Names = {
    "facilitator": ("facilitator", "fasilitator", "cirkelledare", "fasilitaattori"),
    "leader": ("leader", "leder", "leiar", "chef", "enhetschef", "esihenkilö"),
    "union": (
        "union",
        "union representative",
        "safety representative",
        "union or safety representative",
        "tillitsvalgt",
        "tillitsvald",
        "verneombud",
        "verneombod",
        "tillidsrepræsentant",
        "arbejdsmiljørepræsentant",
        "facklig förtroendevald",
        "skyddsombud",
        "luottamusmies",
        "työsuojeluvaltuutettu",
    ),
    "researcher": ("researcher", "forsker", "forskar", "forskare", "tutkija"),
    "administrator": ("administrator", "administratör", "ylläpitäjä"),
}
_AT_A_WORKPLACE = ("facilitator", "leader", "union")


@dataclass(frozen=True)
class Row:
    """One row as it was read. ``line`` counts from 1 as in the file; ``fault`` is empty when nothing is wrong with it.

    A row that holds what looks like a personal number keeps none of its words. ``is_held`` says that the person holds
    the role already, and ``is_new`` that an account is made.
    """

    line: int
    email: str = ""
    first_name: str = ""
    family_name: str = ""
    language: str = ""
    role: str = ""
    workplace: str = ""
    unit: str = ""
    begins: date | None = None
    until: date | None = None
    fault: object = ""
    is_held: bool = False
    is_new: bool = False


def too_large() -> Refused:
    """Return the refusal of a list that is longer than one is read."""
    return Refused(
        "lists.large",
        _("This list is too long to take in at once. Nothing was kept."),
        _("Take 2,000 rows at most at a time. Members of circles need no role and do not belong in it."),
        status=413,
        facts={"field": "file"},
    )


def read_rows(text: str, *, usual_language: str, today: date) -> list[Row]:
    """Return every row of a list, right or wrong, in order. Without names the columns are those of ``COLUMNS``.

    Reading stops at the row that is one too many, so that a list of any length costs no more than a short one.

    Raises:
        Refused: ``lists.large``, ``lists.empty``, ``lists.columns``, ``lists.quotes``.

    """
    if len(text) > MOST_BYTES:
        raise too_large()
    lines = lists.at_most(lists.lines_of(text), MOST_ROWS + 1)
    hint = _("Known are: e-mail, first name, family name, language, role, workplace, unit, from, until.")
    columns = lists.columns_of(lines[0][1], _NAMES, needed=("email", "role"), hint=hint)
    if columns:
        lines = lines[1:]
    elif len(lines[0][1]) > len(COLUMNS):
        raise lists.unknown_column("", hint)
    if not lines:
        raise Refused("lists.empty", _("There are no rows in it."), facts={"field": "text"})
    if len(lines) > MOST_ROWS:
        raise too_large()
    rows = (_row(line, cells, columns or COLUMNS, usual_language, today) for line, cells in lines)
    return list(_without_doubles(rows))


def _row(line: int, cells: Sequence[str], columns: Sequence[str], usual_language: str, today: date) -> Row:
    if lists.has_number(cells):
        return Row(line, fault=lists.HAS_NUMBER)
    values = dict(zip(columns, cells, strict=False))
    given = {name: values.get(name, "") for name in COLUMNS}
    begins, until = _day(given["begins"], today), _day(given["until"], None)
    role = lists.meaning(given["role"], _ROLES, "")
    language = lists.meaning(given["language"], lists.LANGUAGE_NAMES, usual_language)
    row = Row(
        line,
        email=given["email"].lower(),
        first_name=given["first_name"][:80],
        family_name=given["family_name"][:80],
        language=language,
        role=role,
        workplace=given["workplace"],
        unit=given["unit"],
        begins=begins if isinstance(begins, date) else None,
        until=until if isinstance(until, date) else None,
    )
    fault = lists.fault_of(cells, len(columns)) or _fault(row, begins=begins, until=until)
    return replace(row, fault=fault)


def _fault(row: Row, *, begins: object, until: object) -> object:
    faults = (
        (not lists.is_address(row.email), lists.NO_ADDRESS),
        (not row.first_name, lists.NO_FIRST_NAME),
        (not row.language, lists.UNKNOWN_LANGUAGE),
        (
            not row.role,
            _("This role is not known. Write facilitator, leader, union, researcher or administrator."),
        ),
        (row.role in _AT_A_WORKPLACE and not row.workplace, _("Name the workplace at which it is held.")),
        (bool(row.unit) and not row.workplace, _("Name the workplace of the unit too.")),
        (
            row.role not in _AT_A_WORKPLACE and bool(row.workplace),
            _("This role is held in the whole organisation."),
        ),
        (begins is False or until is False, _("This is no day. Write for example 2026-08-31.")),
        (
            row.begins is not None and row.until is not None and row.until < row.begins,
            _("The last day lies before the first."),
        ),
    )
    return next((words for is_wrong, words in faults if is_wrong), "")


def _day(cell: str, usual: date | None) -> date | bool | None:
    """Return the day of a cell, ``usual`` when it is empty, and False for what is no day."""
    if not cell:
        return usual
    for form in _DAY_FORMS:
        try:
            return datetime.strptime(cell, form).date()  # noqa: DTZ007 -- a day on a calendar has no time zone
        except ValueError:
            continue
    return False


def _without_doubles(rows: Iterator[Row]) -> Iterator[Row]:
    seen: dict[tuple[str, ...], int] = {}
    names: dict[str, tuple[str, int]] = {}
    for row in rows:
        if row.fault:
            yield row
            continue
        key = (row.email, row.role, lists.plain(row.workplace), lists.plain(row.unit))
        name, line = names.setdefault(
            row.email, (lists.plain(f"{row.first_name} {row.family_name}"), row.line)
        )
        if key in seen:
            yield replace(row, fault=_("The same person, role and place stand in line %d.") % seen[key])
        elif name != lists.plain(f"{row.first_name} {row.family_name}"):
            yield replace(row, fault=_("This address has another name in line %d.") % line)
        else:
            seen[key] = row.line
            yield row


def nearest(asked: str, known: Mapping[str, str]) -> str:
    """Return the known name that is most like the one asked for; empty when none is near."""
    found = get_close_matches(lists.plain(asked), known, n=1, cutoff=0.5)
    return known[found[0]] if found else ""
