"""How many people stand in the lowest, the middle and the highest third of a scale, as a figure and its table."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from sirkel.evidence.disclosure.guess import bands_of as _bands
from sirkel.evidence.disclosure.thresholds import Scale as Disclosed
from sirkel.evidence.figures import Spread, spread
from sirkel.evidence.instruments import Scale
from sirkel.exchange.paper import Block, Heading, Text, Tone, Words
from sirkel.exchange.reports.given import Given, picture, table


def disclosed(scale: Scale) -> Disclosed:
    """Return a scale as disclosure control knows it."""
    return Disclosed(
        scale.minimum,
        scale.maximum,
        len(scale.items),
        is_sensitive=scale.is_sensitive,
        rates_leader=scale.rates_leader,
    )


def bands_of(values: NDArray[np.float64], scale: Scale) -> tuple[int, int, int]:
    """Return the counts of the three bands, missing scores left out."""
    there = values[~np.isnan(values)]
    low, middle, high = np.bincount(_bands(there, disclosed(scale)), minlength=3)[:3].tolist()
    return low, middle, high


def spread_blocks(given: Given, rows: list[Spread], title: str) -> Iterator[Block]:
    """Return a heading, the figure of shares and its table."""
    say = given.say
    bands = (say("lowest"), say("middle"), say("highest"))
    yield Heading(Words(title))
    yield Text(Words(say("spread_means")), Tone.QUIET)
    named = given.named(title, f"{title}. {say('in_table')}")
    yield picture(named, spread(rows, named, bands=bands, share=say.share))
    cells = [
        [row.label, *([say.share.format(n=one) for one in row.shares] if row.shares else ["–"] * 3)]
        for row in rows
    ]
    yield table(title, [(say("scale"), 60), *((band, 32) for band in bands)], cells)
