"""What somebody asks for: who belongs where, what each answered, and which cells are wanted. Refused if it is unclear."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sirkel.evidence.disclosure.people import is_finite, known, read_people, roles_of, told_by, waves_of
from sirkel.evidence.disclosure.thresholds import Scale
from sirkel.evidence.disclosure.tree import BadRequestError, Tree, read_tree

__all__ = ["BadRequestError", "Cell", "Request", "read_request"]

_ALL_BITS = (1 << 64) - 1
# With more role groups there are more combinations of them than can be looked at.
MOST_ROLES = 8

Cell = tuple[str, str | None, str]


@dataclass(frozen=True)
class Request:
    """A request that makes sense.

    Attributes:
        tree: the units.
        roles: the roles' names in order.
        waves: the waves' names in order.
        unit: each person's unit by place.
        role: each person's role by place.
        invited: whether a person was asked (waves x persons).
        score: what a person answered, nan for nothing (waves x persons).
        gone: whether a person had answered when an earlier release counted, and took it back (waves x persons).
        ids: the persons' ids.
        scale: what was asked.
        cells: the cells wanted, in the order they were asked for.
        before: what earlier releases showed, by cell.

    """

    tree: Tree
    roles: tuple[str, ...]
    waves: tuple[str, ...]
    unit: NDArray[np.int64]
    role: NDArray[np.int64]
    invited: NDArray[np.bool_]
    score: NDArray[np.float64]
    gone: NDArray[np.bool_]
    ids: tuple[str, ...]
    scale: Scale
    cells: tuple[Cell, ...]
    before: Mapping[Cell, Mapping[str, Any]] = field(default_factory=dict)

    @cached_property
    def places(self) -> NDArray[np.int64]:
        """Where each wanted cell stands: wave, unit, and column, 0 for all roles (3 x cells)."""
        columns: dict[str | None, int] = {role: place for place, role in enumerate(self.roles, start=1)}
        columns[None] = 0
        waves = {wave: place for place, wave in enumerate(self.waves)}
        places = ((waves[wave], self.tree.number[unit], columns[role]) for unit, role, wave in self.cells)
        return np.array(list(places), dtype=np.int64).reshape(-1, 3).T

    def fingerprint(self, wave: int, unit: int, column: int) -> str:
        """Return a short sign of who answered in a cell: the same for the same people, and no list of them."""
        return f"{int(self._fingerprints[wave][unit, column]) & _ALL_BITS:016x}"

    @cached_property
    def _fingerprints(self) -> list[NDArray[np.int64]]:
        """Signs of who answered (a table of units x columns for each wave): sums, which a tree adds up."""
        signs = np.array(
            [int.from_bytes(sha256(name.encode()).digest()[:8], "big", signed=True) for name in self.ids],
            dtype=np.int64,
        )
        tables = []
        for score in self.score:
            has = ~np.isnan(score)
            own = np.zeros((len(self.tree.names), len(self.roles)), dtype=np.int64)
            np.add.at(own, (self.unit[has], self.role[has]), signs[has])
            whole = self.tree.upward(own)
            tables.append(np.column_stack([whole.sum(axis=1), whole]))
        return tables


def read_request(data: Any) -> Request:
    """Read a request as ``protect`` takes it.

    Raises:
        BadRequestError: something is missing, unknown, asked for twice or cannot be.

    """
    if not isinstance(data, dict):
        raise BadRequestError(
            'the file holds no request: an object with "units", "people", "scale" and "cells"'
        )
    for part, kind in (("units", dict), ("people", list), ("scale", dict), ("cells", list)):
        if not isinstance(data.get(part), kind):
            raise BadRequestError(
                f'"{part}" is missing, or is not {"an object" if kind is dict else "a list"}'
            )
    tree = read_tree(data["units"])
    scale = _scale(data["scale"])
    people = data["people"]
    earlier = [entry for entry in data.get("released_before") or [] if isinstance(entry, dict)]
    # A role or a wave that nobody is in any more may still have been shown.
    roles_before = {entry["role"] for entry in earlier if isinstance(entry.get("role"), str)}
    in_role = roles_of(people)
    roles = tuple(sorted(roles_before.union(in_role)))
    if len(roles) > MOST_ROLES:
        raise BadRequestError(
            f"{len(roles)} roles are too many; join them to {MOST_ROLES} groups at the most"
        )
    waves_before = {str(entry["wave"]) for entry in earlier if "wave" in entry}
    told = told_by(people)
    waves = _in_order(waves_before | waves_of(told))
    number = {role: place for place, role in enumerate(roles)}
    read = read_people(people, told, tree, waves, scale)
    request = Request(
        tree=tree,
        roles=roles,
        waves=waves,
        unit=read.unit,
        role=np.fromiter(map(number.__getitem__, in_role), dtype=np.int64, count=len(people)),
        invited=read.invited,
        score=read.score,
        gone=read.gone,
        ids=read.ids,
        scale=scale,
        cells=(),
    )
    cells = _cells(data["cells"], request)
    return replace(request, cells=cells, before=_before(data.get("released_before") or [], request))


def _scale(about: Mapping[str, Any]) -> Scale:
    numbers = []
    for part in ("min", "max", "items"):
        value = about.get(part)
        if not is_finite(value):
            raise BadRequestError(f'"scale" needs a number for "{part}"')
        numbers.append(value)
    if numbers[0] >= numbers[1]:
        raise BadRequestError('"scale": "min" is not below "max"')
    if numbers[2] < 1:
        raise BadRequestError('"scale": "items" is below 1')
    return Scale(
        minimum=float(numbers[0]),
        maximum=float(numbers[1]),
        items=int(numbers[2]),
        is_sensitive=bool(about.get("sensitive", False)),
        rates_leader=bool(about.get("rates_leader", False)),
    )


def _cell(entry: Any, request: Request, where: str) -> Cell:
    if not isinstance(entry, dict) or "unit" not in entry or "wave" not in entry:
        raise BadRequestError(f'{where} needs "unit", "role" and "wave"')
    unit, role, wave = entry["unit"], entry.get("role"), str(entry["wave"])
    known(request.tree.number, unit, where, "unit")
    if role is not None:
        known(request.roles, role, where, "role")
    known(request.waves, wave, where, "wave")
    return unit, role, wave


def _cells(entries: Sequence[Any], request: Request) -> tuple[Cell, ...]:
    """Read the wanted cells: all of them together, and one by one only when something could be wrong with one."""
    people = request.tree.upward(np.bincount(request.unit, minlength=len(request.tree.names))).tolist()
    with suppress(TypeError, KeyError, AttributeError):
        asked = [(entry["unit"], entry.get("role"), str(entry["wave"])) for entry in entries]
        units, roles, waves = ({cell[part] for cell in asked} for part in range(3))
        number = request.tree.number
        if (
            len(set(asked)) == len(asked)
            and units <= number.keys()
            and roles <= {None, *request.roles}
            and waves <= set(request.waves)
            and all(people[number[unit]] for unit in units)
        ):
            return tuple(asked)
    cells: dict[Cell, None] = {}
    for index, entry in enumerate(entries, start=1):
        cell = _cell(entry, request, f"cell {index}")
        if cell in cells:
            raise BadRequestError(f"cell {index} is asked for twice: {_show(cell)}")
        if not people[request.tree.number[cell[0]]]:
            raise BadRequestError(f'cell {index}: nobody belongs to unit "{cell[0]}"')
        cells[cell] = None
    return tuple(cells)


def _before(entries: Iterable[Any], request: Request) -> dict[Cell, Mapping[str, Any]]:
    shown: dict[Cell, Mapping[str, Any]] = {}
    for index, entry in enumerate(entries, start=1):
        cell = _cell(entry, request, f'entry {index} of "released_before"')
        if entry.get("status", "released") == "released":
            shown[cell] = entry
    return shown


def _show(cell: Cell) -> str:
    unit, role, wave = cell
    return f'unit "{unit}", {role or "all roles"}, wave {wave}'


def _in_order(waves: Iterable[str]) -> tuple[str, ...]:
    """Order waves as numbers where all are numbers, else as text."""

    def key(wave: str) -> tuple[float, str]:
        try:
            return float(wave), wave
        except ValueError:
            return 0.0, wave

    names = list(waves)
    return tuple(sorted(names, key=key) if all(_is_number(wave) for wave in names) else sorted(names))


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
