"""No table that is told lets anybody count a group of fewer than five, and no word is a number in disguise."""

from fractions import Fraction
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sirkel.evidence.bands import (
    FEWEST_THINGS,
    Access,
    Share,
    access,
    count_band,
    differs_enough,
    expected_share,
    released_sets,
    share_in_thirds,
)

tables = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 30), min_size=1, max_size=6)


def reachable(sets):
    """Every set whose sum follows from the sums of the released ones: rational row reduction over the groups."""
    groups = sorted(set().union(*sets))
    rows = [[Fraction(group in each) for group in groups] for each in sets]
    rank = len(_reduced(rows))
    for size in range(1, len(groups) + 1):
        for wanted in combinations(groups, size):
            row = [Fraction(group in wanted) for group in groups]
            if len(_reduced([*rows, row])) == rank:
                yield set(wanted)


def _reduced(rows):
    rows, kept = [list(row) for row in rows], []
    for column in range(len(rows[0])):
        pivot = next((row for row in rows if row[column]), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        kept.append(pivot)
        rows = [
            [b - a * row[column] / pivot[column] for a, b in zip(pivot, row, strict=True)] for row in rows
        ]
    return kept


@settings(deadline=None)
@given(tables)
def test_nothing_below_the_floor_can_be_reached_from_what_is_told(counts):
    sets = released_sets(counts)
    if not sets:
        return
    assert sorted(group for each in sets for group in each) == sorted(counts)
    for reached in reachable(sets):
        assert sum(counts[group] for group in reached) >= 5


@settings(deadline=None)
@given(tables)
def test_groups_that_are_all_large_are_told_apart_and_one_group_alone_never_is(counts):
    if min(counts.values()) >= 5 and len(counts) > 1:
        assert released_sets(counts) == tuple(frozenset({group}) for group in counts)
    if len(counts) == 1:
        assert released_sets(counts) == ()


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ({"leader": 5, "employee": 5}, ("leader", "employee")),
        ({"leader": 4, "employee": 40}, ()),
        ({"day": 12, "evening": 6, "night": 0}, ("day", "evening night")),
        ({"day": 12, "evening": 4, "night": 2}, ("day", "evening night")),
        ({"day": 12, "evening": 2, "night": 2}, ()),
        ({"day": 5, "evening": 5, "night": 2}, ("evening", "day night")),
    ],
)
def test_a_small_group_takes_another_with_it(counts, told):
    assert {" ".join(sorted(each)) for each in released_sets(counts)} == set(told)


@settings(deadline=None)
@given(st.integers(FEWEST_THINGS, 400), st.data())
def test_a_third_never_names_a_count_nor_says_none_or_all(total, data):
    count = data.draw(st.integers(0, total))
    band = share_in_thirds(count, total)
    assert len([one for one in range(total + 1) if share_in_thirds(one, total) == band]) >= 3
    mirror = {Share.LESS: Share.MORE, Share.MORE: Share.LESS, Share.EVEN: Share.EVEN}
    assert share_in_thirds(total - count, total) == mirror[band]


@settings(deadline=None)
@given(st.integers(0, FEWEST_THINGS - 1))
def test_few_things_are_not_told(total):
    assert {share_in_thirds(count, total) for count in range(total + 1)} == {None}


@settings(deadline=None)
@given(st.integers(1, 200), st.data())
def test_taking_part_more_is_never_told_as_less(answered, data):
    expected = data.draw(st.floats(0, 1))
    order = [Access.CLEARLY_FEWER, Access.FEWER, Access.AS_MANY]
    told = [
        order.index(access(count=count, answered=answered, expected=expected))
        for count in range(answered + 1)
    ]
    assert told == sorted(told)
    assert told[-1] == 2


def test_a_group_that_comes_half_as_often_as_it_could_is_told():
    sizes = {"day": (20, 29), "night": (10, 14)}
    assert expected_share(sizes, {"day"}) + expected_share(sizes, {"night"}) == pytest.approx(1)
    expected = expected_share(sizes, {"night"})
    assert access(count=10, answered=30, expected=expected) == Access.AS_MANY
    assert access(count=6, answered=30, expected=expected) == Access.FEWER
    assert access(count=4, answered=30, expected=expected) == Access.CLEARLY_FEWER
    assert expected_share({}, {"day"}) == 0


@settings(deadline=None)
@given(st.integers(0, 500))
def test_a_number_of_answers_is_told_in_a_band_of_three_at_least(count):
    band = count_band(count)
    if count < 7:
        assert band is None
        return
    least, most = band
    assert least <= count
    assert most is None or count <= most
    assert most is None or most - least >= 2


@settings(deadline=None)
@given(tables, st.sampled_from("abcdef"), st.sampled_from("abcdef"))
def test_three_people_never_make_two_tables_differ(counts, leaves, comes):
    """Whether they come, go or move from one group to another."""
    after = dict(counts)
    for _person in range(3):
        after[leaves] = max(0, after.get(leaves, 0) - 1)
        after[comes] = after.get(comes, 0) + 1
    assert not differs_enough(counts, after)
    assert not differs_enough(counts, counts)
    assert differs_enough(counts, {**counts, comes: counts.get(comes, 0) + 4})


def test_every_table_of_three_small_groups_keeps_the_floor():
    """All 4,096 tables of three groups of up to fifteen: what is told holds no set below five."""
    for day, evening, night in product(range(16), repeat=3):
        counts = {"day": day, "evening": evening, "night": night}
        assert all(sum(counts[group] for group in each) >= 5 for each in released_sets(counts))
