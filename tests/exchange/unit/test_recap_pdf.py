from dataclasses import replace
from datetime import datetime
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sirkel.exchange.recap import RECAP_LABELS, RecapCluster, RecapNote, RecapPulse, RecapSection
from sirkel.exchange.recap_pdf import recap_pdf
from tests.exchange.unit.pdf_reading import assert_accessible, opened, tags_of, text_of
from tests.factories.recaps import MADE, NB, finnish_recap, long_recap, short_recap

MARKUP = "#emph[x] $x^2$ *fet* _kursiv_ ] [ } { \\ `kode` @ref <merke> = a - b / c // d #sys.inputs \"x\" 'y'"


def with_notes(*notes):
    return short_recap(sections=[RecapSection("Dele", "", [RecapCluster(None, list(notes))])])


def joined(data):
    """The text with line ends as spaces: where a line broke is the page's business."""
    return " ".join(text_of(data).split())


@pytest.mark.parametrize(
    ("recap", "language"), [(short_recap(), "nb"), (long_recap(), "nb"), (finnish_recap(), "fi")]
)
def test_every_recap_is_accessible_in_its_language(recap, language):
    data = recap_pdf(recap, at=MADE)
    assert_accessible(data, language=language, title=recap.labels["title"])


def test_headings_lists_and_tables_are_real():
    tags = [tag for tag, _, _ in tags_of(recap_pdf(long_recap(), at=MADE))]
    assert tags.count("/H1") == 1
    assert tags.count("/H2") == 8
    assert tags.count("/Table") == 2
    assert tags.count("/TH") == 6
    assert tags.count("/Figure") == 1
    levels = [int(tag[2]) for tag in tags if tag[:2] == "/H" and tag[2:].isdigit()]
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_notes_come_in_the_order_given_with_language_and_chosen_name():
    text = joined(recap_pdf(long_recap(), at=MADE))
    notes = [
        "Overganger",
        "Alle vaktskifter samtidig kl. 15.30 Kari",
        "Vi säger inte till när vi tycker olika om tabletter svenska",
        "Ljud",
        "Illalla kaikki soittokellot soivat yhtä aikaa suomi",
        "Eahkedis lea ollu šlápma, ja mii dárbbašit ráfi: čđŋšŧž davvisámegiella",
        "Andre lapper",
        "Ingen har tid til å bare sitte ned Ola",
    ]
    places = [text.index(note) for note in notes]
    assert places == sorted(places)


def test_a_note_in_another_language_is_read_in_that_language():
    languages = {lang for _, lang, _ in tags_of(recap_pdf(long_recap(), at=MADE)) if lang}
    content = b"".join(
        page.get_contents().get_data() for page in opened(recap_pdf(long_recap(), at=MADE)).pages
    )
    spoken = languages | {lang for lang in ("sv", "fi", "se") if f"/Lang({lang})".encode() in content}
    assert spoken >= {"sv", "fi", "se"}


def test_markup_stays_what_somebody_wrote():
    text = joined(recap_pdf(with_notes(RecapNote(MARKUP, "nb")), at=MADE))
    assert MARKUP in text


@pytest.mark.parametrize("field", ["circle_name", "workplace"])
def test_names_and_titles_cannot_become_code(field):
    attack = '#read("look.typ") ]] #{panic()} \\'
    recap = short_recap(**{field: attack, "labels": {**NB, "title": attack}})
    data = recap_pdf(recap, at=MADE)
    assert attack in joined(data)
    assert opened(data).metadata.title == attack


def test_letters_of_the_nordic_countries_and_their_new_neighbours_are_set():
    words = "æøåäöáíðþúý čđŋšŧžá ČĐŊŠŦŽ Привіт ĄĆĘŁŃÓŚŹŻ ğışç Ελλάδα “”«»„ – — … € ½ °"
    assert words in joined(recap_pdf(with_notes(RecapNote(words, "nb")), at=MADE))


