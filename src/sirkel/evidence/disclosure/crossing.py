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
from functools import cache
from itertools import product

import numpy as np
from numpy.typing import NDArray

from sirkel.evidence.disclosure.tree import Tree

Table = NDArray[np.int64]
Small = NDArray[np.int16]
Kind = tuple[int, int, int]
# With more role groups there are too many pairs of weights to look at all.
MOST_ROLES = 4
# The largest weight, how far apart those of one wave lie, and the largest of the two waves together; widest first.
_KINDS: tuple[Kind, ...] = ((3, 3, 3), (2, 2, 2), (2, 2, 1), (2, 1, 1), (1, 1, 1))
_MOST_STATES, _MOST_WORK = 1_200, 1_600_000
# More than so many are never told apart from so many, so that small numbers are enough to count with.
MANY = np.int16(1000)
# How often somebody counts who answered both times, only the first time, only the second: all of them; and those who
# left and those who joined alone, where everybody else must fall out.
COUNTED = ((1, 1, 1), (int(MANY), 1, 0), (int(MANY), 0, 1))

Used = tuple[int, int, int]
"""A cell that a combination uses: which of the two waves (0 or 1), unit, column."""


class Pair:
    """Two waves of a tree. What was gone over is kept: after cells were hidden only what lies above them is gone over.

    Attributes:
        tree: the units.
        both: persons who answered both times, of each unit itself and role (units x roles).
        once: persons who answered only the first, and only the second time (2 x units x roles).
        below: for each depth the units right below it, brothers beside one another.
        children: the units directly below each unit.

    """

    def __init__(self, tree: Tree, both: Table, once: Table) -> None:
        self.tree, self.both, self.once = tree, both, once
        orders = (np.argsort(tree.parent[level], kind="stable") for level in tree.levels[1:])
        ordered = (level[order] for level, order in zip(tree.levels[1:], orders, strict=True))
        self.below: list[Table] = [*ordered, np.zeros(0, dtype=np.int64)]
        self.children: list[list[int]] = [[] for _unit in tree.names]
        for unit, parent in enumerate(tree.parent.tolist()):
            if parent >= 0:
                self.children[parent].append(unit)
        self._passes: dict[int, _Pass] = {}

    def leaks(self, masks: Table, least: int, counted: int) -> Iterator[list[Used]]:
        """Yield the cells of combinations that leave fewer than ``least``, but some; the lowest in the tree first.

        Args:
            masks: the released cells of each wave: a bit a role, one more for all together (2 x units).
            least: how many must be left.
            counted: which people count, as a place in ``COUNTED``: all, those who left, or those who joined.

        """
        found = self._passes.get(counted)
        if found is None:
            found = self._passes[counted] = _Pass(self, COUNTED[counted])
        found.look_at(masks)
        none = found.few[:, found.zero] < least
        below = np.zeros(len(none), dtype=bool)
        below[self.tree.parent[none & (self.tree.parent >= 0)]] = True
        for unit in np.flatnonzero(none & ~below).tolist():
            yield found.used(unit)

    def forget(self, counted: int) -> None:
        """Give back the memory of a way of counting that is looked at no more."""
        self._passes.pop(counted, None)


