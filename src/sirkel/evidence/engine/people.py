"""Expressions for what asks who answered when: pairs of waves, the mixed model and the gap between roles."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import combinations

import ibis
import numpy as np
import polars as pl
from ibis.expr.types import Table

from sirkel.evidence.attrition import NOBODY, Group
from sirkel.evidence.counting import LEADER, Pairs, Stayed
from sirkel.evidence.engine.backends import Engine
from sirkel.evidence.mixed import Cells
from sirkel.evidence.mixed.counted import Grouped, Moved, Waves, cells_of
from sirkel.evidence.perception_gap import UnitMeans


@contextmanager
def one_row_a_person(
    engine: Engine, scores: Table, waves: tuple[str, ...], shift: float, *, has_unit: bool
) -> Iterator[Table]:
    """Give a table in the engine: per person answers and score of each wave, first and last unit, summed scores."""
    there = scores.filter(scores["score"].notnull())
    if not has_unit:
        there = there.mutate(unit=ibis.literal(""))
    unit = there["unit"]
    asked = {"home": unit.min(), "away": unit.max(), "total": (there["score"] - ibis.literal(shift)).sum()}
    asked["first_home"] = unit.max(where=there["wave"] == waves[0])
    for place, name in enumerate(waves):
        is_then = there["wave"] == name
        asked[f"n{place}"] = is_then.ifelse(1, 0).sum()
        asked[f"s{place}"] = there["score"].max(where=is_then)
    with engine.keeping(there.group_by("person").aggregate(**asked)) as kept:
        yield kept


def pairs_of(engine: Engine, people: Table, waves: tuple[str, ...]) -> Pairs:
    """Return, for each pair of waves, the scores of those who have both; the engine counts how many have which."""
    pairs = {}
    for one, two in combinations(range(len(waves)), 2):
        first, second = f"s{one}", f"s{two}"
        both = people.filter([people[first].notnull(), people[second].notnull()])
        found = engine.fetch(both.group_by([first, second]).aggregate(many=both.count())).sort(first, second)
        many = found["many"].to_numpy()
        pairs[one, two] = (
            np.repeat(found[first].to_numpy().astype(float), many),
            np.repeat(found[second].to_numpy().astype(float), many),
        )
    return pairs


def stayed_of(engine: Engine, people: Table, waves: tuple[str, ...], shift: float) -> Stayed:
    """Return who answered again, and the first scores of those who did and of those who did not."""
    answers = [f"n{place}" for place in range(len(waves))]
    seen = engine.fetch(people.group_by(answers).aggregate(many=people.count()))
    patterns = {
        tuple(bool(row[name]) for name in answers): int(row["many"]) for row in seen.iter_rows(named=True)
    }
    first = people.filter(people["s0"].notnull())
    sides = {}
    for later in range(1, len(waves)):
        asked = first.mutate(stays=first[f"n{later}"], moved=first["s0"] - ibis.literal(shift))
        grouped = asked.group_by(["first_home", "stays"]).aggregate(
            n=asked.count(),
            sums=asked["moved"].sum(),
            squares=(asked["moved"] * asked["moved"]).sum(),
            low=asked["s0"].min(),
            high=asked["s0"].max(),
        )
        found: dict[str, list[Group]] = {}
        for row in engine.fetch(grouped).sort("first_home").iter_rows(named=True):
            n, mean = int(row["n"]), row["sums"] / row["n"]
            squares = row["squares"] - n * mean**2 if row["low"] < row["high"] else 0.0
            group = Group(n, row["low"] if row["low"] == row["high"] else shift + mean, max(squares, 0.0))
            found.setdefault(row["first_home"], [NOBODY, NOBODY])[0 if row["stays"] else 1] = group
        sides[later] = {unit: (stayed, left) for unit, (stayed, left) in found.items()}
    return Stayed(patterns, sides)


def cells_of_waves(
    engine: Engine, scores: Table, people: Table, waves: tuple[str, ...], shift: float, *, has_unit: bool
) -> Cells:
    """Return what the model of waves, persons and units asks."""
    there = scores.filter(scores["score"].notnull())
    moved = there["score"] - ibis.literal(shift)
    asked = there.group_by("wave").aggregate(n=there.count(), sums=moved.sum(), squares=(moved * moved).sum())
    by_wave = {row["wave"]: row for row in engine.fetch(asked).iter_rows(named=True)}
    none = {"n": 0, "sums": 0.0, "squares": 0.0}
    rows = [by_wave.get(name, none) for name in waves]
    about = Waves(
        shift=shift,
        names=waves,
        answers=np.array([row["n"] for row in rows], dtype=float),
        sums=np.array([row["sums"] for row in rows], dtype=float),
        squares=float(sum(row["squares"] for row in rows)),
    )
    answers = [f"n{place}" for place in range(len(waves))]
    settled = people.filter(people["home"] == people["away"])
    total = settled["total"]
    kinds = settled.group_by(["home", *answers]).aggregate(
        persons=settled.count(), sums=total.sum(), squares=(total * total).sum()
    )
    found = engine.fetch(kinds).sort("home", *answers)
    moves = _moves(engine, there, people, shift) if has_unit else None
    homes = found["home"].unique().to_list() + (moves["unit"].unique().to_list() if moves is not None else [])
    places = {name: place for place, name in enumerate(sorted(set(homes)))}

    def numbered(column: pl.Series, codes: dict[str, int]) -> np.ndarray:
        return np.array([codes[name] for name in column.to_list()], dtype=np.int64)

    grouped = Grouped(
        unit=numbered(found["home"], places),
        answers=found.select(answers).to_numpy().astype(float).reshape(-1, len(waves)),
        persons=found["persons"].to_numpy().astype(float),
        sums=found["sums"].to_numpy().astype(float),
        squares=found["squares"].to_numpy().astype(float),
    )
    moved_rows = None
    if moves is not None and moves.height:
        names = {name: place for place, name in enumerate(moves["person"].unique().sort().to_list())}
        moved_rows = Moved(
            person=numbered(moves["person"], names),
            unit=numbered(moves["unit"], places),
            wave=numbered(moves["wave"], {name: place for place, name in enumerate(waves)}),
            score=moves["moved"].to_numpy().astype(float),
        )
    return cells_of(about, grouped, moved_rows, has_unit=has_unit, has_person=True)


def _moves(engine: Engine, there: Table, people: Table, shift: float) -> pl.DataFrame:
    """Return the scores of those who answered in several units."""
    movers = people.filter(people["home"] != people["away"]).select("person")
    rows = there.semi_join(movers, "person")
    asked = rows.select("person", "unit", "wave", moved=rows["score"] - ibis.literal(shift))
    return engine.fetch(asked).sort("person", "wave")


def cells_of_units(units: pl.DataFrame, shift: float) -> Cells:
    """Return what the model of units alone asks, from the scores by unit."""
    n, sums, squares = (units[name].to_numpy().astype(float) for name in ("n", "sums", "squares"))
    about = Waves(shift, ("1",), np.array([n.sum()]), np.array([sums.sum()]), float(squares.sum()))
    grouped = Grouped(
        unit=np.arange(len(n), dtype=np.int64),
        answers=np.ones((len(n), 1)),
        persons=n,
        sums=sums,
        squares=squares,
    )
    return cells_of(about, grouped, has_unit=True, has_person=False)


def leaders_of(engine: Engine, scores: Table) -> UnitMeans:
    """Return employees' and leaders' means by unit."""
    leads = (scores["role"] == LEADER).fill_null(False).ifelse(1, 0)
    there = scores.mutate(leads=leads).filter(scores["score"].notnull())
    found = engine.fetch(there.group_by(["unit", "leads"]).aggregate(mean=there["score"].mean()))
    sides: tuple[dict[str, float], dict[str, float]] = ({}, {})
    for row in found.iter_rows(named=True):
        sides[row["leads"]][row["unit"]] = row["mean"]
    return sides
