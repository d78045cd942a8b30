"""What the columns of a data set mean: labels, answers and reasons for missing, in every language the instrument has."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from sirkel.evidence.instruments import Instrument
from sirkel.evidence.metadata import answers_of, languages_of, texts_of, worded

Words = Mapping[str, str]
MISSING = "No answer"
# What SPSS, Stata and R all take; the length is Stata's.
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,31}")


@dataclass(frozen=True)
class Variable:
    """One column.

    Attributes:
        name: letters, digits and underscores, a letter first, at most 32.
        label: what was asked, by language ("" where none is named).
        values: the labels of its numbers.
        missing: the labels of the numbers that stand for no answer.
        is_text: whether it holds text.

    """

    name: str
    label: Words = field(default_factory=dict)
    values: Mapping[float, Words] = field(default_factory=dict)
    missing: Mapping[float, Words] = field(default_factory=dict)
    is_text: bool = False

    def called(self, language: str) -> str:
        """Return its label in a language, or in any, or its name."""
        return in_language(self.label, language) or self.name


@dataclass(frozen=True)
class Citation:
    """Who is to be named: creators, who publishes, in which year, and the identifier where there is one."""

    creators: tuple[str, ...]
    publisher: str
    year: int
    identifier: str = ""


@dataclass(frozen=True, eq=False)
class Dataset:
    """Rows with the meaning of their columns. ``frame`` has exactly the variables' columns, missing codes as numbers."""

    id: str
    version: str
    title: Words
    languages: tuple[str, ...]
    variables: tuple[Variable, ...]
    frame: pl.DataFrame
    about: Mapping[str, Any] = field(default_factory=dict)


def dataset_of(frame: pl.DataFrame, instrument: Instrument, others: Sequence[Variable] = ()) -> Dataset:
    """Return the answers to an instrument as a data set.

    The wording goes along only where the instrument says that it may be shipped; else the items stand by their names.

    Args:
        frame: answer sheets; every item must be a column.
        instrument: what was asked.
        others: the other columns that are to go along.

    Raises:
        ValueError: a column is missing, or a name cannot be used in every program.

    """
    about, is_shipped = instrument.about, instrument.about.get("ship") is True
    items = []
    for item in instrument.items:
        answers = answers_of(about, item) if is_shipped else {}
        items.append(
            Variable(
                name=item,
                label=texts_of(about, item) if is_shipped else {},
                values={
                    value: label for value, label in answers.items() if value not in instrument.missing_codes
                },
                missing={
                    code: answers.get(code) or {"": MISSING} for code in sorted(instrument.missing_codes)
                },
            )
        )
    variables = (*others, *items)
    lacking = [one.name for one in variables if one.name not in frame.columns]
    if lacking:
        raise ValueError(f"there is no column {lacking[0]}")
    for one in variables:
        if not _NAME.fullmatch(one.name):
            raise ValueError(
                f"{one.name} is no name that every program takes: letters, digits, _, at most 32"
            )
    columns = [pl.col(one.name).cast(pl.String if one.is_text else pl.Float64) for one in variables]
    numbers = [one.name for one in variables if not one.is_text]
    table = frame.select(columns).with_columns(pl.col(numbers).fill_nan(None))
    title = worded(about.get("title")) or {"": instrument.id}
    return Dataset(instrument.id, instrument.version, title, languages_of(about), variables, table, about)


def in_language(words: Words, language: str) -> str:
    """Return words in a language; else those without one, those in English, or any; "" for none."""
    for one in (language, "", "en"):
        if words.get(one):
            return words[one]
    return next(iter(words.values()), "")
