"""Moments, reliability, scoring and descriptives against psych, and against themselves."""

import math
from dataclasses import asdict
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from sirkel.evidence import reliability as rel
from sirkel.evidence.descriptives import describe
from sirkel.evidence.moments import CHUNK, Moments
from sirkel.evidence.scoring import reverse, score
from sirkel.evidence.why import Absent, Why
from tests.reference import renew
from tests.reference.data import DATASETS

R = renew.values("scales")
REVERSED = {"A1", "C4", "C5", "E1", "E2", "O2", "O5"}


def rows_of(name):
    """The reversed answers of a data set, and the items' names."""
    if not name.startswith("bfi_"):
        frame = DATASETS[name]()
        return frame.to_numpy(float), tuple(frame)
    frame = DATASETS["bfi"]()[[f"{name[-1]}{n}" for n in range(1, 6)]]
    which = [at for at, item in enumerate(frame) if item in REVERSED]
    return reverse(frame.to_numpy(float), which, low=1, high=6), tuple(frame)


def of(rows, items=None):
    rows = np.asarray(rows, dtype=float)
    return Moments.from_rows(rows, items or [f"i{n}" for n in range(rows.shape[1])])


def numbers(result):
    """Everything that a result holds, flat, absent values as their reasons."""
    if isinstance(result, dict):
        return [one for key in result for one in numbers(result[key])]
    if isinstance(result, (tuple, list)):
        return [one for part in result for one in numbers(part)]
    return [result]


def is_sound(result):
    """No number in a result is NaN or infinite."""
    return all(math.isfinite(one) for one in numbers(asdict(result)) if isinstance(one, float))


@pytest.mark.parametrize("name", R)
class TestAgainstPsych:
    def test_alpha_interval_and_items_on_complete_sheets(self, name):
        rows, items = rows_of(name)
        found, wanted = rel.reliability(of(rows, items)), R[name]
        assert found.n == wanted["n"]
        assert found.alpha == pytest.approx(wanted["listwise"]["alpha"], abs=1e-12)
        assert found.ci95 == pytest.approx(wanted["ci"], abs=1e-10)
        for at, item in enumerate(items):
            ours = found.items[item]
            assert ours.mean == pytest.approx(wanted["mean"][at], rel=1e-12)
            assert ours.sd == pytest.approx(wanted["sd"][at], rel=1e-12)
            if wanted["listwise"]["r_drop"][at] is None:
                assert (ours.item_rest, found.constant) == (Absent(Why.CONSTANT), (item,))
            else:
                assert ours.item_rest == pytest.approx(wanted["listwise"]["r_drop"][at], abs=1e-10)
            if len(items) == 2:
                assert ours.alpha_if_dropped == Absent(Why.ONE_ITEM)
            else:
                assert ours.alpha_if_dropped == pytest.approx(wanted["listwise"]["dropped"][at], abs=1e-10)

    def test_pairwise_alpha_and_item_rest(self, name):
        rows, items = rows_of(name)
        moments, wanted = of(rows, items), R[name]["pairwise"]
        assert rel.reliability(moments).pairwise == pytest.approx(wanted["alpha"], abs=1e-12)
        if name != "items_constant":
            for at, value in enumerate(wanted["r_drop"]):
                assert rel.item_rest_of(moments.pairwise_covariance(), at) == pytest.approx(value, abs=1e-10)

    def test_scores_under_each_rule(self, name):
        rows, _items = rows_of(name)
        wanted = R[name]["scored"]
        for rule, key in (("half", "half"), ("none", "all")):
            found = score(rows, rule)
            assert found.valid.size == wanted[f"{key}_n"]
            assert found.valid.mean() == pytest.approx(wanted[f"{key}_mean"], abs=1e-10)
        if wanted["psych"] is not None:
            assert score(rows, 1).valid.mean() == pytest.approx(wanted["psych"], abs=1e-10)

    def test_descriptives_of_the_scores(self, name):
        rows, _items = rows_of(name)
        found, wanted = asdict(describe(score(rows).values)), R[name]["describe"]
        assert found == pytest.approx(wanted, abs=1e-8)


def test_the_published_two_decimals_of_bfi_are_pairwise():
    published = {"A": 0.70, "C": 0.73, "E": 0.76, "N": 0.81, "O": 0.60}
    for scale, value in published.items():
        moments = of(*rows_of(f"bfi_{scale}"))
        assert round(rel.pairwise_alpha(moments), 2) == value
    listwise = rel.listwise_alpha(of(*rows_of("bfi_N")))
    assert round(listwise, 5) == 0.81330


@pytest.mark.r
def test_r_still_says_what_was_written_down():
    fresh = renew.run("scales")
    assert {name: one["listwise"]["alpha"] for name, one in fresh.items()} == pytest.approx(
        {name: one["listwise"]["alpha"] for name, one in R.items()}, abs=1e-12
    )


tables = hnp.arrays(
    float,
    st.tuples(st.integers(0, 40), st.integers(1, 6)),
    elements=st.one_of(st.integers(1, 5).map(float), st.just(math.nan)),
)


@given(tables)
def test_whatever_is_answered_every_number_is_finite_or_has_a_reason(rows):
    assert is_sound(rel.reliability(of(rows)))
    assert all(is_sound(describe(column)) for column in rows.T)


