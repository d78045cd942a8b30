"""What of an analysis passed disclosure control, for readers who know who works where.

All workplaces and all rounds are decided upon together, whoever reads, so that readers who put their reports side by side
learn nothing more. A reader is then shown a part of what came out.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sirkel.evidence.change import paired_change
from sirkel.evidence.disclosure.protect import WHY, protect
from sirkel.evidence.disclosure.request import Cell, Request
from sirkel.evidence.disclosure.thresholds import (
    LEAST_FOR_SINGLE_ITEM,
    LEAST_OTHER_PEOPLE,
    LEAST_OTHER_WARDS,
    Thresholds,
    band_of,
    rounded_mean,
    step_of,
)
from sirkel.evidence.disclosure.tree import Tree
from sirkel.evidence.honesty import LEAST_PAIRS
from sirkel.evidence.instruments import Scale
from sirkel.evidence.mean_interval import mean_interval
from sirkel.evidence.why import Absent, known
from sirkel.exchange.reports.given import Given
from sirkel.exchange.reports.spreading import disclosed

ALL = ""
EMPLOYEE, LEADER = "employee", "leader"
TOO_SMALL_A_REST = "rest"
_LEAST_ITEMS = 3
Ends = tuple[float, float]


@dataclass(frozen=True)
class Shown:
    """A number as a reader may see it; without a mean ``hidden`` is the code of the reason."""

    band: str = ""
    mean: float | None = None
    interval: Ends | None = None
    hidden: str = ""
    places: int = 1


@dataclass(frozen=True)
class ShownChange:
    """A change of those who answered both times, rounded, with its interval rounded outwards and its band of people."""

    change: float
    interval: Ends | None
    places: int


class Released:
    """One scale's numbers after disclosure control."""

    def __init__(self, given: Given, scale: Scale) -> None:
        """Decide upon all cells of a scale."""
        self.given, self.scale = given, scale
        self.values = given.values(scale)
        self.width = scale.maximum - scale.minimum
        self.limits = Thresholds.for_scale(disclosed(scale))
        request = _request(given, scale)
        self.cells: Mapping[Cell, dict[str, Any]] = dict(zip(request.cells, protect(request), strict=True))

    def cell(self, unit: str, wave: str, role: str | None = None) -> Shown:
        """Return one cell."""
        found = self.cells[unit, role, wave]
        if found["status"] != "released":
            return Shown(hidden=_CODES[found["why"]])
        chosen = self._chosen(unit, wave, role)
        places = self._places(int(chosen.sum()))
        return Shown(found["n_band"], found["mean"], self._interval(chosen, unit, role), places=places)

    def rest(self, own: str, wave: str) -> Shown:
        """Return all workplaces but one, when they are enough and both the one and the whole may be seen."""
        whole, one = self.cell(ALL, wave), self.cell(own, wave)
        unit = self.given.sheets.unit
        if unit is None or whole.mean is None or one.mean is None:
            return Shown(hidden="few")
        chosen = self._chosen(ALL, wave, None) & ~self._chosen(own, wave, None)
        n = int(chosen.sum())
        if n < LEAST_OTHER_PEOPLE or np.unique(unit.codes[chosen]).size < LEAST_OTHER_WARDS:
            return Shown(hidden=TOO_SMALL_A_REST)
        mean = rounded_mean(float(self.values[chosen].sum()), n, self.width)
        return Shown(band_of(n), mean, places=self._places(n))

    def change(self, unit: str) -> ShownChange | None:
        """Return the change from the first round to the last; None when it may not be seen."""
        first, last = self.given.waves[0], self.given.waves[-1]
        if first == last or self.given.sheets.person is None or unit not in self._with_change():
            return None
        if self.cell(unit, first).mean is None or self.cell(unit, last).mean is None:
            return None
        one, two = self._pairs(unit)
        found = paired_change(one, two)
        places = self._places(found.n)
        ends = (
            None
            if isinstance(found.ci95, Absent) or not self._may_have_interval(found.n, unit)
            else found.ci95
        )
        return ShownChange(
            round(known(found.difference), places), None if ends is None else _outwards(ends, places), places
        )

    def spread(self) -> NDArray[np.float64] | None:
        """Return the scores of the last round whose thirds may be looked at; None when the mean may not be seen."""
        wave = self.given.waves[-1]
        return None if self.cell(ALL, wave).mean is None else self.values[self._chosen(ALL, wave, None)]

    def _chosen(self, unit: str, wave: str, role: str | None) -> NDArray[np.bool_]:
        """Return the sheets with a score that stand behind a cell."""
        given, units = self.given, self.given.sheets.unit
        chosen = given.in_wave(given.waves.index(wave)) & ~np.isnan(self.values)
        if unit != ALL and units is not None:
            chosen = chosen & np.asarray(units.codes == units.names.index(unit))
        if role is not None:
            chosen = chosen & (given.is_leader if role == LEADER else ~given.is_leader)
        return np.asarray(chosen)

    def _may_have_interval(self, n: int, unit: str) -> bool:
        """Tell whether an interval may be seen: of few or sensitive questions, only for everybody together."""
        if len(self.scale.items) >= _LEAST_ITEMS and not self.scale.is_sensitive:
            return True
        return unit == ALL and n >= max(LEAST_FOR_SINGLE_ITEM, self.limits.answered)

    def _interval(self, chosen: NDArray[np.bool_], unit: str, role: str | None) -> Ends | None:
        n = int(chosen.sum())
        if role is not None or not self._may_have_interval(n, unit):
            return None
        units = self.given.sheets.unit
        found = mean_interval(self.values[chosen], None if units is None else units.codes[chosen])
        if isinstance(found.ci95, Absent):
            return None
        low, high = _outwards(found.ci95, self._places(n))
        return max(low, self.scale.minimum), min(high, self.scale.maximum)

    def _pairs(self, unit: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the first and the last scores of those who have both in a workplace."""
        person = self.given.sheets.person
        if person is None:
            return np.empty(0), np.empty(0)
        sides = []
        for wave in (self.given.waves[0], self.given.waves[-1]):
            scores = np.full(len(person.names), np.nan)
            chosen = self._chosen(unit, wave, None)
            scores[person.codes[chosen]] = self.values[chosen]
            sides.append(scores)
        both = ~np.isnan(sides[0]) & ~np.isnan(sides[1])
        return sides[0][both], sides[1][both]

    def _with_change(self) -> frozenset[str]:
        """Return what may show a change: enough pairs, nobody left over alone, in the part as in the whole."""
        least = max(LEAST_PAIRS, self.limits.answered)
        units = self.given.sheets.unit.names if self.given.sheets.unit else ()
        pairs = {unit: self._pairs(unit)[0].size for unit in (ALL, *units)}
        fine = {unit for unit, n in pairs.items() if n >= least and self._few_moved(unit, n)}
        if ALL not in fine:
            return frozenset(fine)
        parts = sorted(fine - {ALL}, key=lambda unit: (pairs[unit], unit))
        while parts and 0 < pairs[ALL] - sum(pairs[unit] for unit in parts) < least:
            parts.pop(0)
        return frozenset({ALL, *parts})

    def _places(self, n: int) -> int:
        """Return with how many places a number about so many people is shown."""
        return {1.0: 0, 0.1: 1, 0.01: 2}[step_of(n, self.width)]

    def _few_moved(self, unit: str, pairs: int) -> bool:
        waves = (self.given.waves[0], self.given.waves[-1])
        others = [int(self._chosen(unit, wave, None).sum()) - pairs for wave in waves]
        return all(n == 0 or n >= self.limits.changed for n in others)


_CODES = {sentence: code for code, sentence in WHY.items()}


def _outwards(ends: Ends, places: int) -> Ends:
    step = 10**places
    # A hair's breadth beyond a round number is the round number.
    return math.floor(ends[0] * step + 1e-9) / step, math.ceil(ends[1] * step - 1e-9) / step


def _request(given: Given, scale: Scale) -> Request:
    """Ask for every workplace and for all of them, in every round."""
    sheets, values = given.sheets, given.values(scale)
    rows = np.arange(sheets.rows)
    unit = np.zeros(sheets.rows, dtype=np.int64) if sheets.unit is None else sheets.unit.codes + 1
    person = rows if sheets.person is None else sheets.person.codes
    has_leaders = bool(given.is_leader.any())
    role = np.asarray(given.is_leader, dtype=np.int64)
    # Somebody who moved is somebody else: who joins one workplace has left another.
    who, first, where = np.unique(
        np.stack([person, unit, role]), axis=1, return_index=True, return_inverse=True
    )
    wave = np.zeros(sheets.rows, dtype=np.int64) if sheets.wave is None else sheets.wave.codes
    shape = (len(given.waves), who.shape[1])
    invited, score = np.zeros(shape, dtype=bool), np.full(shape, np.nan)
    where = where.ravel()
    invited[wave, where] = True
    score[wave, where] = values
    units = sheets.unit.names if sheets.unit else ()
    names = (ALL, *units)
    tree = Tree(
        names,
        {name: place for place, name in enumerate(names)},
        np.array([-1, *[0] * len(units)], dtype=np.int64),
        (np.array([0]), *([np.arange(1, len(names))] if units else [])),
    )
    cells: list[Cell] = [(name, None, one) for one in given.waves for name in names]
    if has_leaders:
        cells += [(ALL, side, one) for one in given.waves for side in (EMPLOYEE, LEADER)]
    return Request(
        tree=tree,
        roles=(EMPLOYEE, LEADER) if has_leaders else (EMPLOYEE,),
        waves=given.waves,
        unit=unit[first],
        role=role[first],
        invited=invited,
        score=score,
        gone=np.zeros(shape, dtype=bool),
        ids=tuple("/".join(map(str, one)) for one in who.T.tolist()),
        scale=disclosed(scale),
        cells=tuple(cells),
    )
