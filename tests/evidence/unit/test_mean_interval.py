"""A mean's interval against what it is made of: Student's, a model with workplaces, and clusters."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sirkel.evidence.mean_interval import mean_interval
from sirkel.evidence.why import Absent, Why

SCORES = st.lists(st.integers(10, 50).map(lambda n: n / 10), min_size=3, max_size=60).filter(
    lambda one: len(set(one)) > 1
)


def students(values):
    return stats.t.interval(0.95, len(values) - 1, np.mean(values), stats.sem(values))


@given(SCORES)
def test_without_workplaces_it_is_students(values):
    found = mean_interval([*values, float("nan")])
    assert found.n == len(values)
    assert found.ci95 == pytest.approx(students(values))
    assert mean_interval(values, np.zeros(len(values))).ci95 == pytest.approx(found.ci95)


@given(SCORES.filter(lambda one: len(one) >= 10))
def test_ten_workplaces_of_one_person_each_are_independent_people(values):
    assert mean_interval(values, np.arange(len(values))).ci95 == pytest.approx(students(values))


def test_below_ten_it_is_the_model_with_each_workplace():
    dice = np.random.default_rng(3)
    unit = dice.integers(0, 4, 50)
    values = unit + dice.normal(0, 1, 50)
    design = (unit[:, None] == np.arange(4)).astype(float)
    left = values - design @ np.linalg.lstsq(design, values)[0]
    error = np.sqrt(left @ left / 46 / 50)
    low, high = stats.t.interval(0.95, 46, values.mean(), error)
    assert mean_interval(values, unit).ci95 == pytest.approx((low, high))


def test_people_who_work_together_say_less_than_as_many_strangers():
    dice = np.random.default_rng(3)
    unit = np.repeat(np.arange(20), 15)
    values = dice.normal(0, 0.7, 20)[unit] + dice.normal(0, 0.7, 300)
    low, high = mean_interval(values, unit).ci95
    narrow_low, narrow_high = mean_interval(values).ci95
    assert high - low > 2 * (narrow_high - narrow_low)


def test_nineteen_of_twenty_intervals_hold_the_truth():
    dice, held, rounds = np.random.default_rng(8), 0, 400
    for _round in range(rounds):
        sizes = dice.integers(3, 20, 25)
        unit = np.repeat(np.arange(25), sizes)
        values = dice.normal(0, 0.4, 25)[unit] + dice.normal(0, 0.8, unit.size)
        low, high = mean_interval(values, unit).ci95
        held += low <= 0 <= high
    assert 0.92 <= held / rounds <= 0.98


@pytest.mark.parametrize(
    ("values", "why"), [([], Why.NO_ANSWERS), ([3.0], Why.ONE_PERSON), ([3.0, 3.0], Why.CONSTANT)]
)
def test_too_little_has_its_reason(values, why):
    assert mean_interval(values).ci95 == Absent(why)
