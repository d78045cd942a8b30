"""What can be worked out from sums over a tree: exact linear algebra on the tree, in time linear in its units.

Everything a reader can compute from released means and known counts is a linear combination of sums over sets of
persons. The sets follow a tree of units crossed with roles, so that what is known of one unit's sums per role is a
subspace of R^roles, spanned by sums over single roles and perhaps by the sum over all roles. Two passes over the tree
give that subspace for each unit: first from what lies below it, then from what lies around it. A third gives, for
every combination known of a unit, the fewest persons its value can be brought down to by taking away everything known
of the units below: the *residual*. The smallest residual in the tree is the smallest set of persons about whom
anything can be worked out.

With up to three role groups this is exact when a unit's members sit at its leaves, and with up to two always; beyond
that it errs towards more being known, never less.

A subspace is a bit mask: a bit for each role whose sum is known, and one more where only the sum over all roles is.
"""

from dataclasses import dataclass
from functools import cache, cached_property
from itertools import product

import numpy as np
from numpy.typing import NDArray

from sirkel.evidence.disclosure.tree import Tree

Masks = NDArray[np.int64]
Counts = NDArray[np.int64]
EXACT_ROLES = 3


@cache
def _normal(roles: int) -> Masks:
    """Return for each mask the one that stands for the same subspace."""
    full, all_bit = (1 << roles) - 1, 1 << roles
    table = np.arange(2 << roles, dtype=np.int64)
    for mask in range(2 << roles):
        known, has_all = mask & full, bool(mask & all_bit)
        lacking = (full & ~known).bit_count()
        if known == full or (has_all and (lacking <= 1 or (roles > EXACT_ROLES and known))):
            table[mask] = full
    return table


def _both(masks: Masks, roles: int) -> Masks:
    """Return masks in the form whose bitwise "and" is the intersection of the subspaces."""
    full = (1 << roles) - 1
    return np.where((masks & full) == full, masks | (1 << roles), masks)


@cache
def _alike(roles: int, mask: int) -> tuple[NDArray[np.bool_], tuple[Masks, ...]]:
    """Tell for each combination of roles whether it is known, and which others say the same beyond what is known."""
    full = (1 << roles) - 1
    lacking, has_all = full & ~mask, bool(mask >> roles)
    known = np.array(
        [not combo & lacking or (has_all and combo & lacking == lacking) for combo in range(1 << roles)]
    )
    free = [bit for bit in range(roles) if mask >> bit & 1]
    alike = []
    for combo in range(1 << roles):
        rests = {combo & lacking}
        if has_all:
            rests.add(lacking & ~combo)
        found = {
            rest | sum(1 << bit for bit, is_in in zip(free, chosen, strict=True) if is_in)
            for rest in rests
            for chosen in product((False, True), repeat=len(free))
        }
        alike.append(np.array(sorted(found), dtype=np.int64))
    return known, tuple(alike)


@dataclass(frozen=True)
class Knowledge:
    """What can be worked out in one wave.

    Attributes:
        roles: how many role groups there are.
        inside: what is known of each unit from its own cells and those below it.
        known: what is known of it from everything.
        residual: persons in the residual of each combination of roles, for each unit (units x 2^roles); where the
            combination is not known of the unit, what would be left if it were.

    """

    roles: int
    inside: Masks
    known: Masks
    residual: Counts

    @cached_property
    def is_known(self) -> NDArray[np.bool_]:
        """Tell which combinations of roles are known of which unit (units x 2^roles); the empty one is not."""
        table = np.zeros((2 << self.roles, 1 << self.roles), dtype=bool)
        for mask in _there(self.known):
            table[mask] = _alike(self.roles, mask)[0]
        table[:, 0] = False
        return table.take(self.known, axis=0)

    @cached_property
    def rests(self) -> NDArray[np.int64]:
        """What remains of each combination of each unit when all that is known of it is taken away (units x 2^roles).

        The combination itself, or another one that says the same and is about the fewest persons; 0 where it is known.
        """
        table = np.zeros_like(self.residual)
        for mask in _there(self.known):
            here = np.flatnonzero(self.known == mask)
            is_known, alike = _alike(self.roles, mask)
            residual = self.residual.take(here, axis=0)
            for combo in range(1, 1 << self.roles):
                if not is_known[combo]:
                    others = alike[combo][alike[combo] > 0]
                    table[here, combo] = others[residual[:, others].argmin(axis=1)]
        return table

    def combination_known_inside(self, unit: int, combo: int) -> bool:
        """Tell whether a combination is known of a unit from its own cells and those below it."""
        return bool(_alike(self.roles, self.inside.item(unit))[0].item(combo))


