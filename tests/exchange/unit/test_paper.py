from datetime import UTC, datetime
from itertools import pairwise

import pytest
from docx.oxml.ns import qn
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sirkel.exchange.cards import CARD_LABELS, PaperCards
from sirkel.exchange.cards_docx import paper_cards_docx
from sirkel.exchange.join_card_docx import join_card_docx
from sirkel.exchange.paper import Code, Column, Fact, Facts, Heading, Table, Text, Words
from sirkel.exchange.paper_data import paper_data
from sirkel.exchange.paper_docx import paper_docx
from sirkel.exchange.paper_pdf import paper_pdf
from tests.exchange.unit.pdf_reading import (
    assert_accessible,
    assert_nothing_untagged,
    assert_read_in_order,
    opened,
    tags_of,
    text_of,
)
from tests.exchange.unit.test_poster import a_card
from tests.exchange.unit.word_reading import (
    assert_sound,
    assert_tables_have_heads,
    levels_of,
    word,
    words_of,
)
from tests.factories.papers import AROUND_THE_WORLD, ENDLESS, LETTERS, MARKUP, a_paper, a_poster

MADE = datetime(2026, 3, 4, 8, 0, tzinfo=UTC)


def read(data):
    return " ".join(text_of(data).split())


@pytest.mark.parametrize("paper", [a_paper(), a_poster(), a_paper(LETTERS), a_paper(AROUND_THE_WORLD)])
def test_a_pdf_is_tagged_in_full_and_read_in_order(paper):
    data = paper_pdf(paper, at=MADE)
    assert_accessible(data, language="nb", title=paper.title.text)
    assert_nothing_untagged(data)
    assert_read_in_order(data)


def test_every_block_is_what_it_is_called_to_whoever_listens():
    tags = [tag for tag, _, _ in tags_of(paper_pdf(a_paper(), at=MADE))]
    assert tags.count("/H1") == 1
    assert (tags.count("/Table"), tags.count("/TH"), tags.count("/Figure")) == (1, 2, 1)
    assert tags.count("/L") == 3 + 3  # three lists, and three lists of facts
    levels = [int(tag[2]) for tag in tags if tag[:2] == "/H" and tag[2:].isdigit()]
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_page_pdf_and_word_say_the_same_in_the_same_order():
    wanted = ["Papir", "Alt på ett papir", "Sirkel", "Hvem", "Vi stopper hvis", "Møte", "Timer", "2,5"]
    wanted += ["Til sammen", "14.00", "8 min", "Navn", "Dag og sted", "https://sirkel.example/t/abc/"]
    for text in (read(paper_pdf(a_paper(), at=MADE)), words_of(paper_docx(a_paper(), at=MADE))):
        at = -1
        for words in wanted:
            at = text.index(words, at + 1)
        assert "Tom" not in text


def test_a_word_file_is_sound_and_its_tables_have_heads():
    data = paper_docx(a_paper(), at=MADE)
    assert_sound(data, culture="nb-NO", title="Alt på ett papir")
    assert_tables_have_heads(data)
    assert levels_of(data) == [1, 2, 3, 2, 3, 2]
    assert paper_docx(a_paper(), at=MADE) == data


def test_every_numbered_list_begins_with_one():
    document = word(paper_docx(a_paper(), at=MADE))
    numbers = [p._p.pPr.numPr.numId.val for p in document.paragraphs if p.style.name == "List Number"]
    assert len(numbers) == 3
    assert numbers[0] == numbers[1] != numbers[2]
    starts = document.part.numbering_part.element.findall(f".//{qn('w:startOverride')}")
    assert [start.get(qn("w:val")) for start in starts] == ["1", "1"]


@pytest.mark.parametrize("text", [MARKUP, LETTERS, ENDLESS])
def test_what_people_wrote_is_neither_lost_nor_obeyed(text):
    for found in (text_of(paper_pdf(a_paper(text), at=MADE)), words_of(paper_docx(a_paper(text), at=MADE))):
        assert "".join(found.split()).count("".join(text.split())) >= 20


def test_words_are_read_in_their_own_language():
    pdf = paper_pdf(a_paper("Illalla kaikki soivat", "fi"), at=MADE)
    content = b"".join(page.get_contents().get_data() for page in opened(pdf).pages)
    assert "fi" in {lang for _, lang, _ in tags_of(pdf)} or b"/Lang(fi)" in content
    tongues = {
        node.get(qn("w:val"))
        for node in word(paper_docx(a_paper("Illalla kaikki soivat", "fi"), at=MADE)).element.iter(
            qn("w:lang")
        )
    }
    assert tongues == {"fi-FI"}


