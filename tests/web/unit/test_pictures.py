import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sirkel.web import pictures

NUMBER = re.compile(r"-?\d+\.\d")


def test_a_ring_for_every_meeting_held_and_a_leaf_for_every_trial_kept():
    drawing = pictures.growth_rings(held=4, planned=6, kept=2)

    assert [ring.is_held for ring in drawing.rings] == [True, True, True, True, False, False]
    assert len(drawing.leaves) == 2


def test_a_circle_that_has_not_begun_shows_only_what_is_to_come():
    drawing = pictures.growth_rings(held=0, planned=6)

    assert [ring.is_held for ring in drawing.rings] == [False] * 6
    assert drawing.leaves == ()


def test_nothing_is_dotted_when_nothing_is_to_come_any_more():
    assert [ring.is_held for ring in pictures.growth_rings(held=1, planned=6, is_over=True).rings] == [True]
    assert not any(ring.is_held for ring in pictures.growth_rings(held=0, planned=6, is_over=True).rings)


def test_a_cancelled_meeting_leaves_the_room_of_a_ring_free():
    def size(ring):
        return max(float(number) for number in NUMBER.findall(ring.path))

    even = [size(ring) for ring in pictures.growth_rings(held=4).rings]
    gap = [size(ring) for ring in pictures.growth_rings(held=4, gaps=(2,)).rings]
    between = [after - before for before, after in pairwise(gap)]

    assert len(gap) == len(even) == 4
    assert between[1] == pytest.approx(2 * between[0], abs=0.5)
    assert between[1] == pytest.approx(2 * between[2], abs=0.5)


@settings(deadline=None)
@given(
    held=st.integers(0, 60),
    planned=st.integers(0, 60),
    kept=st.integers(0, 80),
    gaps=st.lists(st.integers(0, 60), max_size=20),
)
def test_the_drawing_stays_on_its_field_whatever_the_numbers(held, planned, kept, gaps):
    drawing = pictures.growth_rings(held, planned, kept, gaps)

    paths = [ring.path for ring in drawing.rings]
    paths += [part for leaf in drawing.leaves for part in (leaf.stem, leaf.blade)]
    numbers = [float(number) for path in paths for number in NUMBER.findall(path)]
    assert numbers
    assert max(map(abs, numbers)) <= pictures.LEAVES_REACH
    in_rings = [float(number) for ring in drawing.rings for number in NUMBER.findall(ring.path)]
    assert max(map(abs, in_rings)) <= pictures.FIELD
    assert len(drawing.rings) == max(held, planned, pictures.LEAST_RINGS)


@pytest.mark.parametrize(
    ("left", "total", "share"),
    [(6, 10, 60.0), (10, 10, 100.0), (12, 10, 100.0), (0, 10, 0.0), (-3, 10, 0.0), (1, 3, 33.3), (5, 0, 0.0)],
)
def test_a_ring_never_shows_more_than_all_or_less_than_nothing(left, total, share):
    assert pictures.share_left(left, total) == share


@given(part=st.integers(0, 30), more=st.integers(0, 30))
def test_a_row_of_dots_has_one_for_every_case_or_none_at_all(part, more):
    row = pictures.dots(part, part + more)

    assert len(row) == (part + more if part + more <= pictures.DOTS_MOST else 0)
    assert not row or sum(dot.is_in for dot in row) == part


def test_steps_are_done_then_now_then_to_come():
    assert pictures.step_states(now=3, total=5) == ["done", "done", "now", "to_come", "to_come"]
    assert pictures.step_states(now=0, total=2) == ["to_come", "to_come"]


@given(values=st.lists(st.integers(0, 9999), min_size=1, max_size=80), before=st.integers(0, 80))
def test_a_run_chart_stays_on_its_field_and_keeps_its_order(values, before):
    drawing = pictures.run_chart(values, centre=sorted(values)[len(values) // 2], before=before)

    assert len(drawing.points) == len(values)
    assert all(
        0 <= point.x <= pictures.RUN_WIDE and 0 <= point.y <= pictures.RUN_HIGH for point in drawing.points
    )
    assert 0 <= drawing.middle <= pictures.RUN_HIGH
    assert drawing.top == max(*values, 1)
    assert [point.x for point in drawing.points] == sorted(point.x for point in drawing.points)
    assert sum(point.is_before for point in drawing.points) == min(before, len(values))
    assert (drawing.divide is not None) == (0 < before < len(values))
