"""ICCs, r_wg, Krippendorff's alpha and kappa against R, published figures, and themselves."""

import math

import krippendorff as other_program
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from sirkel.evidence.agreement import FORMS, Groups, group_icc, rater_icc
from sirkel.evidence.coding import crossed, kappa, kappa_of, krippendorff
from sirkel.evidence.scoring import score
from sirkel.evidence.why import Absent, Why
from sirkel.evidence.within_group import within_group, within_group_of
from tests.evidence.unit.test_reliability import is_sound, numbers
from tests.reference import renew
from tests.reference.data import DATASETS

R = renew.values("agreement")
LEVELS = ("nominal", "ordinal", "interval", "ratio")
TABLES = {
    "cohen": np.array([[0.44, 0.07, 0.09], [0.05, 0.20, 0.05], [0.01, 0.03, 0.06]]) * 200,
    "fleiss": np.array([[106, 10, 4], [22, 28, 10], [2, 12, 6]]),
}
APART = np.array([[0, 1, 3], [1, 0, 6], [3, 6, 0]])


def wards():
    frame = DATASETS["wards"]()
    return frame[["i1", "i2", "i3", "i4"]].to_numpy(float), frame["ward"].to_numpy()


class TestGroups:
    def test_icc_is_what_multilevel_says(self):
        rows, ward = wards()
        found = group_icc(Groups.from_rows(score(rows).values, ward))
        assert found.icc1 == pytest.approx(R["icc"]["icc1"], abs=1e-12)
        assert found.icc2 == pytest.approx(R["icc"]["icc2"], abs=1e-12)
        assert found.f == pytest.approx(R["icc"]["f"], rel=1e-12)
        assert found.icc1_n0 > found.icc1  # uneven groups: n0 is below the mean size
        assert found.n0 < found.mean_group_size

    def test_even_groups_have_one_size_and_the_interval_of_the_raters_first_form(self):
        judged = DATASETS["raters"]().to_numpy(float)
        found = group_icc(Groups.from_rows(judged.ravel(), np.repeat(np.arange(40), 3)))
        assert found.icc1 == pytest.approx(R["raters"]["ICC1"]["ICC"], abs=1e-12)
        assert found.icc1_n0 == pytest.approx(found.icc1, abs=1e-12)
        assert found.icc2 == pytest.approx(R["raters"]["ICC1k"]["ICC"], abs=1e-12)
        wanted = R["raters"]["ICC1"]
        assert found.ci95 == pytest.approx((wanted["lower bound"], wanted["upper bound"]), abs=1e-8)

    def test_rwg_and_rwgj_are_what_multilevel_says(self):
        rows, ward = wards()
        for key, columns in (("rwg", [0]), ("rwgj", [0, 1, 2, 3])):
            wanted = {
                unit: value
                for unit, value in zip(R[key]["units"], R[key]["value"], strict=True)
                if value is not None
            }
            found = within_group(rows[:, columns], ward, categories=5)
            assert dict(zip(found.groups.tolist(), found.values.tolist(), strict=True)) == pytest.approx(
                wanted, abs=1e-12
            )
            assert found.mean == pytest.approx(np.mean(list(wanted.values())))
            assert found.median == pytest.approx(np.median(list(wanted.values())))
            assert found.left_out == 2

    def test_sums_say_what_rows_say(self):
        rows, ward = wards()
        values = score(rows).values
        there = ~np.isnan(values)
        n, sums = np.bincount(ward[there]), np.bincount(ward[there], weights=values[there] - 3)
        squares = np.bincount(ward[there], weights=(values[there] - 3) ** 2)
        found, wanted = (
            group_icc(Groups.from_sums(n, sums, squares, shift=3)),
            group_icc(Groups.from_rows(values, ward)),
        )
        for name in ("icc1", "icc2", "icc1_n0", "f", "ci95", "n", "groups"):
            assert getattr(found, name) == pytest.approx(getattr(wanted, name), rel=1e-10)
        whole = ~np.isnan(rows).any(axis=1)
        sheets = [rows[whole & (ward == one)] for one in range(14)]
        by_sums = within_group_of(
            np.arange(14),
            [len(one) for one in sheets],
            [one.sum(axis=0) for one in sheets],
            [(one**2).sum(axis=0) for one in sheets],
            categories=5,
        )
        by_rows = within_group(rows, ward, categories=5)
        assert by_sums.values == pytest.approx(by_rows.values, abs=1e-12)
        assert (by_sums.left_out, by_sums.groups.tolist()) == (by_rows.left_out, by_rows.groups.tolist())
        with pytest.raises(ValueError, match="sum of squares"):
            Groups.from_sums([1, 2], [1.0], [1.0])

    def test_sums_of_groups_that_are_each_alike_leave_nothing_within(self):
        found = group_icc(Groups.from_sums([2, 2, 0], [2.2, 4.4, 0], [2.42, 9.68, 0]))
        assert (found.groups, found.icc1) == (2, 1.0)

    def test_more_spread_than_chance_counts_as_none(self):
        assert within_group([[1.0], [5], [1], [5]], [1, 1, 1, 1], categories=5).values.tolist() == [0.0]
        assert within_group([[3.0], [3]], [1, 1], categories=5).values.tolist() == [1.0]

    @pytest.mark.parametrize(
        ("values", "group", "why"),
        [
            ([], [], Why.NO_ANSWERS),
            ([math.nan], [1], Why.NO_ANSWERS),
            ([2.0], [1], Why.ONE_PERSON),
            ([2.0, 3.0], [1, 1], Why.ONE_UNIT),
            ([2.0, 3.0], [1, 2], Why.SINGLETONS),
            ([2.1, 2.1, 2.1, 2.1], [1, 1, 2, 2], Why.CONSTANT),
        ],
    )
    def test_too_little_is_a_reason(self, values, group, why):
        found = group_icc(Groups.from_rows(values, group))
        assert (found.icc1, found.icc2, found.ci95) == (Absent(why),) * 3
        assert is_sound(found)

    def test_units_that_agree_within_and_differ_between(self):
        found = group_icc(Groups.from_rows([1, 1, 2, 2], list("aabb")))
        assert (found.icc1, found.icc2) == (1.0, 1.0)
        assert (found.ci95, found.f) == (Absent(Why.ALIKE), Absent(Why.ALIKE))

    def test_nobody_answered_all_items(self):
        found = within_group([[1.0, math.nan]], [1], categories=5)
        assert (found.mean, found.left_out) == (Absent(Why.NO_ANSWERS), 1)
        assert within_group([[1.0, 2], [2, 2]], [1, 2], categories=5).mean == Absent(Why.SINGLETONS)
        with pytest.raises(ValueError, match="two categories"):
            within_group([[1.0]], [1], categories=1)

    @given(
        st.lists(st.tuples(st.integers(1, 5).map(float), st.integers(0, 4)), max_size=40),
        st.randoms(use_true_random=False),
    )
    def test_order_and_names_change_nothing_and_every_number_is_sound(self, rows, dice):
        values, group = [row[0] for row in rows], [row[1] for row in rows]
        found = group_icc(Groups.from_rows(values, group))
        assert is_sound(found)
        dice.shuffle(rows)
        other = group_icc(
            Groups.from_rows([10 - 2 * row[0] for row in rows], [f"unit {row[1]}" for row in rows])
        )
        for ours, theirs in ((found.icc1, other.icc1), (found.icc2, other.icc2), (found.f, other.f)):
            same = isinstance(ours, Absent)
            assert theirs == (ours if same else pytest.approx(ours, rel=1e-9, abs=1e-9))


