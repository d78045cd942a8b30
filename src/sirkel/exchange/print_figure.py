"""Drawings made for pages, for programs that draw no page: colours and width written out."""

import re

_VARIABLE = re.compile(r"var\(--[a-z-]+, (#[0-9a-f]{6})\)")
# So wide that letters keep about the size of the text around when the drawing fills an A4 page.
_WIDTH = 560


def for_print(figure: str, font: str) -> str:
    """Return an SVG figure with its light colours in place of CSS variables, a fixed width and a font."""
    plain = _VARIABLE.sub(r"\1", figure)
    return plain.replace('width="100%"', f'width="{_WIDTH}" font-family="{font}"', 1)
