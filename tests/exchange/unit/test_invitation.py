from datetime import UTC, datetime

import pytest

from sirkel.exchange.invitation import (
    INVITATION_LABELS,
    Invitation,
    invitation_cards_pdf,
    invitation_poster_pdf,
)
from tests.exchange.unit.pdf_reading import assert_accessible, opened, tags_of, text_of

MADE = datetime(2026, 3, 4, 8, 0, tzinfo=UTC)
LABELS = {
    "title": "Vil du være med i en læringssirkel?",
    "qr": "QR-kode som åpner invitasjonen på telefonen",
    "ask": "Les mer, og si ja eller nei takk. Pek kameraet mot ruten.",
    "promise": "Nei takk er også et godt svar.",
    "cards": "Invitasjonskort",
}


def paper(**changes):
    values = {
        "circle_name": "Rolig kveld",
        "workplace": "Prøvetunet",
        "purpose": "Forstå hva som gjør kveldene urolige",
        "lines": ["Det er frivillig.", "6 møter på 90 minutter."],
        "qr_url": "https://sirkel.example/i/7QF2M9KD31XT7QF2M9KD31/",
        "language": "nb",
        "lang": "nb",
        "labels": LABELS,
    }
    return Invitation(**{**values, **changes})


def test_a_poster_is_one_accessible_page_read_from_top_to_bottom():
    data = invitation_poster_pdf(paper(), at=MADE)
    assert_accessible(data, language="nb", title=LABELS["title"])
    assert len(opened(data).pages) == 1
    text = " ".join(text_of(data).split())
    order = [
        "Rolig kveld",
        "Vil du være med",
        "Forstå hva",
        "frivillig",
        "6 møter",
        "Les mer",
        "Nei takk",
        "Prøvetunet",
    ]
    places = [text.index(said) for said in order]
    assert places == sorted(places)
    assert [alternative for tag, _, alternative in tags_of(data) if tag == "/Figure"] == [LABELS["qr"]]


def test_eight_cards_fill_one_accessible_page():
    data = invitation_cards_pdf(paper(), at=MADE)
    assert_accessible(data, language="nb", title=LABELS["cards"])
    assert len(opened(data).pages) == 1
    assert text_of(data).count("Rolig kveld") == 8
    assert [alternative for tag, _, alternative in tags_of(data) if tag == "/Figure"] == [LABELS["qr"]] * 8


@pytest.mark.parametrize("make", [invitation_poster_pdf, invitation_cards_pdf])
def test_the_longest_words_keep_it_on_one_page(make):
    long = "Iltavuoron työntekijä istuu pöydän kaksi ääressä koko ensimmäisen tunnin ajan ja soittokellot odottavat "
    made = paper(
        circle_name=(long * 2)[:120],
        workplace=(long * 2)[:200],
        purpose=(long * 5)[:500],
        lines=[(long * 2)[:200]] * 6,
        language="fi",
        lang="fi",
    )
    assert len(opened(make(made, at=MADE)).pages) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"lines": []},
        {"lines": ["x"] * 7},
        {"lines": ["x" * 201]},
        {"lines": [" "]},
        {"qr_url": "javascript:1"},
        {"labels": {**LABELS, "ask": ""}},
    ],
)
def test_what_makes_no_invitation_is_refused(wrong):
    assert set(LABELS) == set(INVITATION_LABELS)
    with pytest.raises(ValueError, match=r"."):
        paper(**wrong)
