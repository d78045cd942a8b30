"""What a report is made of: sheets, instrument, results, and whose report it is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sirkel.evidence.counting import LEADER, About
from sirkel.evidence.figures import Named
from sirkel.evidence.instruments import Instrument, Scale
from sirkel.evidence.reading import Keys, Sheets
from sirkel.evidence.scoring import reverse, score
from sirkel.evidence.texts import text
from sirkel.exchange.paper import (
    Block,
    Bullets,
    Column,
    Fact,
    Facts,
    Heading,
    Panel,
    Paper,
    Picture,
    Table,
    Words,
)
from sirkel.exchange.reports.wording import Wording

READERS = ("researcher", "circle", "leader", "network")
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Given:
    """One report's material. ``own`` is the workplace whose report it is, ``data_name`` the data file's name.

    ``read`` holds the answer sheets; without them, for there are too many, nothing is drawn that needs them.
    """

    about: About
    instrument: Instrument
    results: dict[str, Any]
    say: Wording
    reader: str = "researcher"
    own: str | None = None
    data_name: str = ""
    read: Sheets | None = None
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))
    _values: dict[str, Numbers] = field(default_factory=dict)

    def values(self, scale: Scale) -> Numbers:
        """Return the scores of a scale, one for each sheet."""
        if scale.id not in self._values:
            turned = [place for place, item in enumerate(scale.items) if item in scale.reverse]
            rows = reverse(self.sheets.of(scale.items), turned, low=scale.minimum, high=scale.maximum)
            self._values[scale.id] = score(rows, scale.missing).values
        return self._values[scale.id]

    def named(self, title: str, description: str) -> Named:
        """Name the next figure."""
        return Named(f"figure-{next(self._numbers)}", title, description)

    def title(self, scale: Scale) -> Words:
        """Return what a scale is called."""
        return self.say.titled(scale.title, scale.id)

    @property
    def instrument_title(self) -> Words:
        """What the instrument is called."""
        return self.say.titled(self.instrument.about.get("title"), self.instrument.id)

    @property
    def is_unvalidated(self) -> bool:
        """Whether the instrument says that it is not yet validated."""
        return not self.instrument.is_validated

    @cached_property
    def waves(self) -> tuple[str, ...]:
        """The rounds' names; a single empty one where the data know none."""
        return self.about.waves or ("",)

    @property
    def sheets(self) -> Sheets:
        """The answer sheets.

        Raises:
            ValueError: they were not read.

        """
        if self.read is None:
            raise ValueError("the answer sheets were not read")
        return self.read

    @property
    def unit(self) -> Keys | None:
        """Who works where; None where the data do not say so, or the sheets were not read."""
        return None if self.read is None else self.read.unit

    def in_wave(self, number: int) -> NDArray[np.bool_]:
        """Return which sheets are of a round."""
        if self.sheets.wave is None:
            return np.ones(self.sheets.rows, dtype=bool)
        return np.asarray(self.sheets.wave.codes == number)

    @cached_property
    def is_leader(self) -> NDArray[np.bool_]:
        """Which sheets are a leader's."""
        role = self.sheets.role
        if role is None or LEADER not in role.names:
            return np.zeros(self.sheets.rows, dtype=bool)
        return np.asarray(role.codes == role.names.index(LEADER))


def paper(given: Given, blocks: Sequence[Block], facts: Sequence[Fact]) -> Paper:
    """Return a whole report with its head, what must be read first, and its blocks."""
    say = given.say
    kind = say(f"for_{given.reader}")
    foot = say("foot", title=given.instrument_title.text, version=given.instrument.version or "–")
    if given.is_unvalidated:
        kind, foot = f"{kind} · {say('not_validated')}", f"{foot} · {say('not_validated')}"
    return Paper(
        title=given.instrument_title,
        language=say.language,
        kind=kind,
        foot=foot,
        facts=Facts(facts),
        blocks=[*_first(given), *blocks],
    )


def _first(given: Given) -> Iterator[Block]:

    if given.is_unvalidated:
        yield Panel(given.say("not_validated"), Words(given.say("not_validated_means")))
    noted = [Words(text(given.say.language, "notes", note["note"])) for note in given.results["notes"]]
    if noted:
        yield Heading(Words(given.say("read_first")))
        yield Bullets(noted)


def picture(named: Named, svg: str) -> Picture:
    """Return a figure as a block."""
    return Picture(svg, named.title, named.description)


def table(caption: str, columns: Sequence[tuple[str, int]], rows: Sequence[Sequence[str | Words]]) -> Table:
    """Return a table whose first column names the rows and whose others are numbers.

    Args:
        caption: what it is a table of.
        columns: each column's name and width.
        rows: cells.

    """
    return Table(
        caption,
        [Column(name, width, is_number=at > 0) for at, (name, width) in enumerate(columns)],
        [[cell if isinstance(cell, Words) else Words(cell) for cell in row] for row in rows],
    )
