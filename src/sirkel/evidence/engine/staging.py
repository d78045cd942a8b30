"""A file of answer sheets as one table that every engine reads: numbers as numbers, keys as text, nothing else."""

from dataclasses import dataclass
from pathlib import Path

import polars as pl
from polars.exceptions import PolarsError

from sirkel.evidence.instruments import Instrument
from sirkel.evidence.reading import Columns
from sirkel.evidence.tables import DataError, lazy_table, open_table

LINE = "line"
KEYS = ("unit", "person", "wave", "role")


@dataclass(frozen=True)
class Staged:
    """The table as a Parquet file. ``line`` counts its rows from 0; the columns of the items have names of ours."""

    path: Path
    items: dict[str, str]
    keys: tuple[str, ...]


def stage(path: Path, instrument: Instrument, columns: Columns, folder: Path) -> Staged:
    """Bring a file into a folder as one table; the file is read in pieces where its kind allows.

    Raises:
        DataError: the file cannot be read, lacks a column, or holds text where a number is meant.

    """
    target = folder / "sheets.parquet"
    items = {item: f"item_{place}" for place, item in enumerate(instrument.items)}
    keys = {name: column for name in KEYS if (column := getattr(columns, name)) is not None}
    with lazy_table(path, instrument.items, columns.named) as lazy:
        is_written = lazy is not None and _written(lazy, items, keys, instrument, target)
    if not is_written:
        frame = open_table(path, instrument.items, columns.named).lazy()
        _shaped(frame, items, keys, instrument).sink_parquet(target)
    if not pl.scan_parquet(target).head(1).collect().height:
        raise DataError(f"{path} holds no answer sheets")
    return Staged(target, items, tuple(keys))


def _written(
    lazy: pl.LazyFrame, items: dict[str, str], keys: dict[str, str], instrument: Instrument, target: Path
) -> bool:
    """Write the table; tell whether it could be read as it was taken to be."""
    try:
        _shaped(lazy, items, keys, instrument).sink_parquet(target)
    except PolarsError:
        return False
    return True


def _shaped(
    frame: pl.LazyFrame, items: dict[str, str], keys: dict[str, str], instrument: Instrument
) -> pl.LazyFrame:
    codes = sorted(instrument.missing_codes)
    types = frame.collect_schema()
    whole = _whole(frame, [column for column in keys.values() if types[column].is_float()])
    answers = []
    for item, name in items.items():
        given = pl.col(item).cast(pl.Float64).fill_nan(None)
        answers.append(
            (pl.when(given.is_in(codes)).then(None).otherwise(given) if codes else given).alias(name)
        )
    texts = []
    for name, column in keys.items():
        key = pl.col(column).cast(pl.Int64) if column in whole else pl.col(column)
        text = key.cast(pl.String).str.strip_chars()
        texts.append(pl.when(text != "").then(text).otherwise(None).alias(name))
    return frame.select([*answers, *texts]).with_row_index(LINE).with_columns(pl.col(LINE).cast(pl.Int64))


def _whole(frame: pl.LazyFrame, columns: list[str]) -> set[str]:
    """Tell which columns of numbers hold whole ones only: such keys are shown without a decimal point."""
    if not columns:
        return set()
    found = frame.select((pl.col(one).round(0) == pl.col(one)).all() for one in columns).collect()
    return {one for one in columns if found[one][0]}
