"""What was gone over of two waves is kept, and says the same as going over all of it anew."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sirkel.evidence.disclosure.crossing import COUNTED, Pair
from sirkel.evidence.disclosure.tree import read_tree


@st.composite
def pairs(draw):
    """A tree with people in it, and what is released of each wave, some cells being hidden again and again."""
    units = draw(st.integers(2, 12))
    roles = draw(st.integers(1, 3))
    parents = {
        f"{unit:02d}": f"{draw(st.integers(0, unit - 1)):02d}" if unit else None for unit in range(units)
    }
    tree = read_tree(parents)

    def table(most, *shape):
        size = int(np.prod(shape))
        return np.array(draw(st.lists(st.integers(0, most), min_size=size, max_size=size))).reshape(shape)

    both, once = table(6, units, roles), table(2, 2, units, roles)
    masks = [np.full((2, units), (2 << roles) - 1)]
    for _again in range(3):
        masks.append(masks[-1] & (table(9, 2, units) > 0) * ((2 << roles) - 1))
    return tree, both, once, masks


@given(pairs())
@settings(deadline=None)
@pytest.mark.parametrize("counted", range(len(COUNTED)))
def test_hiding_goes_over_what_lies_above_and_finds_what_a_fresh_look_finds(counted, drawn):
    tree, both, once, steps = drawn
    kept = Pair(tree, both, once)
    for masks in [*steps, steps[0]]:
        anew = list(Pair(tree, both, once).leaks(masks, 5, counted))
        assert list(kept.leaks(masks, 5, counted)) == anew


def test_there_are_combinations_to_be_found():
    tree = read_tree({"all": None, "ward": "all"})
    pair = Pair(tree, np.array([[0], [9]]), np.array([[[0], [1]], [[0], [0]]]))
    out = np.full((2, 2), 3)
    assert list(pair.leaks(out, 5, 1)) == [[(0, 1, 1), (0, 1, 0), (1, 1, 1), (1, 1, 0)]]
    assert list(pair.leaks(out * np.array([[1], [0]]), 5, 1)) == []
