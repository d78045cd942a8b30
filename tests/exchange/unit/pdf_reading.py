"""Reads a PDF as a voice that reads aloud does: by its tags, languages and text."""

import io

from pypdf import PdfReader
from pypdf.generic import ArrayObject, ContentStream, DictionaryObject


def opened(data):
    assert data.startswith(b"%PDF-")
    return PdfReader(io.BytesIO(data), strict=True)


def text_of(data):
    return "\n".join(page.extract_text() for page in opened(data).pages)


def tags_of(data):
    """Return (tag, language or None, text alternative or None) in reading order."""
    found = []

    def walk(node):
        node = node.get_object()
        if isinstance(node, ArrayObject):
            for item in node:
                walk(item)
        elif isinstance(node, DictionaryObject):
            if "/S" in node:
                found.append((node["/S"], node.get("/Lang"), node.get("/Alt")))
            if "/K" in node:
                walk(node["/K"])

    walk(opened(data).trailer["/Root"]["/StructTreeRoot"])
    return found


def assert_accessible(data, *, language, title):
    """What PDF/UA-1 asks of every file, as far as a file itself can show it."""
    reader = opened(data)
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == language
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    assert reader.metadata.title == title
    assert tags_of(data)[0][0] == "/Document"
    assert all(alternative for tag, _, alternative in tags_of(data) if tag == "/Figure")
    for page in reader.pages:
        width, height = page.mediabox.width, page.mediabox.height
        assert (round(float(width)), round(float(height))) == (595, 842)
        assert all(font["/FontDescriptor"] for font in _fonts(page))


def _fonts(page):
    for font in page["/Resources"].get("/Font", {}).values():
        for part in font.get_object()["/DescendantFonts"]:
            yield part.get_object()


PAINTS = {b"Tj", b"TJ", b"'", b'"', b"Do", b"S", b"s", b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*", b"sh"}


def assert_nothing_untagged(data):
    """Every sign, line and picture of a page is marked: as a part of the text, or as decoration."""
    reader = opened(data)
    for number, page in enumerate(reader.pages):
        depth = 0
        for _operands, operator in ContentStream(page.get_contents(), reader).operations:
            if operator in {b"BDC", b"BMC"}:
                depth += 1
            elif operator == b"EMC":
                depth -= 1
            elif operator in PAINTS:
                assert depth, f"{operator} on page {number + 1} is marked as nothing"
        assert depth == 0


def assert_read_in_order(data):
    """A voice that goes through the tags goes through each page from its first mark to its last."""
    reader = opened(data)
    heard = {}

    def walk(node, page):
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, ArrayObject):
            for item in node:
                walk(item, page)
        elif isinstance(node, DictionaryObject):
            page = node.raw_get("/Pg").idnum if "/Pg" in node else page
            if "/MCID" in node:
                heard.setdefault(page, []).append(int(node["/MCID"]))
            elif "/K" in node:
                walk(node["/K"], page)
        elif isinstance(node, int):
            heard.setdefault(page, []).append(int(node))

    walk(reader.trailer["/Root"]["/StructTreeRoot"], None)
    assert heard
    for marks in heard.values():
        assert marks == sorted(marks)
        assert len(marks) == len(set(marks))