@given(tables, st.randoms(use_true_random=False), st.integers(0, 40))
def test_order_and_the_cut_into_units_change_no_digit(rows, dice, cut):
    order = list(range(len(rows)))
    dice.shuffle(order)
    mixed = rows[order]
    whole = rel.reliability(of(rows))
    assert rel.reliability(of(mixed)) == whole
    assert rel.reliability(of(mixed[:cut]) + of(mixed[cut:])) == whole


@given(tables, st.sampled_from([0.01, 3.0, 250.0]), st.sampled_from([-40.0, 0.5, 1e6]))
def test_another_scale_changes_means_and_spreads_alone(rows, factor, added):
    before, after = rel.reliability(of(rows)), rel.reliability(of(rows * factor + added))
    close = {"rel": 1e-5, "abs": 1e-5}
    for ours, others in [(before.alpha, after.alpha), (before.pairwise, after.pairwise)]:
        assert others == (ours if isinstance(ours, Absent) else pytest.approx(ours, **close))
    for item, one in before.items.items():
        if not isinstance(one.sd, Absent):
            assert after.items[item].mean == pytest.approx(one.mean * factor + added, rel=1e-9)
            assert after.items[item].sd == pytest.approx(one.sd * factor, rel=1e-5, abs=1e-7)


@given(tables)
def test_reversal_of_the_moments_is_that_of_the_rows(rows):
    turned = of(rows).reversed(["i0"], 6)
    assert rel.reliability(turned) == rel.reliability(of(reverse(rows, [0], low=1, high=5)))


def test_a_million_sheets_keep_their_digits():
    dice = np.random.default_rng(7)
    rows = dice.integers(1, 7, (1_000_000, 3)).astype(float)
    rows[dice.random(rows.shape) < 0.01] = np.nan
    moments = of(rows)
    whole = rows[~np.isnan(rows).any(axis=1)].astype(int)
    n = len(whole)
    for i in range(3):
        for j in range(3):
            a, b = whole[:, i], whole[:, j]
            exact = Fraction(int((a * b).sum()) * n - int(a.sum()) * int(b.sum()), n * (n - 1))
            assert moments.covariance()[i, j] == pytest.approx(float(exact), rel=1e-13)
    # The same far from zero, where squares of the answers themselves would have no digits left.
    far = of(rows + 1e8)
    assert far.covariance() == pytest.approx(moments.covariance(), rel=1e-12)
    decimal = of(rows / 3 + 1e4)
    assert decimal.covariance() == pytest.approx(moments.covariance() / 9, rel=1e-9)


def test_an_item_that_appears_late_is_taken_near_its_own_mean():
    rows = np.full((2 * CHUNK, 2), np.nan)
    rows[:, 0] = 3
    rows[CHUNK:, 1] = 1e9 + np.arange(CHUNK) % 3
    late = of(rows)
    assert late.pairwise_covariance()[1, 1] == pytest.approx(np.var(np.arange(CHUNK) % 3, ddof=1), rel=1e-12)
    assert (of(rows[:CHUNK]) + of(rows[CHUNK:])).pairwise_covariance() == pytest.approx(
        late.pairwise_covariance(), rel=1e-12
    )


class TestTooLittle:
    """Each from the same sheets as a number, with something taken away."""

    sheets = np.array([[1.0, 2, 2], [3, 3, 4], [2, 2, 5], [5, 4, 4]])

    def test_whole(self):
        assert 0 < rel.reliability(of(self.sheets)).alpha < 1

    @pytest.mark.parametrize(
        ("sheets", "why"),
        [
            (sheets[:0], Why.NO_ANSWERS),
            (sheets[:1], Why.ONE_PERSON),
            (sheets[:, :1], Why.ONE_ITEM),
            (sheets * 0 + 3, Why.CONSTANT),
            (np.where(np.eye(4, 3) > 0, np.nan, sheets)[:3], Why.NO_ANSWERS),
        ],
    )
    def test_a_reason_and_no_number(self, sheets, why):
        found = rel.reliability(of(sheets))
        assert (found.alpha, found.ci95) == (Absent(why), Absent(why))
        assert is_sound(found)

    def test_items_that_cancel_each_other(self):
        found = rel.reliability(of(np.column_stack([self.sheets[:, 0], 6 - self.sheets[:, 0]])))
        assert found.alpha == Absent(Why.CONSTANT)

    def test_no_pair_answered_both(self):
        found = rel.reliability(of([[1, np.nan], [2, np.nan], [np.nan, 3], [np.nan, 4]]))
        assert (found.alpha, found.pairwise) == (Absent(Why.NO_ANSWERS), Absent(Why.NO_ANSWERS))


@pytest.mark.parametrize("rows", [[[1.0, math.inf]], [[1.0]], [1.0, 2.0]])
def test_what_is_no_table_of_two_items_is_refused(rows):
    with pytest.raises(ValueError, match=r"finite|column"):
        Moments.from_rows(rows, ["a", "b"])


def test_other_items_do_not_add_up():
    with pytest.raises(ValueError, match="same items"):
        of([[1, 2]], ("a", "b")) + of([[1, 2]], ("a", "c"))
    with pytest.raises(ValueError, match="No such items"):
        of([[1, 2]], ("a", "b")).reversed(["c"], 6)


@settings(max_examples=30)
@given(tables)
def test_every_reason_has_a_sentence(rows):
    for one in numbers(asdict(rel.reliability(of(rows)))):
        if isinstance(one, Why):
            assert Absent(one).sentence
