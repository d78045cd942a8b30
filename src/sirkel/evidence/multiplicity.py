"""Several p values of one declared family, held to what one would be held to.

A family is one set of questions and one contrast, declared before looking. Holm S. *A simple sequentially rejective
multiple test procedure.* Scandinavian Journal of Statistics 1979;6:65-70 keeps the chance of any false positive;
Benjamini Y, Hochberg Y. Journal of the Royal Statistical Society B 1995;57:289-300 keeps the share of false ones
among the positives, and is for national comparisons alone. A p that is not there is no member of the family.
"""

from collections.abc import Callable, Mapping
from typing import TypeVar

import numpy as np

from sirkel.evidence.moments import Numbers
from sirkel.evidence.why import Absent, Number

Name = TypeVar("Name")


def holm(family: Mapping[Name, Number]) -> dict[Name, Number]:
    """Return the family's p values after Holm, by name; absent ones stay absent."""
    return _adjusted(family, _holm)


def benjamini_hochberg(family: Mapping[Name, Number]) -> dict[Name, Number]:
    """Return the family's p values after Benjamini and Hochberg, by name; absent ones stay absent."""
    return _adjusted(family, _benjamini_hochberg)


def _adjusted(family: Mapping[Name, Number], adjust: Callable[[Numbers], Numbers]) -> dict[Name, Number]:
    there = {name: p for name, p in family.items() if not isinstance(p, Absent)}
    if any(not 0 <= p <= 1 for p in there.values()):
        raise ValueError("A p value lies between 0 and 1")
    names = sorted(there, key=lambda name: there[name])
    values = adjust(np.array([there[name] for name in names], dtype=float))
    found = dict(zip(names, values.tolist(), strict=True))
    return {name: found.get(name, p) for name, p in family.items()}


def _holm(ordered: Numbers) -> Numbers:
    left = np.arange(ordered.size, 0, -1)
    return np.minimum(np.maximum.accumulate(ordered * left), 1.0)


def _benjamini_hochberg(ordered: Numbers) -> Numbers:
    rank = np.arange(1, ordered.size + 1)
    return np.minimum(np.minimum.accumulate((ordered.size / rank * ordered)[::-1])[::-1], 1.0)
