"""What the data say, as far as the model asks: sums per kind of person and unit, never a row more.

Persons who answered in the same waves are one *kind*: their rows of the model are alike, so that only how many
they are, the sum of their scores and the sum of the squares of their sums matter. Those who answered in more than
one unit (*movers*) are kept one by one.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Numbers = NDArray[np.float64]
Codes = NDArray[np.int64]
# Tables of units and kinds with no more cells than this are kept full for the fit.
FULL_CELLS = 20_000


@dataclass(frozen=True)
class Movers:
    """Persons who answered in more than one unit, each a kind of its own, after the kinds of the others.

    ``answers`` (movers x units) holds how many answers; ``sums`` (units x columns) sums their rows of the model,
    scores last.
    """

    answers: sparse.csr_array
    sums: Numbers


@dataclass(frozen=True)
class Cells:
    """Sufficient statistics of one scale.

    Scores are taken relative to ``shift``, their mean, so that large numbers lose no digits. The columns of the
    model are an intercept and one indicator for each wave but the first.

    Attributes:
        waves: the waves' names, the first of them the one that others are compared with.
        wave_answers: answers per wave.
        wave_sum: sum of the shifted scores per wave.
        squares: sum of the squares of all shifted scores.
        kinds: per kind of person, the rows of the model summed over one person (kinds x columns).
        persons: persons per kind.
        person_sum: sum over a kind's persons of their summed scores.
        person_square: sum of the squares of their summed scores.
        unit_persons: persons per unit and kind (units x kinds).
        unit_sum: their summed scores (units x kinds).
        shift: what was taken off every score.
        has_unit: whether the model has an intercept for each unit.
        has_person: whether it has one for each person; without it every answer is a person.
        movers: those who answered in several units; none in most data.

    """

    waves: tuple[str, ...]
    wave_answers: Numbers
    wave_sum: Numbers
    squares: float
    kinds: Numbers
    persons: Numbers
    person_sum: Numbers
    person_square: Numbers
    unit_persons: sparse.csr_array
    unit_sum: sparse.csr_array
    shift: float
    has_unit: bool
    has_person: bool
    movers: Movers | None = None

    @property
    def answers(self) -> int:
        """How many scores there are."""
        return int(self.wave_answers.sum())

    @property
    def units(self) -> int:
        """How many units there are; 1 when the model knows none."""
        return int(self.unit_persons.shape[0])

    @cached_property
    def unit_tables(self) -> tuple[Any, Any]:
        """``unit_persons`` and ``unit_sum``, as full matrices where these are small: sparse ones are slower there."""
        if self.unit_persons.shape[0] * self.unit_persons.shape[1] > FULL_CELLS:
            return self.unit_persons, self.unit_sum
        return self.unit_persons.toarray(), self.unit_sum.toarray()

    @cached_property
    def total(self) -> Numbers:
        """The cross products of the model's columns, scores last (columns + 1 squared)."""
        design = np.zeros((len(self.waves), len(self.waves) + 1))
        design[:, 0] = 1.0
        design[1:, 1:-1] = np.eye(len(self.waves) - 1)
        products = design.T @ (self.wave_answers[:, None] * design)
        products[:, -1] = products[-1, :] = design.T @ self.wave_sum
        products[-1, -1] = self.squares
        return products

    @classmethod
    def from_rows(
        cls,
        score: Numbers,
        wave: Codes,
        waves: tuple[str, ...],
        *,
        unit: Codes | None = None,
        person: Codes | None = None,
    ) -> "Cells":
        """Gather the statistics from rows.

        Args:
            score: one score a row, none missing.
            wave: the row's wave as a number from 0, into ``waves``.
            waves: the waves' names in order.
            unit: the row's unit as a number from 0; None for a model without units.
            person: the row's person as a number from 0; None for a model without persons.

        """
        shift = float(score.mean()) if score.size else 0.0
        y = score - shift
        count = len(waves)
        owner = np.arange(score.size, dtype=np.int64) if person is None else person
        home = np.zeros(score.size, dtype=np.int64) if unit is None else unit
        units = int(home.max()) + 1 if score.size else 1
        people = int(owner.max()) + 1 if score.size else 0
        kind, patterns = _kinds(owner, wave, people, count)
        summed = _sums(owner, y, people)
        unit_of = np.zeros(people, dtype=np.int64)
        unit_of[owner] = home
        is_mover = np.zeros(people, dtype=bool)
        is_mover[owner[home != unit_of[owner]]] = True
        settled = ~is_mover & (np.bincount(owner, minlength=people) > 0)
        shape = (units, len(patterns))
        place = (unit_of[settled], kind[settled])
        unit_persons = table_of(np.ones(settled.sum()), place, shape)
        unit_sum = table_of(summed[settled], place, shape)
        movers, extra = movers_of(is_mover, owner, home, wave, y, units, count)
        persons = np.bincount(kind[settled], minlength=len(patterns)).astype(float)
        person_sum = _sums(kind[settled], summed[settled], len(patterns))
        person_square = _sums(kind[settled], summed[settled] ** 2, len(patterns))
        if movers is not None:
            patterns = np.vstack([patterns, extra])
            none = sparse.csr_array((units, len(extra)))
            unit_persons = sparse.csr_array(sparse.hstack([unit_persons, none]))
            unit_sum = sparse.csr_array(sparse.hstack([unit_sum, none]))
            persons = np.concatenate([persons, np.ones(len(extra))])
            person_sum = np.concatenate([person_sum, summed[is_mover]])
            person_square = np.concatenate([person_square, summed[is_mover] ** 2])
        return cls(
            waves=waves,
            wave_answers=np.bincount(wave, minlength=count).astype(float),
            wave_sum=_sums(wave, y, count),
            squares=float(y @ y),
            kinds=design_of(patterns),
            persons=persons,
            person_sum=person_sum,
            person_square=person_square,
            unit_persons=unit_persons,
            unit_sum=unit_sum,
            shift=shift,
            has_unit=unit is not None,
            has_person=person is not None,
            movers=movers,
        )


