"""The model's sufficient statistics from tables that a database has grouped, not from rows."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from sirkel.evidence.mixed.cells import Cells, Codes, Numbers, design_of, movers_of, table_of


@dataclass(frozen=True, eq=False)
class Grouped:
    """Persons who answered in one unit alone, grouped by unit and waves: one row a unit and pattern of waves.

    Attributes:
        unit: the unit, numbered from 0.
        answers: answers per wave of one such person (rows x waves).
        persons: how many there are.
        sums: sum of their summed scores, each score relative to the shift.
        squares: sum of the squares of their summed scores.

    """

    unit: Codes
    answers: Numbers
    persons: Numbers
    sums: Numbers
    squares: Numbers


@dataclass(frozen=True, eq=False)
class Moved:
    """The scores of persons who answered in several units, one row a score: person, unit and wave from 0."""

    person: Codes
    unit: Codes
    wave: Codes
    score: Numbers


@dataclass(frozen=True, eq=False)
class Waves:
    """All scores: their shift, the waves' names, per wave how many and their sum, and the sum of all squares."""

    shift: float
    names: tuple[str, ...]
    answers: Numbers
    sums: Numbers
    squares: float


def cells_of(
    waves: Waves, grouped: Grouped, moved: Moved | None = None, *, has_unit: bool, has_person: bool
) -> Cells:
    """Return the statistics that ``Cells.from_rows`` gathers from the same scores."""
    count = len(waves.names)
    seen = [grouped.unit] if moved is None else [grouped.unit, moved.unit]
    units = int(np.concatenate(seen).max(initial=0)) + 1
    patterns, kind = np.unique(grouped.answers, axis=0, return_inverse=True)
    kind = kind.ravel()
    place, shape = (grouped.unit, kind), (units, len(patterns))
    unit_persons = table_of(grouped.persons, place, shape)
    unit_sum = table_of(grouped.sums, place, shape)
    persons, sums, squares = (
        np.asarray(np.bincount(kind, weights=values, minlength=len(patterns)), dtype=float)
        for values in (grouped.persons, grouped.sums, grouped.squares)
    )
    movers = None
    if moved is not None and moved.person.size:
        many = int(moved.person.max()) + 1
        everyone = np.ones(many, dtype=bool)
        movers, extra = movers_of(everyone, moved.person, moved.unit, moved.wave, moved.score, units, count)
        own = np.asarray(np.bincount(moved.person, weights=moved.score, minlength=many), dtype=float)
        none = sparse.csr_array((units, many))
        unit_persons = sparse.csr_array(sparse.hstack([unit_persons, none]))
        unit_sum = sparse.csr_array(sparse.hstack([unit_sum, none]))
        patterns = np.vstack([patterns, extra])
        persons = np.concatenate([persons, np.ones(many)])
        sums, squares = np.concatenate([sums, own]), np.concatenate([squares, own**2])
    return Cells(
        waves=waves.names,
        wave_answers=waves.answers,
        wave_sum=waves.sums,
        squares=waves.squares,
        kinds=design_of(patterns),
        persons=persons,
        person_sum=sums,
        person_square=squares,
        unit_persons=unit_persons,
        unit_sum=unit_sum,
        shift=waves.shift,
        has_unit=has_unit,
        has_person=has_person,
        movers=movers,
    )
