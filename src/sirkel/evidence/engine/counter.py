"""The counter that an engine stands behind."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sirkel.evidence.counting import About, Counts
from sirkel.evidence.engine import people, sums
from sirkel.evidence.engine.backends import Engine, engine_with
from sirkel.evidence.engine.checks import Checked, check
from sirkel.evidence.engine.staging import Staged, stage
from sirkel.evidence.instruments import Instrument, Scale
from sirkel.evidence.reading import Columns, hash_of
from sirkel.evidence.why import Absent


@contextmanager
def counting(
    path: Path, instrument: Instrument, columns: Columns, *, engine: str, drops_outside: bool = False
) -> Iterator["EngineCounter"]:
    """Give a counter of a file's sheets; what it keeps while it counts lies in a folder of its own that is then deleted.

    Args:
        path: the file.
        instrument: what was asked; every one of its items must be a column.
        columns: the other columns to be used.
        engine: one of ``ENGINES``.
        drops_outside: take answers outside an item's range as missing in place of stopping.

    Raises:
        DataError: the file or the engine cannot be used.

    """
    with tempfile.TemporaryDirectory(prefix="sirkel-counting-") as name:
        folder = Path(name)
        staged = stage(path, instrument, columns, folder)
        with engine_with(engine, staged, folder) as ready:
            checked = check(ready, staged, instrument, columns, drops_outside=drops_outside)
            yield EngineCounter(ready, staged, checked, hash_of(path))


class EngineCounter:
    """Counts sheets that lie in an engine."""

    def __init__(self, engine: Engine, staged: Staged, checked: Checked, sha256: str) -> None:
        self._engine, self._staged, self._checked = engine, staged, checked
        self.about = About(
            rows=checked.rows,
            answered=checked.answered,
            sha256=sha256,
            engine=engine.name,
            units=checked.units,
            waves=checked.waves,
            has_person="person" in staged.keys,
            has_role="role" in staged.keys,
        )

    def of(self, scale: Scale) -> Counts:
        """Count one scale."""
        engine, names, table = self._engine, self._staged.items, self._checked.table
        waves, has_unit = self._checked.waves, self._checked.units is not None
        scores = table.select(
            *self._staged.keys, score=sums.score_of(sums.turned(table, scale, names), scale)
        )
        spread = sums.spread_of(engine, scores)
        shift = 0.0 if isinstance(spread.mean, Absent) else spread.mean
        moments = sums.moments_of(engine, table, scale, names, self._checked.means, self._checked.rows)
        gaps = sums.gaps_of(engine, table, scale, names, moments)
        groups = within = unit_cells = cells = pairs = stayed = leaders = None
        if self._checked.units is not None:
            groups, by_unit = sums.by_unit(engine, scores, shift)
            unit_cells = people.cells_of_units(by_unit, shift)
            within = sums.within_of(engine, table, scale, names, self._checked.means, self._checked.units)
        if self.about.has_person and waves is not None:
            with people.one_row_a_person(engine, scores, waves, shift, has_unit=has_unit) as kept:
                pairs = people.pairs_of(engine, kept, waves)
                stayed = people.stayed_of(engine, kept, waves, shift)
                cells = people.cells_of_waves(engine, scores, kept, waves, shift, has_unit=has_unit)
        if self._checked.has_leader and has_unit:
            leaders = people.leaders_of(engine, scores)
        return Counts(spread, moments, gaps, groups, within, unit_cells, cells, pairs, stayed, leaders)
