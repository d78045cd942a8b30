"""Which cell of a wave is hidden so that something cannot be worked out any more: the smallest that helps."""

from collections.abc import Callable, Iterable, Iterator

from sirkel.evidence.disclosure.knowledge import Knowledge
from sirkel.evidence.disclosure.wave import Fate, Wave

Entry = tuple[int, int, int]
"""A cell as it is ordered: how many answered, unit, column."""
Row = list[Entry]


class Hiding:
    """Hides cells of a wave.

    The cells right below a unit are sorted once, the smallest first, and kept. As long as cells are only hidden and
    none comes out again, the first of them that is still out is the smallest that is out; so this lives no longer than
    one settling.
    """

    def __init__(self, wave: Wave) -> None:
        self.wave = wave
        self._answered = wave.answered.tolist()
        # The columns that touch each combination of roles.
        roles = [wave.combo(column) for column in range(wave.fate.shape[1])]
        self._columns = [
            [column for column, its in enumerate(roles) if its & combo] for combo in range(roles[0] + 1)
        ]
        self._rows: dict[tuple[int, int], Row] = {}

    def hide(self, known: Knowledge, unit: int, combo: int) -> bool:
        """Hide one cell so that a combination of roles of a unit cannot be worked out, or not brought down so far."""
        chosen = next((cell for cell in self._candidates(known, unit, combo) if cell is not None), None)
        if chosen is None:
            return False
        _answered, unit, column = chosen
        self.wave.fate[unit, column] = Fate.COMPLEMENTARY
        self.wave.why[unit, column] = "complementary"
        return True

    def _candidates(self, known: Knowledge, unit: int, combo: int) -> Iterator[Entry | None]:
        """Yield the smallest cell of each row of cells that may hold a combination open, the likeliest row first."""
        parent = int(self.wave.request.tree.parent[unit])
        if known.combination_known_inside(unit, combo):
            yield self._below(unit, combo, lambda child: known.combination_known_inside(child, combo))
            yield self._here(unit, combo)
        else:
            yield self._below(parent, combo, lambda sibling: sibling != unit)
            yield self._here(parent, combo)
        everybody = self.wave.combo(0)
        # What is out already may hold it open through other roles, further up, or in whatever corner of the tree.
        yield self._near(unit, combo)
        yield self._near(unit, everybody)
        while parent >= 0:
            yield self._near(parent, everybody)
            parent = int(self.wave.request.tree.parent[parent])
        yield min(self._out(range(len(self._answered)), everybody), default=None)

    def _here(self, unit: int, combo: int) -> Entry | None:
        """Return the smallest cell of a unit that is out and touches a combination of roles."""
        return min(self._out((unit,), combo), default=None)

    def _below(self, parent: int, combo: int, fits: Callable[[int], bool] | None = None) -> Entry | None:
        """Return the smallest such cell right below a unit, of the units that fit."""
        if not self.wave.children[parent]:
            return None
        row = self._rows.get((parent, combo))
        if row is None:
            row = self._rows[parent, combo] = sorted(self._out(self.wave.children[parent], combo))
        state = self.wave.fate.item
        for entry in row:
            if state(entry[1], entry[2]) == Fate.OUT and (fits is None or fits(entry[1])):
                return entry
        return None

    def _near(self, unit: int, combo: int) -> Entry | None:
        """Return the smallest cell of a unit and those right below it."""
        both = (self._here(unit, combo), self._below(unit, combo))
        return min((found for found in both if found is not None), default=None)

    def _out(self, units: Iterable[int], combo: int) -> Iterator[Entry]:
        """Yield the cells of these units that are out and touch a combination of roles."""
        state, columns = self.wave.fate.item, self._columns[combo]
        for unit in units:
            for column in columns:
                if state(unit, column) == Fate.OUT:
                    yield self._answered[unit][column], unit, column
