"""The factor from incomplete answers against lavaan, and against the factor from complete ones."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from sirkel.evidence.fiml import fiml_factor, minus_twice, patterns_of
from sirkel.evidence.omega import omega, one_factor
from sirkel.evidence.why import Absent, Why
from tests.evidence.unit.test_reliability import of, rows_of
from tests.reference import renew
from tests.reference.data import answers

R = {name: one["fiml"] for name, one in renew.values("omega").items()}


@pytest.mark.parametrize("name", sorted(set(R) - {"bfi_N3"}))
def test_it_is_what_lavaan_says(name):
    rows, _items = rows_of(name)
    found, wanted = fiml_factor(rows), R[name]
    assert found.n == wanted["n"]
    assert found.log_likelihood == pytest.approx(wanted["logl"], rel=1e-8)
    assert found.omega == pytest.approx(wanted["implied"], abs=1e-4)
    assert found.loadings == pytest.approx(wanted["loadings"], abs=1e-3)
    assert found.own == pytest.approx(wanted["own"], abs=1e-3)
    assert found.means == pytest.approx(wanted["means"], abs=1e-4)


def test_without_gaps_it_is_the_factor_of_the_covariances():
    rows = answers(people=300, items=6, high=5, gap=0, seed=9).to_numpy(float)
    found, complete = fiml_factor(rows), one_factor(of(rows).covariance() * 299 / 300)
    assert found.loadings == pytest.approx(complete.loadings, abs=1e-5)
    assert found.own == pytest.approx(complete.own, abs=1e-5)
    assert found.omega == pytest.approx(omega(of(rows)).model_implied, abs=1e-6)


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 1000))
def test_the_likelihood_is_that_of_every_sheet_and_the_gradient_its_own(seed):
    dice = np.random.default_rng(seed)
    rows = dice.normal(0, 1, (12, 3))
    rows[dice.random(rows.shape) < 0.2] = np.nan
    patterns = patterns_of(rows)
    n = sum(one.n for one in patterns)
    point = np.concatenate([dice.normal(0, 0.3, 3), dice.normal(0.7, 0.2, 3), dice.normal(-0.5, 0.2, 3)])
    sigma = np.outer(point[3:6], point[3:6]) + np.diag(np.exp(point[6:]))
    wanted = 0.0
    for row in rows:
        at = np.flatnonzero(~np.isnan(row))
        if at.size:
            wanted += stats.multivariate_normal(point[at], sigma[np.ix_(at, at)]).logpdf(row[at])
    value, slope = minus_twice(point, patterns, n)
    assert value == pytest.approx(-2 * wanted / n, rel=1e-9)
    numeric = optimize.approx_fprime(point, lambda where: minus_twice(where, patterns, n)[0], 1e-7)
    assert slope == pytest.approx(numeric, abs=1e-4)


class TestWhatCannotBeFitted:
    """Each from the same answers as a fit, with one thing changed."""

    rows = answers(people=200, items=4, high=5, gap=0.1, seed=10).to_numpy(float)

    def changed(self, column, values):
        rows = self.rows.copy()
        rows[:, column] = values
        return rows

    def test_the_answers_themselves_can(self):
        assert 0 < fiml_factor(self.rows).omega < 1

    def test_a_reason_and_no_number(self):
        assert fiml_factor(self.rows[:, :1]) == Absent(Why.ONE_ITEM)
        assert fiml_factor(self.rows[:, :2]) == Absent(Why.TWO_ITEMS)
        assert fiml_factor(self.changed(0, np.nan)) == Absent(Why.NO_ANSWERS)
        assert fiml_factor(self.changed(0, 3.3)) == Absent(Why.CONSTANT)
        assert fiml_factor(self.rows[:0]) == Absent(Why.NO_ANSWERS)
        alone = np.where(np.arange(200) % 2 == 0, self.rows[:, 0], np.nan)
        rows = self.changed(0, alone)
        rows[np.arange(200) % 2 == 0, 1] = np.nan
        assert fiml_factor(rows) == Absent(Why.FEW)
        assert fiml_factor(self.changed(0, self.rows[:, 1])).why in {Why.HEYWOOD, Why.NOT_CONVERGED}
