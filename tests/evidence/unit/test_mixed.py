"""The mixed model against lme4 and lmerTest, and against itself."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sirkel.evidence import mixed
from sirkel.evidence.mixed.algebra import reduced
from sirkel.evidence.why import Absent, Why
from tests.reference import renew
from tests.reference.data import DATASETS, waves

R = renew.values("mixed")
WAVES = ("1", "2", "3", "4")


def codes(column):
    return np.unique(column, return_inverse=True)[1]


def cells_of(frame, *, unit=True, person=True):
    return mixed.Cells.from_rows(
        frame["score"].to_numpy(float),
        codes(frame["wave"]),
        WAVES,
        unit=codes(frame["unit"]) if unit else None,
        person=codes(frame["person"]) if person else None,
    )


def agrees(fitted, wanted, *, unit="unit"):
    assert fitted.criterion == pytest.approx(wanted["criterion"], rel=1e-9)
    assert fitted.is_singular == wanted["singular"]
    assert fitted.residual_variance == pytest.approx(wanted["variances"]["Residual"], rel=1e-5)
    if fitted.unit_variance is not None:
        assert fitted.unit_variance == pytest.approx(wanted["variances"][unit], rel=1e-5, abs=1e-6)
    if fitted.person_variance is not None:
        assert fitted.person_variance == pytest.approx(wanted["variances"]["person"], rel=1e-5)
    for ours, theirs in zip(mixed.fixed_effects(fitted).values(), wanted["fixed"], strict=True):
        assert ours.estimate == pytest.approx(theirs["Estimate"], rel=1e-7)
        assert ours.se == pytest.approx(theirs["Std. Error"], rel=1e-5)
        assert ours.df == pytest.approx(theirs["df"], rel=1e-4)
        assert ours.p == pytest.approx(theirs["Pr(>|t|)"], rel=1e-3)


@pytest.mark.parametrize("name", ["dyestuff", "dyestuff2"])
def test_one_random_intercept_is_what_lme4_says(name):
    frame = DATASETS[name]()
    batch = codes(frame["Batch"])
    cells = mixed.Cells.from_rows(frame["Yield"].to_numpy(float), np.zeros_like(batch), ("1",), unit=batch)
    agrees(mixed.fit(cells), R[name], unit="Batch")


@pytest.mark.parametrize("name", ["waves_uneven", "waves_moving", "waves_singular"])
class TestWaves:
    def test_unit_and_person_are_what_lmertest_says(self, name):
        agrees(mixed.fit(cells_of(DATASETS[name]())), R[name])

    def test_the_person_alone_too(self, name):
        agrees(mixed.fit(cells_of(DATASETS[name](), unit=False)), R[name]["person_only"])

    def test_the_means_of_the_waves_are_those_of_emmeans(self, name):
        means = mixed.wave_means(mixed.fit(cells_of(DATASETS[name]())))
        for ours, theirs in zip(means.values(), R[name]["means"], strict=True):
            assert ours.estimate == pytest.approx(theirs["emmean"], rel=1e-6)
            assert ours.ci95 == pytest.approx((theirs["lower.CL"], theirs["upper.CL"]), rel=1e-5)


@pytest.mark.parametrize("name", ["waves_uneven", "waves_moving", "waves_singular"])
class TestFewUnits:
    """Units as fixed effects, as lmerTest has them, and as least squares has them without persons."""

    def test_persons_random_and_units_fixed_are_what_lmertest_says(self, name):
        fitted, wanted = mixed.fit_units_fixed(cells_of(DATASETS[name]())), R[name]["units_fixed"]
        assert fitted.criterion == pytest.approx(wanted["criterion"], rel=1e-9)
        assert fitted.is_singular == wanted["singular"]
        assert fitted.residual_variance == pytest.approx(wanted["variances"]["Residual"], rel=1e-6)
        assert fitted.person_variance == pytest.approx(wanted["variances"]["person"], rel=1e-5)
        for ours, theirs in zip(mixed.changes(fitted).values(), wanted["fixed"][1:4], strict=True):
            assert ours.estimate == pytest.approx(theirs["Estimate"], rel=1e-7)
            assert ours.se == pytest.approx(theirs["Std. Error"], rel=1e-6)
            assert ours.df == pytest.approx(theirs["df"], rel=1e-4)
            assert ours.p == pytest.approx(theirs["Pr(>|t|)"], rel=1e-4)

    def test_the_means_of_the_waves_count_each_unit_the_same_as_emmeans_does(self, name):
        fitted = mixed.fit_units_fixed(cells_of(DATASETS[name]()))
        means = mixed.balanced_means(fitted).values()
        for ours, theirs in zip(means, R[name]["units_fixed"]["means"], strict=True):
            assert ours.estimate == pytest.approx(theirs["emmean"], rel=1e-7)
            assert ours.ci95 == pytest.approx((theirs["lower.CL"], theirs["upper.CL"]), rel=1e-5)

    def test_without_persons_it_is_least_squares(self, name):
        fitted, wanted = mixed.fit_units_fixed(cells_of(DATASETS[name](), person=False)), R[name]["plain"]
        assert fitted.residual_variance**0.5 == pytest.approx(wanted["sigma"], rel=1e-10)
        assert fitted.person_variance is None
        for ours, theirs in zip(mixed.changes(fitted).values(), wanted["fixed"], strict=True):
            assert ours.estimate == pytest.approx(theirs["Estimate"], rel=1e-9)
            assert ours.se == pytest.approx(theirs["Std. Error"], rel=1e-9)
            assert ours.p == pytest.approx(theirs["Pr(>|t|)"], rel=1e-6)


def test_the_share_between_units_is_that_of_the_variances():
    frame = DATASETS["dyestuff"]()
    batch = codes(frame["Batch"])
    cells = mixed.Cells.from_rows(frame["Yield"].to_numpy(float), np.zeros_like(batch), ("1",), unit=batch)
    variances = R["dyestuff"]["variances"]
    wanted = variances["Batch"] / (variances["Batch"] + variances["Residual"])
    assert mixed.fit(cells).icc == pytest.approx(wanted, rel=1e-6)
    assert mixed.fit(cells_of(DATASETS["waves_uneven"](), unit=False)).icc is None


@pytest.mark.r
def test_r_still_says_what_was_written_down():
    fresh = renew.run("mixed")
    assert fresh.keys() == R.keys()
    for name, wanted in R.items():
        assert fresh[name]["criterion"] == pytest.approx(wanted["criterion"], rel=1e-9)


@st.composite
def frames(draw):
    return waves(
        people=draw(st.integers(12, 40)),
        units=draw(st.integers(2, 5)),
        gap=draw(st.sampled_from([0.0, 0.2, 0.4])),
        moving=draw(st.sampled_from([0.0, 0.15])),
        between=draw(st.sampled_from([0.0, 0.4])),
        seed=draw(st.integers(0, 10_000)),
    )


def dense(frame, u, q):
    """Weighted cross products and log determinant from the whole covariance matrix, without any short cut."""
    unit, person, wave = (np.eye(len(set(frame[n])))[codes(frame[n])] for n in ("unit", "person", "wave"))
    v = np.eye(len(frame)) + u * unit @ unit.T + q * person @ person.T
    y = frame["score"].to_numpy(float)
    rows = np.column_stack([np.ones(len(frame)), wave[:, 1:], y - y.mean()])
    return rows.T @ np.linalg.solve(v, rows), np.linalg.slogdet(v)[1]


@settings(deadline=None, max_examples=40)
@given(frame=frames(), u=st.floats(0, 5), q=st.floats(0, 5))
def test_sums_say_what_the_whole_covariance_matrix_says(frame, u, q):
    if frame["wave"].nunique() < len(WAVES):
        return
    products, log_v = reduced(cells_of(frame), u, q)
    wanted, wanted_log = dense(frame, u, q)
    assert products.real == pytest.approx(wanted, rel=1e-7, abs=1e-7)
    assert log_v.real == pytest.approx(wanted_log, rel=1e-9, abs=1e-9)


@settings(deadline=None, max_examples=15)
@given(
    frame=frames(), seed=st.integers(0, 99), factor=st.sampled_from([0.01, 25.0]), added=st.floats(-50, 50)
)
def test_the_order_of_rows_changes_nothing_and_another_scale_only_the_unit(frame, seed, factor, added):
    if frame["wave"].nunique() < len(WAVES):
        return
    fitted = mixed.fit(cells_of(frame))
    shuffled = frame.sample(frac=1, random_state=seed)
    other = mixed.fit(cells_of(shuffled.assign(score=shuffled["score"] * factor + added)))
    assert other.criterion == pytest.approx(
        fitted.criterion + 2 * (len(frame) - len(WAVES)) * np.log(factor), rel=1e-6, abs=1e-5
    )
    assert other.coefficients[1:] == pytest.approx(
        fitted.coefficients[1:] * factor, rel=1e-4, abs=1e-4 * factor
    )
    assert other.coefficients[0] == pytest.approx(fitted.coefficients[0] * factor + added, rel=1e-4, abs=1e-4)


def test_no_lower_point_lies_around_the_minimum():
    cells = cells_of(DATASETS["waves_uneven"]())
    fitted = mixed.fit(cells)
    free = cells.answers - len(WAVES)

    def criterion(u, q):
        products, log_v = reduced(cells, u, q)
        xx, xy = products[:-1, :-1].real, products[:-1, -1].real
        left = products[-1, -1].real - xy @ np.linalg.solve(xx, xy)
        return log_v.real + np.linalg.slogdet(xx)[1] + free * (1 + np.log(2 * np.pi * left / free))

    u, q = fitted.ratios
    assert criterion(u, q) == pytest.approx(fitted.criterion, rel=1e-12)
    around = [criterion(u * a, q * b) for a in (0.5, 0.99, 1.01, 2) for b in (0.5, 0.99, 1.01, 2)]
    assert min(around) > fitted.criterion


def lies_lowest(frame):
    """Whether no point of a wide grid of variances has a lower criterion than the fit."""
    cells = cells_of(frame)
    fitted = mixed.fit(cells)
    free = cells.answers - len(WAVES)
    grid = [0.0, *np.geomspace(1e-4, 1e3, 15)]

    def criterion(u, q):
        products, log_v = reduced(cells, u, q)
        xx, xy = products[:-1, :-1].real, products[:-1, -1].real
        left = products[-1, -1].real - xy @ np.linalg.solve(xx, xy)
        return log_v.real + np.linalg.slogdet(xx)[1] + free * (1 + np.log(2 * np.pi * left / free))

    return fitted.criterion <= min(criterion(u, q) for u in grid for q in grid) + 1e-8 * abs(fitted.criterion)


@settings(deadline=None, max_examples=25)
@given(frame=frames())
def test_no_point_of_a_wide_grid_is_lower(frame):
    if frame["wave"].nunique() == len(WAVES):
        assert lies_lowest(frame)


class TestRefusals:
    """Each from the same data as a success, with one thing taken away."""

    frame = staticmethod(lambda: waves(people=30, units=4, gap=0.1, moving=0, between=0.3, seed=3))

    def why(self, frame, **kinds):
        with pytest.raises(mixed.NotEstimableError) as refused:
            mixed.fit(cells_of(frame, **kinds))
        return refused.value.why

    def test_whole_data_fit(self):
        assert mixed.fit(cells_of(self.frame())).residual_variance > 0

    def test_one_unit(self):
        assert self.why(self.frame().assign(unit=1)) == "one_unit"

    def test_one_person(self):
        frame = self.frame()
        one = frame[frame["person"] == frame["person"].iloc[0]]
        assert self.why(one, unit=False) in {"few", "one_person"}

    def test_nobody_answered_twice(self):
        frame = self.frame()
        assert self.why(frame.assign(person=range(len(frame)))) == "answered_once"

    def test_a_wave_nobody_answered(self):
        frame = self.frame()
        cells = mixed.Cells.from_rows(
            frame["score"].to_numpy(float),
            codes(frame["wave"]),
            (*WAVES, "5"),
            unit=codes(frame["unit"]),
            person=codes(frame["person"]),
        )
        with pytest.raises(mixed.NotEstimableError) as refused:
            mixed.fit(cells)
        assert refused.value.why == "empty_wave"

    def test_everybody_always_says_the_same(self):
        assert self.why(self.frame().assign(score=4.0)) == "constant"

    def test_three_answers(self):
        assert self.why(self.frame().head(4)) in {"few", "empty_wave"}


class TestRefusalsOfFewUnits:
    """Each from the same data as a success, with one thing taken away."""

    frame = staticmethod(lambda: waves(people=30, units=4, gap=0.1, moving=0, between=0.3, seed=3))

    def why(self, frame, **kinds):
        with pytest.raises(mixed.NotEstimableError) as refused:
            mixed.fit_units_fixed(cells_of(frame, **kinds))
        return refused.value.why

    def test_whole_data_fit_and_so_does_one_unit(self):
        assert mixed.fit_units_fixed(cells_of(self.frame())).residual_variance > 0
        assert mixed.fit_units_fixed(cells_of(self.frame().assign(unit=1))).residual_variance > 0

    def test_each_unit_answered_in_one_wave_alone(self):
        frame = self.frame()
        assert self.why(frame[frame["unit"] + 1 == frame["wave"]], person=False) == "confounded"

    def test_too_little(self):
        frame = self.frame()
        assert self.why(frame.assign(person=range(len(frame)))) == "answered_once"
        assert self.why(frame.assign(score=4.0)) == "constant"
        assert self.why(frame.head(4)) in {"few", "empty_wave"}
        assert self.why(frame, unit=False) == "few"

    def test_each_reason_has_a_sentence(self):
        raised = ["few", "empty_wave", "one_unit", "one_person", "answered_once", "constant", "confounded"]
        assert all(Absent(Why(why)).sentence for why in raised)

    def test_no_variance_between_persons(self):
        dice = np.random.default_rng(8)
        frame = self.frame()
        own = frame.groupby("person")["score"].transform("mean")
        alone = frame.assign(score=frame["score"] - own + dice.normal(0, 1e-3, len(frame)))
        fitted = mixed.fit_units_fixed(cells_of(alone))
        assert fitted.is_singular
        assert all(np.isfinite(one.p) for one in mixed.changes(fitted).values())
