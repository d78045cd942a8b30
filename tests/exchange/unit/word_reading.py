"""Reads a Word file as its reader's software does: by styles, languages and table rows."""

import io
import zipfile

from docx import Document
from docx.oxml.ns import qn

# The order in which ISO/IEC 29500-1 wants properties; Word calls a file with another order broken.
ORDER = {
    "tblPr": "tblStyle tblW jc tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption",
    "pPr": "pStyle keepNext keepLines pageBreakBefore widowControl numPr pBdr shd tabs spacing ind contextualSpacing "
    "jc outlineLvl rPr",
    "rPr": "rStyle rFonts b bCs i iCs caps smallCaps color spacing kern sz szCs u vertAlign lang",
    "trPr": "cantSplit trHeight tblHeader",
}


def word(data):
    assert data.startswith(b"PK")
    return Document(io.BytesIO(data))


def words_of(data):
    """Return every text of the body in reading order, tables too, on one line."""
    body = word(data).element.body
    parts = []
    for paragraph in body.iter(qn("w:p")):
        texts = (
            " " if node.tag in {qn("w:tab"), qn("w:br")} else node.text or ""
            for node in paragraph.iter(qn("w:t"), qn("w:tab"), qn("w:br"))
        )
        parts.append("".join(texts))
    return " ".join(" ".join(parts).split())


def levels_of(data):
    """Return the levels of the headings in reading order."""
    return [
        int(p.style.name[-1])
        for p in word(data).paragraphs
        if p.style.name.startswith("Heading") and p.text.strip()
    ]


def assert_sound(data, *, culture, title):
    """What makes a Word file open without repair and read aloud well, as far as the file itself can show it."""
    document = word(data)
    assert document.core_properties.title == title
    assert document.core_properties.language == culture
    assert (document.core_properties.author, document.core_properties.comments) == ("", "")
    default = document.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}")
    assert default.get(qn("w:val")) == culture
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    roots = [document.element, document.styles.element, section.footer._element]
    for root in roots:
        for kind, names in ORDER.items():
            for properties in root.iter(qn(f"w:{kind}")):
                tags = [child.tag.split("}")[1] for child in properties]
                known = [names.split().index(tag) for tag in tags if tag in names.split()]
                assert known == sorted(known), (kind, tags)
    for drawing in document.element.iter(qn("wp:docPr")):
        assert drawing.get("descr")
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        assert parts.testzip() is None
        assert not [name for name in parts.namelist() if "vba" in name.lower() or "thumbnail" in name]
        assert b"External" not in b"".join(parts.read(n) for n in parts.namelist() if n.endswith(".rels"))


def assert_tables_have_heads(data):
    """Every table has a header row, which repeats, and a caption."""
    for table in word(data).tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val"))