class TestRaters:
    @pytest.mark.parametrize("name", ["shrout_fleiss", "raters"])
    @pytest.mark.parametrize("form", FORMS)
    def test_each_form_is_what_psych_says(self, name, form):
        found, wanted = rater_icc(DATASETS[name]().to_numpy(float))[form], R[name][form]
        assert found.icc == pytest.approx(wanted["ICC"], abs=1e-10)
        assert found.f == pytest.approx(wanted["F"], rel=1e-10)
        assert (found.df1, found.df2) == (wanted["df1"], wanted["df2"])
        assert found.p == pytest.approx(wanted["p"], rel=1e-6)
        assert found.ci95 == pytest.approx((wanted["lower bound"], wanted["upper bound"]), abs=1e-8)

    def test_the_published_six(self):
        found = rater_icc(DATASETS["shrout_fleiss"]().to_numpy(float))
        published = [0.17, 0.29, 0.71, 0.44, 0.62, 0.91]
        assert [round(found[form].icc, 2) for form in FORMS] == published

    @pytest.mark.parametrize(
        ("ratings", "why"),
        [
            (np.zeros((0, 3)), Why.NO_ANSWERS),
            ([[1.0, 2.0]], Why.FEW),
            ([[1.0], [2.0]], Why.ONE_RATER),
            ([[0.1, 0.1], [0.1, 0.1]], Why.CONSTANT),
            ([[1, math.nan], [math.nan, 2], [1, 1]], Why.FEW),
        ],
    )
    def test_too_little_is_a_reason(self, ratings, why):
        assert rater_icc(ratings) == Absent(why)

    def test_a_bound_that_psych_cannot_give_is_its_limit_or_absent(self):
        found = rater_icc([[3.0, 0, 4], [1, 3, 4]])["ICC2"].ci95
        assert found == pytest.approx((-0.463414634, -0.3755171), abs=1e-7)
        assert rater_icc([[2.0, 3, 1], [3, 1, 1]])["ICC2k"].ci95 == Absent(Why.FEW)

    def test_raters_who_agree_wholly(self):
        found = rater_icc([[1.0, 1], [2, 2], [4, 4]])
        assert {one.icc for one in found.values()} == {1.0}
        assert {one.ci95 for one in found.values()} == {Absent(Why.ALIKE)}

    @given(hnp.arrays(float, st.tuples(st.integers(2, 8), st.integers(2, 4)), elements=st.integers(1, 4)))
    def test_every_number_is_sound(self, ratings):
        found = rater_icc(ratings)
        assert isinstance(found, Absent) or all(is_sound(one) for one in found.values())


