"""What every Word file of Sirkel shares: page, styles, language, tables that read aloud, stable bytes."""

import io
import zipfile
from datetime import UTC, datetime

from docx import Document
from docx.document import Document as WordFile
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from sirkel.exchange.language import culture
from sirkel.exchange.text import clean_line, clean_text

PINE = RGBColor(0x14, 0x59, 0x5A)
INK = RGBColor(0x1C, 0x2B, 0x2A)
QUIET = RGBColor(0x5C, 0x6B, 0x69)
WARM = RGBColor(0xA3, 0x4A, 0x26)
PINE_SOFT = "E2EEEC"
LINE = "DDD8CD"
FONT = "Calibri"
FIELD_INDENT = Mm(40)
_LARGE_FIELD = Mm(52)
STEP_INDENT = Mm(20)
BLANK_NAME = Mm(68)
TEXT_WIDTH = Mm(156)

_LONGEST_PROPERTY = 255
# Word refuses a file whose properties do not come in the order of the standard (ISO/IEC 29500-1, 17.3.1.26).
_AFTER_SHADE = ("w:tabs", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:outlineLvl")
_HEADINGS = {"Heading 1": (24, INK, 0, 8), "Heading 2": (15, PINE, 20, 6), "Heading 3": (12, INK, 12, 3)}


def new_document(*, title: str, language: str, at: datetime) -> WordFile:
    """Return an empty A4 document with the look, its language and title set, and nobody's name in it."""
    document = Document()
    for relation in list(document.part.package.rels.values()):
        if relation.reltype == RELATIONSHIP_TYPE.THUMBNAIL:
            document.part.package.rels.pop(relation.rId)
    _set_page(document)
    _set_styles(document)
    _set_language(document, culture(language))
    facts = document.core_properties
    facts.title = clean_line(title)[:_LONGEST_PROPERTY]
    facts.language = culture(language)
    facts.author = facts.last_modified_by = facts.comments = ""
    facts.created = facts.modified = at.astimezone(UTC).replace(tzinfo=None)
    return document


def saved(document: WordFile, *, at: datetime) -> bytes:
    """Return the file, its parts dated `at` so that the same content gives the same bytes."""
    written, dated = io.BytesIO(), io.BytesIO()
    document.save(written)
    stamp = at.astimezone(UTC)
    parts_at = (max(stamp.year, 1980), stamp.month, stamp.day, stamp.hour, stamp.minute, 0)
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(dated, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = zipfile.ZipInfo(name, parts_at)
            part.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(part, old.read(name))
    return dated.getvalue()


def add_words(
    paragraph: Paragraph, text: str, *, lang: str | None = None, colour: RGBColor | None = None
) -> Run:
    """Add cleaned text, with line breaks kept and its own language for spelling and reading aloud."""
    run = paragraph.add_run(clean_text(text))
    if colour is not None:
        run.font.color.rgb = colour
    if lang is not None:
        tongue = OxmlElement("w:lang")
        tongue.set(qn("w:val"), culture(lang))
        run._r.get_or_add_rPr().append(tongue)  # noqa: SLF001 -- the library has no public way to a run's language
    return run


def _set_page(document: WordFile) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(27)
    section.top_margin = section.bottom_margin = Mm(24)


def _set_styles(document: WordFile) -> None:
    _font(document.styles["Normal"], size=11, colour=INK)
    normal = document.styles["Normal"].paragraph_format
    normal.space_after, normal.line_spacing = Pt(6), 1.15
    for name, (size, colour, above, below) in _HEADINGS.items():
        style = document.styles[name]
        _font(style, size=size, colour=colour)
        style.paragraph_format.space_before = Pt(above)
        style.paragraph_format.space_after = Pt(below)
        style.paragraph_format.keep_with_next = True
    for name in ("List Bullet", "List Number"):
        item = document.styles[name]
        item.paragraph_format.space_after = Pt(4)
        for spacing in item.element.pPr.findall(qn("w:contextualSpacing")):
            item.element.pPr.remove(spacing)
    foot = document.styles["Footer"].paragraph_format.tab_stops
    foot.clear_all()
    foot.add_tab_stop(TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT)
    field = _add_style(document, "Sirkel Field")
    field.paragraph_format.left_indent = FIELD_INDENT
    field.paragraph_format.first_line_indent = -FIELD_INDENT
    field.paragraph_format.tab_stops.add_tab_stop(FIELD_INDENT)
    field.paragraph_format.space_after = Pt(2)
    cell = _add_style(document, "Sirkel Cell")
    cell.paragraph_format.space_before = cell.paragraph_format.space_after = Pt(3)
    prompt = _add_style(document, "Sirkel Prompt")
    prompt.font.italic, prompt.font.color.rgb = True, QUIET
    prompt.paragraph_format.keep_with_next = True
    theme = _add_style(document, "Sirkel Theme")
    theme.font.size, theme.font.bold = Pt(14), True
    theme.paragraph_format.space_before = theme.paragraph_format.space_after = Pt(12)
    large = _add_style(document, "Sirkel Large")
    large.font.size, large.font.bold = Pt(15), True
    blank = _add_style(document, "Sirkel Blank")
    blank.paragraph_format.space_before, blank.paragraph_format.space_after = Pt(12), Pt(0)
    blank.paragraph_format.tab_stops.add_tab_stop(BLANK_NAME)
    blank.paragraph_format.tab_stops.add_tab_stop(TEXT_WIDTH, WD_TAB_ALIGNMENT.LEFT, WD_TAB_LEADER.LINES)
    code = _add_style(document, "Sirkel Code")
    code.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    code.paragraph_format.space_before = code.paragraph_format.space_after = Pt(10)
    shade = OxmlElement("w:shd")
    for name, value in {"val": "clear", "color": "auto", "fill": PINE_SOFT}.items():
        shade.set(qn(f"w:{name}"), value)
    theme.element.get_or_add_pPr().insert_element_before(shade, *_AFTER_SHADE)


def set_large(document: WordFile, *, is_long: bool) -> None:
    """Make the document a poster: letters to be read from two metres, smaller where there are many of them."""
    document.styles["Normal"].font.size = Pt(12 if is_long else 15)
    document.styles["Heading 1"].font.size = Pt(22 if is_long else 32)
    field = document.styles["Sirkel Field"].paragraph_format
    field.left_indent, field.first_line_indent = _LARGE_FIELD, -_LARGE_FIELD
    field.tab_stops.clear_all()
    field.tab_stops.add_tab_stop(_LARGE_FIELD)
    section = document.sections[0]
    section.top_margin = section.bottom_margin = Mm(18)


def _add_style(document: WordFile, name: str) -> ParagraphStyle:
    style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = document.styles["Normal"]
    return style


def _font(style: ParagraphStyle, *, size: int, colour: RGBColor) -> None:
    """Name the font outright: the default template's theme fonts stand in the way otherwise."""
    style.font.name, style.font.size, style.font.color.rgb = FONT, Pt(size), colour
    names = style.element.rPr.rFonts
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        names.attrib.pop(qn(f"w:{theme}"), None)
    names.set(qn("w:cs"), FONT)


def _set_language(document: WordFile, name: str) -> None:
    for tongue in document.styles.element.iter(qn("w:lang")):
        tongue.set(qn("w:val"), name)
    for tongue in document.settings.element.iter(qn("w:themeFontLang")):
        tongue.set(qn("w:val"), name)
