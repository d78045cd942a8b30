"""Expressions for what an instrument's items and a scale's scores sum up to."""

from collections.abc import Sequence
from functools import reduce

import ibis
import numpy as np
import polars as pl
from ibis.expr.types import BooleanValue, NumericValue, Table

from sirkel.evidence.agreement import Groups
from sirkel.evidence.counting import MOST_PATTERNS, categories_of
from sirkel.evidence.descriptives import Descriptives, describe_counted
from sirkel.evidence.engine.backends import Engine
from sirkel.evidence.fiml import Pattern
from sirkel.evidence.instruments import Scale
from sirkel.evidence.moments import Moments, Numbers
from sirkel.evidence.scoring import items_needed
from sirkel.evidence.why import Absent, Why
from sirkel.evidence.within_group import WithinGroup, within_group_of

# PostgreSQL returns at most 1,664 columns; fewer are planned faster.
_AT_ONCE = 400
_TWO = 2


def turned(table: Table, scale: Scale, names: dict[str, str]) -> list[NumericValue]:
    """Return a scale's answers, turned around where they must be."""
    ends = scale.minimum + scale.maximum
    return [
        ibis.literal(ends) - table[names[item]] if item in scale.reverse else table[names[item]]
        for item in scale.items
    ]


def _middle(mean: float, scale: Scale, item: str) -> float:
    """Return an item's mean, turned around where its answers are."""
    return scale.minimum + scale.maximum - mean if item in scale.reverse else mean


def score_of(answers: Sequence[NumericValue], scale: Scale) -> NumericValue:
    """Return the mean of the answered items where enough are answered, else null."""
    answered = reduce(lambda one, two: one + two, [given.notnull().ifelse(1, 0) for given in answers])
    total = reduce(lambda one, two: one + two, [given.fill_null(0.0) for given in answers])
    is_valid = answered >= items_needed(scale.missing, len(answers))
    return is_valid.ifelse(total / answered.nullif(0).cast("float64"), ibis.null("float64"))


def spread_of(engine: Engine, scores: Table) -> Descriptives:
    """Return how the scores lie; the engine counts how often each occurs."""
    there = scores.filter(scores["score"].notnull())
    seen = engine.fetch(there.group_by("score").aggregate(many=there.count())).sort("score")
    return describe_counted(seen["score"].to_numpy(), seen["many"].to_numpy())


def gaps_of(
    engine: Engine, table: Table, scale: Scale, names: dict[str, str], moments: Moments
) -> list[Pattern] | Absent:
    """Return the sheets by the items that they answer; those without gaps need no question."""
    many, n = len(scale.items), moments.complete
    if moments.rows == n:
        means = moments.complete_sums / n
        covariance = moments.complete_products / n - np.outer(means, means)
        return [Pattern(np.arange(many), n, moments.shift + means, covariance)] if n else []
    moved = {
        f"x{place}": given - ibis.literal(float(moments.shift[place]))
        for place, given in enumerate(turned(table, scale, names))
    }
    sheets = table.select(**moved).mutate(
        **{
            f"a{place}": lambda one, place=place: one[f"x{place}"].notnull().ifelse(1, 0)
            for place in range(many)
        }
    )
    flags = [f"a{place}" for place in range(many)]
    pairs = [(one, two) for one in range(many) for two in range(one, many)]
    kinds = sheets.group_by(flags).aggregate(n=sheets.count())
    if 1 + many + len(pairs) > _AT_ONCE or int(engine.fetch(kinds.count().as_table()).item()) > MOST_PATTERNS:
        return Absent(Why.MANY_GAPS)
    asked = {"n": sheets.count()} | {f"s{place}": sheets[f"x{place}"].sum() for place in range(many)}
    asked |= {f"p{one}_{two}": (sheets[f"x{one}"] * sheets[f"x{two}"]).sum() for one, two in pairs}
    found = []
    for row in engine.fetch(sheets.group_by(flags).aggregate(**asked)).sort(flags).iter_rows(named=True):
        items = np.array([place for place in range(many) if row[f"a{place}"]], dtype=np.intp)
        if items.size:
            means = np.array([row[f"s{place}"] for place in items]) / row["n"]
            products = np.array(
                [[row[f"p{min(one, two)}_{max(one, two)}"] for two in items] for one in items]
            )
            covariance = products / row["n"] - np.outer(means, means)
            found.append(Pattern(items, int(row["n"]), moments.shift[items] + means, covariance))
    return found


def moments_of(
    engine: Engine, table: Table, scale: Scale, names: dict[str, str], means: dict[str, float], rows: int
) -> Moments:
    """Return the moments of a scale's items."""
    shift = np.array([_middle(means[item], scale, item) for item in scale.items])
    moved = {
        f"x{place}": given - ibis.literal(float(shift[place]))
        for place, given in enumerate(turned(table, scale, names))
    }
    sheets = table.select(**moved)
    columns = [sheets[name] for name in moved]
    is_complete = reduce(lambda one, two: one & two, [given.notnull() for given in columns])
    complete = _ask_products(engine, sheets, columns, is_complete)
    n = int(complete["n"])
    many = len(columns)
    sums = np.array([complete[f"s{place}"] for place in range(many)])
    products = _square(complete, "p", many)
    if n == rows:
        return Moments(
            scale.items,
            shift,
            rows,
            n,
            sums,
            products,
            np.full((many, many), float(n)),
            np.repeat(sums[:, None], many, 1),
            products,
        )
    return Moments(scale.items, shift, rows, n, sums, products, *_pairwise(engine, sheets, columns))