class TestKrippendorff:
    @pytest.mark.parametrize("level", LEVELS)
    @pytest.mark.parametrize("name", ["krippendorff_2011", "coders"])
    def test_alpha_is_what_r_and_another_program_say(self, name, level):
        table = DATASETS[name]().to_numpy(float)
        found = krippendorff(table, level).alpha
        assert found == pytest.approx(R[name][level], abs=1e-12)
        theirs = other_program.alpha(reliability_data=table, level_of_measurement=level)
        assert found == pytest.approx(theirs, abs=1e-10)

    def test_the_published_four(self):
        table = DATASETS["krippendorff_2011"]().to_numpy(float)
        published = dict(zip(LEVELS, (0.743, 0.815, 0.849, 0.797), strict=True))
        for level, value in published.items():
            assert krippendorff(table, level).alpha == pytest.approx(value, abs=5e-4)

    def test_the_interval_holds_alpha_is_repeatable_and_shrinks_with_more_units(self):
        table = DATASETS["coders"]().to_numpy(float)
        found = krippendorff(table, "ordinal", replicates=400, seed=1)
        low, high = found.ci95
        assert low < found.alpha < high
        assert krippendorff(table, "ordinal", replicates=400, seed=1) == found
        more = krippendorff(np.tile(table, 9), "ordinal", replicates=400, seed=1).ci95
        assert more[1] - more[0] == pytest.approx((high - low) / 3, rel=0.25)

    @pytest.mark.parametrize(
        ("codes", "why"),
        [
            ([[1, 2, 3]], Why.ONE_RATER),
            ([[1, math.nan], [math.nan, 2]], Why.NO_PAIRS),
            ([[3, 3], [3, 3]], Why.CONSTANT),
        ],
    )
    def test_too_little_is_a_reason(self, codes, why):
        found = krippendorff(codes, replicates=10)
        assert (found.alpha, found.ci95) == (Absent(why), Absent(why))

    def test_what_is_no_code_is_refused(self):
        for codes, level in (
            ([[math.inf], [1]], "nominal"),
            ([[-1], [1]], "ratio"),
            ([[1], [1]], "cardinal"),
        ):
            with pytest.raises(ValueError, match=r"finite|level"):
                krippendorff(codes, level)

    @settings(deadline=None)
    @given(
        hnp.arrays(
            float,
            st.tuples(st.integers(2, 4), st.integers(1, 12)),
            elements=st.sampled_from([0, 1, 2, 5, math.nan]),
        ),
        st.sampled_from(LEVELS),
    )
    def test_order_of_coders_and_units_changes_nothing(self, codes, level):
        found, other = krippendorff(codes, level).alpha, krippendorff(codes[::-1, ::-1], level).alpha
        assert other == (found if isinstance(found, Absent) else pytest.approx(found, abs=1e-12))


