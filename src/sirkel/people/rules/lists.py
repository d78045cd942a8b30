"""Reading a list that somebody pasted or chose as a file: its letters, lines, columns and cells. Stores nothing.

Which columns there are, and what a row means, say the rules of whoever takes the list in.
"""

import csv
import io
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from sirkel.kernel import national_id
from sirkel.kernel.errors import Refused

Names = Mapping[str, Sequence[str]]
Line = tuple[int, list[str]]

_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

LANGUAGE_NAMES: Names = {
    "nb": ("nb", "no", "norsk", "bokmål", "norsk bokmål", "norwegian", "norja", "norska"),
    "nn": ("nn", "nynorsk", "norsk nynorsk"),
    "da": ("da", "dk", "dansk", "danish", "danska", "tanska"),
    "sv": ("sv", "se", "svenska", "svensk", "swedish", "ruotsi"),
    "fi": ("fi", "suomi", "finsk", "finska", "finnish"),
    "en": ("en", "english", "engelsk", "engelska", "englanti"),
}
UNKNOWN_LANGUAGE = _("This language is not known here. Write for example nb, sv or fi.")
NO_ADDRESS = _("This is no e-mail address.")
NO_FIRST_NAME = _("The first name is missing.")


def text_of(data: bytes, *, most: int, too_large: Refused) -> str:
    """Return the text of a file that somebody chose.

    Args:
        data: its beginning, one byte more than ``most`` at least.
        most: how many bytes it may have.
        too_large: what is answered to more.

    Raises:
        Refused: ``lists.encoding``, and what ``too_large`` says.

    """
    if len(data) > most:
        raise too_large
    try:
        return data.decode(_MARKS.get(data[:2], "utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Refused(
            "lists.encoding",
            _("The letters in this file cannot be read."),
            _("Save it as “CSV UTF-8”, or copy the rows and paste them here."),
            facts={"field": "file"},
        ) from error


def lines_of(text: str) -> Iterator[Line]:
    """Yield number and cells of each line that has any, one after the other; parted by semicolon, comma or tab.

    Raises:
        Refused: ``lists.quotes``.

    """
    first = next((line for line in io.StringIO(text) if line.strip()), "")
    mark = max(";,\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    try:
        for cells in reader:
            stripped = [cell.strip(" ") for cell in cells]
            if any(stripped):
                yield reader.line_num, stripped
    except csv.Error as error:
        raise Refused(
            "lists.quotes",
            _("Line %d cannot be read: a quotation mark is not closed.") % reader.line_num,
            facts={"field": "text"},
        ) from error


def at_most(lines: Iterator[Line], most: int) -> list[Line]:
    """Return the lines; one more than ``most`` when there are more, and the rest is not read.

    Raises:
        Refused: ``lists.empty``, ``lists.quotes``.

    """
    found = list(islice(lines, most + 1))
    if not found:
        raise Refused("lists.empty", _("There are no rows in it."), facts={"field": "text"})
    return found


def columns_of(cells: Sequence[str], names: Names, *, needed: Sequence[str], hint: object) -> tuple[str, ...]:
    """Return what the columns hold when the first line names them; empty when it is a row itself.

    Raises:
        Refused: ``lists.columns`` for a name that is not known, comes twice, or is missing.

    """
    known = {plain(name): column for column, its_names in names.items() for name in its_names}
    named = [known.get(plain(cell), "") for cell in cells]
    if not any(named):
        return ()
    for cell, column in zip(cells, named, strict=True):
        if not column and cell:
            raise unknown_column(cell, hint)
    found = list(filter(None, named))
    if not set(needed) <= set(found) or len(set(found)) != len(found):
        raise unknown_column("", hint)
    return tuple(named)


def fault_of(cells: Sequence[str], width: int) -> object:
    """Return what is wrong with the cells of a row whatever they mean; empty when nothing is."""
    faults = (
        (any(cells[width:]), _("There are more cells than columns.")),
        (
            any(cell.startswith(_FORMULA) for cell in cells),
            _("A cell begins like a formula. Take the first sign away."),
        ),
        (
            any(unicodedata.category(sign) == "Cc" for cell in cells for sign in cell),
            _("There is a sign in it that cannot be seen. Write the row anew."),
        ),
    )
    return next((words for is_wrong, words in faults if is_wrong), "")


def has_number(cells: Sequence[str]) -> bool:
    """Tell whether a row holds what looks like a personal number: then nothing of it is kept or shown."""
    return any(
        found.severity == national_id.Severity.HIGH for cell in cells for found in national_id.find(cell)
    )


HAS_NUMBER = _("This looks like a personal identity number. Take it out.")


def is_address(email: str) -> bool:
    """Tell whether this can be an e-mail address."""
    try:
        validate_email(email)
    except ValidationError:
        return False
    return True


def meaning(cell: str, words: Names, usual: str) -> str:
    """Return what a cell means by the names that a thing has; ``usual`` when it is empty, nothing when unknown."""
    if not cell:
        return usual
    asked = plain(cell)
    return next((key for key, names in words.items() if asked in {plain(name) for name in names}), "")


def plain(word: str) -> str:
    """Return a word as words are compared: without case, marks and doubled blanks."""
    folded = unicodedata.normalize("NFKD", word.casefold().replace("ø", "o").replace("æ", "ae"))
    return " ".join("".join(sign for sign in folded if not unicodedata.combining(sign)).split())


def unknown_column(name: str, hint: object) -> Refused:
    """Return the refusal of a column nobody knows, or of columns that cannot be told apart."""
    return Refused(
        "lists.columns",
        (_("The column “%s” is not known here.") % name[:40])
        if name
        else _("The columns cannot be told apart."),
        hint,
        facts={"field": "text"},
    )
