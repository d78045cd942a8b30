"""What must not be in the sheets, asked of the engine: the same refusals as for rows in memory."""

from dataclasses import dataclass

import ibis
from ibis.expr.types import Table

from sirkel.evidence.engine.backends import Engine
from sirkel.evidence.engine.staging import LINE, Staged
from sirkel.evidence.instruments import Instrument
from sirkel.evidence.reading import (
    Columns,
    empty_cells,
    in_order,
    more_than_one_sheet,
    never_answered,
    outside_range,
)
from sirkel.evidence.tables import SHOWN, DataError

# So many sheets that stand twice are fetched to name the first.
_CASES = 10_000


@dataclass(frozen=True, slots=True)
class Checked:
    """The sheets without answers outside their range, and what was seen on the way.

    ``means`` holds each item's mean, a whole number near it where all answers are whole; 0 without any.
    """

    table: Table
    rows: int
    answered: int
    means: dict[str, float]
    waves: tuple[str, ...] | None
    units: int | None
    has_leader: bool


def check(
    engine: Engine, staged: Staged, instrument: Instrument, columns: Columns, *, drops_outside: bool
) -> Checked:
    """Look through the sheets.

    Raises:
        DataError: an answer is outside its range, a key is empty, a wave unanswered, or a sheet stands twice.

    """
    table = _within_ranges(engine, staged, instrument, drops_outside=drops_outside)
    is_answered = ibis.or_(*(table[name].notnull() for name in staged.items.values()))
    asked = {"rows": table.count(), "answered": is_answered.ifelse(1, 0).sum()}
    for name in staged.items.values():
        given = table[name]
        asked[f"{name}_mean"] = given.mean()
        asked[f"{name}_whole"] = (given == given.floor()).ifelse(1, 0).min()
    for key in staged.keys:
        asked[f"{key}_empty"] = table[key].isnull().ifelse(1, 0).sum()
        asked[f"{key}_first"] = table[LINE].min(where=table[key].isnull())
    if "unit" in staged.keys:
        asked["units"] = table["unit"].nunique()
    if "role" in staged.keys:
        asked["leaders"] = (table["role"] == "leader").ifelse(1, 0).sum()
    seen = engine.fetch(table.aggregate(**asked)).row(0, named=True)
    for key in staged.keys:
        if seen[f"{key}_empty"] == seen["rows"]:
            raise DataError(f"column {getattr(columns, key)} is empty")
    for key in ("unit", "person", "wave"):
        if key in staged.keys and seen[f"{key}_empty"]:
            raise empty_cells(getattr(columns, key), seen[f"{key}_empty"], seen[f"{key}_first"])
    waves = _waves(engine, table, is_answered) if "wave" in staged.keys else None
    if "person" in staged.keys:
        _no_sheet_twice(engine, table, has_wave=waves is not None)
    means = {item: _near(seen[f"{name}_mean"], seen[f"{name}_whole"]) for item, name in staged.items.items()}
    leaders = seen.get("leaders")
    return Checked(table, seen["rows"], int(seen["answered"]), means, waves, seen.get("units"), bool(leaders))


def _near(mean: float | None, is_whole: int | None) -> float:
    if mean is None:
        return 0.0
    return float(round(mean)) if is_whole else float(mean)


def _within_ranges(engine: Engine, staged: Staged, instrument: Instrument, *, drops_outside: bool) -> Table:
    table = engine.table
    ranges = {item: scale for scale in instrument.scales for item in scale.items}
    outside = {
        item: ((table[name] < ranges[item].minimum) | (table[name] > ranges[item].maximum)).fill_null(False)
        for item, name in staged.items.items()
    }
    if drops_outside:
        return table.mutate(
            **{
                staged.items[item]: is_out.ifelse(ibis.null("float64"), table[staged.items[item]])
                for item, is_out in outside.items()
            }
        )
    asked = {staged.items[item]: is_out.ifelse(1, 0).sum() for item, is_out in outside.items()}
    many = engine.fetch(table.aggregate(**asked)).row(0, named=True)
    for item, name in staged.items.items():
        if many[name]:
            rows = table.filter(outside[item]).order_by(LINE).select(LINE, name).limit(SHOWN)
            first = engine.fetch(rows)
            lines = first[LINE].to_list()
            raise outside_range(item, ranges[item], int(many[name]), float(first[name][0]), lines)
    return table


def _waves(engine: Engine, table: Table, is_answered: ibis.expr.types.BooleanValue) -> tuple[str, ...]:
    found = engine.fetch(table.group_by("wave").aggregate(answered=is_answered.ifelse(1, 0).max()))
    answered = dict(found.select("wave", "answered").iter_rows())
    names = in_order(list(answered))
    for name in names:
        if not answered[name]:
            raise never_answered(name)
    return names


def _no_sheet_twice(engine: Engine, table: Table, *, has_wave: bool) -> None:
    by = ["person", "wave"] if has_wave else ["person"]
    cases = table.group_by(by).aggregate(sheets=table.count()).filter(lambda one: one.sheets > 1)
    many = int(engine.fetch(cases.aggregate(many=cases.count()))["many"][0])
    if many:
        some = engine.fetch(cases.order_by(by).limit(_CASES))
        person = in_order(some["person"].to_list())[0]
        waves = in_order(some.filter(some["person"] == person)["wave"].to_list()) if has_wave else (None,)
        raise more_than_one_sheet(person, waves[0], many)
