"""What can be worked out from sums over a tree, against linear algebra without any short cut."""

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sirkel.evidence.disclosure.knowledge import learn
from sirkel.evidence.disclosure.tree import Tree


def tree_of(parents):
    depth = []
    for parent in parents:
        depth.append(0 if parent < 0 else depth[parent] + 1)
    levels = tuple(np.flatnonzero(np.array(depth) == level) for level in range(max(depth) + 1))
    names = tuple(str(place) for place in range(len(parents)))
    return Tree(names, {name: place for place, name in enumerate(names)}, np.array(parents), levels)


def cells_of(parents, own, released):
    """Return each released cell as a 0/1 row over the groups (unit, role) that somebody is in."""
    units, roles = own.shape
    under = np.eye(units, dtype=bool)
    for unit in range(units):
        here = unit
        while here >= 0:
            under[here, unit] = True
            here = parents[here]
    rows = []
    for unit in range(units):
        for column in range(roles + 1):
            if released[unit] >> column & 1:
                chosen = np.ones(roles, dtype=bool) if column == roles else np.arange(roles) == column
                rows.append((under[unit][:, None] & chosen[None, :])[own > 0].astype(float))
    return np.array(rows).reshape(len(rows), int((own > 0).sum()))


def smallest_by_force(parents, own, released):
    """Return the fewest persons that any linear combination of the released sums is about; None without any."""
    matrix, sizes = cells_of(parents, own, released), own[own > 0]
    rank = np.linalg.matrix_rank(matrix) if matrix.size else 0
    if not rank:
        return None
    best = sizes.sum()
    groups = range(len(sizes))
    for many in range(1, len(sizes)):
        for support in itertools.combinations(groups, many):
            size = sizes[list(support)].sum()
            if size < best:
                rest = np.delete(matrix, support, axis=1)
                if np.linalg.matrix_rank(rest) < rank:
                    best = size
    return int(best)


def smallest(parents, own, released):
    known = learn(tree_of(parents), own, np.array(released))
    left = known.residual[known.is_known & (known.residual > 0)]
    return int(left.min()) if left.size else None


@st.composite
def houses(draw, roles, *, only_leaves):
    many = draw(st.integers(2, 6))
    parents = [-1, *(draw(st.integers(0, place - 1)) for place in range(1, many))]
    own = np.array(
        [[draw(st.sampled_from([0, 0, 1, 2, 3, 9])) for _role in range(roles)] for _unit in range(many)]
    )
    if only_leaves:
        own[sorted({parent for parent in parents if parent >= 0})] = 0
    if not own.sum():
        own[-1, 0] = 4
    released = [draw(st.integers(0, (2 << roles) - 1)) for _unit in range(many)]
    return parents, own, released


@settings(deadline=None, max_examples=300)
@given(house=houses(2, only_leaves=False))
def test_the_smallest_set_is_exactly_that_of_the_row_space_with_two_roles(house):
    assert smallest(*house) == smallest_by_force(*house)


@settings(deadline=None, max_examples=150)
@given(house=houses(3, only_leaves=True))
def test_and_with_three_where_members_sit_at_the_leaves(house):
    assert smallest(*house) == smallest_by_force(*house)


@settings(deadline=None, max_examples=80)
@given(house=houses(4, only_leaves=False))
def test_beyond_that_never_more_is_known_than_we_say(house):
    wanted, found = smallest_by_force(*house), smallest(*house)
    assert (wanted is None) == (found is None)
    assert wanted is None or found <= wanted


def test_the_only_child_that_is_hidden_is_what_its_parent_leaves():
    parents, own = [-1, 0, 0, 0], np.array([[0], [9], [8], [3]])
    assert smallest(parents, own, [1, 1, 1, 0]) == 3
    assert smallest(parents, own, [0, 1, 1, 0]) == 8
