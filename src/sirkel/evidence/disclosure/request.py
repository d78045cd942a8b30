"""What somebody asks for: who belongs where, what each answered, and which cells are wanted. Refused if it is unclear."""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sirkel.evidence.disclosure.thresholds import Scale

Cell = tuple[str, str | None, str]


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
    scale: Scale
    cells: tuple[Cell, ...]
    before: Mapping[Cell, Mapping[str, Any]] = field(default_factory=dict)


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
    tree = _tree(data["units"])
    scale = _scale(data["scale"])
    people = data["people"]
    roles = tuple(sorted({_text(person, "role", index) for index, person in enumerate(people)}))
    waves = _in_order({str(wave) for person in people for wave in _waves(person)})
    number = {role: place for place, role in enumerate(roles)}
    unit = np.empty(len(people), dtype=np.int64)
    role = np.empty(len(people), dtype=np.int64)
    invited = np.zeros((len(waves), len(people)), dtype=bool)
    score = np.full((len(waves), len(people)), np.nan)
    wave_number = {wave: place for place, wave in enumerate(waves)}
    seen: set[str] = set()
    for index, person in enumerate(people):
        name = _text(person, "id", index)
        if name in seen:
            raise BadRequestError(f'person "{name}" stands twice among the people')
        seen.add(name)
        unit[index] = _known(tree.number, _text(person, "unit", index, empty=True), f'person "{name}": unit')
        role[index] = number[person["role"]]
        for wave, value in _waves(person).items():
            invited[wave_number[str(wave)], index] = True
            if value is not None:
                score[wave_number[str(wave)], index] = _answer(value, scale, name, str(wave))
    request = Request(tree, roles, waves, unit, role, invited, score, scale, cells=())
    cells = _cells(data["cells"], request)
    before = _before(data.get("released_before") or [], request)
    return Request(tree, roles, waves, unit, role, invited, score, scale, cells, before)


def _tree(units: Mapping[str, Any]) -> Tree:
    if not units:
        raise BadRequestError('"units" is empty')
    parents: dict[str, str | None] = {}
    for name, about in units.items():
        parent = about.get("parent") if isinstance(about, dict) else about
        if parent is not None and parent not in units:
            raise BadRequestError(
                f'unit "{name}" lies under "{parent}", which is no unit{_nearest(parent, units)}'
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
    names = tuple(sorted(parents, key=lambda one: depth[one]))
    number = {name: place for place, name in enumerate(names)}
    above = (parents[name] for name in names)
    parent = np.array([-1 if one is None else number[one] for one in above], dtype=np.int64)
    depths = np.array([depth[name] for name in names])
    levels = tuple(np.flatnonzero(depths == level) for level in range(int(depths.max()) + 1))
    return Tree(names, number, parent, levels)


def _scale(about: Mapping[str, Any]) -> Scale:
    numbers = []
    for part in ("min", "max", "items"):
        value = about.get(part)
        if isinstance(value, bool) or not isinstance(value, int | float):
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


def _text(entry: Any, part: str, index: int, *, empty: bool = False) -> str:
    value = entry.get(part) if isinstance(entry, dict) else None
    if not isinstance(value, str) or (not value and not empty):
        raise BadRequestError(f'entry {index + 1} of "people" has no "{part}"')
    return value


def _waves(person: Any) -> Mapping[str, Any]:
    waves = person.get("waves")
    if not isinstance(waves, dict):
        raise BadRequestError(f'person "{person.get("id")}" has no "waves"')
    return waves


def _answer(value: Any, scale: Scale, name: str, wave: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not np.isfinite(value):
        raise BadRequestError(f'person "{name}", wave "{wave}": {value!r} is not a number')
    if not scale.minimum <= value <= scale.maximum:
        raise BadRequestError(
            f'person "{name}", wave "{wave}": {value} lies outside {scale.minimum:g} to {scale.maximum:g}'
        )
    return float(value)


def _cell(entry: Any, request: Request, where: str) -> Cell:
    if not isinstance(entry, dict) or not {"unit", "wave"} <= entry.keys():
        raise BadRequestError(f'{where} needs "unit", "role" and "wave"')
    unit, role, wave = entry["unit"], entry.get("role"), str(entry["wave"])
    place = _known(request.tree.number, unit, f"{where}: unit")
    if role is not None:
        _known(request.roles, role, f"{where}: role")
    _known(request.waves, wave, f"{where}: wave")
    del place
    return unit, role, wave


def _cells(entries: Iterable[Any], request: Request) -> tuple[Cell, ...]:
    people = request.tree.upward(np.bincount(request.unit, minlength=len(request.tree.names)))
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


def _known(known: Iterable[str], name: Any, what: str) -> int:
    """Return the place of a name, or refuse with the nearest one there is."""
    if isinstance(known, Mapping) and isinstance(name, str) and name in known:
        return int(known[name])
    if isinstance(known, tuple) and name in known:
        return known.index(name)
    raise BadRequestError(f'{what} "{name}" is unknown{_nearest(name, known)}')


def _nearest(name: Any, known: Iterable[str]) -> str:
    found = difflib.get_close_matches(str(name), list(known), n=1)
    return f'; did you mean "{found[0]}"?' if found else ""


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
