"""The mixed model's minimum is one: nowhere on a grid does the criterion lie lower, whatever the variances."""

import itertools

import numpy as np
import pytest

from sirkel.evidence import mixed
from sirkel.evidence.mixed.fit import _criterion

GRID = (0.0, 1e-4, 0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 3.0)


def cells(seed, *, units, people, waves, between, own):
    dice = np.random.default_rng(seed)
    person, wave = np.repeat(np.arange(people), waves), np.tile(np.arange(waves), people)
    unit = dice.integers(0, units, people)[person]
    values = dice.normal(0, between, units)[unit] + dice.normal(0, own, people)[person]
    values = np.clip(np.rint(3.4 + values + dice.normal(0, 1, values.size)), 1, 5)
    kept = dice.random(values.size) > 0.25
    numbered = [np.unique(keys[kept], return_inverse=True)[1] for keys in (unit, person)]
    names = tuple(str(one) for one in range(waves))
    return mixed.Cells.from_rows(values[kept], wave[kept], names, unit=numbered[0], person=numbered[1])


@pytest.mark.parametrize(("between", "own"), [(0.25, 0.5), (0.0, 0.6), (0.5, 0.0), (0.1, 0.1), (1.5, 1.5)])
@pytest.mark.parametrize("units", [11, 40])
def test_no_point_of_a_grid_lies_below_the_minimum_found(between, own, units):
    for seed in range(4):
        asked = cells(seed, units=units, people=240, waves=3, between=between, own=own)
        lowest = min(_criterion(asked, np.array(point)).real for point in itertools.product(GRID, GRID))
        assert mixed.fit(asked).criterion <= lowest + 1e-8, seed
