"""The whole export: checked first, without the order of the rows and with new numbers for people, whole or not at all."""

import os
import random
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from sirkel.exchange.microdata.anonymity import K, L, anonymity, must_hide
from sirkel.exchange.microdata.dataset import Citation, Dataset
from sirkel.exchange.microdata.ddi import write_ddi
from sirkel.exchange.microdata.describe import write_datacite, write_package
from sirkel.exchange.microdata.readstat import write_dta, write_sav
from sirkel.exchange.microdata.tables import write_csv, write_labelled_csv, write_parquet


def export(
    dataset: Dataset,
    folder: Path,
    citation: Citation,
    *,
    known: Sequence[str],
    sensitive: Sequence[str],
    person: str | None = None,
    language: str = "en",
    k: int = K,
    least: int = L,
) -> list[Path]:
    """Write a data set in every form into a folder, after the check that everybody hides among others.

    Args:
        dataset: what is to leave.
        folder: where to; made where it is missing.
        citation: who is to be named.
        known: the variables that others can know of a person.
        sensitive: those that nobody is to learn of anybody.
        person: the variable that says whose row it is; it leaves with new numbers, without any order.
        language: that of labels in files that hold one language alone.
        k: everybody must be one of so many who are alike, 5 at the least.
        least: and each class give so many different answers, 2 at the least.

    Raises:
        TooFewAlikeError: the check fails; nothing is written.
        ValueError: a variable is not one of the data set's, or stands on no side.

    """
    names = {one.name for one in dataset.variables}
    told = {*known, *sensitive, *([person] if person else [])}
    if unknown := sorted(told - names):
        raise ValueError(f"there is no variable {unknown[0]}")
    if untold := sorted(names - told):
        raise ValueError(f"say of {untold[0]} whether others can know it or nobody is to learn it")
    codes = {
        one.name: list(one.missing) for one in dataset.variables if one.missing and one.name in sensitive
    }
    answered = dataset.frame.with_columns(
        pl.when(pl.col(name).is_in(missing)).then(None).otherwise(pl.col(name)).alias(name)
        for name, missing in codes.items()
    )
    must_hide(anonymity(answered, known, sensitive, person=person, floor=k), k=k, least=least)
    return _write(replace(dataset, frame=_anew(dataset.frame, person)), folder, citation, language)


def _anew(frame: pl.DataFrame, person: str | None) -> pl.DataFrame:
    """Return the rows in an order of chance, people numbered by chance."""
    dice = random.SystemRandom()
    order = list(range(frame.height))
    dice.shuffle(order)
    frame = frame[order]
    if person is None:
        return frame
    people = frame[person].unique().to_list()
    numbers = list(range(1, len(people) + 1))
    dice.shuffle(numbers)
    kind = frame.schema[person]
    new = pl.Series([str(one) if kind == pl.String else float(one) for one in numbers], dtype=kind)
    return frame.with_columns(pl.col(person).replace_strict(people, new, return_dtype=kind))


def _write(dataset: Dataset, folder: Path, citation: Citation, language: str) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".writing-") as name:
        aside = Path(name)
        write_csv(dataset, aside / "data.csv")
        write_labelled_csv(dataset, aside / "data_labelled.csv", language)
        write_parquet(dataset, aside / "data.parquet")
        write_sav(dataset, aside / "data.sav", language)
        write_sav(dataset, aside / "data.zsav", language)
        write_dta(dataset, aside / "data.dta", language)
        write_ddi(dataset, aside / "codebook.xml", citation, file_name="data.csv")
        files = sorted(aside.iterdir())
        write_package(dataset, aside / "datapackage.json", language, files)
        write_datacite(dataset, aside / "datacite.json", citation, files)
        written = sorted(aside.iterdir())
        for file in written:
            os.replace(file, folder / file.name)  # noqa: PTH105 -- replaces what an earlier run wrote
    return [folder / file.name for file in written]
