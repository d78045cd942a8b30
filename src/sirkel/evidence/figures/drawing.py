"""What all figures share: colours that follow the page, an axis, and words that fit a narrow screen.

Across, everything is placed in per cent, so that a figure is as wide as its page and its letters keep their size. The
colours are CSS variables with a fallback each: a page may give its own, light or dark, and a file that knows none of them
looks the same everywhere.
"""

import math
import re
import textwrap
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from html import escape

INK = "var(--ink, #1c2b2a)"
QUIET = "var(--quiet, #52605c)"
LINE = "var(--line, #ddd8cd)"
EDGE = "var(--edge, #6f8583)"
ACCENT = "var(--accent, #14595a)"
SOFT = "var(--accent-soft, #e2eeec)"
WARM = "var(--warm, #a14721)"
RAISED = "var(--raised, #ffffff)"

LETTERS = 15
SMALL = 13
LINE_HEIGHT = 20
# How many letters of a label stand on one line, on the narrowest screen, and how many lines it may take.
_ON_A_LINE = 34
_LINES = 3
_EDGE_ROOM = 4.0
_MOST_TICKS = 7
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NAME = re.compile(r"[a-z][a-z0-9-]*")


@dataclass(frozen=True)
class Named:
    """What a figure is called: a name that no other figure of the page has, its title and what it shows."""

    name: str
    title: str
    description: str


@dataclass(frozen=True)
class Axis:
    """From where to where values are drawn, and how a number is written.

    Raises:
        ValueError: the end does not lie above the beginning, or one of them is not finite.

    """

    low: float
    high: float
    number: Callable[[float], str]

    def __post_init__(self) -> None:
        if not (math.isfinite(self.low) and math.isfinite(self.high) and self.low < self.high):
            raise ValueError("An axis goes from a number to a larger one")

    def share(self, value: float) -> float:
        """Return where a value stands, from 0 to 1; what lies outside stands at the end."""
        return (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)

    def across(self, value: float) -> str:
        """Return where a value stands across the figure."""
        return percent(_EDGE_ROOM + (100 - 2 * _EDGE_ROOM) * self.share(value))

    @property
    def ticks(self) -> tuple[float, ...]:
        """A few round numbers from end to end."""
        rough = (self.high - self.low) / (_MOST_TICKS - 1)
        size = 10.0 ** math.floor(math.log10(rough))
        step = next(one * size for one in (1, 2, 2.5, 5, 10, 20) if one * size >= rough * (1 - 1e-9))
        first = math.ceil(self.low / step - 1e-9)
        return tuple(at * step for at in range(first, math.floor(self.high / step + 1e-9) + 1))


def percent(share: float) -> str:
    """Write a place across."""
    return f"{share:.2f}".rstrip("0").rstrip(".") + "%"


def said(text: str) -> str:
    """Return words as XML may hold them."""
    return escape(_NOT_XML.sub("", text))


def lines_of(text: str, *, letters: int = _ON_A_LINE, most: int = _LINES) -> list[str]:
    """Break words into lines that fit a narrow screen; what is too long ends in an ellipsis (the table has all)."""
    is_wide = any(unicodedata.east_asian_width(sign) in "WF" for sign in text)
    return textwrap.wrap(text, letters // 2 if is_wide else letters, max_lines=most, placeholder=" …") or [""]


def words(
    text: str, x: str, y: float, *, anchor: str = "start", colour: str = INK, size: int = LETTERS
) -> str:
    """Draw one line of words."""
    return f'<text x="{x}" y="{y:g}" text-anchor="{anchor}" fill="{colour}" font-size="{size}">{said(text)}</text>'


def paragraph(lines: list[str], y: float, *, colour: str = INK, size: int = LETTERS) -> str:
    """Draw lines of words from the left edge, the first with its foot at ``y``."""
    return "".join(
        words(line, "0", y + LINE_HEIGHT * at, colour=colour, size=size) for at, line in enumerate(lines)
    )


def line(x1: str, y1: float, x2: str, y2: float, *, colour: str, width: float = 1, dashes: str = "") -> str:
    """Draw a straight line."""
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return (
        f'<line x1="{x1}" y1="{y1:g}" x2="{x2}" y2="{y2:g}" stroke="{colour}" stroke-width="{width:g}"'
        f' stroke-linecap="round"{dashed}/>'
    )


def dot(x: str, y: float, *, is_open: bool = False, radius: float = 6) -> str:
    """Draw a dot, or an open ring."""
    fill, stroke = (RAISED, EDGE) if is_open else (ACCENT, ACCENT)
    return f'<circle cx="{x}" cy="{y:g}" r="{radius:g}" fill="{fill}" stroke="{stroke}" stroke-width="3"/>'


def rules(axis: Axis, top: float, foot: float) -> str:
    """Draw the axis' rules behind one row."""
    return "".join(line(axis.across(tick), top, axis.across(tick), foot, colour=LINE) for tick in axis.ticks)


def scale_below(axis: Axis, foot: float) -> str:
    """Write the axis' numbers below the last row."""
    return "".join(
        words(axis.number(tick), axis.across(tick), foot + 14, anchor="middle", colour=QUIET, size=SMALL)
        for tick in axis.ticks
    )


def scale_beside(axis: Axis, top: float, foot: float) -> str:
    """Draw the axis' rules across, each with its number over its left end."""
    return "".join(
        line("0", upright(axis, tick, top, foot), "100%", upright(axis, tick, top, foot), colour=LINE)
        + words(axis.number(tick), "0", upright(axis, tick, top, foot) - 4, colour=QUIET, size=SMALL)
        for tick in axis.ticks
    )


def upright(axis: Axis, value: float, top: float, foot: float) -> float:
    """Return how far down a value stands between ``top`` and ``foot``."""
    return round(foot - (foot - top) * axis.share(value), 2)


def svg(named: Named, height: float, marks: str) -> str:
    """Return a whole figure.

    Raises:
        ValueError: the name is none that can stand in a page.

    """
    if not _NAME.fullmatch(named.name):
        raise ValueError("A figure's name is small letters, digits and hyphens")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="100%" height="{height:g}" role="img"'
        f' aria-labelledby="{named.name}-title {named.name}-desc"><title id="{named.name}-title">'
        f'{said(named.title)}</title><desc id="{named.name}-desc">{said(named.description)}</desc>{marks}</svg>'
    )
