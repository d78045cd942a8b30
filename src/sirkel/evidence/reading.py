"""Answer sheets from a file: .csv, .parquet, .sav or .dta, one sheet a row. What is wrong is said in one line."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sirkel.evidence.instruments import Instrument, Scale
from sirkel.evidence.tables import SHOWN, DataError, open_table

_BLOCK = 1 << 20


@dataclass(frozen=True)
class Columns:
    """Which columns say where, who, when and in which role; None for what the data do not have."""

    unit: str | None = None
    person: str | None = None
    wave: str | None = None
    role: str | None = None

    @property
    def named(self) -> tuple[str, ...]:
        """The columns that are named."""
        return tuple(one for one in (self.unit, self.person, self.wave, self.role) if one is not None)


@dataclass(frozen=True)
class Keys:
    """A column as numbers: ``codes`` into ``names``, -1 where it is empty."""

    names: tuple[str, ...]
    codes: NDArray[np.int64]


@dataclass(frozen=True)
class Sheets:
    """Answer sheets. ``answers`` is sheets x items, nan for missing; ``sha256`` is the file's."""

    items: tuple[str, ...]
    answers: NDArray[np.float64]
    sha256: str
    unit: Keys | None = None
    person: Keys | None = None
    wave: Keys | None = None
    role: Keys | None = None

    @property
    def rows(self) -> int:
        """How many sheets there are."""
        return len(self.answers)

    def of(self, items: Sequence[str]) -> NDArray[np.float64]:
        """Return the answers to some items."""
        return self.answers[:, [self.items.index(item) for item in items]]


def read_sheets(
    path: Path, instrument: Instrument, columns: Columns, *, drops_outside: bool = False
) -> Sheets:
    """Read a file of answer sheets and check it.

    Args:
        path: the file.
        instrument: what was asked; every one of its items must be a column.
        columns: the other columns to be used.
        drops_outside: take answers outside an item's range as missing in place of stopping.

    Raises:
        DataError: the file cannot be read, lacks a column, holds text in place of a number, an answer outside its
            range, or two sheets of one person in one wave.

    """
    frame = open_table(path, instrument.items, columns.named)
    if frame.is_empty():
        raise DataError(f"{path} holds no answer sheets")
    answers = frame.select(instrument.items).to_numpy().astype(float, copy=True)
    for code in instrument.missing_codes:
        answers[answers == code] = np.nan
    _check_ranges(answers, instrument, drops_outside=drops_outside)
    keys = {
        name: _keys(frame[column], column)
        for name, column in (
            ("unit", columns.unit),
            ("person", columns.person),
            ("wave", columns.wave),
            ("role", columns.role),
        )
        if column is not None
    }
    sheets = Sheets(instrument.items, answers, hash_of(path), **keys)
    _check_keys(sheets, columns)
    return sheets


def _check_ranges(answers: NDArray[np.float64], instrument: Instrument, *, drops_outside: bool) -> None:
    ranges = {item: scale for scale in instrument.scales for item in scale.items}
    for place, item in enumerate(instrument.items):
        scale = ranges[item]
        given = answers[:, place]
        outside = np.asarray((given < scale.minimum) | (given > scale.maximum))
        if not outside.any():
            continue
        if drops_outside:
            answers[outside, place] = np.nan
            continue
        rows = np.flatnonzero(outside)
        raise outside_range(
            item, scale, int(rows.size), float(answers[rows[0], place]), rows[:SHOWN].tolist()
        )


def outside_range(item: str, scale: Scale, many: int, first: float, rows: Sequence[int]) -> DataError:
    """Say which answers to an item lie outside its range: how many, the first, and the first rows."""
    shown = ", ".join(str(row + 2) for row in rows) + (" …" if many > SHOWN else "")
    return DataError(
        f"column {item} has {many} answers outside {scale.minimum:g} to {scale.maximum:g}, the first is "
        f"{first:g} (lines {shown}); --drop-outside takes such answers as missing"
    )


def empty_cells(column: str | None, many: int, first: int) -> DataError:
    """Say that a column that must be filled in is not, and in which row first."""
    return DataError(f"column {column} is empty in {many} lines, the first is line {first + 2}")


def never_answered(wave: str) -> DataError:
    """Say that nobody answered in a wave."""
    return DataError(f"wave {wave} was never answered: every item is empty in it")


def more_than_one_sheet(person: str, wave: str | None, many: int) -> DataError:
    """Say that somebody has two sheets where one is meant."""
    when = "" if wave is None else f" in wave {wave}"
    return DataError(f"person {person} has more than one sheet{when} ({many} such cases)")


def _keys(column: pl.Series, name: str) -> Keys:
    """Give each value of a column a number: numbers in their order, texts in theirs."""
    text = column
    if column.dtype != pl.String:
        whole = column.dtype.is_float() and bool((column.drop_nulls() == column.drop_nulls().round(0)).all())
        text = (column.cast(pl.Int64) if whole else column).cast(pl.String)
    text = text.str.strip_chars().replace({"": None})
    names = in_order(text.drop_nulls().unique().to_list())
    if not names:
        raise DataError(f"column {name} is empty")
    codes = text.replace_strict(list(names), list(range(len(names))), default=-1, return_dtype=pl.Int64)
    return Keys(names, codes.fill_null(-1).to_numpy().astype(np.int64))


def in_order(names: Sequence[str]) -> tuple[str, ...]:
    """Order names as numbers where all of them are numbers, else as text."""
    try:
        return tuple(sorted(names, key=lambda name: (float(name), name)))
    except ValueError:
        return tuple(sorted(names))


def _check_keys(sheets: Sheets, columns: Columns) -> None:
    for keys, column in (
        (sheets.unit, columns.unit),
        (sheets.person, columns.person),
        (sheets.wave, columns.wave),
    ):
        if keys is not None and (keys.codes < 0).any():
            rows = np.flatnonzero(keys.codes < 0)
            raise empty_cells(column, int(rows.size), int(rows[0]))
    if sheets.wave is not None:
        has = np.asarray(~np.isnan(sheets.answers).all(axis=1))
        for code, name in enumerate(sheets.wave.names):
            if not has[sheets.wave.codes == code].any():
                raise never_answered(name)
    if sheets.person is None:
        return
    waves = sheets.wave.codes if sheets.wave else np.zeros(sheets.rows, dtype=np.int64)
    key = sheets.person.codes * (int(waves.max()) + 1) + waves
    found, counts = np.unique(key, return_counts=True)
    twice = found[counts > 1]
    if twice.size:
        person, wave = divmod(int(twice[0]), int(waves.max()) + 1)
        when = sheets.wave.names[wave] if sheets.wave else None
        raise more_than_one_sheet(sheets.person.names[person], when, int(twice.size))


def hash_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
