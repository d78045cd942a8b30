"""One wave of a request: the sums behind every cell, which of them may be seen, and what is hidden to keep others."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sirkel.evidence.disclosure.guess import COLLUDING, bands_of, gives_away, is_alike
from sirkel.evidence.disclosure.knowledge import Knowledge, learn
from sirkel.evidence.disclosure.request import Cell, Request
from sirkel.evidence.disclosure.thresholds import BANDS, Rule, Thresholds, band_of, rounded_mean, step_of

# Answers are added up as whole numbers of this fraction, so that their order changes no digit.
EXACT = 1_000_000
Pieces = tuple[tuple[int, int], ...]
# Sets up to this size are looked at person by person; larger ones give no single answer away.
LOOKED_AT = 120


class Fate:
    """What becomes of a cell, in plain numbers: arrays compare them many times faster than members of an enumeration."""

    NOT_ASKED, OUT, OUT_BEFORE, PRIMARY, COMPLEMENTARY = range(5)


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
        is_stale: an earlier release showed the cell when other people stood behind it (units x columns).
        is_shut: the cell may not be shown whatever else is hidden (units x columns).
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
    is_stale: NDArray[np.bool_]
    is_shut: NDArray[np.bool_]
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
        answered, asked, gone = (
            _columns(request.tree.upward(own_of)).astype(np.int64)
            for own_of in (own, table(request.invited[number]), table(request.gone[number]))
        )
        third = bands_of(score, request.scale)
        wave = cls(
            request=request,
            thresholds=thresholds,
            number=number,
            own=own,
            answered=answered,
            asked=asked,
            total=_columns(request.tree.upward(table(has, np.round(score * EXACT)))) / EXACT,
            bands=np.stack(
                [_columns(request.tree.upward(table(has & (third == band)))) for band in range(3)], axis=2
            ).astype(np.int64),
            fate=np.zeros((shape[0], shape[1] + 1), dtype=np.int64),
            is_stale=np.zeros((shape[0], shape[1] + 1), dtype=bool),
            is_shut=np.zeros((shape[0], shape[1] + 1), dtype=bool),
        )
        name = request.waves[number]
        for cell in request.before:
            if cell[2] == name:
                place_of = wave.place(cell)
                wave.fate[place_of] = Fate.OUT_BEFORE
                wave.is_stale[place_of] = gone[place_of] > 0 or wave.differs(cell)
        for cell in request.cells:
            if cell[2] != name:
                continue
            place_of = wave.place(cell)
            if wave.fate[place_of] == Fate.NOT_ASKED:
                why = wave.primary(*place_of)
                wave.fate[place_of] = Fate.PRIMARY if why else Fate.OUT
                if why:
                    wave.why[place_of] = why
        wave.shut(wave.beside_stale(), "withdrawn")
        return wave

    def place(self, cell: Cell) -> tuple[int, int]:
        """Return a cell's (unit, column)."""
        unit, role, _wave = cell
        return self.request.tree.number[unit], 0 if role is None else self.request.roles.index(role) + 1

    def differs(self, cell: Cell) -> bool:
        """Tell whether an earlier release of a cell cannot have been about the people who are in it now."""
        entry, (unit, column) = self.request.before[cell], self.place(cell)
        answered = int(self.answered[unit, column])
        if "answered" in entry and entry["answered"] != answered:
            return True
        if "members" in entry and entry["members"] != self.request.fingerprint(self.number, unit, column):
            return True
        if not answered:
            return True
        band, mean = entry.get("n_band"), entry.get("mean")
        is_other_band = band is not None and (answered < BANDS[0] or band != band_of(answered))
        return is_other_band or (
            isinstance(mean, int | float) and abs(mean - self.mean(unit, column)) > self.step(answered) / 1000
        )

    def beside_stale(self) -> NDArray[np.bool_]:
        """Return the cells that share people with one that an earlier release showed of other people."""
        tree = self.request.tree
        line = tree.upward(self.is_stale.astype(np.int64)) > 0
        under = self.is_stale.copy()
        for level in tree.levels[1:]:
            under[level] |= under[tree.parent[level]]
        line |= under
        return np.column_stack([line.any(axis=1), line[:, 1:] | line[:, :1]])

    def shut(self, chosen: NDArray[np.bool_], why: str) -> None:
        """Hide these cells for good, where they are not out already."""
        if Rule.WITHDRAWN in self.thresholds.off:
            return
        for unit, column in np.argwhere(chosen & (self.fate == Fate.OUT)):
            place = (int(unit), int(column))
            self.fate[place], self.is_shut[place], self.why[place] = Fate.COMPLEMENTARY, True, why

    def shut_after(self, other: "Wave") -> None:
        """Hide what another wave showed of other people: who is missing since is not known well enough to compare."""
        if not other.is_stale.any():
            return
        unexplained = other.is_stale.copy()
        for cell in self.request.before:
            if cell[2] == self.request.waves[other.number] and unexplained[other.place(cell)]:
                place = other.place(cell)
                then = self.request.before[cell].get("answered")
                fewer = then - int(other.answered[place]) if isinstance(then, int) else 0
                unexplained[place] = fewer < self.thresholds.changed
        self.shut(unexplained, "changed")

    def primary(self, unit: int, column: int) -> str:
        """Return why a cell may not be seen for its own sake, as a code; empty when it may."""
        answered, asked, limits = (
            int(self.answered[unit, column]),
            int(self.asked[unit, column]),
            self.thresholds,
        )
        if not answered:
            return "few"
        if (answered < limits.answered or asked < limits.members) and Rule.FLOOR not in limits.off:
            return "few"
        is_single = self.request.scale.items < 3  # noqa: PLR2004 -- rule 4
        if is_single and answered < limits.single_item and Rule.SINGLE_ITEM not in limits.off:
            return "single_item"
        is_leaders = (
            column > 0 and self.request.roles[column - 1] == "leader" and Rule.LEADERS not in limits.off
        )
        if is_leaders and self._units_with[unit, column - 1] < limits.leader_units:
            return "leaders_of_few"
        return self._says_too_much(unit, column)

    def _says_too_much(self, unit: int, column: int) -> str:
        """Return why a mean says too much about single answers although enough stand behind it; empty when not.

        The reason is the same for all that depends on the answers, or it would tell what it hides.
        """
        answered, asked = int(self.answered[unit, column]), int(self.asked[unit, column])
        scale, total, off = self.request.scale, float(self.total[unit, column]), self.thresholds.off
        room = min(scale.maximum * answered - total, total - scale.minimum * answered)
        is_near_end = room < 0.1 * scale.width * answered
        # what the few others did not answer
        if is_near_end and 0 < asked - answered <= 2 and Rule.SILENT not in off:  # noqa: PLR2004 -- rule 3
            return "close"
        if Rule.ALIKE in off:
            return ""
        if is_alike(int(self.bands[unit, column].max()), answered):
            return "close"
        # further from both ends a mean bounds nobody's answer
        if room < (COLLUDING + 2) * scale.width:
            return gives_away(self.values(self.pieces(unit, self.combo(column))), scale, answered=answered)
        return ""

    def mean(self, unit: int, column: int) -> float:
        """Return a cell's mean as it is shown."""
        answered, total = int(self.answered[unit, column]), float(self.total[unit, column])
        if Rule.ROUNDING in self.thresholds.off:
            return total / answered
        return rounded_mean(total, answered, self.request.scale.width)

    def step(self, answered: int) -> float:
        """Return how finely a mean of so many answers is shown."""
        return step_of(answered, self.request.scale.width)

    @property
    def was_counted(self) -> NDArray[np.bool_]:
        """Tell who answered, or did before taking the answer back."""
        return ~np.isnan(self.request.score[self.number]) | self.request.gone[self.number]

    @property
    def masks(self) -> NDArray[np.int64]:
        """The released cells of each unit: a bit a role, one more for all roles together."""
        is_out = (self.fate == Fate.OUT) | (self.fate == Fate.OUT_BEFORE)
        roles = len(self.request.roles)
        found: NDArray[np.int64] = (is_out[:, 1:] * (1 << np.arange(roles))).sum(axis=1) | (
            is_out[:, 0] * (1 << roles)
        )
        return found

    def combo(self, column: int) -> int:
        """Return a column's roles as bits."""
        return (1 << len(self.request.roles)) - 1 if column == 0 else 1 << (column - 1)

    def learn(self) -> Knowledge:
        """Work out what the released cells tell."""
        return learn(self.request.tree, self.own, self.masks)

    def pieces(self, unit: int, combo: int, known: Knowledge | None = None) -> Pieces:
        """Return the units whose own members make up a set, each with the roles that are in it.

        The set is a unit's members in some roles. With ``known``, without all that is known of the units below it: the
        very people who are counted in ``known.residual``.
        """
        rests = None if known is None else known.rests
        found, children = [(unit, combo)], self.children
        for above, roles in found:  # grows as it goes
            left = ((child, roles if rests is None else rests[child][roles]) for child in children[above])
            found += [piece for piece in left if piece[1]]
        return tuple(found)

    def values(self, pieces: Pieces) -> NDArray[np.float64]:
        """Return the answers of a set."""
        roles = range(len(self.request.roles))
        return np.concatenate(
            [self._own_values(unit, role) for unit, combo in pieces for role in roles if combo >> role & 1]
        )

    @cached_property
    def _units_with(self) -> NDArray[np.int64]:
        """In how many units at or below each unit somebody of each role answered (units x roles)."""
        return self.request.tree.upward((self.own > 0).astype(np.int64))

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


def _columns(by_role: NDArray[np.float64]) -> NDArray[np.float64]:
    """Put the sum over all roles before the roles."""
    return np.column_stack([by_role.sum(axis=1), by_role])
