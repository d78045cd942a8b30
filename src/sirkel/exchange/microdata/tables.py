"""CSV and Parquet: the numbers as they are, and a second CSV with the words that they stand for."""

import json
from pathlib import Path

import polars as pl

from sirkel.exchange.microdata.dataset import Dataset, Variable, in_language

# What a spreadsheet would take for a formula, or passes over before one; also in full width, as East Asian ones read it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")


def write_csv(dataset: Dataset, path: Path) -> None:
    """Write the numbers, UTF-8 with a comma between; empty is missing."""
    _whole(dataset.frame).with_columns(_harmless(dataset)).write_csv(path)


def write_labelled_csv(dataset: Dataset, path: Path, language: str) -> None:
    """Write the labels of the answers in place of their numbers, and what was asked in place of the items' names."""
    columns = [_labelled(dataset.frame[one.name], one, language) for one in dataset.variables]
    heads = _different([_as_words(one.called(language)) for one in dataset.variables], dataset.variables)
    pl.DataFrame([column.alias(head) for column, head in zip(columns, heads, strict=True)]).write_csv(
        path, include_bom=True
    )


def write_parquet(dataset: Dataset, path: Path) -> None:
    """Write the numbers; labels, answers and reasons for missing lie in the file's own metadata, as JSON."""
    told = {
        one.name: {
            "label": dict(one.label),
            "values": {f"{value:g}": dict(words) for value, words in one.values.items()},
            "missing": {f"{value:g}": dict(words) for value, words in one.missing.items()},
        }
        for one in dataset.variables
    }
    about = {"variables": json.dumps(told, ensure_ascii=False), "id": dataset.id, "version": dataset.version}
    dataset.frame.write_parquet(path, metadata=about)


def _whole(frame: pl.DataFrame) -> pl.DataFrame:
    """Return whole numbers as such, so that 3 is not written as 3.0."""
    numbers = [name for name, kind in frame.schema.items() if kind == pl.Float64]
    whole = [name for name in numbers if (frame[name].drop_nulls() % 1 == 0).all()]
    return frame.with_columns(pl.col(whole).cast(pl.Int64))


def _harmless(dataset: Dataset) -> list[pl.Expr]:
    return [
        pl.when(pl.any_horizontal(pl.col(one.name).str.starts_with(sign) for sign in _FORMULA))
        .then("'" + pl.col(one.name))
        .otherwise(pl.col(one.name))
        .alias(one.name)
        for one in dataset.variables
        if one.is_text
    ]


def _labelled(column: pl.Series, variable: Variable, language: str) -> pl.Series:
    if variable.is_text:
        return column.map_elements(_as_words, return_dtype=pl.String)
    words = {**variable.values, **variable.missing}
    return column.map_elements(
        lambda value: _as_words(in_language(words.get(value, {}), language)) or f"{value:g}",
        return_dtype=pl.String,
    )


def _as_words(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _different(heads: list[str], variables: tuple[Variable, ...]) -> list[str]:
    """Return heads no two of which are the same."""
    return [
        head if heads.count(head) == 1 else f"{head} ({one.name})"
        for head, one in zip(heads, variables, strict=True)
    ]