def _ask_products(
    engine: Engine, sheets: Table, columns: list[NumericValue], is_complete: BooleanValue
) -> dict[str, float]:
    whole = sheets.filter(is_complete)
    asked: dict[str, NumericValue] = {"n": whole.count()}
    for one, left in enumerate(columns):
        name = left.get_name()
        asked[f"s{one}"] = whole[name].sum()
        for two in range(one, len(columns)):
            asked[f"p{one}_{two}"] = (whole[name] * whole[columns[two].get_name()]).sum()
    return _ask(engine, whole, asked)


def _pairwise(engine: Engine, sheets: Table, columns: list[NumericValue]) -> tuple[Numbers, Numbers, Numbers]:
    """Return counts, sums and products of every pair of items on the sheets that answer both."""
    many = len(columns)
    asked: dict[str, NumericValue] = {}
    for one in range(many):
        for two in range(one, many):
            left, right = columns[one], columns[two]
            asked[f"n{one}_{two}"] = (left.notnull() & right.notnull()).ifelse(1, 0).sum()
            asked[f"s{one}_{two}"] = left.sum(where=right.notnull())
            asked[f"s{two}_{one}"] = right.sum(where=left.notnull())
            asked[f"p{one}_{two}"] = (left * right).sum()
    seen = _ask(engine, sheets, asked)
    sums = np.array([[seen[f"s{one}_{two}"] for two in range(many)] for one in range(many)])
    return _square(seen, "n", many), sums, _square(seen, "p", many)


def _ask(engine: Engine, table: Table, asked: dict[str, NumericValue]) -> dict[str, float]:
    """Ask for many sums of one table, so many at a time; a sum over nothing is 0."""
    seen: dict[str, float] = {}
    names = list(asked)
    for first in range(0, len(names), _AT_ONCE):
        part = {name: asked[name] for name in names[first : first + _AT_ONCE]}
        found = engine.fetch(table.aggregate(**part)).row(0, named=True)
        seen |= {name: float(value or 0.0) for name, value in found.items()}
    return seen


def _square(seen: dict[str, float], part: str, many: int) -> Numbers:
    return np.array(
        [[seen[f"{part}{min(one, two)}_{max(one, two)}"] for two in range(many)] for one in range(many)]
    )


def by_unit(engine: Engine, scores: Table, shift: float) -> tuple[Groups, pl.DataFrame]:
    """Return the scores by unit, and the same as a table with unit, n, sums and squares."""
    there = scores.filter(scores["score"].notnull())
    moved = there["score"] - ibis.literal(shift)
    asked = there.group_by("unit").aggregate(
        n=there.count(),
        sums=moved.sum(),
        squares=(moved * moved).sum(),
        spread=moved.var(how="pop"),
        low=there["score"].min(),
        high=there["score"].max(),
    )
    found = engine.fetch(asked).sort("unit")
    within = pl.when(pl.col("low") < pl.col("high")).then(pl.col("spread") * pl.col("n")).otherwise(0.0)
    n, sums, inside = found.select(pl.col("n").cast(pl.Float64), "sums", within.alias("within"))
    return Groups(n.to_numpy(), sums.to_numpy(), inside.to_numpy(), shift), found


def within_of(
    engine: Engine, table: Table, scale: Scale, names: dict[str, str], means: dict[str, float], units: int
) -> WithinGroup:
    """Return r_wg(j) by unit."""
    moved = [
        given - ibis.literal(_middle(means[item], scale, item))
        for item, given in zip(scale.items, turned(table, scale, names), strict=True)
    ]
    sheets = table.select("unit", **{f"x{place}": given for place, given in enumerate(moved)})
    columns = [f"x{place}" for place in range(len(moved))]
    whole = sheets.filter([sheets[name].notnull() for name in columns])
    sums = {f"s{name}": whole[name].sum() for name in columns}
    squares = {f"q{name}": (whole[name] * whole[name]).sum() for name in columns}
    asked = whole.group_by("unit").aggregate(n=whole.count(), **sums, **squares)
    found = engine.fetch(asked).sort("unit")
    empty = units - found.height  # units in which nobody answered all items
    counts = np.concatenate([found["n"].to_numpy().astype(float), np.zeros(empty)])
    parts = (
        np.vstack([found.select(list(part)).to_numpy().astype(float), np.zeros((empty, len(columns)))])
        for part in (sums, squares)
    )
    unit = np.array(found["unit"].to_list() + [""] * empty)
    return within_group_of(unit, counts, *parts, categories=categories_of(scale))
