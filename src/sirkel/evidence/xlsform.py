"""Instruments from an XLSForm, the workbook that ODK and KoboToolbox read: sheets survey, choices and settings.

A group whose questions are answered with numbers is a scale: ``select_one`` with choices named 1, 2, 3 …, or ``range``. Two
columns of our own may stand in ``survey``: ``reverse`` (yes at an item that is turned around) and ``missing`` (at the
group: half, none or a number of items); in ``choices`` a yes under ``missing`` marks a code that is no answer. Whatever
is wrong is said with sheet and row, and a workbook that would not fit into memory is not opened.
"""

import re
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl

MOST_BYTES = 10_000_000
MOST_UNPACKED = 50_000_000
MOST_ROWS = 10_000
MOST_COLUMNS = 100
_YES = frozenset({"yes", "true", "1", "x"})
_LABEL = re.compile(r"label(?:::?\s*(?P<name>.*?)\s*(?:\((?P<code>[\w-]+)\))?)?$", re.IGNORECASE)


class FormError(ValueError):
    """Say in one line what is wrong with a form, by sheet and row."""


@dataclass
class _Row:
    sheet: str
    number: int
    cells: dict[str, str]

    def wrong(self, what: str) -> FormError:
        return FormError(f"sheet {self.sheet}, row {self.number}: {what}")

    def is_yes(self, column: str) -> bool:
        return self.cells.get(column, "").lower() in _YES

    @property
    def labels(self) -> dict[str, str]:
        found = {}
        for column, text in self.cells.items():
            named = _LABEL.match(column)
            if named:
                found[named["code"] or named["name"] or ""] = text
        return found


@dataclass
class _Group:
    name: str
    row: _Row
    items: list[str] = field(default_factory=list)
    reverse: list[str] = field(default_factory=list)
    ends: tuple[float, float] | None = None


@dataclass
class _Choices:
    labels: dict[float, dict[str, str]]
    missing: set[float]

    @property
    def ends(self) -> tuple[float, float]:
        values = [value for value in self.labels if value not in self.missing]
        return min(values), max(values)


def read_form(path: Path) -> dict[str, Any]:
    """Return what an XLSForm says, in the shape of an instrument's YAML.

    Raises:
        FormError: it is no workbook, is too large, or says something that no instrument can mean.

    """
    sheets = _sheets(path)
    if "survey" not in sheets:
        raise FormError(f"there is no sheet survey (only {', '.join(sheets) or 'none'})")
    choices = _choices(sheets.get("choices", []))
    groups, items = _groups(sheets["survey"], choices)
    if not groups:
        raise FormError("sheet survey: no group holds a question that is answered with numbers")
    settings = sheets["settings"][0].cells if sheets.get("settings") else {}
    language = settings.get("default_language", "")
    used = {one["responses"] for one in items.values() if "responses" in one}
    return {
        "id": settings.get("form_id") or settings.get("id_string") or path.stem,
        "version": settings.get("version", ""),
        **({"title": settings["form_title"]} if settings.get("form_title") else {}),
        **({"language": language} if language else {}),
        "missing_codes": sorted({code for name in used for code in choices[name].missing}),
        "items": items,
        "response_sets": {
            name: {value: _label(label, value) for value, label in choices[name].labels.items()}
            for name in sorted(used)
        },
        "scales": [_scale(group) for group in groups],
    }


def _scale(group: _Group) -> dict[str, Any]:
    low, high = group.ends or (0.0, 0.0)
    rule: Any = group.row.cells.get("missing", "half").lower()
    if rule.isdigit():
        rule = int(rule)
    if not (rule in ("half", "none") or (isinstance(rule, int) and 1 <= rule <= len(group.items))):
        raise group.row.wrong(
            f"missing: {rule!r} is not half, none or a number of items from 1 to {len(group.items)}"
        )
    title = group.row.labels
    scale = {
        "id": group.name,
        "items": group.items,
        "reverse": group.reverse,
        "min": low,
        "max": high,
        "missing": rule,
    }
    return scale | ({"title": title} if title and "" not in title else {})


def _label(label: dict[str, str], value: float) -> Any:
    return label.get("", label) if label else f"{value:g}"


def _groups(survey: list[_Row], choices: dict[str, _Choices]) -> tuple[list[_Group], dict[str, Any]]:
    open_groups: list[_Group] = []
    found: list[_Group] = []
    items: dict[str, Any] = {}
    for row in survey:
        kind = " ".join(row.cells.get("type", "").replace("_", " ").lower().split())
        name = row.cells.get("name", "")
        if kind in ("begin group", "begin repeat"):
            open_groups.append(_Group(name or f"group{row.number}", row))
        elif kind in ("end group", "end repeat"):
            if not open_groups:
                raise row.wrong("a group ends that never began")
            group = open_groups.pop()
            if group.items:
                found.append(group)
        elif open_groups and (asked := _question(row, choices)):
            ends, told = asked
            if not name:
                raise row.wrong("the question has no name")
            if name in items:
                raise row.wrong(f"the name {name} stands twice")
            group = open_groups[-1]
            if group.ends not in (None, ends):
                raise row.wrong(
                    f"{name} is answered from {ends[0]:g} to {ends[1]:g}, the others of group {group.name} from "
                    f"{group.ends[0]:g} to {group.ends[1]:g}"
                )
            group.ends = ends
            group.items.append(name)
            if row.is_yes("reverse"):
                group.reverse.append(name)
            labels = row.labels
            items[name] = told | ({"text": labels.get("", labels)} if labels else {})
    if open_groups:
        raise open_groups[-1].row.wrong(f"group {open_groups[-1].name} never ends")
    return found, items


