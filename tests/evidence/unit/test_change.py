"""Change, difference, shares, families and perception gaps against R, and against themselves."""

import math
from dataclasses import fields
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy import stats
from scipy.integrate import quad

from sirkel.evidence.attrition import attrition, wave_patterns
from sirkel.evidence.change import paired_change, paired_change_of, small_sample_factor
from sirkel.evidence.groups import group_difference
from sirkel.evidence.moments import Moments
from sirkel.evidence.multiplicity import benjamini_hochberg, holm
from sirkel.evidence.perception_gap import gap_over_units, profile_distance, unit_gap
from sirkel.evidence.pooling import pool
from sirkel.evidence.proportions import share, share_change
from sirkel.evidence.signed_rank import signed_rank_p
from sirkel.evidence.why import Absent, Why
from tests.evidence.unit.test_reliability import is_sound
from tests.reference import renew
from tests.reference.data import DATASETS

R = renew.values("change")
SETS = ("sleep", "pairs_ties", "pairs_few", "pairs_many", "pairs_three")
NO = math.nan


def rounds(name):
    frame = DATASETS[name]()
    return frame["first"].to_numpy(float), frame["second"].to_numpy(float)


@pytest.mark.parametrize("name", SETS)
class TestAgainstR:
    def test_paired_change(self, name):
        found, wanted = paired_change(*rounds(name)), R[name]
        assert (found.n, found.df) == (wanted["n"], wanted["n"] - 1)
        ours = (found.difference, found.t, found.p, found.d_z, found.d_av, found.g_av, found.sd_difference)
        keys = ("difference", "t", "p", "d_z", "d_av", "g_av", "sd")
        assert ours == pytest.approx([wanted[key] for key in keys], rel=1e-10)
        assert found.ci95 == pytest.approx(wanted["ci"], rel=1e-10)
        assert found.d_av_ci95 == pytest.approx(wanted["bonett"], rel=1e-10)

    def test_signed_rank(self, name):
        found = paired_change(*rounds(name))
        assert found.wilcoxon_p == pytest.approx(R[name]["wilcoxon"], rel=1e-9)

    def test_two_groups(self, name):
        both = np.column_stack(rounds(name))
        one, two = both[~np.isnan(both).any(axis=1)].T
        found, wanted = group_difference(one, two), R[name]["welch"]
        assert (found.t, found.df, found.p) == pytest.approx(
            [wanted[key] for key in ("t", "df", "p")], rel=1e-9
        )
        assert found.ci95 == pytest.approx(wanted["ci"], rel=1e-9)
        assert found.g == pytest.approx(R[name]["g"], rel=1e-9)
        # The other program searches its interval until it is good to four digits.
        assert found.g_ci95 == pytest.approx(R[name]["g_ci"], abs=2e-3 if name == "pairs_three" else 1e-4)


def test_the_published_sleep():
    found = paired_change(*rounds("sleep"))
    assert (round(found.t, 4), round(found.p, 6)) == (4.0621, 0.002833)
    assert [round(end, 3) for end in found.ci95] == [0.700, 2.460]


def below(t, df, ncp):
    """Return the share of the noncentral t distribution below t, as an integral over the root of its chi-square."""

    def part(root):
        return stats.norm.cdf(t * root - ncp) * stats.chi.pdf(root * df**0.5, df) * df**0.5

    spread = (1 / (2 * df)) ** 0.5
    ends = [max(0.0, 1 - 12 * spread), 1 - 3 * spread if 3 * spread < 1 else 0.5, 1.0, 1 + 12 * spread]
    return sum(quad(part, *pair, epsabs=1e-12, epsrel=1e-12)[0] for pair in pairwise(ends))


fives = st.lists(st.integers(1, 5).map(float), min_size=2, max_size=30)


@given(fives, fives)
@example([1.0, 2, 4, 4, 5], [0.0, 1, 1, 2, 3, 3])
@example([1.0, 1, 2, 3, 2], [5.0, 5])  # the distribution function has a hole in reach of these two
@example([5.0, 4], [1.0, 1, 1, 1])
@example([4.0] * 29 + [5.0], [1.0] * 29 + [2.0])
def test_the_noncentral_interval_holds_its_shares(one, two):
    found = group_difference(one, two)
    if isinstance(found.g, Absent):
        assert found.g_ci95 == found.g
        return
    df = len(one) + len(two) - 2
    scale = (1 / len(one) + 1 / len(two)) ** 0.5 * small_sample_factor(df)
    low, high = (end / scale for end in found.g_ci95)
    t = found.g / scale
    assert below(t, df, low) == pytest.approx(0.975, abs=1e-8)
    assert below(t, df, high) == pytest.approx(0.025, abs=1e-8)