class TestKappa:
    @pytest.mark.parametrize("name", TABLES)
    def test_plain_and_weighted_are_what_psych_says(self, name):
        table, wanted = TABLES[name], R[name]
        for key, weights in (("kappa", None), ("squared", "squared"), ("given", APART)):
            found = kappa_of(table, weights=weights)
            assert found.kappa == pytest.approx(wanted[key], abs=1e-12)
            assert found.se == pytest.approx(wanted["se" if key == "kappa" else f"{key}_se"], abs=1e-12)

    def test_the_published_pair(self):
        shares = TABLES["cohen"] / 200
        assert round(kappa_of(shares, n=200).kappa, 3) == 0.492
        assert round(kappa_of(shares, n=200, weights=APART).kappa, 3) == 0.348
        assert kappa_of(shares, n=200).se == pytest.approx(kappa_of(TABLES["cohen"]).se)

    @settings(deadline=None, max_examples=50)
    @given(hnp.arrays(float, (3, 3), elements=st.integers(1, 40)), st.sampled_from([None, "squared"]))
    def test_the_standard_error_is_the_delta_method_s(self, table, weights):
        p, n = table / table.sum(), table.sum()
        w = np.eye(3) if weights is None else 1 - np.subtract.outer(range(3), range(3)) ** 2 / 4

        def value(q):
            pc = (w * np.outer(q.sum(1), q.sum(0))).sum()
            return ((w * q).sum() - pc) / (1 - pc)

        slope = np.zeros((3, 3))
        for at in np.ndindex(3, 3):
            moved = p.astype(complex)
            moved[at] += 1e-30j
            slope[at] = value(moved).imag / 1e-30
        wanted = max((p * slope**2).sum() - (p * slope).sum() ** 2, 0) / n
        found = kappa_of(table, weights=weights)
        assert found.kappa == pytest.approx(value(p), abs=1e-10)
        assert found.se**2 == pytest.approx(wanted, rel=1e-6, abs=1e-12)

    def test_codes_of_any_kind_and_gaps(self):
        one = np.array(["red", "blue", None, "red", "blue"], dtype=object)
        other = np.array(["red", "red", "blue", "red", None], dtype=object)
        assert crossed(one, other).tolist() == [[0, 1], [0, 2]]
        assert kappa(one, other).n == 3
        assert crossed([1.0, math.nan], [1.0, 2.0]).tolist() == [[1]]

    @pytest.mark.parametrize(
        ("one", "other", "why"), [([], [], Why.NO_PAIRS), ([1, 1], [1, 1], Why.CONSTANT)]
    )
    def test_too_little_is_a_reason(self, one, other, why):
        found = kappa(np.array(one, dtype=float), np.array(other, dtype=float))
        assert numbers([found.kappa, found.se, found.ci95]) == [Absent(why)] * 3

    def test_what_is_no_table_is_refused(self):
        for table, weights in (([[1, 2]], None), ([[-1, 0], [0, 1]], None), ([[1, 0], [0, 1]], np.eye(3))):
            with pytest.raises(ValueError, match=r"square|row and a column"):
                kappa_of(table, weights=weights)


@pytest.mark.r
def test_r_still_says_what_was_written_down():
    fresh = renew.run("agreement")
    assert fresh["icc"] == pytest.approx(R["icc"], abs=1e-12)
    assert fresh["coders"] == pytest.approx(R["coders"], abs=1e-12)
    assert fresh["fleiss"] == pytest.approx(R["fleiss"], abs=1e-12)
