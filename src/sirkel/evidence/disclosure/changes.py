"""Which combinations of cells of two waves are about too few people."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from sirkel.evidence.disclosure.crossing import MOST_ROLES, Pair, Used
from sirkel.evidence.disclosure.knowledge import learn
from sirkel.evidence.disclosure.thresholds import Rule
from sirkel.evidence.disclosure.wave import Fate, Wave


class Changes:
    """Two waves and who stands in both, only in the earlier, and only in the later one."""

    def __init__(self, earlier: Wave, later: Wave) -> None:
        self.earlier, self.later = earlier, later
        was, is_now = earlier.was_counted, later.was_counted
        both, left, joined = (
            _table(earlier, chosen) for chosen in (was & is_now, was & ~is_now, is_now & ~was)
        )
        self._once = np.stack([left, joined])
        self._pair = Pair(earlier.request.tree, both, self._once)

    def crossings(self, counted: int) -> Iterator[list[Used]]:
        """Yield the cells behind each combination of two waves that would be about too few people.

        ``counted`` says who counts, as a place in ``COUNTED``. Hiding a cell adds no combination.
        """
        limits = self.earlier.thresholds
        if Rule.WAVES in limits.off:
            return
        if len(self.earlier.request.roles) <= MOST_ROLES:
            masks = np.stack([self.earlier.masks, self.later.masks])
            yield from self._pair.leaks(masks, limits.changed, counted)
        elif counted:
            yield from _of_many_roles(self.earlier, self.later, self._once[counted - 1])

    def forget(self, counted: int) -> None:
        """Give back the memory of a way of counting that is looked at no more."""
        self._pair.forget(counted)


def _of_many_roles(earlier: Wave, later: Wave, once: NDArray[np.int64]) -> Iterator[list[Used]]:
    """Yield the same for sets that are known of both waves, when there are too many role groups for all pairs."""
    roles = len(earlier.request.roles)
    shared = earlier.learn().known & later.learn().known
    known = learn(earlier.request.tree, once, shared)
    small = known.is_known & (known.residual > 0) & (known.residual < earlier.thresholds.changed)
    for unit in np.flatnonzero(small.any(axis=1)):
        here = int(unit)
        near = [here, *earlier.children[here]]
        while (here := int(earlier.request.tree.parent[here])) >= 0:
            near += [here, *earlier.children[here]]
        yield [
            (at, one, column)
            for at, wave in enumerate((earlier, later))
            for one in near
            for column in range(roles + 1)
            if wave.fate[one, column] in (Fate.OUT, Fate.OUT_BEFORE)
        ]


def _table(wave: Wave, chosen: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Count persons by unit and role."""
    shape = wave.own.shape
    place = wave.request.unit[chosen] * shape[1] + wave.request.role[chosen]
    return np.bincount(place, minlength=shape[0] * shape[1]).astype(np.int64).reshape(shape)
