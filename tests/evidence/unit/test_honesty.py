"""What may be said at which size: at each limit and one below."""

import re
from dataclasses import asdict, fields

import numpy as np
import pytest

from sirkel.evidence import honesty as h
from sirkel.evidence.agreement import Groups, group_icc
from sirkel.evidence.change import PairedChange, paired_change
from sirkel.evidence.omega import omega
from sirkel.evidence.reliability import reliability
from sirkel.evidence.why import SENTENCES, Absent, Why
from tests.evidence.unit.test_reliability import is_sound, of
from tests.reference.data import answers, pairs


def change(n, seed=1):
    frame = pairs(people=n, gap=0, seed=seed, step=None)
    return paired_change(frame["first"], frame["second"])


def values_of(result, *but):
    return {one.name: getattr(result, one.name) for one in fields(result) if one.name not in but}


class TestChange:
    def test_below_ten_pairs_the_medians_alone(self):
        shown = h.shown_change(change(9))
        assert shown.detail == h.Detail.MEDIANS
        rest = values_of(shown.change, "n", "df", "median_1", "median_2")
        assert set(rest.values()) == {Absent(Why.TOO_FEW_TO_COMPARE)}
        assert (shown.change.n, shown.change.median_1) == (9, change(9).median_1)

    @pytest.mark.parametrize("n", [10, 29])
    def test_below_thirty_an_interval_without_p(self, n):
        shown, whole = h.shown_change(change(n)), change(n)
        assert shown.detail == h.Detail.INTERVAL
        assert (shown.change.ci95, shown.change.d_av_ci95) == (whole.ci95, whole.d_av_ci95)
        assert {shown.change.p, shown.change.t, shown.change.wilcoxon_p} == {Absent(Why.TOO_FEW_FOR_P)}

    def test_from_thirty_on_everything(self):
        assert h.shown_change(change(30)) == h.ShownChange(h.Detail.TEST, change(30))

    def test_a_part_of_a_unit_below_twenty_shows_nothing(self):
        hidden = h.shown_change(change(19), is_subgroup=True)
        assert hidden.detail == h.Detail.NOTHING
        assert set(values_of(hidden.change, "n", "df").values()) == {Absent(Why.SUBGROUP_TOO_SMALL)}
        assert h.shown_change(change(20), is_subgroup=True) == h.shown_change(change(20))

    @pytest.mark.parametrize("n", [0, 1, 2, 9, 10, 29, 30])
    def test_no_size_shows_a_number_that_is_none(self, n):
        for is_subgroup in (True, False):
            assert is_sound(h.shown_change(change(n), is_subgroup=is_subgroup))


class TestReliability:
    @staticmethod
    def found(n):
        moments = of(answers(people=n, items=5, high=5, gap=0, seed=3).to_numpy(float))
        return reliability(moments), omega(moments)

    def test_no_alpha_below_thirty_but_means(self):
        whole, _omega = self.found(29)
        shown = h.shown_reliability(whole)
        assert {shown.alpha, shown.ci95, shown.pairwise} == {Absent(Why.TOO_FEW_FOR_ALPHA)}
        for item, one in shown.items.items():
            assert (one.item_rest, one.alpha_if_dropped) == (Absent(Why.TOO_FEW_FOR_ALPHA),) * 2
            assert (one.mean, one.sd) == (whole.items[item].mean, whole.items[item].sd)

    def test_from_thirty_on_it_is_shown_but_never_for_one_unit(self):
        whole, factor = self.found(30)
        assert h.shown_reliability(whole) == whole
        assert h.shown_reliability(whole, is_one_unit=True).alpha == Absent(Why.TOO_FEW_FOR_ALPHA)
        assert h.shown_omega(factor, 30) == factor
        assert h.shown_omega(factor, 29).observed == Absent(Why.TOO_FEW_FOR_ALPHA)

    def test_a_deeper_reason_stays(self):
        shown = h.shown_reliability(reliability(of(np.full((12, 3), 2.0))))
        assert shown.alpha == Absent(Why.CONSTANT)