def _sums(groups: Codes, values: Numbers, many: int) -> Numbers:
    """Return the sum of the values of each group, numbered from 0."""
    return np.asarray(np.bincount(groups, weights=values, minlength=many), dtype=float)


def table_of(values: Numbers, place: tuple[Codes, Codes], shape: tuple[int, int]) -> sparse.csr_array:
    """Return a sparse table of the sums of values at (row, column)."""
    return sparse.csr_array(sparse.coo_array((values, place), shape=shape))


def design_of(answers: Numbers) -> Numbers:
    """Turn answers per wave into summed rows of the model: all of them, then those of each later wave."""
    return np.column_stack([answers.sum(axis=1), answers[:, 1:]])


def _kinds(owner: Codes, wave: Codes, people: int, count: int) -> tuple[Codes, Numbers]:
    """Return each person's kind and each kind's answers per wave."""
    per_wave = [np.bincount(owner[wave == one], minlength=people) for one in range(count)]
    most = max((int(row.max()) for row in per_wave if row.size), default=0)
    code = np.zeros(people, dtype=np.int64)
    for row in per_wave:
        code = code * (most + 1) + row
    _codes, first, kind = np.unique(code, return_index=True, return_inverse=True)
    return kind.astype(np.int64), np.column_stack([row[first] for row in per_wave]).astype(float)


def movers_of(
    is_mover: NDArray[np.bool_],
    owner: Codes,
    home: Codes,
    wave: Codes,
    y: Numbers,
    units: int,
    count: int,
) -> tuple[Movers | None, Numbers]:
    """Return the movers, and their answers per wave (movers x waves)."""
    many = int(is_mover.sum())
    if not many:
        return None, np.zeros((0, count))
    number = np.cumsum(is_mover) - 1
    rows = is_mover[owner]
    who, where, when = number[owner[rows]], home[rows], wave[rows]
    answers = sparse.coo_array((np.ones(rows.sum()), (who, where)), shape=(many, units)).tocsr()
    at_wave = sparse.coo_array((np.ones(rows.sum()), (where, when)), shape=(units, count)).toarray()
    scores = _sums(where, y[rows], units)
    per_wave = sparse.coo_array((np.ones(rows.sum()), (who, when)), shape=(many, count)).toarray()
    return Movers(answers=answers, sums=np.column_stack([design_of(at_wave), scores])), per_wave
