"""Who belongs where and what each answered, as a request says it.

A nation has a million answers and nearly always nothing is wrong with any of them. So all people are read together, a
part at a time. Whether anything could be wrong is told by a look at each part as a whole; only then the people are gone
through one by one, to say of the first what it is.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any, TypeGuard

import numpy as np
from numpy.typing import NDArray

from sirkel.evidence.disclosure.thresholds import Scale
from sirkel.evidence.disclosure.tree import BadRequestError, Tree, nearest

# Beyond this a whole number is no longer the same as a double, so that their order could differ.
_LAST_EXACT = 2.0**53
Told = Sequence[Mapping[str, Any]]
"""What each person says of each wave: an answer, or None for none; no entry where she was not asked."""


@dataclass(frozen=True)
class People:
    """The people of a request, in its order: what :class:`Request` holds under the same names."""

    ids: tuple[str, ...]
    unit: NDArray[np.int64]
    invited: NDArray[np.bool_]
    score: NDArray[np.float64]
    gone: NDArray[np.bool_]


def roles_of(people: Sequence[Any]) -> list[str]:
    """Return the name of each person's role."""
    if _all_are(dict, people):
        roles = [person.get("role") for person in people]
        if _all_are(str, roles) and "" not in set(roles):
            return roles
    return [_text(person, "role", index) for index, person in enumerate(people)]


def told_by(people: Sequence[Mapping[str, Any]]) -> Told:
    """Return what each person says of each wave, waves as text."""
    told: list[Any] = [person.get("waves") for person in people]
    if not _all_are(dict, told):
        told = [_waves(person) for person in people]
    return told if _all_are(str, waves_of(told)) else [_by_text(waves) for waves in told]


def waves_of(told: Told) -> set[str]:
    """Return the names of the waves."""
    return set().union(*told)


def read_people(
    people: Sequence[Mapping[str, Any]],
    told: Told,
    tree: Tree,
    waves: tuple[str, ...],
    scale: Scale,
) -> People:
    """Read the people.

    Args:
        people: what the request says of each; their roles were looked at by :func:`roles_of`.
        told: what :func:`told_by` made of it.
        tree: the units.
        waves: the waves in order.
        scale: what was asked.

    Raises:
        BadRequestError: someone has no name, or one that is not hers alone; a unit or a wave is unknown; or an answer
            is none that can be given.

    """
    names: list[Any] = [person.get("id") for person in people]
    units: list[Any] = [person.get("unit") for person in people]
    answers = [[of_one.get(wave) for of_one in told] for wave in waves]
    shape = (len(waves), len(people))
    scores = [_numbers(of, scale) for of in answers]
    if not (_are_names(names) and _are_units(units, tree)) or any(of is None for of in scores):
        _go_through(people, tree, waves, scale)
        scores = [np.array(of, dtype=np.float64) for of in answers]  # None becomes nan
    score = np.array(scores, dtype=np.float64).reshape(shape)
    gone = np.zeros(shape, dtype=bool)
    for index, person in enumerate(people):
        if "counted" in person:
            for wave in person["counted"] or ():
                at = known(waves, str(wave), f'person "{names[index]}"', "counted in wave")
                gone[at, index] = np.isnan(score[at, index])
    # There are no other waves than those that people name: whoever names so many names all of them.
    if sum(map(len, told)) == len(waves) * len(told):
        invited = np.ones(shape, dtype=bool)
    else:
        invited = np.array([[wave in of_one for of_one in told] for wave in waves], dtype=bool).reshape(shape)
    return People(
        ids=tuple(names),
        unit=np.fromiter(map(tree.number.__getitem__, units), dtype=np.int64, count=len(units)),
        invited=invited,
        score=score,
        gone=gone,
    )


def _all_are(kind: type, things: Iterable[Any]) -> bool:
    return set(map(type, things)) <= {kind}


def _are_names(names: Sequence[Any]) -> bool:
    """Tell whether everybody has a name of her own."""
    if not _all_are(str, names):
        return False
    different = set(names)
    return len(different) == len(names) and "" not in different


def _are_units(units: Sequence[Any], tree: Tree) -> bool:
    """Tell whether everybody belongs to a unit that there is."""
    return _all_are(str, units) and tree.number.keys() >= set(units)


def _numbers(answers: Sequence[Any], scale: Scale) -> NDArray[np.float64] | None:
    """Return all answers to one wave, nan for none; nothing when any might be no number on the scale."""
    is_plain = set(map(type, answers)) <= {float, int, type(None)}
    if not is_plain or max(-scale.minimum, scale.maximum) >= _LAST_EXACT:
        return None
    try:
        numbers = np.array(answers, dtype=np.float64)  # None becomes nan
    except OverflowError:
        return None
    fits = (numbers >= scale.minimum) & (numbers <= scale.maximum)  # what is no number does not
    return numbers if int(fits.sum()) + answers.count(None) == len(answers) else None


def _go_through(
    people: Sequence[Mapping[str, Any]], tree: Tree, waves: tuple[str, ...], scale: Scale
) -> None:
    """Go through the people one by one, and refuse the first thing that is wrong."""
    seen: set[str] = set()
    for index, person in enumerate(people):
        name = _text(person, "id", index)
        if name in seen:
            raise BadRequestError(f'person "{name}" stands twice among the people')
        seen.add(name)
        known(tree.number, _text(person, "unit", index, empty=True), f'person "{name}"', "unit")
        for wave, value in _waves(person).items():
            if value is not None:
                _check_answer(value, scale, name, str(wave))
        for wave in person.get("counted") or ():
            known(waves, str(wave), f'person "{name}"', "counted in wave")


def _text(entry: Any, part: str, index: int, *, empty: bool = False) -> str:
    value = entry.get(part) if isinstance(entry, dict) else None
    if not isinstance(value, str) or (not value and not empty):
        raise BadRequestError(f'entry {index + 1} of "people" has no "{part}"')
    return value


def _waves(person: Mapping[str, Any]) -> Mapping[Any, Any]:
    waves = person.get("waves")
    if not isinstance(waves, dict):
        raise BadRequestError(f'person "{person.get("id")}" has no "waves"')
    return waves


def _by_text(waves: Mapping[Any, Any]) -> dict[str, Any]:
    """Return waves by their names as text; an answer stays, whatever else bears the same name."""
    named: dict[str, Any] = {}
    for wave, value in waves.items():
        if value is not None or str(wave) not in named:
            named[str(wave)] = value
    return named


def is_finite(value: Any) -> TypeGuard[float]:
    """Tell whether something is a number that one can count with: no truth, no infinity, nothing beyond a double."""
    try:
        return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
    except OverflowError:
        return False


def _check_answer(value: Any, scale: Scale, name: str, wave: str) -> None:
    if not is_finite(value):
        raise BadRequestError(f'person "{name}", wave "{wave}": {value!r} is not a number')
    if not scale.minimum <= value <= scale.maximum:
        raise BadRequestError(
            f'person "{name}", wave "{wave}": {value} lies outside {scale.minimum:g} to {scale.maximum:g}'
        )


def known(names: Mapping[str, int] | tuple[str, ...], name: Any, where: str, what: str) -> int:
    """Return the place of a name, or refuse with the nearest one there is."""
    if isinstance(names, tuple):
        if name in names:
            return names.index(name)
    elif isinstance(name, str) and name in names:
        return names[name]
    raise BadRequestError(f'{where}: {what} "{name}" is unknown{nearest(name, names)}')