def test_below_ten_units_no_icc_but_its_interval_and_units_are_fixed():
    dice = np.random.default_rng(5)
    for units, is_shown in ((9, False), (10, True)):
        group = np.repeat(np.arange(units), 12)
        whole = group_icc(
            Groups.from_rows(dice.normal(0, 0.5, units)[group] + dice.normal(0, 1, group.size), group)
        )
        shown = h.shown_icc(whole)
        assert (shown.icc1 == whole.icc1) == is_shown
        assert shown.ci95 == whole.ci95
        assert h.is_unit_fixed(units) != is_shown
    assert h.shown_icc(whole).icc2 == whole.icc2


def test_percentages_from_twenty_on():
    assert h.shown_share(0.4, 20) == 0.4
    assert h.shown_share(0.4, 19) == Absent(Why.TOO_FEW_FOR_PERCENT)


class TestNotes:
    @pytest.mark.parametrize(
        ("answered", "asked", "note"),
        [
            (59, 100, h.Note.RESPONSE_LOW),
            (60, 100, None),
            (6, 10, None),
            (3, None, h.Note.RESPONSE_UNKNOWN),
            (0, 0, h.Note.RESPONSE_UNKNOWN),
        ],
    )
    def test_the_banner_of_the_response_rate(self, answered, asked, note):
        assert h.response_note(answered, asked) == note

    def test_more_answers_than_people_are_refused(self):
        with pytest.raises(ValueError, match="asked"):
            h.response_note(3, 2)

    def test_what_stands_beside_a_result(self):
        found = h.notes(answered=5, asked=10, units=3, has_waves=True, is_chosen_low=True)
        assert found == (
            h.Note.RESPONSE_LOW,
            h.Note.THESE_UNITS,
            h.Note.CHANGED_NOT_EFFECT,
            h.Note.CHOSEN_LOW,
            h.Note.READ_ANEW,
        )
        assert h.notes(answered=9, asked=10, units=30, has_waves=True, has_comparison=True) == (
            h.Note.READ_ANEW,
        )
        assert h.notes(answered=9, asked=10, units=30, has_waves=False, is_singular=True) == (
            h.Note.NO_UNIT_VARIANCE,
        )

    def test_no_sentence_claims_a_cause_ranks_or_uses_jargon(self):
        said = [*SENTENCES.values(), *h.NOTES.values()]
        assert set(h.NOTES) == set(h.Note)
        for sentence in said:
            assert sentence.endswith(".")
            assert not re.search(r"\b(effect|caused|improv|worse|best|star|rank|signific|variance)", sentence)


class TestFamily:
    family = {"a": change(40, 1), "b": change(40, 2), "c": change(40, 3), "d": change(12, 4)}

    def test_the_declared_are_tested_together_and_the_others_not_at_all(self):
        shown, notes = h.shown_family(self.family, ["a", "b", "d"])
        smaller, larger = sorted(["a", "b"], key=lambda name: self.family[name].p)
        assert shown[smaller].change.p == pytest.approx(min(1, 2 * self.family[smaller].p))
        assert shown[larger].change.p >= max(shown[smaller].change.p, self.family[larger].p)
        assert shown["c"].change.p == Absent(Why.NOT_DECLARED)
        assert shown["c"].change.ci95 == self.family["c"].ci95
        assert shown["d"].change.p == Absent(Why.TOO_FEW_FOR_P)
        assert notes == {
            "a": h.Note.PRIMARY,
            "b": h.Note.PRIMARY,
            "c": h.Note.NOT_PRIMARY,
            "d": h.Note.PRIMARY,
        }

    def test_an_unknown_question_is_refused(self):
        with pytest.raises(ValueError, match="Not among"):
            h.shown_family(self.family, ["x"])


def test_everything_that_a_change_holds_is_considered():
    """A number added to the change must not slip through below the limit."""
    whole, shown = asdict(change(5)), asdict(h.shown_change(change(5)).change)
    same = {name for name in whole if whole[name] == shown[name]}
    assert same == {"n", "df", "median_1", "median_2"}
    assert {one.name for one in fields(PairedChange)} == set(whole)
