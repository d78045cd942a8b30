"""What must be counted of a scale before anything can be said of it, whoever counts: numpy over rows, or a database.

A ``Counter`` hands out ``Counts`` scale by scale; ``analysis`` turns them into results and never sees a row. Counters
over the same sheets give the same counts, so that the name of the engine is the only difference.
"""

from collections import Counter as Tally
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sirkel.evidence import mixed
from sirkel.evidence.agreement import Groups
from sirkel.evidence.attrition import Sides, sides_of
from sirkel.evidence.descriptives import Descriptives, describe
from sirkel.evidence.fiml import Pattern, patterns_of
from sirkel.evidence.instruments import Scale
from sirkel.evidence.moments import Moments, Numbers
from sirkel.evidence.perception_gap import UnitMeans, unit_means
from sirkel.evidence.reading import Keys, Sheets
from sirkel.evidence.scoring import reverse, score
from sirkel.evidence.why import Absent, Why
from sirkel.evidence.within_group import WithinGroup, within_group

LEADER = "leader"
# So many kinds of gaps in the answers are told apart; more take long and say little of each.
MOST_PATTERNS = 2_000
Pairs = Mapping[tuple[int, int], tuple[Numbers, Numbers]]


@dataclass(frozen=True, slots=True)
class Stayed:
    """Who answered again.

    Attributes:
        patterns: people by whether they have a score in each wave; nobody has none at all.
        sides: per later wave, by its place, stayers and leavers by the unit of their first wave.

    """

    patterns: Mapping[tuple[bool, ...], int]
    sides: Mapping[int, Mapping[str, Sides]]


@dataclass(frozen=True, eq=False)
class Counts:
    """All that is counted of one scale, answers turned around where they must be.

    Attributes:
        spread: of the valid scores.
        moments: of the items.
        gaps: sheets by the items that they answer; absent where there are too many kinds.
        groups: scores by unit; None without units.
        within: r_wg(j) by unit; None without units.
        unit_cells: what the model of units alone asks; None without units.
        cells: what the model of waves, persons and units asks; None without persons or waves.
        pairs: per pair of waves, by their places, the scores of those who have both; None without persons or waves.
        stayed: who answered again; None without persons or waves.
        leaders: employees' and leaders' means by unit; None without roles, units or any leader.

    """

    spread: Descriptives
    moments: Moments
    gaps: Sequence[Pattern] | Absent
    groups: Groups | None = None
    within: WithinGroup | None = None
    unit_cells: mixed.Cells | None = None
    cells: mixed.Cells | None = None
    pairs: Pairs | None = None
    stayed: Stayed | None = None
    leaders: UnitMeans | None = None


@dataclass(frozen=True, slots=True)
class About:
    """What a data set is: its sheets, those with any answer, its names in order; None for a column it lacks."""

    rows: int
    answered: int
    sha256: str
    engine: str
    units: int | None
    waves: tuple[str, ...] | None
    has_person: bool
    has_role: bool


class Counter(Protocol):
    """Whatever can count."""

    about: About

    def of(self, scale: Scale) -> Counts:
        """Count one scale."""
        ...


class RowCounter:
    """Counts sheets that lie in memory."""

    def __init__(self, sheets: Sheets, *, engine: str = "rows") -> None:
        self.sheets = sheets
        self.about = About(
            rows=sheets.rows,
            answered=int((~np.isnan(sheets.answers)).any(axis=1).sum()),
            sha256=sheets.sha256,
            engine=engine,
            units=len(sheets.unit.names) if sheets.unit else None,
            waves=sheets.wave.names if sheets.wave else None,
            has_person=sheets.person is not None,
            has_role=sheets.role is not None,
        )

    def of(self, scale: Scale) -> Counts:
        """Count one scale."""
        sheets = self.sheets
        turned = [place for place, item in enumerate(scale.items) if item in scale.reverse]
        rows = reverse(sheets.of(scale.items), turned, low=scale.minimum, high=scale.maximum)
        values = score(rows, scale.missing).values
        spread, moments, gaps = describe(values), Moments.from_rows(rows, scale.items), patterns_of(rows)
        groups = within = unit_cells = cells = pairs = stayed = leaders = None
        if sheets.unit is not None:
            groups = Groups.from_rows(values, sheets.unit.codes)
            within = within_group(rows, sheets.unit.codes, categories=categories_of(scale))
            unit_cells = _cells(values, None, unit=sheets.unit.codes)
        if sheets.person is not None and sheets.wave is not None:
            unit = sheets.unit.codes if sheets.unit else None
            cells = _cells(values, sheets.wave, unit=unit, person=sheets.person.codes)
            table = _by_wave(sheets.person, sheets.wave, values)
            pairs, stayed = _pairs(table), _stayed(table, sheets)
        if sheets.role is not None and sheets.unit is not None and LEADER in sheets.role.names:
            leads = sheets.role.codes == sheets.role.names.index(LEADER)
            leaders = unit_means(values, sheets.unit.codes, leads)
        return Counts(
            spread,
            moments,
            gaps if len(gaps) <= MOST_PATTERNS else Absent(Why.MANY_GAPS),
            groups,
            within,
            unit_cells,
            cells,
            pairs,
            stayed,
            leaders,
        )


def categories_of(scale: Scale) -> int:
    """Return how many answers the items of a scale offer."""
    return round(scale.maximum - scale.minimum) + 1


def _by_wave(person: Keys, wave: Keys, values: Numbers) -> Numbers:
    """Return scores as people x waves, NaN where there is none."""
    table = np.full((len(person.names), len(wave.names)), np.nan)
    table[person.codes, wave.codes] = values
    return table


def _pairs(table: Numbers) -> Pairs:
    pairs = {}
    for one, two in combinations(range(table.shape[1]), 2):
        both = ~np.isnan(table[:, one]) & ~np.isnan(table[:, two])
        pairs[one, two] = (table[both, one], table[both, two])
    return pairs


def _stayed(table: Numbers, sheets: Sheets) -> Stayed:
    there = ~np.isnan(table)
    patterns = Tally(map(tuple, there[there.any(axis=1)].tolist()))
    first, home = there[:, 0], np.full(len(table), "", dtype=object)
    if sheets.unit is not None and sheets.person is not None and sheets.wave is not None:
        names = np.array(sheets.unit.names, dtype=object)
        then = sheets.wave.codes == 0
        home[sheets.person.codes[then]] = names[sheets.unit.codes[then]]
    sides = {
        later: sides_of(table[first, 0], table[first, later], home[first].astype(str))
        for later in range(1, table.shape[1])
    }
    return Stayed(patterns, sides)


def _cells(
    values: Numbers,
    wave: Keys | None,
    *,
    unit: NDArray[np.int64] | None = None,
    person: NDArray[np.int64] | None = None,
) -> mixed.Cells:
    """Gather what a model asks from the sheets that have a score."""
    chosen = ~np.isnan(values)
    names: tuple[str, ...]
    if wave is None:
        names, codes = ("1",), np.zeros(int(chosen.sum()), dtype=np.int64)
    else:
        names, codes = wave.names, wave.codes[chosen]

    def numbered(keys: NDArray[np.int64] | None) -> NDArray[np.int64] | None:
        return None if keys is None else np.unique(keys[chosen], return_inverse=True)[1].astype(np.int64)

    return mixed.Cells.from_rows(values[chosen], codes, names, unit=numbered(unit), person=numbered(person))