def _question(row: _Row, choices: dict[str, _Choices]) -> tuple[tuple[float, float], dict[str, Any]] | None:
    """Return the range of a question that is answered with a number, and its response set; None for any other."""
    words = row.cells.get("type", "").split()
    if words and words[0] == "select_one":
        if len(words) < 2:  # noqa: PLR2004 -- the type and its list
            raise row.wrong("select_one names no list of choices")
        if words[1] not in choices:
            raise row.wrong(f"there is no list {words[1]} in sheet choices")
        found = choices[words[1]]
        return (found.ends, {"responses": words[1]}) if found.labels else None
    if words and words[0] == "range":
        parts = dict(part.split("=", 1) for part in row.cells.get("parameters", "").split() if "=" in part)
        try:
            return (float(parts["start"]), float(parts["end"])), {}
        except (KeyError, ValueError):
            raise row.wrong("range needs parameters such as start=0 end=10 step=1") from None
    return None


def _choices(rows: list[_Row]) -> dict[str, _Choices]:
    """Return the lists of choices; one whose names are words, not numbers, has no labels."""
    lists: dict[str, list[_Row]] = {}
    for row in rows:
        name = row.cells.get("list_name") or row.cells.get("list name")
        if not name:
            raise row.wrong("the choice belongs to no list")
        lists.setdefault(name, []).append(row)
    found = {}
    for name, members in lists.items():
        values = [_number(row.cells.get("name", "")) for row in members]
        if all(value is None for value in values):
            found[name] = _Choices({}, set())
            continue
        choices = _Choices({}, set())
        for row, value in zip(members, values, strict=True):
            if value is None:
                raise row.wrong(
                    f"list {name} holds {row.cells.get('name', '')!r} where the others are numbers"
                )
            if value in choices.labels:
                raise row.wrong(f"list {name} holds {value:g} twice")
            choices.labels[value] = row.labels
            if row.is_yes("missing"):
                choices.missing.add(value)
        if len(choices.labels) - len(choices.missing) < 2:  # noqa: PLR2004 -- a scale has two ends
            raise members[0].wrong(f"list {name} offers fewer than two answers")
        found[name] = choices
    return found


def _number(text: str) -> float | None:
    return float(text) if re.fullmatch(r"-?\d{1,9}(\.\d{1,6})?", text) else None


def _sheets(path: Path) -> dict[str, list[_Row]]:
    _must_fit(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # styles and validations that openpyxl does not keep
            book = openpyxl.load_workbook(path, read_only=True, data_only=False, keep_links=False)
            try:
                return {
                    sheet.title.strip().lower(): list(_rows(sheet))
                    for sheet in book.worksheets
                    if sheet.title.strip().lower() in ("survey", "choices", "settings")
                }
            finally:
                book.close()
    except FormError:
        raise
    except Exception:  # noqa: BLE001 -- whatever a broken workbook makes openpyxl raise is one and the same to its owner
        raise FormError("it cannot be read as an .xlsx workbook") from None


def _must_fit(path: Path) -> None:
    if not path.is_file():
        raise FormError("there is no such file")
    if path.stat().st_size > MOST_BYTES:
        raise FormError(f"it is larger than any form: {MOST_BYTES // 1_000_000} MB at the most")
    try:
        with zipfile.ZipFile(path) as packed:
            unpacked = sum(one.file_size for one in packed.infolist())
    except (zipfile.BadZipFile, OSError):
        raise FormError("it cannot be read as an .xlsx workbook") from None
    if unpacked > MOST_UNPACKED:
        raise FormError(f"it unpacks to more than {MOST_UNPACKED // 1_000_000} MB, which no form needs")


def _rows(sheet: Any) -> Iterator[_Row]:
    name = sheet.title.strip().lower()
    sheet.reset_dimensions()
    head: list[str] = []
    for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), start=1):
        if number > MOST_ROWS:
            raise FormError(f"sheet {name} has more than {MOST_ROWS} rows")
        texts = []
        for cell in cells:
            if cell.data_type == "f":
                raise FormError(f"sheet {name}, row {number}: holds a formula; put its value in its place")
            texts.append(_text(cell.value))
        if not head:
            head = texts if any(texts) else []
            if head:
                head = [text if text.lower().startswith("label") else text.lower() for text in head]
        elif any(texts):
            filled = {column: text for column, text in zip(head, texts, strict=False) if column and text}
            yield _Row(name, number, filled)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
