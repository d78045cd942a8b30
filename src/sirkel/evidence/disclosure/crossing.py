"""What two waves tell together, if those who answered both times answered alike: the worst case for a difference.

A reader may add and subtract sums of both waves. Whoever answered twice stands in such a combination with the sum of
the weights that her unit and role carry in the two waves, and falls out where they cancel; who joined or left stands
in it with the weight of one wave. The fewest persons left over are found exactly by one pass over the tree: for every
unit and every pair of weights that may come down to it from above, the fewest persons in its subtree, given that
its own released cells may change the weights before they go further down. Two numbers are kept for each: the fewest,
and the fewest but not none.

Weights of -1, 0 and 1 are enough for one role group and all together; for more groups the combinations with such
weights are those that are looked at (with three or four groups, of one sign within a wave).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product

import numpy as np
from numpy.typing import NDArray

from sirkel.evidence.disclosure.tree import Tree

Table = NDArray[np.int64]
# With more role groups there are too many pairs of weights to look at all.
MOST_ROLES = 4
_SIGNED_ROLES = 2
NEVER = np.int64(1 << 40)

Used = tuple[int, int, int]
"""A cell that a combination uses: which of the two waves (0 or 1), unit, column."""


@dataclass(frozen=True)
class Pair:
    """Two waves of a tree.

    Attributes:
        tree: the units.
        both: persons who answered both times, of each unit itself and role (units x roles).
        once: persons who answered only the first, and only the second time (2 x units x roles).
        masks: the released cells of each wave: a bit a role, one more for all together (2 x units).

    """

    tree: Tree
    both: Table
    once: Table
    masks: Table

    def leaks(self, least: int) -> Iterator[list[Used]]:
        """Yield the cells of combinations that leave fewer than ``least``, but some; the lowest in the tree first."""
        for side in (0, 1):
            found = _Pass.over(self, side)
            none = found.few[:, _zero(self.both.shape[1])] < least
            below = np.zeros(len(none), dtype=bool)
            has_parent = self.tree.parent >= 0
            np.logical_or.at(below, self.tree.parent[has_parent], none[has_parent])
            for unit in np.flatnonzero(none & ~below):
                yield found.used(int(unit))


@dataclass(frozen=True)
class _Pass:
    """One pass up the tree: the fewest (``any``) and the fewest but some (``few``), before and after own cells."""

    pair: Pair
    any_before: Table
    few_before: Table
    any: Table
    few: Table
    children: list[list[int]]

    @classmethod
    def over(cls, pair: Pair, side: int) -> "_Pass":
        """Count those who answered both times and those who answered only the one time."""
        units, roles = pair.both.shape
        weights = _weights(roles)
        twice = (weights.sum(axis=1) != 0).astype(np.int64)
        once = (weights[:, side] != 0).astype(np.int64)
        any_before = pair.both @ twice.T + pair.once[side] @ once.T
        few_below = np.full_like(any_before, NEVER)
        few_before, fewest, few = (np.empty_like(any_before) for _table in range(3))
        for level in reversed(pair.tree.levels):
            here = any_before[level]
            few_before[level] = np.where(here > 0, here, few_below[level])
            for first, second in np.unique(pair.masks[:, level].T, axis=0):
                rows = level[(pair.masks[0, level] == first) & (pair.masks[1, level] == second)]
                order, starts, group = _groups(roles, int(first), int(second))
                for source, target in ((any_before, fewest), (few_before, few)):
                    least = np.minimum.reduceat(source[rows][:, order], starts, axis=1)
                    target[rows] = least[:, group]
            above = pair.tree.parent[level]
            lower = level[above >= 0]
            np.add.at(any_before, above[above >= 0], fewest[lower])
            np.minimum.at(few_below, above[above >= 0], few[lower])
        children: list[list[int]] = [[] for _unit in range(units)]
        for unit, parent in enumerate(pair.tree.parent.tolist()):
            if parent >= 0:
                children[parent].append(unit)
        return cls(pair, any_before, few_before, fewest, few, children)

    def used(self, top: int) -> list[Used]:
        """Return the cells that the combination with the fewest persons under a unit uses."""
        roles = self.pair.both.shape[1]
        cells: list[Used] = []
        todo = [(top, _zero(roles), True)]
        while todo:
            unit, state, is_few = todo.pop()
            masks = self.pair.masks[:, unit]
            before = self.few_before if is_few else self.any_before
            _order, _starts, group = _groups(roles, int(masks[0]), int(masks[1]))
            alike = np.flatnonzero(group == group[state])
            best = int(before[unit, state])
            chosen = state
            if best > before[unit, alike].min():
                chosen = int(alike[np.argmin(before[unit, alike])])
                cells += _cells(unit, masks, _weights(roles)[chosen] - _weights(roles)[state])
            if is_few and self.any_before[unit, chosen] == 0:
                fewest = min(self.children[unit], key=lambda child: (int(self.few[child, chosen]), child))
                todo += [(child, chosen, child == fewest) for child in self.children[unit]]
            elif chosen != _zero(roles):
                todo += [(child, chosen, False) for child in self.children[unit]]
        return cells


def _cells(unit: int, masks: NDArray[np.int64], step: Table) -> list[Used]:
    """Return the cells of a unit that can have changed the weights so."""
    roles = step.shape[1]
    cells: list[Used] = []
    for wave in (0, 1):
        if not step[wave].any():
            continue
        cells += [
            (wave, unit, role + 1) for role in range(roles) if step[wave, role] and masks[wave] >> role & 1
        ]
        if masks[wave] >> roles & 1:
            cells.append((wave, unit, 0))
    return cells


@cache
def _weights(roles: int) -> Table:
    """Return the pairs of weights that are looked at (states x 2 x roles)."""
    first, second = ((-1, 0, 1), (-1, 0, 1)) if roles <= _SIGNED_ROLES else ((0, 1), (-1, 0))
    states = product(product(first, repeat=roles), product(second, repeat=roles))
    return np.array(list(states), dtype=np.int64)


@cache
def _zero(roles: int) -> int:
    """Return the place of the weights that are all zero."""
    return int(np.flatnonzero(~_weights(roles).any(axis=(1, 2)))[0])


@cache
def _groups(roles: int, first: int, second: int) -> tuple[Table, Table, Table]:
    """Group the weights that released cells of a unit turn into one another: order, starts, and group of each."""
    keys: dict[tuple[tuple[int, ...], ...], int] = {}
    group = np.array(
        [
            keys.setdefault(
                tuple(_rest(weights[wave], mask, roles) for wave, mask in enumerate((first, second))),
                len(keys),
            )
            for weights in _weights(roles)
        ],
        dtype=np.int64,
    )
    order = np.argsort(group, kind="stable")
    starts = np.flatnonzero(np.diff(group[order], prepend=-1))
    return order, starts, group


def _rest(weights: Table, mask: int, roles: int) -> tuple[int, ...]:
    """Return what released cells cannot change of the weights of one wave."""
    held = [int(weights[role]) for role in range(roles) if not mask >> role & 1]
    return tuple(weight - held[0] for weight in held) if mask >> roles & 1 else tuple(held)
