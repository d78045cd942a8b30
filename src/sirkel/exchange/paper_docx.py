"""A paper as a Word file that its readers may work on."""

from collections.abc import Sequence
from datetime import datetime
from functools import singledispatch

from docx.document import Document as WordFile
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from docx.text.paragraph import Paragraph

from sirkel.exchange import docx_look as look
from sirkel.exchange.docx_parts import add_code, add_row, add_table, new_numbers, set_number
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
    Tone,
    Words,
)
from sirkel.exchange.text import clean_line, clean_text

_STYLES = {Tone.PROMPT: "Sirkel Prompt", Tone.LARGE: "Sirkel Large"}
_SMALL = Pt(9)
_LARGE = Pt(14)
_AIR = Pt(10)
_LONG_TITLE = 120
_CODE_WIDTH = 85


def paper_docx(paper: Paper, *, at: datetime) -> bytes:
    """Return the paper as a Word file (.docx) on A4, in the same order as the PDF.

    Headings, lists and tables are Word's own; the document and all that people wrote carry their language; there
    is no macro, no author and no comment in the file. `at` is the aware time of making. The same paper gives the
    same bytes.
    """
    if at.tzinfo is None:
        raise ValueError("The time of a document must be aware")
    document = look.new_document(title=paper.title.text, language=paper.language, at=at)
    if paper.is_poster:
        look.set_large(document, is_long=len(paper.title.text) > _LONG_TITLE)
    if clean_line(paper.kind):
        kind = document.add_paragraph()
        kind.paragraph_format.space_after = Pt(0)
        look.add_words(kind, clean_line(paper.kind), colour=look.PINE)
    _add_heading(document, paper.title, level=1)
    _add_all(document, [*([paper.facts] if paper.facts else []), *paper.blocks])
    _add_foot(document, paper.foot, has_number=not paper.is_poster)
    return look.saved(document, at=at)


def _add_foot(document: WordFile, foot: str, *, has_number: bool) -> None:
    paragraph = document.sections[0].footer.paragraphs[0]
    words = look.add_words(paragraph, clean_line(foot), colour=look.QUIET)
    words.font.size = _SMALL
    if not has_number:
        return
    words.add_tab()
    number = OxmlElement("w:fldSimple")
    number.set(qn("w:instr"), "PAGE")
    number.append(paragraph.add_run("1")._r)  # noqa: SLF001 -- the library has no public way to a field
    paragraph._p.append(number)  # noqa: SLF001 -- python-docx has no name for it


def _add_all(document: WordFile, blocks: Sequence[Block]) -> None:
    before: Block | None = None
    for block in blocks:
        first = len(document.paragraphs)
        _add(block, document)
        # What stands right below a table or a list of facts needs air; a heading brings its own.
        if isinstance(before, Table | Facts) and not isinstance(block, Heading | Table | Together | Steps):
            for paragraph in document.paragraphs[first : first + 1]:
                paragraph.paragraph_format.space_before = _AIR
        before = block


def _add_heading(document: WordFile, words: Words, *, level: int) -> None:
    if clean_line(words.text):
        look.add_words(document.add_heading(level=level), clean_line(words.text), lang=words.lang)


def _add_said(paragraph: Paragraph, words: Words, *, colour: RGBColor | None = None) -> None:
    look.add_words(paragraph, words.text, lang=words.lang, colour=colour)
    if clean_line(words.after):
        run = paragraph.add_run("\u2003" + clean_line(words.after))
        run.font.size, run.font.color.rgb = _SMALL, look.QUIET


@singledispatch
def _add(block: Block, document: WordFile) -> None:
    """Add a block to the document; nothing when it says nothing."""
    del document
    raise TypeError(f"No paper has a {type(block).__name__}")


@_add.register
def _(block: Heading, document: WordFile) -> None:
    _add_heading(document, block.words, level=block.level)


