"""Files for SPSS and PSPP (.sav, .zsav) and for Stata and R (.dta), with the answers' labels and reasons for missing.

SPSS keeps a missing code as a number that is declared missing. Stata keeps a letter, .a to .z: the codes in their order.
"""

from pathlib import Path
from string import ascii_lowercase
from typing import Any

import pyreadstat

from sirkel.exchange.microdata.dataset import Dataset, Variable, in_language

# Stata's limits, in characters and in bytes.
_STATA_LABEL = 80
_SAV_LABEL = 256
_MOST_CODES = 3


def write_sav(dataset: Dataset, path: Path, language: str) -> None:
    """Write .sav, or .zsav where the name ends so.

    Raises:
        ValueError: a variable has more than three codes for missing, which SPSS cannot keep.

    """
    for one in dataset.variables:
        if len(one.missing) > _MOST_CODES:
            raise ValueError(f"{one.name} has {len(one.missing)} codes for missing; .sav holds three")
    pyreadstat.write_sav(
        dataset.frame,
        str(path),
        file_label=_short(in_language(dataset.title, language), 64),
        column_labels={one.name: _short(one.called(language), _SAV_LABEL) for one in dataset.variables},
        compress=path.suffix.lower() == ".zsav",
        variable_value_labels=_values(dataset, language),
        missing_ranges={
            one.name: [_number(code) for code in one.missing] for one in dataset.variables if one.missing
        },
        variable_measure={one.name: _measure(one) for one in dataset.variables},
    )


def write_dta(dataset: Dataset, path: Path, language: str) -> None:
    """Write .dta of Stata 14 and later; labels are cut at 80 characters, which is all it holds.

    Raises:
        ValueError: a variable has more than 26 codes for missing, one a letter.

    """
    labels = _values(dataset, language, with_missing=False)
    frame = dataset.frame.to_pandas()
    letters: dict[str, list[str]] = {}
    for one in dataset.variables:
        if not one.missing:
            continue
        if len(one.missing) > len(ascii_lowercase):
            raise ValueError(f"{one.name} has {len(one.missing)} codes for missing; .dta holds 26")
        tags = dict(zip(one.missing, ascii_lowercase, strict=False))
        column = frame[one.name].astype(object)
        frame[one.name] = column.map(lambda value, tags=tags: tags.get(value, value))
        letters[one.name] = list(tags.values())
        labels.setdefault(one.name, {}).update(
            {tag: in_language(one.missing[code], language) for code, tag in tags.items()}
        )
    pyreadstat.write_dta(
        frame,
        str(path),
        file_label=_short(in_language(dataset.title, language), _STATA_LABEL),
        column_labels={one.name: _short(one.called(language), _STATA_LABEL) for one in dataset.variables},
        version=15,
        variable_value_labels=labels,
        missing_user_values=letters,
    )


def _values(dataset: Dataset, language: str, *, with_missing: bool = True) -> dict[str, dict[Any, str]]:
    found: dict[str, dict[Any, str]] = {}
    for one in dataset.variables:
        words = {**one.values, **(one.missing if with_missing else {})}
        if words:
            found[one.name] = {_number(value): in_language(label, language) for value, label in words.items()}
    return found


def _measure(variable: Variable) -> str:
    if variable.is_text:
        return "nominal"
    return "ordinal" if variable.values else "scale"


def _number(value: float) -> int | float:
    return int(value) if float(value).is_integer() else value


def _short(text: str, most: int) -> str:
    """Return a text that fits into so many bytes, cut between two letters."""
    return text.encode()[:most].decode(errors="ignore")
