import io
import zipfile
from datetime import datetime

import pytest
from docx import Document
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from sirkel.exchange.recap import RecapCluster, RecapNote, RecapSection
from sirkel.exchange.recap_docx import recap_docx
from tests.factories.recaps import MADE, NB, finnish_recap, long_recap, short_recap


def opened(data):
    return Document(io.BytesIO(data))


def headings(document):
    return [
        (int(p.style.name[-1]), p.text) for p in document.paragraphs if p.style.name.startswith("Heading")
    ]


def with_note(text, lang="nb"):
    notes = [RecapNote(text, lang)]
    return short_recap(sections=[RecapSection("Dele", "", [RecapCluster(None, notes)])])


def noted(document):
    return [p.text for p in document.paragraphs if p.style.name == "List Bullet"]


def test_headings_are_words_own_and_in_order():
    assert headings(opened(recap_docx(long_recap(), at=MADE))) == [
        (1, "Rolig kveld: møte 3"),
        (2, "Det vi bestemte"),
        (2, "Det vi prøver til neste gang"),
        (3, "Én medarbeider sitter med bord 2 fra kl. 16 til 17 i stedet for å rydde kjøkkenet først"),
        (3, "En kollega säger ”en sak jag undrade” på varje rapport"),
        (2, "Siden sist"),
        (2, "Dele"),
        (3, "Overganger"),
        (3, "Ljud"),
        (3, "Andre lapper"),
        (2, "Fordype"),
        (2, "Løsninger vi sparer på"),
        (2, "Det som kan gå ut av rommet"),
        (2, "Slik var møtet"),
    ]


def test_the_file_says_its_title_and_language_and_nobodys_name():
    facts = opened(recap_docx(finnish_recap(), at=MADE)).core_properties
    assert facts.title == "Rauhallinen ilta: kolmas tapaaminen"
    assert facts.language == "fi-FI"
    assert (facts.author, facts.last_modified_by, facts.comments) == ("", "", "")
    assert facts.created.replace(tzinfo=None) == datetime(2026, 3, 4, 18, 0)


def test_the_language_of_the_document_and_of_each_note_is_set_for_reading_aloud():
    document = opened(recap_docx(long_recap(), at=MADE))
    default = document.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}")
    assert default.get(qn("w:val")) == "nb-NO"
    spoken = {
        run.text: run._r.rPr.find(qn("w:lang")).get(qn("w:val"))
        for p in document.paragraphs
        if p.style.name == "List Bullet"
        for run in p.runs[:1]
    }
    assert spoken["Illalla kaikki soittokellot soivat yhtä aikaa"] == "fi-FI"
    assert spoken["Vi säger inte till när vi tycker olika om tabletter"] == "sv-SE"
    assert spoken["Eahkedis lea ollu šlápma, ja mii dárbbašit ráfi: čđŋšŧž"] == "se-NO"


def test_notes_come_in_order_with_language_and_chosen_name():
    notes = noted(opened(recap_docx(long_recap(), at=MADE)))
    assert notes[2:8] == [
        "Når vi rydder kjøkkenet først, sitter bord 2 alene i tjue minutter",
        "Alle vaktskifter samtidig kl. 15.30\u2003Kari",
        "Vi säger inte till när vi tycker olika om tabletter\u2003svenska",
        "TV-en står på hele tiden",
        "Illalla kaikki soittokellot soivat yhtä aikaa\u2003suomi",
        "Eahkedis lea ollu šlápma, ja mii dárbbašit ráfi: čđŋšŧž\u2003davvisámegiella",
    ]


def test_tables_have_a_header_row_that_repeats():
    document = opened(recap_docx(long_recap(), at=MADE))
    assert [len(table.rows) for table in document.tables] == [3, 3]
    for table in document.tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert table.rows[1]._tr.trPr.find(qn("w:tblHeader")) is None
        assert table._tbl.tblPr.find(qn("w:tblCaption")) is not None
    assert [cell.text for cell in document.tables[0].rows[2].cells] == [
        "Fast pårørendetid",
        "Fire familier kom, ingen ringte mindre.",
        "Dropp",
        "Vi flyttet bare presset til andre timer.",
    ]


def test_properties_come_in_the_order_that_word_insists_on():
    order = {
        "tblPr": "tblStyle tblW jc tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption",
        "pPr": "pStyle keepNext keepLines widowControl numPr pBdr shd tabs spacing ind contextualSpacing jc outlineLvl rPr",
        "rPr": "rStyle rFonts b bCs i iCs caps smallCaps color spacing kern sz szCs u vertAlign lang",
    }
    document = opened(recap_docx(long_recap(), at=MADE))
    roots = [document.element, document.sections[0].footer._element]
    roots += [document.styles[n].element for n in ("Sirkel Theme", "Sirkel Field", "Footer", "Heading 1")]
    for root in roots:
        for kind, names in order.items():
            for properties in root.iter(qn(f"w:{kind}")):
                found = [names.split().index(child.tag.split("}")[1]) for child in properties]
                assert found == sorted(found)


def test_the_page_is_a4_and_every_page_says_for_whom():
    document = opened(recap_docx(long_recap(), at=MADE))
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert "Rolig kveld · For deltakerne i sirkelen" in section.footer.paragraphs[0].text


def test_no_macro_no_link_outside_and_no_picture_of_another_document():
    with zipfile.ZipFile(io.BytesIO(recap_docx(long_recap(), at=MADE))) as parts:
        names = parts.namelist()
        assert not [name for name in names if "vba" in name.lower() or "thumbnail" in name]
        links = b"".join(parts.read(name) for name in names if name.endswith(".rels"))
    assert b"External" not in links


def test_empty_parts_leave_no_headings_and_an_empty_meeting_says_so():
    assert headings(opened(recap_docx(short_recap(), at=MADE))) == [(1, NB["title"]), (2, "Fordype")]
    empty = opened(recap_docx(short_recap(sections=[]), at=MADE))
    assert NB["empty"] in [p.text for p in empty.paragraphs]


def test_the_same_recap_gives_the_same_bytes():
    assert recap_docx(long_recap(), at=MADE) == recap_docx(long_recap(), at=MADE)


def test_markup_and_line_breaks_stay_text():
    text = "<w:p>&amp; {{ x }} {% y %} # $ * ] \\\nny linje"
    assert noted(opened(recap_docx(with_note(text), at=MADE))) == [text]


def test_the_time_of_making_must_be_aware():
    with pytest.raises(ValueError, match="aware"):
        recap_docx(short_recap(), at=datetime(2026, 3, 4))


@settings(max_examples=25, deadline=None)
@given(text=st.text(min_size=1, max_size=200), lang=st.text(max_size=8))
def test_any_note_in_any_language_can_be_opened_again(text, lang):
    document = opened(recap_docx(with_note("før" + text, lang), at=MADE))
    (note,) = noted(document)
    assert note.startswith("før")