def learn(tree: Tree, own: Counts, released: Masks, whole: Counts | None = None) -> Knowledge:
    """Work out what is known.

    Args:
        tree: the units.
        own: persons who answered, of each unit itself and role (units x roles).
        released: for each unit the released cells as a mask: a bit a role, one more for all roles together.
        whole: the same persons of each unit and all below it, where somebody added them up already.

    """
    roles = own.shape[1]
    normal = _normal(roles)
    bits = 1 << np.arange(roles)
    whole = tree.upward(own) if whole is None else whole
    empty = (whole == 0) @ bits  # the sum over nobody is known
    absent = (own == 0) @ bits  # no member sits in the unit itself
    inside = np.zeros(len(own), dtype=np.int64)
    # How many children lack a bit tells both what all children have (none lacks it) and, less one of them, what all of
    # its siblings have. Bits go first: numpy goes along units many times faster than along three bits.
    every = 1 << np.arange(roles + 1)[:, None]
    lacks = np.zeros((roles + 1, len(own)), dtype=np.int64)
    missing: list[NDArray[np.bool_]] = []
    for depth, level in reversed(list(enumerate(tree.levels))):
        derived = _without_own(_masks_of(lacks.take(level, axis=1) == 0), absent[level], roles)
        inside[level] = normal[released[level] | derived | empty[level]]
        missing.append((_both(inside[level], roles) & every) == 0)
        tree.add_to_parents(lacks, depth, missing[-1])
    known = inside.copy()
    outside = np.zeros(len(own), dtype=np.int64)
    for level, missing_here in zip(tree.levels[1:], reversed(missing[:-1]), strict=True):
        above = tree.parent[level]
        around = normal[released[above] | outside[above] | empty[above]]
        siblings = _masks_of(lacks.take(above, axis=1) == missing_here)
        outside[level] = _without_own(_both(around, roles) & siblings, absent[above], roles)
        known[level] = normal[inside[level] | outside[level]]
    return Knowledge(roles, inside, known, residuals(tree, own, known))


def _masks_of(has_bit: NDArray[np.bool_]) -> Masks:
    """Return masks from their bits (bits x units)."""
    masks = np.zeros(has_bit.shape[1], dtype=np.int64)
    for bit, has in enumerate(has_bit):
        masks |= has.astype(np.int64) << bit
    return masks


def _there(masks: Masks) -> list[int]:
    """Return the masks that there are, each once; there are few different ones, so that counting finds them fastest."""
    return np.flatnonzero(np.bincount(masks)).tolist()


def _without_own(masks: Masks, absent: Masks, roles: int) -> Masks:
    """Keep of a subspace what says nothing of members who sit in the unit itself."""
    full, all_bit = (1 << roles) - 1, 1 << roles
    masks = _normal(roles)[np.where((masks & full) == full, full, masks)]
    has_all, known = masks & all_bit, masks & full
    nobody = (absent & full) == full
    kept = np.where(nobody, masks, known & absent)
    rest = full & ~known
    slips = ~nobody & (has_all > 0) & ((rest & ~absent) == 0)
    return np.where(slips, kept | rest, kept)


def residuals(tree: Tree, own: Counts, known: Masks) -> Counts:
    """Return the fewest persons that each combination of roles of each unit can be brought down to."""
    roles = own.shape[1]
    combos = np.arange(1 << roles)
    picks = (combos[:, None] >> np.arange(roles)) & 1
    left = np.ascontiguousarray((own @ picks.T).T)  # combinations go first: see ``learn``
    for depth, level in reversed(list(enumerate(tree.levels))[1:]):
        kept = np.zeros((len(combos), len(level)), dtype=np.int64)
        for mask in _there(known[level]):
            here = np.flatnonzero(known[level] == mask)
            is_known, alike = _alike(roles, mask)
            rows = left.take(level[here], axis=1)
            for combo in combos[1:]:
                if not is_known[combo]:
                    kept[combo, here] = rows[alike[combo][alike[combo] > 0]].min(axis=0)
        tree.add_to_parents(left, depth, kept)
    return np.ascontiguousarray(left.T)
