from datetime import UTC, datetime

import pytest

from sirkel.exchange.poster import JOIN_LABELS, JoinCard, join_card_pdf
from tests.exchange.unit.pdf_reading import assert_accessible, opened, tags_of, text_of

MADE = datetime(2026, 3, 4, 8, 0, tzinfo=UTC)
LABELS = {
    "qr": "QR-kode som åpner møtet på telefonen",
    "address": "Eller åpne denne adressen på telefonen",
    "code": "og skriv koden",
    "promise": "Uten navn, uten app, uten e-post. Du kan hoppe over alt.",
}


def a_card(**changes):
    values = {
        "circle_name": "Rolig kveld",
        "title": "Bli med i møtet",
        "steps_to_join": (
            "Åpne kameraet på telefonen",
            "Pek på ruten og trykk på lenken",
            "Skriv den første lappen din",
        ),
        "code": "K7M4RT",
        "short_address": "sirkel.example/b",
        "qr_url": "https://sirkel.example/b/7QF2M9KD31XT7QF2M9KD31",
        "language": "nb",
        "labels": LABELS,
        "when": "Onsdag 4. mars kl. 13 i vaktrommet",
    }
    return JoinCard(**{**values, **changes})


def test_a_card_is_one_accessible_page_read_from_top_to_bottom():
    data = join_card_pdf(a_card(), at=MADE)
    assert_accessible(data, language="nb", title="Bli med i møtet")
    assert len(opened(data).pages) == 1
    text = " ".join(text_of(data).split())
    order = ["Rolig kveld", "Bli med i møtet", "Onsdag 4. mars", "Åpne kameraet", "Pek på", "Skriv den"]
    order += ["sirkel.example/b", "og skriv koden", "K7M 4RT", "Uten navn"]
    places = [text.index(words) for words in order]
    assert places == sorted(places)


def test_the_code_has_a_text_alternative_and_the_steps_are_a_list():
    tags = tags_of(join_card_pdf(a_card(), at=MADE))
    assert [alternative for tag, _, alternative in tags if tag == "/Figure"] == [LABELS["qr"]]
    assert [tag for tag, _, _ in tags].count("/LI") == 3


def test_long_words_keep_the_card_on_one_page():
    card = a_card(
        circle_name="Esimerkkilän hoiva- ja asumispalvelukeskuksen iltavuoron oppimispiiri " * 2,
        title="Tule mukaan oppimispiirin tapaamiseen turvallisuuskävelykäytännöistä",
        when="Keskiviikkona 4. maaliskuuta kello 13.00–14.30 " * 2,
        steps_to_join=("Avaa puhelimen kamera ja kohdista se alla olevaan ruutuun rauhassa odottaen",) * 3,
        short_address="oppimispiirit.esimerkkilan-hyvinvointialue.example/b",
        language="fi",
    )
    data = join_card_pdf(card, at=MADE)
    assert len(opened(data).pages) == 1
    assert card.short_address in "".join(text_of(data).split())


def test_the_same_card_gives_the_same_bytes_and_nothing_of_the_way_in_leaks_into_its_name():
    data = join_card_pdf(a_card(), at=MADE)
    assert data == join_card_pdf(a_card(), at=MADE)
    assert "K7M" not in opened(data).metadata.title


@pytest.mark.parametrize(("code", "shown"), [("K7M4RT", "K7M 4RT"), ("K7M 4RT", "K7M 4RT"), ("AB12", "AB12")])
def test_a_code_is_shown_in_halves(code, shown):
    assert shown in " ".join(text_of(join_card_pdf(a_card(code=code), at=MADE)).split())


@pytest.mark.parametrize(
    "wrong",
    [
        {"steps_to_join": ("én", "to")},
        {"qr_url": "javascript:alert(1)"},
        {"qr_url": "https://sirkel.example/b c"},
        {"title": " "},
        {"title": "x" * 81},
        {"steps_to_join": ("én", "to", "x" * 81)},
        {"labels": {**JOIN_LABELS, "promise": ""}},
    ],
)
def test_a_card_that_would_lead_nowhere_is_refused(wrong):
    with pytest.raises(ValueError, match=r"\S"):
        a_card(**wrong)
