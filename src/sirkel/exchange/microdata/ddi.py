"""A codebook after DDI-Codebook 2.5, which the Nordic data archives take, in all languages of the instrument at once."""

from collections.abc import Mapping
from pathlib import Path

from lxml import etree

from sirkel import __version__
from sirkel.evidence.metadata import NOT_VALIDATED, worded
from sirkel.exchange.microdata.dataset import Citation, Dataset, Variable, Words

NAMESPACE = "ddi:codebook:2_5"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def write_ddi(dataset: Dataset, path: Path, citation: Citation, *, file_name: str) -> None:
    """Write the codebook of a data set whose numbers lie in ``file_name``."""
    book = etree.Element(f"{{{NAMESPACE}}}codeBook", {"version": "2.5"}, nsmap={None: NAMESPACE})
    _study(_in(book, "stdyDscr"), dataset, citation)
    file = _in(book, "fileDscr", {"ID": "F1"})
    text = _in(file, "fileTxt")
    _in(text, "fileName", text=file_name)
    size = _in(text, "dimensns")
    _in(size, "caseQnty", text=str(dataset.frame.height))
    _in(size, "varQnty", text=str(len(dataset.variables)))
    data = _in(book, "dataDscr")
    for number, variable in enumerate(dataset.variables, start=1):
        _variable(data, dataset, variable, number)
    etree.ElementTree(book).write(path, encoding="UTF-8", xml_declaration=True, pretty_print=True)


def _study(study: etree._Element, dataset: Dataset, citation: Citation) -> None:
    cited = _in(study, "citation")
    title = _in(cited, "titlStmt")
    first = next(iter(dataset.title))
    _worded(title, "titl", {first: dataset.title[first]})
    _worded(
        title, "parTitl", {language: text for language, text in dataset.title.items() if language != first}
    )
    _in(title, "IDNo", text=citation.identifier or dataset.id)
    people = _in(cited, "rspStmt")
    for creator in citation.creators:
        _in(people, "AuthEnty", text=creator)
    made = _in(cited, "prodStmt")
    _in(made, "producer", text=citation.publisher)
    _in(made, "prodDate", {"date": str(citation.year)}, text=str(citation.year))
    _in(made, "software", {"version": __version__}, text="Sirkel")
    if dataset.version:
        _in(_in(cited, "verStmt"), "version", text=dataset.version)
    licence = worded(dataset.about.get("licence"))
    if licence:
        _worded(_in(_in(study, "dataAccs"), "useStmt"), "conditions", licence)
    if dataset.about.get("validated") is False:
        _worded(study, "notes", worded(dataset.about.get("note")) or {"en": NOT_VALIDATED})


def _variable(data: etree._Element, dataset: Dataset, variable: Variable, number: int) -> None:
    shape = "contin" if variable.is_text or not variable.values else "discrete"
    found = _in(data, "var", {"ID": f"V{number}", "name": variable.name, "files": "F1", "intrvl": shape})
    _worded(found, "labl", variable.label)
    if variable.label:
        _worded(_in(found, "qstn"), "qstnLit", variable.label)
    column = dataset.frame[variable.name]
    missing = int(column.is_null().sum()) + int(
        column.is_in(list(variable.missing)).sum() if variable.missing else 0
    )
    _in(found, "sumStat", {"type": "vald"}, text=str(len(column) - missing))
    _in(found, "sumStat", {"type": "invd"}, text=str(missing))
    for value, words in variable.values.items():
        _category(found, value, words, {})
    for value, words in variable.missing.items():
        _category(found, value, words, {"missing": "Y"})
    _in(found, "varFormat", {"type": "character" if variable.is_text else "numeric"})


def _category(variable: etree._Element, value: float, words: Words, more: Mapping[str, str]) -> None:
    category = _in(variable, "catgry", more)
    _in(category, "catValu", text=f"{value:g}")
    _worded(category, "labl", words)


def _worded(parent: etree._Element, name: str, words: Words) -> None:
    for language, text in words.items():
        _in(parent, name, {_LANGUAGE: language} if language else {}, text=text)


def _in(
    parent: etree._Element, name: str, more: Mapping[str, str] | None = None, *, text: str | None = None
) -> etree._Element:
    child = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}", dict(more or {}))
    child.text = text
    return child
