"""Omega against lavaan, and what cannot be fitted."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from sirkel.evidence.moments import Moments
from sirkel.evidence.omega import omega, omega_of, one_factor
from sirkel.evidence.why import Absent, Why
from tests.evidence.unit.test_reliability import of, rows_of
from tests.reference import renew

R = renew.values("omega")


def moments_of(name):
    if name != "bfi_N3":
        return of(*rows_of(name))
    rows, items = rows_of("bfi_N")
    return of(rows[:, :3], items[:3])


@pytest.mark.parametrize("name", R)
def test_omega_is_what_lavaan_says_over_either_variance(name):
    moments, wanted = moments_of(name), R[name]
    found, fitted = omega(moments), one_factor(moments.covariance())
    assert moments.complete == wanted["n"]
    assert found.model_implied == pytest.approx(wanted["implied"], abs=1e-5)
    assert found.observed == pytest.approx(wanted["observed"], abs=1e-5)
    # lavaan divides by n where a covariance divides by n - 1.
    to_n = (wanted["n"] - 1) / wanted["n"]
    assert fitted.loadings * to_n**0.5 == pytest.approx(wanted["loadings"], abs=1e-4)
    assert fitted.own * to_n == pytest.approx(wanted["own"], abs=1e-4)
    assert fitted.discrepancy * wanted["n"] == pytest.approx(wanted["chisq"], rel=1e-6, abs=1e-6)


def test_the_published_pair_of_bfi():
    found = omega(moments_of("bfi_N"))
    assert (round(found.model_implied, 4), round(found.observed, 4)) == (0.8128, 0.8001)


@pytest.mark.r
def test_r_still_says_what_was_written_down():
    fresh = renew.run("omega")
    assert {name: one["implied"] for name, one in fresh.items()} == pytest.approx(
        {name: one["implied"] for name, one in R.items()}, abs=1e-6
    )


models = st.integers(3, 8).flatmap(
    lambda k: st.tuples(
        st.lists(st.floats(0.3, 2.0), min_size=k, max_size=k),
        st.lists(st.floats(0.2, 2.0), min_size=k, max_size=k),
    )
)


@settings(deadline=None)
@given(models)
def test_a_matrix_made_of_one_factor_gives_it_back(model):
    loadings, own = map(np.array, model)
    matrix = np.outer(loadings, loadings) + np.diag(own)
    fitted = one_factor(matrix)
    assert fitted.loadings == pytest.approx(loadings, abs=1e-4)
    assert fitted.own == pytest.approx(own, abs=1e-3)
    wanted = loadings.sum() ** 2 / matrix.sum()
    assert omega_of(matrix).model_implied == pytest.approx(wanted, abs=1e-5)
    assert omega_of(matrix).observed == pytest.approx(wanted, abs=1e-5)
    scale = np.linspace(0.5, 3, len(own))
    scaled = one_factor(matrix * np.outer(scale, scale))
    assert scaled.loadings == pytest.approx(loadings * scale, abs=3e-4)


def test_no_other_model_is_nearer():
    covariance = moments_of("items_gaps").covariance()
    fitted = one_factor(covariance)
    k = len(covariance)

    def discrepancy(point):
        sigma = np.outer(point[:k], point[:k]) + np.diag(point[k:])
        return (
            np.linalg.slogdet(sigma)[1]
            + np.trace(np.linalg.solve(sigma, covariance))
            - np.linalg.slogdet(covariance)[1]
            - k
        )

    at = np.concatenate([fitted.loadings, fitted.own])
    assert discrepancy(at) == pytest.approx(fitted.discrepancy, abs=1e-9)
    slope = optimize.approx_fprime(at, discrepancy, 1e-7)
    assert np.abs(slope).max() < 1e-4


class TestWhatCannotBeFitted:
    """Each from the same matrix, with one thing changed."""

    matrix = np.full((4, 4), 0.5) + np.eye(4) * 0.5

    def test_the_matrix_itself_can(self):
        assert omega_of(self.matrix).model_implied == pytest.approx(0.8)

    @pytest.mark.parametrize(
        ("changed", "why"),
        [
            (matrix[:1, :1], Why.ONE_ITEM),
            (matrix[:2, :2], Why.TWO_ITEMS),
            (matrix * np.outer([1, 1, 1, 0], [1, 1, 1, 0]), Why.CONSTANT),
            (np.ones((4, 4)), Why.SINGULAR),
            (np.array([[1, 0.9, 0.8], [0.9, 1, 0.5], [0.8, 0.5, 1]]), Why.HEYWOOD),
        ],
    )
    def test_a_reason_and_no_number(self, changed, why):
        found = omega_of(changed)
        assert (found.model_implied, found.observed) == (Absent(why), Absent(why))

    def test_nobody_and_one_person(self):
        assert omega(of(np.zeros((0, 3)))).observed == Absent(Why.NO_ANSWERS)
        assert omega(of([[1.0, 2, 3]])).observed == Absent(Why.ONE_PERSON)

    def test_fewer_people_than_items(self):
        dice = np.random.default_rng(3)
        assert omega(of(dice.integers(1, 6, (4, 6)))).observed == Absent(Why.SINGULAR)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10_000), st.integers(3, 30), st.integers(3, 5))
def test_random_answers_give_a_number_or_a_reason(seed, people, items):
    rows = np.random.default_rng(seed).integers(1, 4, (people, items)).astype(float)
    found = omega(Moments.from_rows(rows, [str(n) for n in range(items)]))
    for value in (found.model_implied, found.observed):
        assert isinstance(value, Absent) or 0 <= value < 2
