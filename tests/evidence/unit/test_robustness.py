"""The definitions of robustness: counted by hand here, and attacked with made-up circles."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sirkel.evidence.robustness import (
    DEFINITIONS,
    Attempt,
    Facet,
    Gathering,
    Line,
    LookBack,
    Pause,
    Process,
    Unit,
    chosen,
    measure,
    newest,
)
from sirkel.evidence.robustness.handbook import page

TODAY = date(2026, 6, 1)
ROOT = Path(__file__).resolve().parents[3]


def ago(days):
    return TODAY - timedelta(days=days)


def held(*days_ago):
    return tuple(Gathering(day=ago(days), is_held=True) for days in days_ago)


def cancelled(*days_ago):
    return tuple(Gathering(day=ago(days), is_cancelled=True) for days in days_ago)


def count(key, process):
    (figure,) = measure(process, chosen([key]))
    return figure.count


def said(key, process):
    """What a figure says: part, whole, waiting, days; None while it is not known."""
    found = count(key, process)
    return (found.part, found.whole, found.waiting, found.days) if found.is_known else None


# --- time ---------------------------------------------------------------------------------------------


def test_meetings_held_of_those_whose_day_has_come():
    process = Process(TODAY, meetings=(*held(90, 60), *cancelled(75), *cancelled(-5), Gathering(ago(-20))))
    assert said("time.held", process) == (2, 3, 0, None)


def test_a_meeting_that_passed_by_unheld_counts_as_planned_from_the_day_after():
    assert said("time.held", Process(TODAY, meetings=(Gathering(ago(1)),))) == (0, 1, 0, None)
    assert said("time.held", Process(TODAY, meetings=(Gathering(TODAY),))) is None


def test_days_in_a_pause_and_after_the_end_are_excused():
    meetings = (*held(90), *cancelled(60), *cancelled(10))
    paused = Process(TODAY, meetings=meetings, pauses=(Pause(ago(70), ago(50)),))
    assert said("time.held", paused) == (1, 2, 0, None)
    assert said("time.held", replace(paused, ended_on=ago(20))) == (1, 1, 0, None)
    assert said("time.held", Process(TODAY, meetings=meetings)) == (1, 3, 0, None)


def test_days_to_the_next_meeting_are_the_middle_of_what_it_took():
    process = Process(TODAY, meetings=(*cancelled(80, 60, 40, 3), *held(73, 58, 30)))
    assert said("time.again", process) == (3, 3, 1, 7)


def test_a_moved_meeting_is_lost_on_its_old_day_alone_and_only_when_it_moved_to_later():
    moved = Gathering(ago(10), is_held=True, moved_from=(ago(15),))
    assert said("time.again", Process(TODAY, meetings=(moved,))) == (1, 1, 0, 5)
    assert said("time.held", Process(TODAY, meetings=(moved,))) == (1, 1, 0, None)
    earlier = Gathering(ago(10), is_held=True, moved_from=(ago(5),))
    assert said("time.again", Process(TODAY, meetings=(earlier,))) is None


def test_a_day_to_which_another_meeting_was_moved_is_not_lost():
    fifth = Gathering(ago(20), is_held=True, moved_from=(ago(40),))
    sixth = Gathering(ago(5), is_held=True, moved_from=(ago(20),))
    assert said("time.again", Process(TODAY, meetings=(fifth, sixth))) == (1, 1, 0, 20)


def test_a_lost_meeting_waits_for_the_next_and_is_never_made_up_after_an_early_end():
    process = Process(TODAY, meetings=(*held(50), *cancelled(20)))
    assert said("time.again", process) is None
    assert count("time.again", process).waiting == 1
    assert said("time.again", replace(process, ended_on=ago(10))) == (0, 1, 0, None)


def test_the_days_of_a_pause_are_no_days_of_waiting():
    meetings = (*cancelled(60), *held(10))
    assert said("time.again", Process(TODAY, meetings=meetings)) == (1, 1, 0, 50)
    pauses = (Pause(ago(55), ago(25)), Pause(ago(40), ago(20)))
    assert said("time.again", Process(TODAY, meetings=meetings, pauses=pauses)) == (1, 1, 0, 15)


# --- structure and use ---------------------------------------------------------------------------------


def test_rhythm_counts_the_gaps_of_six_weeks_at_most():
    assert said("structure.rhythm", Process(TODAY, meetings=held(142, 100, 57))) == (1, 2, 0, 42)
    pauses = (Pause(ago(80), ago(79)),)
    assert said("structure.rhythm", Process(TODAY, meetings=held(142, 100, 57), pauses=pauses)) == (
        2,
        2,
        0,
        42,
    )
    assert said("structure.rhythm", Process(TODAY, meetings=held(20))) is None


def test_a_line_is_answered_in_time_on_its_day_and_a_no_counts_as_an_answer():
    lines = (Line(ago(10), ago(10)), Line(ago(10), ago(9)), Line(ago(1)), Line(TODAY), Line(ago(-3), ago(2)))
    assert said("structure.answers", Process(TODAY, lines=lines)) == (2, 4, 1, None)
    assert said("structure.answers", Process(TODAY, lines=(Line(TODAY),))) is None


def test_trials_count_when_decided_or_past_their_last_day():
    trials = (Attempt(is_decided=True), Attempt(False, ago(1)), Attempt(False, TODAY), Attempt(False))
    assert said("use.decided", Process(TODAY, trials=trials)) == (1, 2, 2, None)
    assert said("use.decided", Process(TODAY, trials=(Attempt(False),))) is None


# --- endurance ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["endurance.facilitator", "endurance.leader"])
def test_a_change_is_survived_by_a_meeting_within_eight_weeks(key):
    def process(*days, **more):
        changes = tuple(ago(one) for one in days)
        return Process(TODAY, facilitator_changes=changes, leader_changes=changes, **more)

    assert said(key, process(100, meetings=held(60))) == (1, 1, 0, 40)
    assert said(key, process(100, meetings=held(44))) == (1, 1, 0, 56)
    assert said(key, process(100, meetings=held(43))) == (0, 1, 0, None)
    assert said(key, process(100, meetings=held(43), pauses=(Pause(ago(90), ago(89)),))) == (1, 1, 0, 56)
    assert said(key, process(57)) == (0, 1, 0, None)
    assert said(key, process(56)) is None
    assert count(key, process(56)).waiting == 1
    assert said(key, process(100, 100, 20, meetings=held(60))) == (1, 1, 1, 40)
    assert said(key, process()) is None


def test_a_change_just_before_the_closing_or_after_it_tells_nothing():
    process = Process(TODAY, leader_changes=(ago(50), ago(20)), meetings=held(60), closed_on=ago(40))
    assert said("endurance.leader", process) is None
    assert count("endurance.leader", process).waiting == 0
    assert said("endurance.leader", replace(process, closed_on=None, ended_on=ago(40))) == (0, 2, 0, None)


def test_a_pause_is_survived_when_the_circle_met_again():
    pause = Pause(ago(120), ago(90))
    assert said("endurance.pause", Process(TODAY, pauses=(pause,), meetings=held(90))) == (1, 1, 0, 0)
    assert said("endurance.pause", Process(TODAY, pauses=(pause,))) == (0, 1, 0, None)
    assert said("endurance.pause", Process(TODAY, pauses=(Pause(ago(20)),))) is None
    ended = replace(pause, is_lifted=False)
    assert said("endurance.pause", Process(TODAY, pauses=(ended,), ended_on=ago(90))) == (0, 1, 0, None)


def test_meetings_after_the_closing_are_none_only_after_three_months():
    assert said("endurance.after", Process(TODAY, meetings=held(10))) is None
    assert said("endurance.after", Process(TODAY, closed_on=ago(89))) is None
    assert said("endurance.after", Process(TODAY, closed_on=ago(90), meetings=held(90)))[0] == 0
    assert said("endurance.after", Process(TODAY, closed_on=ago(30), meetings=held(40, 10)))[0] == 1


def test_what_is_in_use_comes_from_the_look_back_of_its_month():
    process = Process(TODAY, look_backs=(LookBack(3, kept=4, in_use=3),))
    assert said("endurance.three_months", process) == (3, 4, 0, None)
    assert said("endurance.six_months", process) is None


# --- every circle that can be made up ------------------------------------------------------------------------

days = st.integers(-60, 400).map(ago)
spans = st.tuples(st.integers(0, 400), st.integers(0, 120)).map(lambda two: (ago(two[0]), two[1]))
gatherings = st.builds(
    lambda day, state, was: Gathering(
        day=day,
        is_held=state == "held" and day <= TODAY,
        is_cancelled=state == "cancelled",
        moved_from=tuple(was),
    ),
    days,
    st.sampled_from(["held", "cancelled", "to_come"]),
    st.lists(days, max_size=2),
)
pauses = st.builds(
    lambda span, is_lifted: Pause(
        span[0], None if span[0] + timedelta(span[1]) > TODAY else span[0] + timedelta(span[1]), is_lifted
    ),
    spans,
    st.booleans(),
)
past = st.none() | st.integers(0, 400).map(ago)
processes = st.builds(
    Process,
    today=st.just(TODAY),
    meetings=st.lists(gatherings, max_size=12).map(tuple),
    pauses=st.lists(pauses, max_size=3).map(tuple),
    facilitator_changes=st.lists(days, max_size=3).map(tuple),
    leader_changes=st.lists(days, max_size=3).map(tuple),
    trials=st.lists(st.builds(Attempt, st.booleans(), st.none() | days), max_size=8).map(tuple),
    lines=st.lists(st.builds(Line, days, st.none() | days), max_size=8).map(tuple),
    closed_on=past,
    ended_on=past,
    look_backs=st.lists(
        st.builds(LookBack, st.sampled_from([3, 6]), kept=st.just(5), in_use=st.integers(0, 5)), max_size=2
    ).map(tuple),
)


@settings(deadline=None)
@given(processes)
def test_a_figure_is_within_its_bounds_or_says_that_it_is_not_known(process):
    for figure in measure(process, newest()):
        found = figure.count
        assert 0 <= found.part <= found.whole or not found.is_known
        assert found.waiting >= 0
        assert found.days is None or 0 <= found.days <= 460
        if figure.definition.unit == Unit.SHARE:
            assert found.is_known == (found.whole > 0)


@settings(deadline=None)
@given(processes, st.randoms(use_true_random=False))
def test_the_order_of_rows_says_nothing(process, chance):
    def mixed(rows):
        return tuple(chance.sample(rows, len(rows)))

    other = replace(
        process,
        **{
            name: mixed(getattr(process, name))
            for name in (
                "meetings",
                "pauses",
                "facilitator_changes",
                "leader_changes",
                "trials",
                "lines",
                "look_backs",
            )
        },
    )
    assert measure(other, newest()) == measure(process, newest())


@settings(deadline=None)
@given(processes)
def test_a_meeting_still_to_come_moves_no_figure(process):
    more = replace(process, meetings=(*process.meetings, Gathering(ago(-30))))
    assert measure(more, newest()) == measure(process, newest())


@settings(deadline=None)
@given(processes, st.sampled_from(["keep", "drop"]))
def test_one_more_decided_trial_never_makes_the_share_smaller(process, decision):
    del decision  # what was decided is not among the events: a drop cannot count otherwise than a keep
    before, after = (
        count("use.decided", one)
        for one in (process, replace(process, trials=(*process.trials, Attempt(is_decided=True))))
    )
    assert after.part == before.part + 1
    assert after.part * before.whole >= before.part * after.whole


# --- choosing and publishing ---------------------------------------------------------------------------------------


def test_a_study_chooses_by_name_in_any_order_each_once():
    keys = ["use.decided", "time.held/1", "time.held"]
    assert [one.ref for one in chosen(keys)] == ["time.held/1", "use.decided/1"]
    assert chosen([]) == ()
    assert chosen(one.key for one in newest()) == newest()


@pytest.mark.parametrize("ref", ["time.hel", "time.held/2", "", "time.held/1 "])
def test_what_is_no_definition_is_refused_by_name(ref):
    with pytest.raises(ValueError, match=ref or "''"):
        chosen([ref])


def test_every_definition_says_everything_and_every_facet_has_one():
    assert {one.facet for one in newest()} == set(Facet)
    for one in DEFINITIONS.values():
        assert all((one.name, one.part, one.not_yet, one.moved_by))
        assert bool(one.whole) == (one.unit != Unit.COUNT)


def test_the_handbook_publishes_the_definitions_as_they_are():
    published = (ROOT / "docs/handbook/researcher/robustness.md").read_text()
    assert published == page()
    for ref, one in DEFINITIONS.items():
        assert f"`{ref}` {one.name}" in published
