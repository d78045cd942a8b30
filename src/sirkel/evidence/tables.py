"""Opening a file of rows and columns, whatever its kind, and saying in one line what keeps it from being read."""

import codecs
import difflib
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import polars as pl
import pyreadstat
from polars.exceptions import PolarsError

DELIMITERS = ",;\t|"
KINDS = (".csv", ".parquet", ".sav", ".dta")
# So many lines of a fault are named.
SHOWN = 3
_BLOCK = 1 << 20
_COMMA_NUMBER = re.compile(r"-?\d+,\d+")


class DataError(ValueError):
    """Say in one line why a file cannot be analysed."""


def open_table(path: Path, numbers: Sequence[str], texts: Sequence[str]) -> pl.DataFrame:
    """Return some columns of a .csv, .parquet, .sav or .dta file; empty cells are null.

    Args:
        path: the file; CSV may be UTF-8 or Latin-1, with commas, semicolons, tabs or bars, with decimal commas.
        numbers: columns that hold numbers, which they become.
        texts: columns that are taken as they are.

    Raises:
        DataError: the file cannot be read, lacks a column, or holds something else where a number is meant.

    """
    if path.suffix.lower() not in KINDS:
        raise DataError(f"{path} is none of {', '.join(KINDS)}")
    if not path.is_file():
        raise DataError(f"there is no file {path}")
    wanted = list(dict.fromkeys([*numbers, *texts]))
    try:
        return _read(path, wanted, numbers)
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
        delimiter, has_commas = _how_written(readable, wanted, path)
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


def _how_written(readable: Path, wanted: Sequence[str], path: Path) -> tuple[str, bool]:
    """Return what stands between the cells of a CSV file and whether its numbers have decimal commas."""
    with readable.open("rb") as file:
        head = file.read(_BLOCK).decode("utf-8-sig", errors="replace").splitlines()
    if not head:
        raise DataError(f"{path} is empty")
    delimiter = max(DELIMITERS, key=head[0].count)
    _must_have(wanted, pl.read_csv(readable, separator=delimiter, n_rows=0).columns, path)
    return delimiter, delimiter != "," and any(_COMMA_NUMBER.search(line) for line in head[1:200])


@contextmanager
def lazy_table(path: Path, numbers: Sequence[str], texts: Sequence[str]) -> Iterator[pl.LazyFrame | None]:
    """Give the same columns as ``open_table``, read only when they are asked for; None for a file that must be opened.

    Large files then pass through in pieces. What is wrong inside the file is a ``PolarsError`` of whoever asks: open
    the table to learn what.

    Raises:
        DataError: as for ``open_table``, as far as it shows at the beginning of the file.

    """
    wanted = list(dict.fromkeys([*numbers, *texts]))
    kind = path.suffix.lower()
    try:
        if kind == ".parquet" and path.is_file():
            schema = pl.read_parquet_schema(path)
            _must_have(wanted, schema, path)
            is_plain = all(schema[item].is_numeric() for item in numbers)
            yield pl.scan_parquet(path).select(wanted) if is_plain else None
        elif kind == ".csv" and path.is_file():
            with _as_utf8(path) as readable:
                delimiter, has_commas = _how_written(readable, wanted, path)
                types = dict.fromkeys(wanted, pl.String()) | dict.fromkeys(numbers, pl.Float64())
                yield pl.scan_csv(
                    readable, separator=delimiter, decimal_comma=has_commas, schema_overrides=types
                ).select(wanted)
        else:
            yield None
    except PolarsError:
        yield None


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
