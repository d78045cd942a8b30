"""Scores by hand."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sirkel.evidence.scoring import Gap, items_needed, reverse, score, to_hundred
from sirkel.evidence.why import SENTENCES, Why

NO = math.nan


def test_half_of_five_items_are_three():
    found = score([[1, 2, NO, 3, NO], [1, 2, NO, NO, NO], [5, 5, 5, 5, 5], [NO] * 5])
    assert found.values[[0, 2]].tolist() == [2.0, 5.0]
    assert found.gap.tolist() == [Gap.ANSWERED, Gap.TOO_FEW_ITEMS, Gap.ANSWERED, Gap.SKIPPED]
    assert found.valid.tolist() == [2.0, 5.0]
    assert found.sums[[0, 2]].tolist() == [10.0, 25.0]
    assert np.isnan(found.values[[1, 3]]).all()


@pytest.mark.parametrize(
    ("rule", "items", "needed"), [("half", 4, 2), ("half", 5, 3), ("half", 1, 1), ("none", 7, 7), (2, 5, 2)]
)
def test_how_many_must_be_answered(rule, items, needed):
    assert items_needed(rule, items) == needed
    rows = np.full((items + 1, items), NO)
    for count in range(items + 1):
        rows[count, :count] = 3
    assert (score(rows, rule).gap == Gap.ANSWERED).tolist() == [n >= needed for n in range(items + 1)]


@pytest.mark.parametrize("rule", [0, 6, "most", True, 2.5])
def test_no_such_rule(rule):
    with pytest.raises(ValueError, match="rule"):
        score([[1, 2, 3, 4, 5]], rule)


def test_a_score_misses_for_the_reason_that_all_its_items_share():
    rows = [[NO, NO, NO], [NO, NO, NO], [NO, NO, 4]]
    shown = [
        [Gap.NOT_SHOWN] * 3,
        [Gap.NOT_SHOWN, Gap.REFUSED, Gap.NOT_SHOWN],
        [Gap.NOT_RELEVANT, Gap.REFUSED, 0],
    ]
    assert score(rows, gaps=shown).gap.tolist() == [Gap.NOT_SHOWN, Gap.TOO_FEW_ITEMS, Gap.TOO_FEW_ITEMS]
    with pytest.raises(ValueError, match="reason"):
        score([[1.0, NO]], gaps=[[Gap.ANSWERED, Gap.ANSWERED]])


def test_a_scale_without_items_is_none():
    with pytest.raises(ValueError, match="item"):
        score(np.zeros((3, 0)))


def test_zero_to_hundred():
    assert to_hundred([1, 2, 3, 4, 5], low=1, high=5, first_is_most=True).tolist() == [100, 75, 50, 25, 0]
    assert to_hundred([1, 2, 3, 4], low=1, high=4) == pytest.approx([0, 100 / 3, 200 / 3, 100], rel=1e-15)
    assert np.isnan(to_hundred([NO], low=1, high=5)).all()
    with pytest.raises(ValueError, match="lower"):
        to_hundred([1], low=5, high=5)


@given(st.lists(st.lists(st.one_of(st.integers(1, 5), st.just(NO)), min_size=4, max_size=4), min_size=1))
def test_turning_twice_is_turning_never_and_turns_the_score(rows):
    once = reverse(rows, [0, 1, 2, 3], low=1, high=5)
    assert reverse(once, [0, 1, 2, 3], low=1, high=5) == pytest.approx(np.asarray(rows), nan_ok=True)
    assert score(once).values == pytest.approx(6 - score(rows).values, nan_ok=True)
    hundred = to_hundred(rows, low=1, high=5)
    assert score(hundred).values == pytest.approx(
        to_hundred(score(rows).values, low=1, high=5), nan_ok=True, abs=1e-10
    )


def test_every_reason_is_a_sentence_without_jargon():
    assert set(SENTENCES) == set(Why)
    for sentence in SENTENCES.values():
        assert sentence.endswith(".")
        assert not {"variance", "covariance", "null", "NaN", "sample"} & set(sentence.split())
