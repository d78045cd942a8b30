"""Parts that several Word files of Sirkel are put together from: tables, numbered lists and QR codes."""

import io
from collections.abc import Collection, Sequence

from docx.document import Document as WordFile
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from sirkel.exchange.docx_look import LINE, PINE, add_words
from sirkel.exchange.qr import qr_png
from sirkel.exchange.text import clean_line

# Word refuses a file whose properties do not come in the order of the standard (ISO/IEC 29500-1, 17.4.59).
_AFTER_BORDERS = ("w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook", "w:tblCaption", "w:tblDescription")
# The same of paragraphs (17.3.1.26).
_AFTER_RULE = (
    "w:shd",
    "w:tabs",
    "w:spacing",
    "w:ind",
    "w:contextualSpacing",
    "w:jc",
    "w:outlineLvl",
    "w:rPr",
)


def add_table(
    document: WordFile,
    names: Sequence[str],
    *,
    caption: str,
    widths: Sequence[int],
    numbers: Collection[int] = (),
) -> Table:
    """Return a table with one header row that repeats on every page; `widths` are in millimetres.

    The columns whose places stand in `numbers` are set to the right.
    """
    table = document.add_table(rows=1, cols=len(names))
    table.autofit = False
    set_borders(table, {"bottom": "single", "insideH": "single"}, colour=LINE)
    summary = OxmlElement("w:tblCaption")
    summary.set(qn("w:val"), clean_line(caption))
    table._tbl.tblPr.append(summary)  # noqa: SLF001 -- captions have no public way
    header = table.rows[0]
    repeats = header._tr.get_or_add_trPr()  # noqa: SLF001 -- python-docx has no name for it
    repeats.append(OxmlElement("w:cantSplit"))
    repeats.append(OxmlElement("w:tblHeader"))
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for place, (cell, name, width) in enumerate(zip(header.cells, names, widths, strict=True)):
        cell.width = Mm(width)
        _in_cell(cell, name, colour=PINE, is_bold=True, is_number=place in numbers)
    return table


def add_row(
    table: Table,
    values: Sequence[tuple[str, str | None]],
    *,
    bold: int | None = None,
    numbers: Collection[int] = (),
) -> None:
    """Add a row of (text, language or None); the cell with the number `bold` stands out."""
    row = table.add_row()
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # noqa: SLF001 -- python-docx has no name for it
    for place, (cell, (text, lang)) in enumerate(zip(row.cells, values, strict=True)):
        _in_cell(cell, text, lang=lang, is_bold=place == bold, is_number=place in numbers)


def set_borders(table: Table, lines: dict[str, str], *, colour: str) -> None:
    """Draw the lines of a table: side (top, bottom, insideH …) by kind (single, dashed)."""
    borders = OxmlElement("w:tblBorders")
    for side, kind in lines.items():
        borders.append(_line(side, kind, colour))
    table._tbl.tblPr.insert_element_before(borders, *_AFTER_BORDERS)  # noqa: SLF001 -- borders have no public way


def rule_below(style: ParagraphStyle) -> None:
    """Draw a line to write on below every paragraph of a style, also where several follow each other."""
    borders = OxmlElement("w:pBdr")
    for side in ("bottom", "between"):
        borders.append(_line(side, "single", "808080"))
    style.element.get_or_add_pPr().insert_element_before(borders, *_AFTER_RULE)


def _line(side: str, kind: str, colour: str) -> BaseOxmlElement:
    line = OxmlElement(f"w:{side}")
    for name, value in {"val": kind, "sz": "4", "space": "0", "color": colour}.items():
        line.set(qn(f"w:{name}"), value)
    return line


def _in_cell(
    cell: _Cell,
    text: str,
    *,
    lang: str | None = None,
    colour: RGBColor | None = None,
    is_bold: bool = False,
    is_number: bool = False,
) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.style = "Sirkel Cell"
    if is_number:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    add_words(paragraph, text, lang=lang, colour=colour).bold = is_bold or None


def add_code(document: WordFile, url: str, *, alt: str, width: int) -> None:
    """Add a QR code in the middle of its line, `width` millimetres wide, with its text alternative."""
    paragraph = document.add_paragraph(style="Sirkel Code")
    picture = paragraph.add_run().add_picture(io.BytesIO(qr_png(url)), width=Mm(width))
    facts = picture._inline.docPr  # noqa: SLF001 -- a text alternative has no public way
    facts.set("descr", clean_line(alt))
    facts.set("name", "QR")


def new_numbers(document: WordFile) -> int:
    """Return the number of a list that begins with 1: Word counts on from the list before otherwise."""
    numbering = document.part.numbering_part.element
    style = document.styles["List Number"].element
    old = numbering.num_having_numId(style.pPr.numPr.numId.val)
    made = numbering.add_num(old.abstractNumId.val)
    made.add_lvlOverride(ilvl=0).add_startOverride(1)
    return int(made.numId)


def set_number(paragraph: Paragraph, number: int) -> None:
    """Let a paragraph be an item of the list with this number."""
    properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()  # noqa: SLF001 -- python-docx has no name for it
    properties.get_or_add_ilvl().val = 0
    properties.get_or_add_numId().val = number