def test_a_sign_without_glyph_is_said_in_words_and_stops_nobody():
    note = RecapNote("Godt møte \U0001f44d\U0001f3fd \U0001f642\u200d\u2642\ufe0f \u12a0\u0378 slutt", "nb")
    text = joined(recap_pdf(with_notes(note), at=MADE))
    assert "Godt møte" in text
    assert "slutt" in text
    assert "[thumbs up sign]" in text or "\U0001f44d" in text
    assert "\u0378" not in text


def test_a_page_full_of_rare_letters_still_becomes_a_page():
    rare = "".join(chr(0x20000 + n) for n in range(600))
    text = joined(recap_pdf(with_notes(RecapNote(f"før {rare} etter", "nb")), at=MADE))
    assert "før" in text
    assert "etter" in text


def test_control_characters_and_turned_text_are_taken_out():
    note = RecapNote("en\x00\x07 to\u202etre\ud800 fire\r\nfem", "nb")
    assert "en totre fire fem" in joined(recap_pdf(with_notes(note), at=MADE))


def test_an_endless_word_breaks_inside_the_page_and_is_copied_whole():
    link = "https://sirkel.example/" + "a1-" * 60
    data = recap_pdf(with_notes(RecapNote(link, "nb")), at=MADE)
    assert link in "".join(text_of(data).split())
    assert len(opened(data).pages) == 1


def test_a_long_meeting_repeats_its_audience_on_every_page():
    notes = [RecapNote(f"Lapp {n} {'ord ' * 60}", "nb") for n in range(40)]
    pages = opened(recap_pdf(with_notes(*notes), at=MADE)).pages
    assert len(pages) == 3
    assert all("For deltakerne i sirkelen" in page.extract_text() for page in pages)


def test_empty_parts_leave_no_empty_headings():
    text = text_of(recap_pdf(short_recap(), at=MADE))
    for key in ("theme", "decisions", "trials", "look_back", "parked", "shared", "pulse", "empty"):
        assert NB[key] not in text
    assert "Andre lapper" not in text


def test_a_meeting_that_left_nothing_says_so():
    text = text_of(recap_pdf(short_recap(sections=[], attendance_count=None), at=MADE))
    assert NB["empty"] in text
    assert NB["attendance"] not in text


def test_a_pulse_that_must_not_be_shown_gives_its_reason():
    recap = short_recap(pulse=RecapPulse(remark="Vises fra fem svar."))
    assert "Vises fra fem svar." in text_of(recap_pdf(recap, at=MADE))


def test_the_same_recap_gives_the_same_bytes():
    assert recap_pdf(long_recap(), at=MADE) == recap_pdf(long_recap(), at=MADE)


def test_a_missing_word_is_named_before_anything_is_set():
    with pytest.raises(ValueError, match="parked, pulse"):
        short_recap(labels={k: v for k, v in NB.items() if k not in {"pulse", "parked"}})
    with pytest.raises(ValueError, match="theme"):
        replace(short_recap(), labels={**RECAP_LABELS, "theme": " "})


def test_the_time_of_making_must_be_aware():
    with pytest.raises(ValueError, match="aware"):
        recap_pdf(short_recap(), at=datetime(2026, 3, 4))


@settings(max_examples=40, deadline=None)
@given(text=st.text(min_size=1, max_size=120), lang=st.text(max_size=6))
def test_any_note_in_any_language_becomes_a_page(text, lang):
    data = recap_pdf(with_notes(RecapNote(text, lang), RecapNote("siste lapp", "nb")), at=MADE)
    assert "siste lapp" in joined(data)


@settings(max_examples=40, deadline=None)
@given(text=st.text(alphabet="ab #$*_`[]{}()<>@\\/=-~\"'&%^+;:,.!?|0", min_size=1, max_size=60))
def test_no_sign_of_any_markup_is_lost_or_obeyed(text):
    data = recap_pdf(with_notes(RecapNote(f"x{text}x", "nb")), at=MADE)
    assert "".join(f"x{text}x".split()) in "".join(text_of(data).split())
