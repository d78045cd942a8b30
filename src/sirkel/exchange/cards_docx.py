"""Paper cards as a Word file: eight on a sheet, to be cut apart along the dashes."""

from datetime import datetime

from docx.document import Document as WordFile
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_ROW_HEIGHT_RULE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.shared import Mm, Pt
from docx.table import _Cell
from docx.text.run import Run

from sirkel.exchange import docx_look as look
from sirkel.exchange.cards import CARDS_PER_SHEET, PaperCards
from sirkel.exchange.docx_parts import rule_below, set_borders
from sirkel.exchange.text import clean_line

_WIDTH, _HEIGHT, _MARGIN = Mm(100), Mm(70), Mm(5)
_TEXT = Mm(86)
_LINES, _LINES_BELOW_MUCH = 4, 3
_LONG_PROMPT = 110


def paper_cards_docx(cards: PaperCards, *, at: datetime) -> bytes:
    """Return the sheets as a Word file, two cards in each of four rows; `at` is the aware time of making.

    Each card begins with a heading, its number: whoever listens goes from card to card as by sight.
    """
    if at.tzinfo is None:
        raise ValueError("The time of a document must be aware")
    document = look.new_document(title=cards.labels["title"], language=cards.language, at=at)
    _set_sheet(document)
    rows = cards.sheets * CARDS_PER_SHEET // 2
    table = document.add_table(rows=rows, cols=2)
    table.autofit = False
    set_borders(
        table,
        dict.fromkeys(("top", "left", "bottom", "right", "insideH", "insideV"), "dashed"),
        colour="808080",
    )
    for place, row in enumerate(table.rows):
        row.height, row.height_rule = _HEIGHT, WD_ROW_HEIGHT_RULE.EXACTLY
        for side, cell in enumerate(row.cells):
            cell.width = _WIDTH
            _fill(cell, cards, number=cards.first_number + 2 * place + side)
    # A document ends with a paragraph: the smallest there is, so that no empty page follows.
    end = document.add_paragraph()
    end.paragraph_format.space_after = Pt(0)
    end.paragraph_format.line_spacing = Pt(1)
    return look.saved(document, at=at)


def _set_sheet(document: WordFile) -> None:
    section = document.sections[0]
    for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(section, side, _MARGIN)
    section.header_distance = section.footer_distance = Mm(2)
    head = document.styles["Heading 1"]
    head.font.size, head.font.color.rgb = Pt(12), look.PINE
    head.paragraph_format.space_before, head.paragraph_format.space_after = Pt(4), Pt(2)
    head.paragraph_format.tab_stops.add_tab_stop(_TEXT, WD_TAB_ALIGNMENT.RIGHT)
    line = document.styles.add_style("Sirkel Line", WD_STYLE_TYPE.PARAGRAPH)
    line.base_style = document.styles["Normal"]
    line.paragraph_format.space_after = Pt(0)
    line.paragraph_format.line_spacing = Mm(8.5)
    rule_below(line)


def _fill(cell: _Cell, cards: PaperCards, *, number: int) -> None:
    words = cards.labels
    head = cell.paragraphs[0]
    head.style = "Heading 1"
    look.add_words(head, f"{clean_line(words['card'])} {number}").add_tab()
    _small(look.add_words(head, clean_line(cards.circle_name)[:60], colour=look.QUIET))
    prompt = cell.add_paragraph()
    prompt.paragraph_format.space_after = Pt(2)
    is_long = len(cards.prompt) > _LONG_PROMPT
    question = look.add_words(prompt, clean_line(cards.prompt))
    question.bold, question.font.size = True, Pt(9.5 if is_long else 11.5)
    hint = cell.add_paragraph()
    hint.paragraph_format.space_after = Pt(0)
    _small(look.add_words(hint, clean_line(words["hint"]), colour=look.QUIET))
    for _line in range(_LINES_BELOW_MUCH if is_long else _LINES):
        cell.add_paragraph(style="Sirkel Line")
    receipt = cell.add_paragraph()
    receipt.paragraph_format.space_before = Pt(10)
    _small(look.add_words(receipt, f"{clean_line(words['receipt'])} ____________", colour=look.QUIET))


def _small(run: Run) -> Run:
    run.font.size, run.bold = Pt(8.5), False
    return run
