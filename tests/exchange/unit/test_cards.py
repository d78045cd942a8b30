from datetime import UTC, datetime

import pytest

from sirkel.exchange.cards import CARD_LABELS, PaperCards, paper_cards_pdf
from tests.exchange.unit.pdf_reading import assert_accessible, opened, text_of

MADE = datetime(2026, 3, 4, 8, 0, tzinfo=UTC)
LABELS = {
    "title": "Lapper til Rolig kveld, møte 3",
    "card": "Lapp",
    "hint": "Én tanke. Ikke navn.",
    "receipt": "Kvittering",
}


def some_cards(**changes):
    values = {
        "circle_name": "Rolig kveld",
        "prompt": "Hva gjør kveldene urolige hos oss?",
        "language": "nb",
        "labels": LABELS,
    }
    return PaperCards(**{**values, **changes})


def test_a_sheet_is_one_accessible_page_with_eight_numbered_cards():
    data = paper_cards_pdf(some_cards(), at=MADE)
    assert_accessible(data, language="nb", title=LABELS["title"])
    (page,) = opened(data).pages
    text = " ".join(page.extract_text().split())
    assert [text.count(f"Lapp {n} ") for n in range(1, 10)] == [1] * 8 + [0]
    assert text.count("Hva gjør kveldene urolige hos oss?") == 8
    assert text.count("Kvittering") == 8
    assert text.count("Én tanke. Ikke navn.") == 8


def test_numbers_go_on_over_sheets():
    pages = opened(paper_cards_pdf(some_cards(first_number=97, sheets=2), at=MADE)).pages
    texts = [" ".join(page.extract_text().split()) for page in pages]
    assert len(texts) == 2
    assert "Lapp 97 " in texts[0]
    assert "Lapp 104 " in texts[0]
    assert "Lapp 105 " in texts[1]
    assert "Lapp 112 " in texts[1]


def test_the_longest_question_leaves_eight_on_a_sheet():
    prompt = ("Miten turvallisuuskävelykäytännöt toteutuivat? " * 5)[:219] + "?"
    data = paper_cards_pdf(some_cards(prompt=prompt, language="fi", circle_name="Oppimispiiri " * 9), at=MADE)
    assert len(opened(data).pages) == 1
    assert "".join(text_of(data).split()).count("Lapp8") == 1


def test_a_prompt_is_text():
    prompt = "Hva koster *det* i $? #pagebreak() [x] \\ <merke>"
    text = " ".join(text_of(paper_cards_pdf(some_cards(prompt=prompt), at=MADE)).split())
    assert text.count(prompt) == 8


@pytest.mark.parametrize(
    "wrong",
    [
        {"prompt": " "},
        {"prompt": "x" * 221},
        {"sheets": 0},
        {"sheets": 26},
        {"first_number": 0},
        {"labels": {k: v for k, v in CARD_LABELS.items() if k != "receipt"}},
    ],
)
def test_sheets_that_could_not_be_used_are_refused(wrong):
    with pytest.raises(ValueError, match=r"\S"):
        some_cards(**wrong)