def test_a_poster_is_one_page_however_long_its_words():
    assert len(opened(paper_pdf(a_poster(), at=MADE)).pages) == 1
    long = "Iltavuoron työntekijä istuu pöydän kaksi ääressä koko ensimmäisen tunnin ajan ja soittokellot odottavat "
    facts = [
        Fact(name, Words((long * 3)[:most], "fi"))
        for name, most in zip("abcdef", (200, 200, 30, 300, 300, 300), strict=True)
    ]
    poster = a_poster(title=Words((long * 3)[:300], "fi"), facts=Facts(facts), language="fi")
    assert len(opened(paper_pdf(poster, at=MADE)).pages) == 1


def test_a_poster_is_read_from_top_to_bottom_and_its_code_has_words():
    data = paper_pdf(a_poster(), at=MADE)
    text = read(data)
    order = ["Vi prøver noe", "Én sitter ved bord 2", "Når", "Hver kveld", "Vi tror", "Det blir roligere"]
    places = [text.index(words) for words in [*order, "Hva tenker du?", "Uten navn", "Rolig kveld"]]
    assert places == sorted(places)
    assert "Hvor" not in text
    assert [alt for tag, _, alt in tags_of(data) if tag == "/Figure"] == ["QR-kode som åpner utprøvingen"]


def test_the_join_card_in_word_says_what_the_pdf_says():
    data = join_card_docx(a_card(), at=MADE)
    assert_sound(data, culture="nb-NO", title="Bli med i møtet")
    text = words_of(data)
    order = ["Rolig kveld", "Bli med i møtet", "Onsdag 4. mars", "Åpne kameraet", "Pek på", "Skriv den"]
    places = [text.index(words) for words in [*order, "sirkel.example/b", "og skriv koden", "K7M 4RT"]]
    assert places == sorted(places)
    assert "K7M" not in words_of(join_card_docx(a_card(code=""), at=MADE))


def test_paper_cards_in_word_are_eight_to_a_sheet_with_a_heading_each():
    cards = PaperCards(
        circle_name="Rolig kveld", prompt=MARKUP, language="nb", labels=CARD_LABELS, first_number=9, sheets=2
    )
    data = paper_cards_docx(cards, at=MADE)
    assert_sound(data, culture="nb-NO", title=CARD_LABELS["title"])
    (table,) = word(data).tables
    assert [len(table.rows), len(table.columns)] == [8, 2]
    heads = [cell.paragraphs[0] for row in table.rows for cell in row.cells]
    assert {head.style.name for head in heads} == {"Heading 1"}
    assert [head.text.split("\t")[0] for head in heads] == [f"Card {number}" for number in range(9, 25)]
    assert words_of(data).count(" ".join(MARKUP.split())) == 16


def test_blocks_without_words_leave_nothing_behind():
    empty = [Heading(Words(" ")), Text(Words("\n")), Facts([Fact("Hvem", Words(""))]), Table("x", [], [])]
    paper = a_paper(facts=None, blocks=empty, kind="")
    assert paper_data(paper)["blocks"] == []
    assert "Hvem" not in words_of(paper_docx(paper, at=MADE))
    assert "Hvem" not in read(paper_pdf(paper, at=MADE))


def test_what_could_be_no_paper_is_refused():
    with pytest.raises(ValueError, match="title"):
        a_paper(title=Words(" \u202e "))
    with pytest.raises(ValueError, match="cell"):
        Table("x", [Column("a", 10)], [[]])
    with pytest.raises(ValueError, match="text"):
        paper_data(a_paper(blocks=[Code("", "QR")]))
    for make in (paper_docx, paper_pdf):
        with pytest.raises(ValueError, match="aware"):
            make(a_paper(), at=datetime(2026, 3, 4))


ANY = st.text(min_size=1, max_size=90)


@settings(max_examples=25, deadline=None)
@given(text=ANY, lang=st.text(max_size=6), title=ANY, foot=st.text(max_size=40))
@example(text=" ", lang="", title="0", foot="")
@example(text="\u200b", lang="he", title="\u200b", foot="\u2028")
@example(text="\u0600", lang="ar", title="0", foot="\u0600")  # goes with another sign, and there is none
@example(text="\U0001f3fb", lang="", title="\U0001f3fb", foot="\u0600")
def test_any_words_in_any_language_become_a_pdf_and_a_word_file(text, lang, title, foot):
    paper = a_paper(text, lang, title=Words(f"x{title}", lang), foot=foot)
    pdf = paper_pdf(paper, at=MADE)
    assert_nothing_untagged(pdf)
    assert "Dag og sted" in read(pdf)
    assert "Dag og sted" in words_of(paper_docx(paper, at=MADE))


@settings(max_examples=25, deadline=None)
@given(text=st.text(alphabet="ab #$*_`[]{}()<>@\\/=-~\"'&%^+;:,.!?|0", min_size=1, max_size=60))
def test_no_sign_of_any_markup_is_lost(text):
    wanted = "".join(f"x{text}x".split())
    for found in (
        text_of(paper_pdf(a_paper(f"x{text}x"), at=MADE)),
        words_of(paper_docx(a_paper(f"x{text}x"), at=MADE)),
    ):
        assert "".join(found.split()).count(wanted) >= 20
