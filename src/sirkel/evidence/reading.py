"""Answer sheets from a file: .csv, .parquet, .sav or .dta, one sheet a row. What is wrong is said in one line."""

import codecs
import difflib
import hashlib
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
import pyreadstat
from numpy.typing import NDArray
from polars.exceptions import PolarsError

from sirkel.evidence.instruments import Instrument

DELIMITERS = ",;\t|"
KINDS = (".csv", ".parquet", ".sav", ".dta")
_BLOCK = 1 << 20
_COMMA_NUMBER = re.compile(r"-?\d+,\d+")
SHOWN = 3


class DataError(ValueError):
    """Say in one line why a file cannot be analysed."""


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
    frame = _frame(path, instrument.items, columns)
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
    sheets = Sheets(instrument.items, answers, _hash(path), **keys)
    _check_keys(sheets, columns)
    return sheets


def _frame(path: Path, items: Sequence[str], columns: Columns) -> pl.DataFrame:
    if path.suffix.lower() not in KINDS:
        raise DataError(f"{path} is none of {', '.join(KINDS)}")
    if not path.is_file():
        raise DataError(f"there is no file {path}")
    wanted = list(dict.fromkeys([*items, *columns.named]))
    try:
        return _read(path, wanted, items)
    except PolarsError as error:
        said = str(error).splitlines()[0]
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, ValueError, OSError) as error:
        if isinstance(error, DataError):
            raise
        said = str(error).splitlines()[0] if str(error) else type(error).__name__
    raise DataError(f"{path} cannot be read as {path.suffix.lower()[1:]}: {said}")


def _read(path: Path, wanted: list[str], items: Sequence[str]) -> pl.DataFrame:
    kind = path.suffix.lower()
    if kind == ".csv":
        return _read_csv(path, wanted, items)
    if kind == ".parquet":
        _must_have(wanted, pl.read_parquet_schema(path), path)
        frame = pl.read_parquet(path, columns=wanted)
    else:
        reader = pyreadstat.read_sav if kind == ".sav" else pyreadstat.read_dta
        _none, about = reader(str(path), metadataonly=True)
        _must_have(wanted, about.column_names, path)
        frame, _about = reader(str(path), usecols=wanted, output_format="polars")
    return frame.with_columns([_as_number(frame[item], item, path) for item in items])


def _read_csv(path: Path, wanted: list[str], items: Sequence[str]) -> pl.DataFrame:
    with _as_utf8(path) as readable:
        with readable.open("rb") as file:
            head = file.read(_BLOCK).decode("utf-8-sig", errors="replace").splitlines()
        if not head:
            raise DataError(f"{path} is empty")
        delimiter = max(DELIMITERS, key=head[0].count)
        names = pl.read_csv(readable, separator=delimiter, n_rows=0).columns
        _must_have(wanted, names, path)
        has_commas = delimiter != "," and any(_COMMA_NUMBER.search(line) for line in head[1:200])
        text: dict[str, type[pl.DataType]] = dict.fromkeys(wanted, pl.String)
        numbers: dict[str, type[pl.DataType]] = dict.fromkeys(items, pl.Float64)

        def read(types: dict[str, type[pl.DataType]]) -> pl.DataFrame:
            return pl.read_csv(
                readable,
                separator=delimiter,
                columns=wanted,
                decimal_comma=has_commas,
                schema_overrides=types,
            )

        try:
            return read(text | numbers)
        except PolarsError:  # something is no number: read all as text and say where
            frame = read(text)
        if has_commas:
            frame = frame.with_columns(pl.col(list(items)).str.replace(",", ".", literal=True))
        return frame.with_columns([_as_number(frame[item], item, path) for item in items])


@contextmanager
def _as_utf8(path: Path) -> Iterator[Path]:
    """Give a file that is UTF-8: this one, or a copy of it read as Latin-1."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                decoder.decode(block)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        pass
    else:
        yield path
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "sheets.csv"
        with (
            path.open(encoding="latin-1", newline="") as source,
            copy.open("w", encoding="utf-8", newline="") as out,
        ):
            while text := source.read(_BLOCK):
                out.write(text)
        yield copy


def _must_have(wanted: Sequence[str], names: Sequence[str] | dict[str, pl.DataType], path: Path) -> None:
    lacking = [name for name in wanted if name not in names]
    if lacking:
        near = difflib.get_close_matches(lacking[0], list(names), n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        more = f" (and {len(lacking) - 1} more)" if len(lacking) > 1 else ""
        raise DataError(f"{path} has no column {lacking[0]}{more}{hint}")


def _as_number(column: pl.Series, item: str, path: Path) -> pl.Series:
    """Turn a column into numbers, or name the rows that hold something else."""
    if column.dtype == pl.Boolean:
        raise DataError(f"{path}: column {item} holds yes and no, not numbers")
    if column.dtype != pl.String:
        return column.cast(pl.Float64)
    text = column.str.strip_chars()
    text = text.replace({"": None})
    numbers = text.cast(pl.Float64, strict=False)
    wrong = np.flatnonzero((text.is_not_null() & numbers.is_null()).to_numpy())
    if wrong.size:
        rows = ", ".join(str(int(row) + 2) for row in wrong[:SHOWN]) + (" …" if wrong.size > SHOWN else "")
        what = str(text[int(wrong[0])])[:40]
        raise DataError(
            f"{path}: column {item} holds {what!r} where a number is meant ({wrong.size} times; lines {rows})"
        )
    return numbers


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
        shown = ", ".join(str(int(row) + 2) for row in rows[:SHOWN]) + (" …" if rows.size > SHOWN else "")
        raise DataError(
            f"column {item} has {rows.size} answers outside {scale.minimum:g} to {scale.maximum:g}, the first is "
            f"{answers[rows[0], place]:g} (lines {shown}); --drop-outside takes such answers as missing"
        )


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
            raise DataError(
                f"column {column} is empty in {rows.size} lines, the first is line {int(rows[0]) + 2}"
            )
    if sheets.wave is not None:
        has = np.asarray(~np.isnan(sheets.answers).all(axis=1))
        for code, name in enumerate(sheets.wave.names):
            if not has[sheets.wave.codes == code].any():
                raise DataError(f"wave {name} was never answered: every item is empty in it")
    if sheets.person is None:
        return
    waves = sheets.wave.codes if sheets.wave else np.zeros(sheets.rows, dtype=np.int64)
    key = sheets.person.codes * (int(waves.max()) + 1) + waves
    found, counts = np.unique(key, return_counts=True)
    twice = found[counts > 1]
    if twice.size:
        person, wave = divmod(int(twice[0]), int(waves.max()) + 1)
        when = f" in wave {sheets.wave.names[wave]}" if sheets.wave else ""
        raise DataError(
            f"person {sheets.person.names[person]} has more than one sheet{when} ({twice.size} such cases)"
        )


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
