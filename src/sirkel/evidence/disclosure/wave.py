"""One wave of a request: the sums behind every cell, which of them may be seen, and what is hidden to keep others."""

from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from sirkel.evidence.disclosure.guess import COLLUDING, MOST_IN_ONE_BAND, bands_of, gives_away
from sirkel.evidence.disclosure.knowledge import Knowledge, learn
from sirkel.evidence.disclosure.request import Cell, Request
from sirkel.evidence.disclosure.thresholds import Thresholds

# Sets up to this size are looked at person by person; larger ones give no single answer away.
LOOKED_AT = 120


class Fate(IntEnum):
    """What becomes of a cell of one wave."""

    NOT_ASKED = 0
    OUT = 1
    OUT_BEFORE = 2
    PRIMARY = 3
    COMPLEMENTARY = 4


# Looked up for every unit: as a plain number, many times faster than through the class.
OUT = int(Fate.OUT)


@dataclass
class Wave:
    """One wave. Cells are numbered by unit and column: column 0 is all roles, column r + 1 role r.

    Attributes:
        number: its place among the waves.
        own: persons who answered, of each unit itself and role (units x roles).
        answered: persons who answered (units x columns).
        asked: persons who were asked (units x columns).
        total: sums of what they answered (units x columns).
        bands: persons who answered in the lowest, middle and highest third of the scale (units x columns x 3).
        fate: what becomes of each cell (units x columns).
        why: why a cell stays hidden, by (unit, column), as a code.

    """

    request: Request
    thresholds: Thresholds
    number: int
    own: NDArray[np.int64]
    answered: NDArray[np.int64]
    asked: NDArray[np.int64]
    total: NDArray[np.float64]
    bands: NDArray[np.int64]
    fate: NDArray[np.int64]
    why: dict[tuple[int, int], str] = field(default_factory=dict)
    _here: dict[tuple[int, int], NDArray[np.float64]] | None = None
    _children: list[list[int]] | None = None

    @classmethod
    def of(cls, request: Request, thresholds: Thresholds, number: int) -> "Wave":
        """Gather one wave and decide which cells may not be seen for their own sake."""
        shape = (len(request.tree.names), len(request.roles))
        place = request.unit * shape[1] + request.role
        score = request.score[number]
        has = ~np.isnan(score)

        def table(
            chosen: NDArray[np.bool_], weights: NDArray[np.float64] | None = None
        ) -> NDArray[np.float64]:
            given = None if weights is None else weights[chosen]
            found = np.bincount(place[chosen], weights=given, minlength=shape[0] * shape[1])
            return np.asarray(found, dtype=float).reshape(shape)

        own = table(has).astype(np.int64)
        answered, asked = (
            _columns(request.tree.upward(own_of)).astype(np.int64)
            for own_of in (own, table(request.invited[number]))
        )
        third = bands_of(score, request.scale)
        wave = cls(
            request=request,
            thresholds=thresholds,
            number=number,
            own=own,
            answered=answered,
            asked=asked,
            total=_columns(request.tree.upward(table(has, score))),
            bands=np.stack(
                [_columns(request.tree.upward(table(has & (third == band)))) for band in range(3)], axis=2
            ).astype(np.int64),
            fate=np.zeros((shape[0], shape[1] + 1), dtype=np.int64),
        )
        name = request.waves[number]
        for cell in request.before:
            if cell[2] == name:
                wave.fate[wave.place(cell)] = Fate.OUT_BEFORE
        for cell in request.cells:
            if cell[2] == name and wave.fate[wave.place(cell)] == Fate.NOT_ASKED:
                why = wave.primary(*wave.place(cell))
                wave.fate[wave.place(cell)] = Fate.PRIMARY if why else Fate.OUT
                if why:
                    wave.why[wave.place(cell)] = why
        return wave

    def place(self, cell: Cell) -> tuple[int, int]:
        """Return a cell's (unit, column)."""
        unit, role, _wave = cell
        return self.request.tree.number[unit], 0 if role is None else self.request.roles.index(role) + 1

    def primary(self, unit: int, column: int) -> str:
        """Return why a cell may not be seen for its own sake, as a code; empty when it may."""
        answered, asked = int(self.answered[unit, column]), int(self.asked[unit, column])
        if answered < self.thresholds.answered or asked < self.thresholds.members:
            return "few"
        if self.request.scale.items < 3 and answered < self.thresholds.single_item:  # noqa: PLR2004 -- rule 4
            return "single_item"
        if column and self.request.roles[column - 1] == "leader":
            units = np.flatnonzero(self.own[:, column - 1])
            if int(self._lies_under(units, unit).sum()) < self.thresholds.leader_units:
                return "leaders_of_few"
        return self._says_too_much(unit, column)

    def _says_too_much(self, unit: int, column: int) -> str:
        """Return why a mean says too much about single answers although enough stand behind it; empty when not."""
        answered, asked = int(self.answered[unit, column]), int(self.asked[unit, column])
        scale, total = self.request.scale, float(self.total[unit, column])
        room = min(scale.maximum * answered - total, total - scale.minimum * answered)
        is_near_end = room < 0.1 * scale.width * answered
        if is_near_end and 0 < asked - answered <= 2:  # noqa: PLR2004 -- rule 3: what the few others did not answer
            return "few_silent"
        if self.bands[unit, column].max() >= MOST_IN_ONE_BAND * answered:
            return "alike"
        if room < (COLLUDING + 1) * scale.width:  # further from both ends a mean bounds nobody's answer
            return gives_away(self.values(unit, self.combo(column)), scale, answered=answered)
        return ""

    def combo(self, column: int) -> int:
        """Return a column's roles as bits."""
        return (1 << len(self.request.roles)) - 1 if column == 0 else 1 << (column - 1)

    def learn(self) -> Knowledge:
        """Work out what the released cells tell."""
        is_out = (self.fate == Fate.OUT) | (self.fate == Fate.OUT_BEFORE)
        roles = len(self.request.roles)
        masks = (is_out[:, 1:] * (1 << np.arange(roles))).sum(axis=1) | (is_out[:, 0] * (1 << roles))
        return learn(self.request.tree, self.own, masks)

    def values(self, unit: int, combo: int, known: Knowledge | None = None) -> NDArray[np.float64]:
        """Return the answers of a unit's members in some roles; with ``known``, without those known below it."""
        parts = [self._own_values(unit, role) for role in range(len(self.request.roles)) if combo >> role & 1]
        is_known = None if known is None else known.is_known
        below = list(self.children[unit])
        while below:
            child = below.pop()
            if is_known is not None and is_known[child, combo]:
                continue
            parts += [
                self._own_values(child, role) for role in range(len(self.request.roles)) if combo >> role & 1
            ]
            below += self.children[child]
        return np.concatenate(parts) if parts else np.zeros(0)

    @property
    def children(self) -> list[list[int]]:
        """The units directly below each unit."""
        if self._children is None:
            self._children = [[] for _unit in self.request.tree.names]
            for unit, parent in enumerate(self.request.tree.parent):
                if parent >= 0:
                    self._children[int(parent)].append(unit)
        return self._children

    def _own_values(self, unit: int, role: int) -> NDArray[np.float64]:
        if self._here is None:
            score = self.request.score[self.number]
            has = np.flatnonzero(~np.isnan(score))
            key = self.request.unit[has] * len(self.request.roles) + self.request.role[has]
            order = np.argsort(key, kind="stable")
            keys, starts = np.unique(key[order], return_index=True)
            split = np.split(score[has][order], starts[1:])
            self._here = {
                divmod(int(one), len(self.request.roles)): values
                for one, values in zip(keys, split, strict=True)
            }
        return self._here.get((unit, role), np.zeros(0))

    def _lies_under(self, units: NDArray[np.int64], top: int) -> NDArray[np.bool_]:
        """Tell which units are ``top`` or lie below it."""
        here, found = units.copy(), units == top
        while (here >= 0).any():
            found |= here == top
            here = np.where(here >= 0, self.request.tree.parent[here], -1)
        return found


def _columns(by_role: NDArray[np.float64]) -> NDArray[np.float64]:
    """Put the sum over all roles before the roles."""
    return np.column_stack([by_role.sum(axis=1), by_role])
