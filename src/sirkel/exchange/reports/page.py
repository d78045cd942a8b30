"""A report as one page: nothing is loaded, nothing runs, and it prints."""

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from sirkel.exchange.paper import Paper
from sirkel.exchange.paper_data import paper_data

# Tables of fewer columns fit a phone; those of more are moved sideways, for as a list nobody could compare their rows.
LEAST_STACKED, MOST_STACKED = 3, 5
_STYLES = (Path(__file__).parents[1] / "pages" / "file_style.css", Path(__file__).parent / "page.css")


def report_page(paper: Paper) -> str:
    """Return a report as self-contained HTML.

    Raises:
        KeyError: the paper has a block that no report has.

    """
    data: Mapping[str, Any] = paper_data(paper)
    style = "".join(path.read_text(encoding="utf-8") for path in _STYLES)
    title = escape(data["title"]["text"])
    return (
        f'<!doctype html>\n<html lang="{escape(data["language"])}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n<meta name="robots" content="noindex">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{title}</title>\n<style>\n{style}</style>\n</head>\n<body>\n<main>\n<header>\n"
        f'<p class="kind">{escape(data["kind"])}</p>\n<h1>{_words(data["title"])}</h1>\n{_facts(data["facts"])}'
        f"</header>\n{_blocks(data['blocks'])}</main>\n<footer><p>{escape(data['foot'])}</p></footer>\n"
        "</body>\n</html>\n"
    )


def _blocks(blocks: Sequence[Mapping[str, Any]]) -> str:
    return "".join(_DRAWN[block["kind"]](block) for block in blocks)


def _words(words: Mapping[str, Any]) -> str:
    said = escape(words["text"]).replace("\n", "<br>")
    if words["lang"]:
        said = f'<span lang="{escape(words["lang"])}">{said}</span>'
    return f"{said} <small>{escape(words['after'])}</small>" if words["after"] else said


def _facts(rows: Sequence[Mapping[str, Any]]) -> str:
    if not rows:
        return ""
    told = "".join(
        f"<div><dt>{escape(row['name'])}</dt><dd>{_words(row['words'])}</dd></div>\n" for row in rows
    )
    return f"<dl>\n{told}</dl>\n"


def _heading(block: Mapping[str, Any]) -> str:
    return f"<h{block['level']}>{_words(block['words'])}</h{block['level']}>\n"


def _text(block: Mapping[str, Any]) -> str:
    name = f'<span class="quiet">{escape(block["name"])}</span> ' if block["name"] else ""
    return f'<p class="{block["tone"]}">{name}{_words(block["words"])}</p>\n'


def _bullets(block: Mapping[str, Any]) -> str:
    tag = "ol" if block["is_numbered"] else "ul"
    return f"<{tag}>{''.join(f'<li>{_words(item)}</li>' for item in block['items_in_order'])}</{tag}>\n"


def _table(block: Mapping[str, Any]) -> str:
    """Return a table. On a phone one of few columns becomes a list, which the roles keep a table for whoever hears it."""
    is_stacked = LEAST_STACKED <= len(block["columns"]) <= MOST_STACKED

    def role(name: str) -> str:
        return f' role="{name}"' if is_stacked else ""

    def kind(column: Mapping[str, Any]) -> str:
        return ' class="n"' if column["is_number"] else ""

    def named(column: Mapping[str, Any]) -> str:
        return f' data-name="{escape(column["name"])}"' if is_stacked else ""

    head = "".join(
        f'<th scope="col"{role("columnheader")}{kind(column)}>{escape(column["name"])}</th>'
        for column in block["columns"]
    )
    rows = ""
    for first, *others in block["rows"]:
        cells = "".join(
            f"<td{role('cell')}{kind(cell['column'])}{named(cell['column'])}>{_words(cell)}</td>"
            for cell in others
        )
        rows += f'<tr{role("row")}><th scope="row"{role("rowheader")}>{_words(first)}</th>{cells}</tr>\n'
    table = f'<table class="stacks"{role("table")}>' if is_stacked else "<table>"
    return (
        f'<div class="table" tabindex="0">{table}<caption>{escape(block["caption"])}</caption>'
        f"<thead{role('rowgroup')}><tr{role('row')}>{head}</tr></thead>"
        f"<tbody{role('rowgroup')}>\n{rows}</tbody></table></div>\n"
    )


def _panel(block: Mapping[str, Any]) -> str:
    return f'<div class="panel"><p class="strong">{escape(block["name"])}</p><p>{_words(block["words"])}</p></div>\n'


def _picture(block: Mapping[str, Any]) -> str:
    return f"<figure><figcaption>{escape(block['title'])}</figcaption>{block['svg']}</figure>\n"


def _together(block: Mapping[str, Any]) -> str:
    return f"<section>{_blocks(block['blocks'])}</section>\n"


_DRAWN = {
    "heading": _heading,
    "text": _text,
    "bullets": _bullets,
    "table": _table,
    "panel": _panel,
    "picture": _picture,
    "together": _together,
    "facts": lambda block: _facts(block["rows"]),
}
