"""r_wg(j): how much the people of one group agree, against answers spread evenly over the categories.

James LR, Demaree RG, Wolf G. *Estimating within-group interrater reliability with and without response bias.* Journal
of Applied Psychology 1984;69:85-98. More spread than chance would give counts as no agreement: zero.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sirkel.evidence.moments import Numbers
from sirkel.evidence.why import Absent, Number, Why

_TWO = 2


@dataclass(frozen=True, eq=False)
class WithinGroup:
    """r_wg(j) of every group in which at least two answered all items.

    ``groups`` are their names and ``values`` their r_wg(j), in the same order; ``mean`` and ``median`` are over them.
    ``left_out`` counts the groups with fewer.
    """

    groups: NDArray[np.generic]
    values: Numbers
    mean: Number
    median: Number
    left_out: int


def within_group(rows: ArrayLike, group: ArrayLike, *, categories: int) -> WithinGroup:
    """Return r_wg(j) per group; with one item it is r_wg.

    Args:
        rows: answers (people x items), NaN where missing; people with a gap are left out.
        group: the group of each (people), of any kind that sorts.
        categories: how many answers an item offers; answers spread evenly over them have variance (A^2 - 1) / 12.

    Raises:
        ValueError: fewer than two categories, or no item.

    """
    table, names = np.asarray(rows, dtype=float), np.asarray(group)
    whole = ~np.isnan(table).any(axis=1)
    known, code = np.unique(names, return_inverse=True)
    table, code = table[whole], code[whole]
    n = np.bincount(code, minlength=known.size).astype(float)
    sums, squares = (np.zeros((known.size, table.shape[1])) for _each in range(2))
    shift = np.rint(table.mean(axis=0)) if len(table) else np.zeros(table.shape[1])
    for item, column in enumerate((table - shift).T):
        sums[:, item] = np.bincount(code, weights=column, minlength=known.size)
        squares[:, item] = np.bincount(code, weights=column**2, minlength=known.size)
    return within_group_of(known, n, sums, squares, categories=categories)


def within_group_of(
    groups: NDArray[np.generic], n: ArrayLike, sums: ArrayLike, squares: ArrayLike, *, categories: int
) -> WithinGroup:
    """Return r_wg(j) from sums over the people of each group who answered all items.

    Args:
        groups: their names.
        n: people (groups).
        sums: sums of each item's answers (groups x items); the same number may be taken off every answer before.
        squares: sums of the squares of the same (groups x items).
        categories: how many answers an item offers.

    Raises:
        ValueError: fewer than two categories, or no item.

    """
    count, total, square = (np.asarray(part, dtype=float) for part in (n, sums, squares))
    items = total.shape[1]
    if categories < _TWO or items < 1:
        raise ValueError("r_wg needs items of at least two categories")
    many = count >= _TWO
    people = count[many][:, None]
    left = people * square[many] - total[many] ** 2
    variance = np.maximum(left / (people * (people - 1)), 0.0).mean(axis=1)
    share = np.minimum(variance / ((categories**2 - 1) / 12), 1.0)
    agreed = items * (1 - share)
    values = agreed / (agreed + share)
    left_out = count.size - values.size
    if not values.size:
        none = Absent(Why.SINGLETONS if count.any() else Why.NO_ANSWERS)
        return WithinGroup(groups[many], values, none, none, left_out)
    return WithinGroup(groups[many], values, float(values.mean()), float(np.median(values)), left_out)