@_add.register
def _(block: Text, document: WordFile) -> None:
    if not clean_text(block.words.text):
        return
    paragraph = document.add_paragraph(style=_STYLES.get(block.tone))
    if clean_line(block.name):
        name = look.add_words(paragraph, clean_line(block.name), colour=look.QUIET)
        name.font.size, name.bold = _SMALL, False
        name.add_text("\u2002")
    _add_said(paragraph, block.words, colour=look.QUIET if block.tone == Tone.QUIET else None)
    if block.tone == Tone.STRONG:
        for run in paragraph.runs[1 if clean_line(block.name) else 0 :]:
            run.bold = True


@_add.register
def _(block: Facts, document: WordFile) -> None:
    for row in block.rows:
        if not clean_text(row.words.text):
            continue
        paragraph = document.add_paragraph(style="Sirkel Field")
        colour = look.WARM if row.is_warm else look.QUIET
        look.add_words(paragraph, clean_line(row.name), colour=colour).add_tab()
        _add_said(paragraph, row.words)


@_add.register
def _(block: Bullets, document: WordFile) -> None:
    number = new_numbers(document) if block.is_numbered else None
    for item in block.items:
        if not clean_text(item.text):
            continue
        paragraph = document.add_paragraph(style="List Bullet" if number is None else "List Number")
        if number is not None:
            set_number(paragraph, number)
        _add_said(paragraph, item)
        if block.is_large:
            for run in paragraph.runs:
                run.font.size = _LARGE


@_add.register
def _(block: Table, document: WordFile) -> None:
    if not block.rows:
        return
    table = add_table(
        document,
        [column.name for column in block.columns],
        caption=block.caption,
        widths=[column.width for column in block.columns],
        numbers=[place for place, column in enumerate(block.columns) if column.is_number],
    )
    for row in block.rows:
        add_row(
            table,
            [(cell.text, cell.lang) for cell in row],
            bold=block.strong,
            numbers=[place for place, column in enumerate(block.columns) if column.is_number],
        )


@_add.register
def _(block: Panel, document: WordFile) -> None:
    if not clean_text(block.words.text):
        return
    paragraph = document.add_paragraph(style="Sirkel Theme")
    look.add_words(paragraph, clean_line(block.name) + ": ", colour=look.PINE).add_text(" ")
    _add_said(paragraph, block.words)


@_add.register
def _(block: Picture, document: WordFile) -> None:
    """Say in words what the drawing shows: Word files keep no drawing that would stay sharp and be read aloud."""
    document.add_paragraph(clean_line(f"{block.title}. {block.description}"), style=_STYLES.get(Tone.QUIET))


@_add.register
def _(block: Steps, document: WordFile) -> None:
    for step in block.steps:
        heading = document.add_heading(level=2)
        look.add_words(heading, clean_line(step.when)).add_tab()
        look.add_words(heading, clean_line(step.title.text), lang=step.title.lang)
        if clean_line(step.length):
            length = heading.add_run("\u2003" + clean_line(step.length))
            length.font.size, length.font.color.rgb = _SMALL, look.QUIET
        heading.paragraph_format.tab_stops.add_tab_stop(look.STEP_INDENT)
        first = len(document.paragraphs)
        _add_all(document, step.texts)
        for paragraph in document.paragraphs[first:]:
            paragraph.paragraph_format.left_indent = look.STEP_INDENT


@_add.register
def _(block: Blanks, document: WordFile) -> None:
    for name in block.names:
        look.add_words(document.add_paragraph(style="Sirkel Blank"), clean_line(name)).add_text("\t\t")


@_add.register
def _(block: Code, document: WordFile) -> None:
    add_code(document, block.url, alt=block.alt, width=_CODE_WIDTH)
    if clean_line(block.address):
        look.add_words(document.add_paragraph(style="Sirkel Code"), clean_line(block.address))


@_add.register
def _(block: Together, document: WordFile) -> None:
    first = len(document.paragraphs)
    _add_all(document, block.blocks)
    for paragraph in document.paragraphs[first:-1]:
        paragraph.paragraph_format.keep_with_next = True