@pytest.mark.r
def test_r_still_says_what_was_written_down():
    fresh = renew.run("change")
    for name in SETS:
        assert fresh[name]["p"] == pytest.approx(R[name]["p"], rel=1e-10)
        assert fresh[name]["wilcoxon"] == pytest.approx(R[name]["wilcoxon"], rel=1e-10)


@given(st.lists(st.integers(1, 12), min_size=1, max_size=12, unique=True), st.data())
def test_the_exact_p_counts_every_way_the_signs_could_fall(sizes, data):
    signs = data.draw(st.lists(st.sampled_from([-1, 1]), min_size=len(sizes), max_size=len(sizes)))
    ranks = np.argsort(np.argsort(sizes)) + 1
    seen = sum(rank for rank, sign in zip(ranks, signs, strict=True) if sign > 0)
    every = [
        sum(rank for rank, up in zip(ranks, ups, strict=True) if up)
        for ups in product([0, 1], repeat=len(sizes))
    ]
    tail = min(np.mean(np.array(every) <= seen), np.mean(np.array(every) >= seen))
    assert signed_rank_p(np.array(sizes) * np.array(signs, dtype=float)) == pytest.approx(
        min(1, 2 * tail), rel=1e-12
    )


scores = st.one_of(st.sampled_from([1.0, 1.25, 2.0, 2.5, 3.0, 4.75, 5.0]), st.just(NO))
people = st.lists(st.tuples(scores, scores), max_size=40)


@given(
    people, st.randoms(use_true_random=False), st.sampled_from([0.1, 25.0]), st.sampled_from([-3.0, 1000.0])
)
def test_order_changes_nothing_and_another_scale_the_unit_alone(pairs, dice, factor, added):
    before = paired_change([one for one, _two in pairs], [two for _one, two in pairs])
    dice.shuffle(pairs)
    after = paired_change(
        [one * factor + added for one, _two in pairs], [two * factor + added for _one, two in pairs]
    )
    assert is_sound(before)
    assert is_sound(after)
    for name, by in (
        ("difference", factor),
        ("p", 1),
        ("d_z", 1),
        ("d_av", 1),
        ("g_av", 1),
        ("ci95", factor),
    ):
        ours, theirs = getattr(before, name), getattr(after, name)
        if isinstance(ours, Absent):
            assert theirs == ours
        else:
            assert theirs == pytest.approx(np.multiply(ours, by), rel=1e-6, abs=1e-9 * by)


@given(people, st.integers(0, 40))
def test_sums_say_what_rows_say_also_when_added_up_over_units(pairs, cut):
    rows = np.array(pairs, dtype=float).reshape(-1, 2)
    names = ["first", "second"]
    found = paired_change_of(Moments.from_rows(rows[:cut], names) + Moments.from_rows(rows[cut:], names))
    wanted = paired_change(rows[:, 0], rows[:, 1])
    assert is_sound(found)
    for one in fields(found):
        ours, theirs = getattr(found, one.name), getattr(wanted, one.name)
        if one.name in {"median_1", "median_2", "wilcoxon_p"}:
            assert ours == Absent(Why.SUMS_ALONE) or wanted.n < 2
        elif isinstance(theirs, Absent):
            assert ours == theirs
        else:
            assert ours == pytest.approx(theirs, rel=1e-9, abs=1e-9)


def test_a_change_from_sums_has_two_rounds():
    with pytest.raises(ValueError, match="two rounds"):
        paired_change_of(Moments.empty(["a", "b", "c"]))


@given(people)
def test_turning_time_around_turns_every_sign(pairs):
    one, two = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    there, back = paired_change(one, two), paired_change(two, one)
    assert back.wilcoxon_p == there.wilcoxon_p
    if not isinstance(there.d_av, Absent):
        assert back.d_av == pytest.approx(-there.d_av)
        assert back.d_av_ci95 == pytest.approx([-end for end in reversed(there.d_av_ci95)])
    assert is_sound(group_difference(one, two))


