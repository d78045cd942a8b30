"""One wave of a request: the sums behind every cell, which of them may be seen, and what is hidden to keep others."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sirkel.evidence.disclosure.guess import FAR, bands_of, gives_away, is_alike
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
        _wave, units, columns = request.places[:, request.places[0] == number]
        is_new = wave.fate[units, columns] == Fate.NOT_ASKED
        wave.ask(units[is_new], columns[is_new])
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

    def ask(self, units: NDArray[np.int64], columns: NDArray[np.int64]) -> None:
        """Let cells out, or keep those hidden that may not be seen for their own sake."""
        why = self.primary(units, columns)
        self.fate[units, columns] = np.where(why == "", Fate.OUT, Fate.PRIMARY)
        for place in np.flatnonzero(why != "").tolist():
            self.why[units.item(place), columns.item(place)] = str(why[place])

    def primary(self, units: NDArray[np.int64], columns: NDArray[np.int64]) -> NDArray[np.object_]:
        """Return why cells may not be seen for their own sake, as codes; empty where they may. The first reason counts."""
        limits, scale, off = self.thresholds, self.request.scale, self.thresholds.off
        answered, asked = self.answered[units, columns], self.asked[units, columns]
        nobody = np.zeros(len(units), dtype=bool)
        few = nobody if Rule.FLOOR in off else (answered < limits.answered) | (asked < limits.members)
        is_single = scale.items < 3 and Rule.SINGLE_ITEM not in off  # noqa: PLR2004 -- rule 4
        single = answered < limits.single_item if is_single else nobody
        leaders = nobody if Rule.LEADERS in off else self._of_few_leaders(units, columns)
        says_too_much, to_look_at = self._says_too_much(units, columns)
        rules = ((answered == 0) | few, single, leaders, says_too_much)
        why = np.full(len(units), "", dtype=object)
        for code, applies in zip(("few", "single_item", "leaders_of_few", "close"), rules, strict=True):
            why[applies & (why == "")] = code
        for place in np.flatnonzero(to_look_at & (why == "")).tolist():
            unit, column = units.item(place), columns.item(place)
            answers = self.values(self.pieces(unit, self.combo(column)))
            why[place] = gives_away(answers, scale, answered=answered.item(place))
        return why

    def _of_few_leaders(self, units: NDArray[np.int64], columns: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Tell which cells are of the leaders of too few units alone."""
        if "leader" not in self.request.roles:
            return np.zeros(len(units), dtype=bool)
        role = self.request.roles.index("leader")
        units_with = self.request.tree.upward((self.own[:, role] > 0).astype(np.int64))
        return (columns == role + 1) & (units_with[units] < self.thresholds.leader_units)

    def _says_too_much(
        self, units: NDArray[np.int64], columns: NDArray[np.int64]
    ) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Tell where a mean says too much about single answers although enough stand behind it, and where to look closer.

        The reason is the same for all that depends on the answers, or it would tell what it hides.
        """
        scale, off = self.request.scale, self.thresholds.off
        answered, asked = self.answered[units, columns], self.asked[units, columns]
        total = self.total[units, columns]
        room = np.minimum(scale.maximum * answered - total, total - scale.minimum * answered)
        silent = asked - answered
        # what the few others did not answer
        found = (room < 0.1 * scale.width * answered) & (silent > 0) & (silent <= 2)  # noqa: PLR2004 -- rule 3
        if Rule.SILENT in off:
            found[:] = False
        if Rule.ALIKE in off:
            return found, np.zeros_like(found)
        found |= is_alike(self.bands[units, columns].max(axis=1), answered)
        # further from both ends a mean bounds nobody's answer
        return found, room < FAR * scale.width

    def mean(self, unit: int, column: int) -> float:
        """Return a cell's mean as it is shown."""
        answered, total = self.answered.item(unit, column), self.total.item(unit, column)
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
    def is_out(self) -> NDArray[np.bool_]:
        """Which cells are released, now or before (units x columns)."""
        return (self.fate == Fate.OUT) | (self.fate == Fate.OUT_BEFORE)

    @property
    def masks(self) -> NDArray[np.int64]:
        """The released cells of each unit: a bit a role, one more for all roles together."""
        everybody, *by_role = self.is_out.T.astype(np.int64)
        found: NDArray[np.int64] = everybody << len(by_role)
        for role, is_out in enumerate(by_role):
            found |= is_out << role
        return found

    def combo(self, column: int) -> int:
        """Return a column's roles as bits."""
        return (1 << len(self.request.roles)) - 1 if column == 0 else 1 << (column - 1)

    def learn(self) -> Knowledge:
        """Work out what the released cells tell."""
        return learn(self.request.tree, self.own, self.masks, self.answered[:, 1:])

    def pieces(self, unit: int, combo: int, known: Knowledge | None = None) -> Pieces:
        """Return the units whose own members make up a set, each with the roles that are in it.

        The set is a unit's members in some roles. With ``known``, without all that is known of the units below it: the
        very people who are counted in ``known.residual``.
        """
        rests = None if known is None else known.rests
        found, children = [(unit, combo)], self.children
        for above, roles in found:  # grows as it goes
            left = (
                (child, roles if rests is None else rests.item(child, roles)) for child in children[above]
            )
            found += [piece for piece in left if piece[1]]
        return tuple(found)

    def values(self, pieces: Pieces) -> NDArray[np.float64]:
        """Return the answers of a set."""
        roles = len(self.request.roles)
        answers, start = self._by_place
        places = [unit * roles + role for unit, combo in pieces for role in range(roles) if combo >> role & 1]
        return np.concatenate([answers[start[place] : start[place + 1]] for place in places])

    @cached_property
    def children(self) -> list[list[int]]:
        """The units directly below each unit."""
        children: list[list[int]] = [[] for _unit in self.request.tree.names]
        for unit, parent in enumerate(self.request.tree.parent.tolist()):
            if parent >= 0:
                children[parent].append(unit)
        return children

    @cached_property
    def _by_place(self) -> tuple[NDArray[np.float64], list[int]]:
        """All answers, those of one unit and role beside one another, and where those of each begin."""
        score, roles = self.request.score[self.number], len(self.request.roles)
        has = np.flatnonzero(~np.isnan(score))
        key = self.request.unit[has] * roles + self.request.role[has]
        order = np.argsort(key, kind="stable")
        many = np.bincount(key, minlength=len(self.own) * roles)
        return score[has][order], [0, *np.cumsum(many).tolist()]


def _columns(by_role: NDArray[np.float64]) -> NDArray[np.float64]:
    """Put the sum over all roles before the roles."""
    return np.column_stack([by_role.sum(axis=1), by_role])
