import pytest
from hypothesis import given
from hypothesis import strategies as st

from sirkel.evidence.run_chart import Verdict, least_crossings, longest_run_limit, run_chart

# n useful points: longest run that chance explains, fewest crossings. Worked out apart from the code, by adding up
# the binomial distribution in floating point; the same in R is
#   data.frame(n = 10:60, run = round(log2(10:60) + 3), crossings = qbinom(0.05, 9:59, 0.5))
LIMITS = dict(
    zip(
        range(10, 61),
        zip(
            [6, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, *[8] * 23, *[9] * 15],
            [
                *[2, 2, 3, 3, 4, 4, 4, 5, 5, 6, 6, 6, 7, 7, 8, 8, 8, 9, 9, 10, 10, 11, 11, 11, 12],
                *[12, 13, 13, 14, 14, 14, 15, 15, 16, 16, 17, 17, 17, 18, 18, 19, 19, 20, 20, 21, 21, 21],
                *[22, 22, 23, 23],
            ],
            strict=True,
        ),
        strict=True,
    )
)
counts = st.lists(st.integers(0, 50), min_size=1, max_size=60)


@pytest.mark.parametrize(("useful", "limits"), LIMITS.items())
def test_the_limits_are_those_of_the_table(useful, limits):
    assert (longest_run_limit(useful), least_crossings(useful)) == limits


def test_a_long_run_is_a_signal():
    chart = run_chart([9, 8, 9, 8, 9, 8, 9, 2, 1, 2, 1, 2, 1, 2])
    assert (chart.centre, chart.useful, chart.longest_run, chart.crossings) == (5.0, 14, 7, 1)
    assert (chart.run_limit, chart.crossings_least) == (7, 4)
    assert chart.verdict == Verdict.SIGNAL


def test_going_up_and_down_is_none():
    chart = run_chart([4, 6, 3, 7, 4, 6, 3, 7, 4, 6])
    assert chart.crossings == 9
    assert chart.verdict == Verdict.STEADY


def test_points_on_the_middle_are_dropped_and_below_ten_nothing_is_said():
    chart = run_chart([5, 5, 5, 9, 9, 9, 9, 1, 1, 1, 1, 5])
    assert chart.centre == 5
    assert chart.useful == 8
    assert chart.longest_run == 4
    assert chart.verdict == Verdict.TOO_FEW
    assert (chart.run_limit, chart.crossings_least) == (None, None)


def test_the_middle_is_that_of_the_baseline():
    chart = run_chart([8, 9, 10, 9, 8, 9, 10, 9, 8, 9, 3, 2, 3, 2, 3, 2, 3, 2], baseline=10)
    assert chart.centre == 9
    assert chart.verdict == Verdict.SIGNAL


@pytest.mark.parametrize(
    ("values", "baseline"),
    [([], None), ([1.0, float("nan")], None), ([1], 0), ([1], 2), ([float("inf")], None)],
)
def test_what_is_no_series_is_refused(values, baseline):
    with pytest.raises(ValueError, match=r"run chart|baseline"):
        run_chart(values, baseline=baseline)


@given(counts)
def test_mirroring_time_or_the_scale_changes_no_verdict(values):
    chart = run_chart(values)
    for other in (values[::-1], [50 - value for value in values], [3 * value + 7 for value in values]):
        mirrored = run_chart(other)
        assert (mirrored.useful, mirrored.longest_run, mirrored.crossings, mirrored.verdict) == (
            chart.useful,
            chart.longest_run,
            chart.crossings,
            chart.verdict,
        )


@given(counts)
def test_runs_and_crossings_hold_together(values):
    chart = run_chart(values)
    assert 0 <= chart.longest_run <= chart.useful <= len(values)
    assert (chart.crossings == 0) == (chart.longest_run == chart.useful)
    # With c crossings there are c + 1 runs, none longer than the longest.
    assert chart.useful <= (chart.crossings + 1) * chart.longest_run


@given(counts, st.integers(1, 40))
def test_more_points_on_the_middle_change_nothing(values, more):
    chart = run_chart(values)
    longer = run_chart(values + [chart.centre] * more, baseline=len(values))
    assert (longer.useful, longer.longest_run, longer.verdict) == (
        chart.useful,
        chart.longest_run,
        chart.verdict,
    )


def test_all_on_the_middle_has_no_useful_point():
    chart = run_chart([4] * 20)
    assert (chart.useful, chart.longest_run, chart.crossings) == (0, 0, 0)
    assert chart.verdict == Verdict.TOO_FEW