class _Pass:
    """One pass up the tree: the fewest (``any``) and the fewest but some (``few``), before and after own cells."""

    def __init__(self, pair: Pair, counted: tuple[int, int, int]) -> None:
        """Count people so often: who answered both times, only the first, only the second time."""
        units, roles = pair.both.shape
        self.pair = pair
        self.kind = _kind(roles, units)
        self.weights = _weights(roles, self.kind)
        self.zero = int(np.flatnonzero(~self.weights.any(axis=(1, 2)))[0])
        own = pair.both @ (self.weights.sum(axis=1) != 0).T * np.int64(counted[0])
        for side in (0, 1):
            if counted[side + 1]:
                own += pair.once[side] @ (self.weights[:, side] != 0).T
        self.own: Small = np.minimum(own, MANY).astype(np.int16)
        self.any_before, self.few_before, self.any, self.few = (
            np.empty_like(self.own) for _table in range(4)
        )
        self.masks: Table = np.full((2, units), -1)

    def look_at(self, masks: Table) -> None:
        """Go over the units whose released cells are others than before, and over those above them."""
        tree, below = self.pair.tree, self.pair.below
        is_due = (masks != self.masks).any(axis=0)
        self.masks = masks
        for depth in reversed(range(len(tree.levels))):
            level = tree.levels[depth]
            rows = level[is_due[level]]
            if not rows.size:
                continue
            self._gather(rows, below[depth][is_due[tree.parent[below[depth]]]])
            self._change(rows)
            above = tree.parent[rows]
            is_due[above[above >= 0]] = True

    def _gather(self, rows: Table, children: Table) -> None:
        """Add up what comes from a unit itself and from right below it; ``children`` are all of these units'."""
        self.any_before[rows] = self.own[rows]
        few_below = np.full_like(self.any_before[rows], MANY)
        if children.size:
            parents, starts = np.unique(self.pair.tree.parent[children], return_index=True)
            brothers = np.add.reduceat(self.any[children], starts, axis=0, dtype=np.int64)
            self.any_before[parents] = np.minimum(brothers + self.own[parents], MANY)
            few_below[np.searchsorted(rows, parents)] = np.minimum.reduceat(
                self.few[children], starts, axis=0
            )
        here = self.any_before[rows]
        self.few_before[rows] = np.where(here > 0, here, few_below)

    def _change(self, rows: Table) -> None:
        """Let the units' own released cells change the weights before they go further down."""
        roles = self.pair.both.shape[1]
        both_masks = self.masks[0, rows] << (roles + 1) | self.masks[1, rows]
        for masks in np.unique(both_masks).tolist():
            alike = rows[both_masks == masks]
            order, starts, group = _groups(roles, self.kind, masks >> (roles + 1), masks & (2 << roles) - 1)
            for source, target in ((self.any_before, self.any), (self.few_before, self.few)):
                least = np.minimum.reduceat(source[alike].take(order, axis=1), starts, axis=1)
                target[alike] = least.take(group, axis=1)

    def used(self, top: int) -> list[Used]:
        """Return the cells that the combination with the fewest persons under a unit uses."""
        roles, kind, zero = self.pair.both.shape[1], self.kind, self.zero
        cells: list[Used] = []
        todo = [(top, zero, True)]
        while todo:
            unit, state, is_few = todo.pop()
            first, second = self.masks.item(0, unit), self.masks.item(1, unit)
            before = (self.few_before if is_few else self.any_before)[unit]
            alike = _alike(roles, kind, first, second, state)
            fewest_alike = alike[before.take(alike).argmin()]
            chosen = state
            if before[state] > before[fewest_alike]:
                chosen = int(fewest_alike)
                cells += [
                    (wave, unit, column)
                    for wave, column in _changing(roles, kind, first, second, state, chosen)
                ]
            if is_few and self.any_before[unit, chosen] == 0:
                fewest = min(
                    self.pair.children[unit], key=lambda child: (int(self.few[child, chosen]), child)
                )
                todo += [(child, chosen, child == fewest) for child in self.pair.children[unit]]
            elif chosen != zero:
                todo += [(child, chosen, False) for child in self.pair.children[unit]]
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


@cache
def _groups(roles: int, kind: Kind, first: int, second: int) -> tuple[Table, Table, Table]:
    """Group the weights that released cells of a unit turn into one another: order, starts, and group of each."""
    weights = _weights(roles, kind)
    rests = [_rest(weights[:, wave], mask) for wave, mask in enumerate((first, second))]
    _keys, group = np.unique(np.column_stack(rests), axis=0, return_inverse=True)
    group = group.reshape(-1)
    order = np.argsort(group, kind="stable")
    return order, np.flatnonzero(np.diff(group[order], prepend=-1)), group


@cache
def _alike(roles: int, kind: Kind, first: int, second: int, state: int) -> Table:
    """Return the weights that released cells of a unit turn into one another with these (``state``)."""
    group = _groups(roles, kind, first, second)[2]
    return np.flatnonzero(group == group[state])


@cache
def _changing(
    roles: int, kind: Kind, first: int, second: int, state: int, chosen: int
) -> tuple[tuple[int, int], ...]:
    """Return the released cells of a unit, as (wave, column), that can have turned weights into others."""
    weights = _weights(roles, kind)
    step = weights[chosen] - weights[state]
    cells: list[tuple[int, int]] = []
    for wave, mask in enumerate((first, second)):
        if step[wave].any():
            cells += [(wave, role + 1) for role in range(roles) if step[wave, role] and mask >> role & 1]
            if mask >> roles & 1:
                cells.append((wave, 0))
    return tuple(cells)


def _rest(weights: Table, mask: int) -> Table:
    """Return what released cells cannot change of the weights of one wave; something that is alike when all."""
    roles = weights.shape[1]
    held = weights[:, [role for role in range(roles) if not mask >> role & 1]]
    if mask >> roles & 1 and held.shape[1]:
        held = held - held[:, :1]
    return np.column_stack([np.zeros(len(weights), dtype=np.int64), held])
