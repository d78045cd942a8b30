"""What two waves tell together, if those who answered both times answered alike: the worst case for a difference.

A reader may add and subtract sums of both waves. Whoever answered twice stands in such a combination with the sum of
the weights that her unit and role carry in the two waves, and falls out where they cancel; who joined or left stands
in it with the weight of one wave. The fewest persons left over are found exactly by one pass over the tree: for every
unit and every pair of weights that may come down to it from above, the fewest persons in its subtree, given that
its own released cells may change the weights before they go further down. Two numbers are kept for each: the fewest,
and the fewest but not none.

Weights are small whole numbers: how large they may be and how far apart follows from how many role groups and units
there are (``_KINDS``). That these are enough is no theorem; the attacks in the tests, which know no such limit, find
nothing beyond them in trees of the size in which they can look.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product

import numpy as np
from numpy.typing import NDArray

from sirkel.evidence.disclosure.tree import Tree

Table = NDArray[np.int64]
Small = NDArray[np.int32]
Kind = tuple[int, int, int]
# With more role groups there are too many pairs of weights to look at all.
MOST_ROLES = 4
# The largest weight, how far apart those of one wave lie, and the largest of the two waves together; widest first.
_KINDS: tuple[Kind, ...] = ((3, 3, 3), (2, 2, 2), (2, 2, 1), (2, 1, 1), (1, 1, 1))
_MOST_STATES, _MOST_WORK = 1_200, 1_600_000
# More than so many are never told apart from so many, so that small numbers are enough to count with.
MANY = np.int32(1000)
# How often somebody counts who answered both times, only the first time, only the second: all of them; and those who
# left and those who joined alone, where everybody else must fall out.
COUNTED = ((1, 1, 1), (int(MANY), 1, 0), (int(MANY), 0, 1))

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

    def leaks(self, least: int, counted: int) -> Iterator[list[Used]]:
        """Yield the cells of combinations that leave fewer than ``least``, but some; the lowest in the tree first.

        Args:
            least: how many must be left.
            counted: which people count, as a place in ``COUNTED``: all, those who left, or those who joined.

        """
        found = _Pass.over(self, COUNTED[counted])
        none = found.few[:, _zero(found.weights)] < least
        below = np.zeros(len(none), dtype=bool)
        has_parent = self.tree.parent >= 0
        np.logical_or.at(below, self.tree.parent[has_parent], none[has_parent])
        for unit in np.flatnonzero(none & ~below):
            yield found.used(int(unit))


@dataclass(frozen=True)
class _Pass:
    """One pass up the tree: the fewest (``any``) and the fewest but some (``few``), before and after own cells."""

    pair: Pair
    kind: Kind
    weights: Table
    any_before: Small
    few_before: Small
    any: Small
    few: Small
    children: list[list[int]]

    @classmethod
    def over(cls, pair: Pair, counted: tuple[int, int, int]) -> "_Pass":
        """Count people so often: who answered both times, only the first, only the second time."""
        units, roles = pair.both.shape
        kind = _kind(roles, units)
        weights = _weights(roles, kind)
        any_before = pair.both @ (weights.sum(axis=1) != 0).T * np.int64(counted[0])
        for side in (0, 1):
            if counted[side + 1]:
                any_before += pair.once[side] @ (weights[:, side] != 0).T
        any_before = np.minimum(any_before, MANY).astype(np.int32)
        few_below = np.full_like(any_before, MANY)
        few_before, fewest, few = (np.empty_like(any_before) for _table in range(3))
        for level in reversed(pair.tree.levels):
            here = any_before[level]
            few_before[level] = np.where(here > 0, here, few_below[level])
            both_masks = pair.masks[0, level] << (roles + 1) | pair.masks[1, level]
            for masks in np.unique(both_masks).tolist():
                rows = level[both_masks == masks]
                order, starts, group = _groups(roles, kind, masks >> (roles + 1), masks & (2 << roles) - 1)
                for source, target in ((any_before, fewest), (few_before, few)):
                    least = np.minimum.reduceat(source[rows].take(order, axis=1), starts, axis=1)
                    target[rows] = least.take(group, axis=1)
            above = pair.tree.parent[level]
            lower = level[np.argsort(above, kind="stable")][(above < 0).sum() :]
            if lower.size:
                parents, starts = np.unique(pair.tree.parent[lower], return_index=True)
                brothers = np.minimum(fewest[lower], MANY)
                any_before[parents] += np.add.reduceat(brothers, starts, axis=0)
                few_below[parents] = np.minimum(
                    few_below[parents], np.minimum.reduceat(few[lower], starts, axis=0)
                )
        children: list[list[int]] = [[] for _unit in range(units)]
        for unit, parent in enumerate(pair.tree.parent.tolist()):
            if parent >= 0:
                children[parent].append(unit)
        return cls(pair, kind, weights, any_before, few_before, fewest, few, children)

    def used(self, top: int) -> list[Used]:
        """Return the cells that the combination with the fewest persons under a unit uses."""
        roles, kind, weights = self.pair.both.shape[1], self.kind, self.weights
        zero = _zero(weights)
        cells: list[Used] = []
        todo = [(top, zero, True)]
        while todo:
            unit, state, is_few = todo.pop()
            masks = self.pair.masks[:, unit]
            before = self.few_before if is_few else self.any_before
            _order, _starts, group = _groups(roles, kind, int(masks[0]), int(masks[1]))
            alike = np.flatnonzero(group == group[state])
            best = int(before[unit, state])
            chosen = state
            if best > before[unit, alike].min():
                chosen = int(alike[np.argmin(before[unit, alike])])
                cells += _cells(unit, masks, weights[chosen] - weights[state])
            if is_few and self.any_before[unit, chosen] == 0:
                fewest = min(self.children[unit], key=lambda child: (int(self.few[child, chosen]), child))
                todo += [(child, chosen, child == fewest) for child in self.children[unit]]
            elif chosen != zero:
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
def _weights(roles: int, kind: Kind) -> Table:
    """Return the pairs of weights that are looked at (states x 2 x roles)."""
    largest, apart, together = kind
    one = np.array(list(product(range(-largest, largest + 1), repeat=roles)), dtype=np.int64)
    one = one[np.ptp(one, axis=1) <= apart]
    fits = (np.abs(one[:, None, :] + one[None, :, :]) <= together).all(axis=2)
    first, second = np.nonzero(fits)
    return np.stack([one[first], one[second]], axis=1)


@cache
def _kind(roles: int, units: int) -> Kind:
    """Return the widest kind of weights that a tree of so many units can be gone over with."""
    for kind in _KINDS[:-1]:
        states = len(_weights(roles, kind)) if (kind[0] * 2 + 1) ** roles <= _MOST_STATES else _MOST_STATES
        if states < _MOST_STATES and states * units <= _MOST_WORK:
            return kind
    return _KINDS[-1]


def _zero(weights: Table) -> int:
    """Return the place of the weights that are all zero."""
    return int(np.flatnonzero(~weights.any(axis=(1, 2)))[0])


@cache
def _groups(roles: int, kind: Kind, first: int, second: int) -> tuple[Table, Table, Table]:
    """Group the weights that released cells of a unit turn into one another: order, starts, and group of each."""
    weights = _weights(roles, kind)
    rests = [_rest(weights[:, wave], mask) for wave, mask in enumerate((first, second))]
    _keys, group = np.unique(np.column_stack(rests), axis=0, return_inverse=True)
    group = group.reshape(-1)
    order = np.argsort(group, kind="stable")
    return order, np.flatnonzero(np.diff(group[order], prepend=-1)), group


def _rest(weights: Table, mask: int) -> Table:
    """Return what released cells cannot change of the weights of one wave; something that is alike when all."""
    roles = weights.shape[1]
    held = weights[:, [role for role in range(roles) if not mask >> role & 1]]
    if mask >> roles & 1 and held.shape[1]:
        held = held - held[:, :1]
    return np.column_stack([np.zeros(len(weights), dtype=np.int64), held])
