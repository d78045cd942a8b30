"""Which sets of one wave can be worked out and must not be."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from sirkel.evidence.disclosure.guess import gives_away
from sirkel.evidence.disclosure.knowledge import Knowledge
from sirkel.evidence.disclosure.thresholds import Rule
from sirkel.evidence.disclosure.wave import LOOKED_AT, Wave


class Leaks:
    """The sets of a wave that tell too much. What was found harmless is kept until it is about other people.

    A set is some roles of a unit, less all that is known of the units below it. Its people, and so whether their
    answers say too much, can change only when what is known below changes: until then it need not be looked at again.
    """

    def __init__(self, wave: Wave) -> None:
        self.wave = wave
        self._rests: NDArray[np.int64] | None = None
        self._is_harmless = np.zeros((len(wave.own), 1 << wave.own.shape[1]), dtype=bool)

    def found(self, known: Knowledge) -> Iterator[tuple[int, int]]:
        """Yield (unit, combination of roles) for sets that can be worked out and must not be."""
        wave = self.wave
        if Rule.COMPLEMENTARY in wave.thresholds.off:
            return
        is_known = known.is_known
        left = known.residual
        small = is_known & (left > 0) & (left < wave.thresholds.answered)
        has_small = np.asarray(small.any(axis=1))
        units = np.flatnonzero(has_small)
        smallest = np.where(small[units], left[units], np.iinfo(left.dtype).max).argmin(axis=1)
        yield from zip(units.tolist(), smallest.tolist(), strict=True)
        # A set that is large enough but answers alike. What a cell shows itself was looked at when it was asked for.
        columns = [wave.combo(column) for column in range(len(wave.request.roles) + 1)]
        derived = is_known & (left >= wave.thresholds.answered) & (left <= LOOKED_AT) & ~has_small[:, None]
        is_out = wave.is_out  # as of now: the sets before may have hidden some
        for column, combo in enumerate(columns):  # of one role group, all together are the same set
            derived[:, combo] &= ~(is_out[:, column] & (left[:, combo] == wave.answered[:, column]))
        self._forget_where_less_or_more_is_known(known)
        for unit, combo in np.argwhere(derived & ~self._is_harmless).tolist():
            values = wave.values(wave.pieces(unit, combo, known))
            if gives_away(values, wave.request.scale, answered=values.size):
                yield unit, combo
            else:
                self._is_harmless[unit, combo] = True
        yield from self._leaders_of_few(known)

    def _forget_where_less_or_more_is_known(self, known: Knowledge) -> None:
        """Forget what was found of a unit when something else is known of a unit anywhere below it."""
        tree, rests = self.wave.request.tree, known.rests
        if self._rests is not None:
            differs = (rests != self._rests).any(axis=1)
            for level in reversed(tree.levels[1:]):
                above = tree.parent[level[differs[level]]]
                self._is_harmless[above] = False
                differs[above] = True
        self._rests = rests

    def _leaders_of_few(self, known: Knowledge) -> Iterator[tuple[int, int]]:
        """Yield sets of leaders alone that can be worked out and come from too few units."""
        wave = self.wave
        if "leader" not in wave.request.roles or Rule.LEADERS in wave.thresholds.off:
            return
        role = wave.request.roles.index("leader")
        combo = 1 << role
        is_known = known.is_known[:, combo]
        tree = wave.request.tree
        units = (wave.own[:, role] > 0).astype(np.int64)
        for depth, level in reversed(list(enumerate(tree.levels))):
            tree.add_to_parents(units[None], depth, np.where(is_known[level], 0, units[level])[None])
        left = np.where(units > 0, known.residual[:, combo], 0)
        few = is_known & (left >= wave.thresholds.answered) & (units < wave.thresholds.leader_units)
        for unit in np.flatnonzero(few).tolist():
            yield unit, combo
