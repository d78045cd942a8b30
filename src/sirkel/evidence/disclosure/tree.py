"""The organisation: units under units."""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


class BadRequestError(ValueError):
    """Say in one line why a request cannot be worked on."""


@dataclass(frozen=True)
class Tree:
    """The organisation, parents before children.

    Attributes:
        names: the units' names.
        number: each name's place.
        parent: each unit's parent by place; -1 for a top.
        levels: the places of the units of each depth, from the tops down.

    """

    names: tuple[str, ...]
    number: Mapping[str, int]
    parent: NDArray[np.int64]
    levels: tuple[NDArray[np.int64], ...]

    def upward(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return sums over whole subtrees of what each unit has itself (units first)."""
        whole = values.copy()
        for level in reversed(self.levels[1:]):
            np.add.at(whole, self.parent[level], whole[level])
        return whole

    def add_to_parents(self, totals: NDArray[np.int64], depth: int, counts: NDArray[Any]) -> None:
        """Add counts of the units of one depth to their parents' totals (units last); tops have no parent."""
        if depth == 0:
            return
        above = self.parent[self.levels[depth]]
        # Row by row: counting is several times faster than ``np.add.at``, and exact up to 2^53.
        for row, count in enumerate(counts):
            totals[row] += np.bincount(above, count, minlength=totals.shape[1]).astype(np.int64)


def read_tree(units: Mapping[str, Any]) -> Tree:
    """Read the units of a request.

    Raises:
        BadRequestError: there are none, one lies under a unit that is none, or under itself.

    """
    if not units:
        raise BadRequestError('"units" is empty')
    parents: dict[str, str | None] = {}
    for name, about in units.items():
        parent = about.get("parent") if isinstance(about, dict) else about
        if parent is not None and parent not in units:
            raise BadRequestError(
                f'unit "{name}" lies under "{parent}", which is no unit{nearest(parent, units)}'
            )
        parents[name] = parent
    depth: dict[str, int] = {}
    for name in parents:
        path: list[str] = []
        on_path: set[str] = set()
        here: str | None = name
        while here is not None and here not in depth:
            if here in on_path:
                raise BadRequestError(f'unit "{here}" lies under itself: {" > ".join([*path, here])}')
            path.append(here)
            on_path.add(here)
            here = parents[here]
        start = -1 if here is None else depth[here]
        for steps, passed in enumerate(reversed(path), start=1):
            depth[passed] = start + steps
    names = tuple(sorted(parents, key=lambda one: (depth[one], one)))  # whatever order they came in
    number = {name: place for place, name in enumerate(names)}
    above = (parents[name] for name in names)
    parent = np.array([-1 if one is None else number[one] for one in above], dtype=np.int64)
    depths = np.array([depth[name] for name in names])
    levels = tuple(np.flatnonzero(depths == level) for level in range(int(depths.max()) + 1))
    return Tree(names, number, parent, levels)


def nearest(name: Any, known: Iterable[str]) -> str:
    """Return a question after the nearest known name; nothing when none is near."""
    found = difflib.get_close_matches(str(name), list(known), n=1)
    return f'; did you mean "{found[0]}"?' if found else ""