class TestTooLittle:
    """Each from people who changed, with something taken away."""

    def test_whole(self):
        assert paired_change([1.0, 2, 4], [2, 4, 5]).p < 0.1

    @pytest.mark.parametrize(
        ("first", "second", "why"),
        [
            ([], [], Why.NO_PAIRS),
            ([1.0, NO], [NO, 2.0], Why.NO_PAIRS),
            ([1.0], [2.0], Why.ONE_PERSON),
            ([1.0, 2, 4], [1, 2, 4], Why.NO_CHANGE),
            ([0.1, 0.2, 0.4], [0.3, 0.4, 0.6], Why.ALIKE),
        ],
    )
    def test_a_reason_and_no_p(self, first, second, why):
        found = paired_change(first, second)
        assert found.p == Absent(why)
        assert is_sound(found)

    def test_two_people_have_no_small_sample_correction(self):
        assert paired_change([1.0, 2], [2, 4]).g_av == Absent(Why.FEW)

    def test_one_group_or_none(self):
        assert group_difference([], []).p == Absent(Why.NO_ANSWERS)
        assert group_difference([1.0, 2], []).p == Absent(Why.ONE_GROUP)
        assert group_difference([1.0, 2], [3.0]).p == Absent(Why.FEW)
        assert group_difference([1.0, 1], [3.0, 3]).g == Absent(Why.CONSTANT)

    @pytest.mark.parametrize(("first", "second"), [([1.0], [1.0, 2.0]), ([math.inf, 1], [1.0, 2])])
    def test_what_is_no_pair_is_refused(self, first, second):
        with pytest.raises(ValueError, match="same people"):
            paired_change(first, second)


class TestAttrition:
    first, later = [1.0, 2, 3, 4, 5, NO, 2], [2.0, NO, 3, NO, 4, 4, NO]
    unit = ["a", "a", "a", "a", "a", "b", "b"]

    def test_stayers_and_leavers_by_unit(self):
        table = attrition(self.first, self.later, self.unit)
        row = table["a"]
        assert (row.stayers, row.leavers, row.stayers_mean, row.leavers_mean) == (3, 2, 3.0, 3.0)
        assert row.smd == 0.0
        other = table["b"]
        assert (other.stayers, other.leavers, other.smd) == (0, 1, Absent(Why.ONE_GROUP))
        assert attrition([], [], []) == {}

    def test_leavers_who_stood_lower(self):
        row = attrition([3.0, 5, 1, 3], [3, 5, NO, NO], [1, 1, 1, 1])[1]
        assert row.smd == pytest.approx(-2 / 2**0.5)

    def test_patterns(self):
        found = wave_patterns([[1, 2, NO], [1, NO, NO], [3, 4, NO], [NO] * 3], ["1", "2", "3"])
        assert found == {("1", "2"): 2, (): 1, ("1",): 1}
        assert next(iter(found)) == ("1", "2")


class TestShares:
    @pytest.mark.parametrize("wanted", R["shares"])
    def test_wilson_is_what_prop_test_says(self, wanted):
        assert share(wanted["count"], wanted["n"]).ci95 == pytest.approx(wanted["ci"], abs=1e-12)

    @pytest.mark.parametrize("wanted", R["mcnemar"])
    def test_mcnemar_is_what_binom_test_says(self, wanted):
        first = [0] * wanted["gained"] + [1] * wanted["lost"] + [1, 0, NO]
        second = [1] * wanted["gained"] + [0] * wanted["lost"] + [1, 0, 1]
        found = share_change(first, second)
        assert (found.gained, found.lost, found.n) == (wanted["gained"], wanted["lost"], len(first) - 1)
        assert found.p == pytest.approx(wanted["p"], rel=1e-10)

    def test_nobody_and_no_change(self):
        assert share(0, 0).ci95 == Absent(Why.NO_ANSWERS)
        assert share_change([], []).p == Absent(Why.NO_PAIRS)
        assert share_change([1, 0], [1, 0]).p == Absent(Why.NO_CHANGE)

    def test_what_is_no_share_is_refused(self):
        with pytest.raises(ValueError, match="between 0"):
            share(3, 2)
        with pytest.raises(ValueError, match="yes"):
            share_change([2], [1])
        with pytest.raises(ValueError, match="same people"):
            share_change([1], [1, 0])


class TestFamilies:
    family = dict(enumerate(R["adjusted"]["p"]))

    def test_holm_and_benjamini_hochberg_are_what_p_adjust_says(self):
        assert list(holm(self.family).values()) == pytest.approx(R["adjusted"]["holm"], abs=1e-12)
        assert list(benjamini_hochberg(self.family).values()) == pytest.approx(R["adjusted"]["bh"], abs=1e-12)

    @given(
        st.dictionaries(
            st.text(max_size=3), st.one_of(st.floats(0, 1), st.just(Absent(Why.ALIKE))), max_size=9
        )
    )
    def test_what_is_absent_is_no_member_and_no_p_becomes_smaller(self, family):
        there = {name: p for name, p in family.items() if not isinstance(p, Absent)}
        for adjust in (holm, benjamini_hochberg):
            found = adjust(family)
            assert list(found) == list(family)
            assert {name: found[name] for name in there} == adjust(there)
            assert all(found[name] >= p and found[name] <= 1 for name, p in there.items())
            assert all(found[name] == p for name, p in family.items() if isinstance(p, Absent))

    def test_what_is_no_p_is_refused(self):
        with pytest.raises(ValueError, match="between 0 and 1"):
            holm({"a": 1.2})


