"""A paper as plain data: what the PDF's template and the page's template read."""

from collections.abc import Mapping, Sequence
from functools import singledispatch

from sirkel.exchange.language import base_language
from sirkel.exchange.paper import (
    Blanks,
    Block,
    Bullets,
    Code,
    Facts,
    Heading,
    Panel,
    Paper,
    Picture,
    Steps,
    Table,
    Text,
    Together,
    Words,
)
from sirkel.exchange.print_figure import for_print
from sirkel.exchange.qr import qr_drawing, qr_svg
from sirkel.exchange.text import clean_line, clean_text

Data = dict[str, object]
# The first of the fonts in look.typ.
PRINT_FONT = "Libertinus Serif"


def paper_data(paper: Paper) -> Mapping[str, object]:
    """Return the paper as JSON-ready data, cleaned, without blocks that say nothing.

    Every block is a map with its `kind`; words are maps of `text`, `lang` (None: the paper's own) and `after`.
    """
    return {
        "language": base_language(paper.language),
        "title": _line(paper.title),
        "kind": clean_line(paper.kind),
        "foot": clean_line(paper.foot),
        "facts": _facts(paper.facts) if paper.facts else [],
        "rings": {"held": paper.rings.held, "kept": paper.rings.kept, "alt": clean_line(paper.rings.alt)}
        if paper.rings
        else None,
        "is_poster": paper.is_poster,
        "blocks": _blocks(paper.blocks),
    }


def _blocks(blocks: Sequence[Block]) -> list[Data]:
    return [data for block in blocks if (data := _data(block))]


def _words(words: Words) -> Data:
    lang = None if words.lang is None else base_language(words.lang)
    return {"text": clean_text(words.text), "lang": lang, "after": clean_line(words.after)}


def _line(words: Words) -> Data:
    return {**_words(words), "text": clean_line(words.text)}


def _facts(facts: Facts) -> list[Data]:
    return [
        {"name": clean_line(row.name), "words": _words(row.words), "is_warm": row.is_warm}
        for row in facts.rows
        if clean_text(row.words.text)
    ]


@singledispatch
def _data(block: Block) -> Data:
    """Return a block as data; empty when it says nothing."""
    raise TypeError(f"No paper has a {type(block).__name__}")


@_data.register
def _(block: Heading) -> Data:
    words = _line(block.words)
    return {"kind": "heading", "level": block.level, "words": words} if words["text"] else {}


@_data.register
def _(block: Text) -> Data:
    words = _words(block.words)
    if not words["text"]:
        return {}
    return {"kind": "text", "tone": str(block.tone), "name": clean_line(block.name), "words": words}


@_data.register
def _(block: Facts) -> Data:
    rows = _facts(block)
    return {"kind": "facts", "rows": rows} if rows else {}


@_data.register
def _(block: Bullets) -> Data:
    items = [_words(item) for item in block.items if clean_text(item.text)]
    if not items:
        return {}
    return {
        "kind": "bullets",
        "is_numbered": block.is_numbered,
        "is_large": block.is_large,
        "items_in_order": items,
    }


@_data.register
def _(block: Table) -> Data:
    if not block.rows:
        return {}
    columns: list[Data] = [
        {
            "name": clean_line(column.name),
            "width": column.width,
            "is_number": column.is_number,
            "is_strong": place == block.strong,
        }
        for place, column in enumerate(block.columns)
    ]
    rows = [
        [{**_words(cell), "column": column} for cell, column in zip(row, columns, strict=True)]
        for row in block.rows
    ]
    return {"kind": "table", "caption": clean_line(block.caption), "columns": columns, "rows": rows}


@_data.register
def _(block: Panel) -> Data:
    words = _words(block.words)
    return {"kind": "panel", "name": clean_line(block.name), "words": words} if words["text"] else {}


@_data.register
def _(block: Steps) -> Data:
    steps = [
        {
            "when": clean_line(step.when),
            "length": clean_line(step.length),
            "title": _line(step.title),
            "texts": _blocks(step.texts),
        }
        for step in block.steps
    ]
    return {"kind": "steps", "steps": steps} if steps else {}


@_data.register
def _(block: Blanks) -> Data:
    names = [clean_line(name) for name in block.names]
    return {"kind": "blanks", "names": names} if names else {}


@_data.register
def _(block: Code) -> Data:
    drawing = qr_drawing(block.url)
    return {
        "kind": "code",
        "alt": clean_line(block.alt),
        "address": clean_line(block.address),
        "size": drawing.size,
        "path": drawing.path,
        # The drawing's own name is never read in a PDF: the template gives the alternative.
        "svg": qr_svg(block.url, title="QR"),
    }


@_data.register
def _(block: Picture) -> Data:
    return {
        "kind": "picture",
        "title": clean_line(block.title),
        "description": clean_line(block.description),
        "svg": block.svg,
        "print_svg": for_print(block.svg, PRINT_FONT),
    }


@_data.register
def _(block: Together) -> Data:
    blocks = _blocks(block.blocks)
    return {"kind": "together", "has_bar": block.has_bar, "blocks": blocks} if blocks else {}
