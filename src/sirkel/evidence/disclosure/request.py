"""What somebody asks for: who belongs where, what each answered, and which cells are wanted. Refused if it is unclear."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256
from math import isfinite, nan
from typing import Any, TypeGuard

import numpy as np
from numpy.typing import NDArray

from sirkel.evidence.disclosure.thresholds import Scale
from sirkel.evidence.disclosure.tree import BadRequestError, Tree, nearest, read_tree

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
    roles = tuple(sorted(roles_before | {_text(one, "role", index) for index, one in enumerate(people)}))
    if len(roles) > MOST_ROLES:
        raise BadRequestError(
            f"{len(roles)} roles are too many; join them to {MOST_ROLES} groups at the most"
        )
    waves_before = {str(entry["wave"]) for entry in earlier if "wave" in entry}
    waves = _in_order(waves_before | {str(wave) for person in people for wave in _waves(person)})
    number = {role: place for place, role in enumerate(roles)}
    units, in_role = [0] * len(people), [0] * len(people)
    was_asked = [[False] * len(people) for _wave in waves]
    answers = [[nan] * len(people) for _wave in waves]
    had_counted: list[tuple[int, int]] = []
    wave_number = {wave: place for place, wave in enumerate(waves)}
    seen: set[str] = set()
    for index, person in enumerate(people):
        name = _text(person, "id", index)
        if name in seen:
            raise BadRequestError(f'person "{name}" stands twice among the people')
        seen.add(name)
        where = _text(person, "unit", index, empty=True)
        place = tree.number.get(where)
        units[index] = _known(tree.number, where, f'person "{name}": unit') if place is None else place
        in_role[index] = number[person["role"]]
        for wave, value in _waves(person).items():
            at = wave_number[str(wave)]
            was_asked[at][index] = True
            if value is not None:
                answers[at][index] = _answer(value, scale, name, str(wave))
        for wave in person.get("counted") or ():
            at = _known(waves, str(wave), f'person "{name}": counted in wave')
            had_counted.append((at, index))
    unit, role = np.array(units, dtype=np.int64), np.array(in_role, dtype=np.int64)
    shape = (len(waves), len(people))
    invited = np.array(was_asked, dtype=bool).reshape(shape)
    score = np.array(answers, dtype=np.float64).reshape(shape)
    gone = np.zeros(shape, dtype=bool)
    for at, index in had_counted:
        gone[at, index] = np.isnan(score[at, index])
    ids = tuple(person["id"] for person in people)
    request = Request(tree, roles, waves, unit, role, invited, score, gone, ids, scale, cells=())
    cells = _cells(data["cells"], request)
    return replace(request, cells=cells, before=_before(data.get("released_before") or [], request))


def _scale(about: Mapping[str, Any]) -> Scale:
    numbers = []
    for part in ("min", "max", "items"):
        value = about.get(part)
        if not _is_finite(value):
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


def _is_finite(value: Any) -> TypeGuard[float]:
    """Tell whether something is a number that one can count with: no truth, no infinity, nothing beyond a double."""
    try:
        return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
    except OverflowError:
        return False


def _answer(value: Any, scale: Scale, name: str, wave: str) -> float:
    if not _is_finite(value):
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
    raise BadRequestError(f'{what} "{name}" is unknown{nearest(name, known)}')


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