class TestPerceptionGap:
    frame = DATASETS["leaders"]()

    @pytest.mark.parametrize("scale", ["s1", "s2", "s3"])
    def test_over_units_it_is_the_paired_test(self, scale):
        frame = self.frame
        found = gap_over_units(frame[scale], frame["unit"], frame["role"] == "leader")
        wanted = R["gap"][scale]
        assert found.units == 12
        assert found.paired.difference == pytest.approx(wanted["difference"], rel=1e-10)
        assert found.paired.p == pytest.approx(wanted["p"], rel=1e-10)
        assert found.paired.ci95 == pytest.approx(wanted["ci"], rel=1e-10)

    def test_the_profile_s_distance(self):
        frame = self.frame
        scales = {name: frame[name] for name in ("s1", "s2", "s3")}
        found = profile_distance(scales, frame["unit"], frame["role"] == "leader")
        assert list(found.values()) == pytest.approx(R["gap"]["profile"], rel=1e-12)

    def test_one_unit_shows_its_leader_only_when_she_agreed(self):
        frame = self.frame[self.frame["unit"] == 0]
        leads = frame["role"] == "leader"
        others, own = frame.loc[~leads, "s1"], frame.loc[leads, "s1"]
        agreed = unit_gap(others, own, is_agreed=True)
        assert agreed.mean == pytest.approx(R["gap"]["first_unit"]["mean"])
        assert agreed.ci95 == pytest.approx(R["gap"]["first_unit"]["ci"])
        assert agreed.gap == pytest.approx(agreed.mean - float(own.iloc[0]))
        silent = unit_gap(others, own, is_agreed=False)
        assert (silent.leader, silent.gap) == (Absent(Why.NOT_CONSENTED),) * 2
        assert (silent.mean, silent.ci95) == (agreed.mean, agreed.ci95)

    def test_too_little_is_a_reason(self):
        assert unit_gap([], [3.0], is_agreed=True).gap == Absent(Why.NO_ANSWERS)
        assert unit_gap([3.0], [], is_agreed=True).gap == Absent(Why.NO_LEADER)
        assert unit_gap([3.0], [3.0], is_agreed=True).ci95 == Absent(Why.ONE_PERSON)
        assert unit_gap([3.0, 3.0], [3.0], is_agreed=True).ci95 == Absent(Why.CONSTANT)
        found = profile_distance({"s": [1.0, NO, 2.0]}, ["a", "a", "b"], [True, False, False])
        assert found == {"a": Absent(Why.NO_ANSWERS), "b": Absent(Why.NO_LEADER)}
        assert gap_over_units([1.0], ["a"], [True]).paired.p == Absent(Why.NO_PAIRS)


class TestPooling:
    def test_by_hand(self):
        found = pool([1.0, 2.0, 3.0], [0.5, 0.5, 0.5])
        assert (found.estimate, found.within, found.between) == (2.0, 0.5, 1.0)
        assert found.total == pytest.approx(0.5 + 4 / 3)
        share = (4 / 3) / (0.5 + 4 / 3)
        assert found.df == pytest.approx(2 / share**2)
        small = pool([1.0, 2.0, 3.0], [0.5, 0.5, 0.5], complete_df=20)
        observed = 21 / 23 * 20 * (1 - share)
        assert 1 / small.df == pytest.approx(share**2 / 2 + 1 / observed)
        assert small.ci95[0] < found.ci95[0]

    def test_nothing_missing_and_too_little(self):
        same = pool([2.0, 2.0], [0.25, 0.25])
        assert (same.total, same.df, same.missing_share) == (0.25, None, 0.0)
        assert same.ci95 == pytest.approx((2 - 0.98, 2 + 0.98), abs=1e-3)
        assert pool([2.0, 2.0], [0.25, 0.25], complete_df=20).df == pytest.approx(21 / 23 * 20)
        assert pool([1.0], [1.0]).ci95 == Absent(Why.FEW)
        assert pool([1.0, 1.0], [0.0, 0.0]).ci95 == Absent(Why.ALIKE)
        assert is_sound(pool([1.0, 3.0], [0.0, 0.0], complete_df=9))
        with pytest.raises(ValueError, match="variance"):
            pool([1.0, NO], [1.0, 1.0])
