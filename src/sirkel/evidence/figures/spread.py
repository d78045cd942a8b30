"""How answers spread over the lowest, the middle and the highest third of a scale, only where that may be shown."""

from collections.abc import Sequence
from dataclasses import dataclass

from sirkel.evidence.figures.drawing import (
    ACCENT,
    EDGE,
    LINE_HEIGHT,
    QUIET,
    RAISED,
    SMALL,
    SOFT,
    Named,
    lines_of,
    paragraph,
    percent,
    svg,
    words,
)
from sirkel.evidence.honesty import LEAST_FOR_PERCENT

FEWEST_IN_A_BAND = 3
MOST_IN_A_BAND = 0.9
_STEP = 5
_BAR, _AFTER = 26, 14
_WHOLE = 100


@dataclass(frozen=True)
class Spread:
    """One scale's three shares in whole per cent, from the lowest third up; None where they may not be shown."""

    label: str
    shares: tuple[int, int, int] | None
    why: str = ""


def shares_of(counts: Sequence[int]) -> tuple[int, int, int] | None:
    """Return the shares of three bands in steps of five per cent that add up to a hundred; None where none may be shown.

    They may be shown from twenty people on, when every band holds nobody or at least three, and none of them nearly
    everybody.
    """
    low, middle, high = counts
    total = low + middle + high
    if total < LEAST_FOR_PERCENT or any(0 < one < FEWEST_IN_A_BAND for one in counts):
        return None
    if max(counts) >= MOST_IN_A_BAND * total:
        return None
    steps = _WHOLE // _STEP
    exact = [one * steps / total for one in counts]
    whole = [int(one) for one in exact]
    for at in sorted(range(3), key=lambda place: whole[place] - exact[place])[: steps - sum(whole)]:
        whole[at] += 1
    return whole[0] * _STEP, whole[1] * _STEP, whole[2] * _STEP


def spread(rows: Sequence[Spread], named: Named, *, bands: tuple[str, str, str], share: str) -> str:
    """Draw the three shares of each row as one bar.

    Args:
        rows: in the order given.
        named: what it is called.
        bands: the words for the lowest, the middle and the highest third.
        share: how a share is written, with ``{n}`` for its number.

    """
    marks, y = _key(named.name, bands), 3.0 * 26 + 8
    for row in rows:
        label = lines_of(row.label)
        marks += paragraph(label, y + 15)
        y += LINE_HEIGHT * len(label) + 4
        if row.shares is not None:
            marks += _bar(named.name, row.shares, y)
            y += _BAR
        text = row.why
        if row.shares is not None:
            text = " · ".join(share.format(n=one) for one in row.shares)
        below = lines_of(text, letters=42)
        marks += paragraph(below, y + 17, colour=QUIET, size=SMALL)
        y += LINE_HEIGHT * len(below) + _AFTER
    return svg(named, y, _hatching(named.name) + marks)


def _hatching(name: str) -> str:
    return (
        f'<defs><pattern id="{name}-low" width="7" height="7" patternUnits="userSpaceOnUse">'
        f'<rect width="7" height="7" fill="{RAISED}"/>'
        f'<path d="M0 7L7 0" stroke="{EDGE}" stroke-width="1.5"/></pattern></defs>'
    )


def _fills(name: str) -> tuple[str, str, str]:
    return f"url(#{name}-low)", SOFT, ACCENT


def _key(name: str, bands: tuple[str, str, str]) -> str:
    drawn = ""
    for at, (fill, band) in enumerate(zip(_fills(name), bands, strict=True)):
        drawn += f'<rect x="1" y="{at * 26 + 1}" width="26" height="18" fill="{fill}" stroke="{EDGE}"/>'
        drawn += words(lines_of(band, letters=30, most=1)[0], "36", at * 26 + 15)
    return drawn


def _bar(name: str, shares: tuple[int, int, int], y: float) -> str:
    drawn, left = "", 0
    for fill, one in zip(_fills(name), shares, strict=True):
        if one:
            drawn += (
                f'<rect x="{percent(left)}" y="{y:g}" width="{percent(one)}" height="{_BAR}" fill="{fill}"'
                f' stroke="{EDGE}"/>'
            )
        left += one
    return drawn
