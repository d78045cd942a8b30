from datetime import UTC, datetime

import pytest

from sirkel.exchange.trial_poster import TRIAL_POSTER_LABELS, TrialPoster, trial_poster_pdf
from tests.exchange.unit.pdf_reading import assert_accessible, opened, tags_of, text_of

MADE = datetime(2026, 3, 4, 8, 0, tzinfo=UTC)
LABELS = {
    "call": "Vi prøver noe",
    "qr": "QR-kode som åpner utprøvingen på telefonen",
    "ask": "Hva tenker du? Pek kameraet mot ruten.",
    "promise": "Uten navn, uten app.",
}


def a_poster(**changes):
    values = {
        "circle_name": "Rolig kveld",
        "what": "Én sitter ved bord 2",
        "lines": [("Når", "Hver kveld"), ("Hvor", ""), ("Vi tror", "Det blir roligere")],
        "qr_url": "https://sirkel.example/r/7QF2M9KD31XT7QF2M9KD31/",
        "language": "nb",
        "lang": "nb",
        "labels": LABELS,
    }
    return TrialPoster(**{**values, **changes})


def test_a_poster_is_one_accessible_page_read_from_top_to_bottom():
    data = trial_poster_pdf(a_poster(), at=MADE)
    assert_accessible(data, language="nb", title="Én sitter ved bord 2")
    assert len(opened(data).pages) == 1
    text = " ".join(text_of(data).split())
    order = ["Vi prøver noe", "Én sitter ved bord 2", "Når", "Hver kveld", "Vi tror", "Det blir roligere"]
    order += ["Hva tenker du?", "Uten navn", "Rolig kveld"]
    places = [text.index(words) for words in order]
    assert places == sorted(places)
    assert "Hvor" not in text


def test_the_code_has_a_text_alternative():
    tags = tags_of(trial_poster_pdf(a_poster(), at=MADE))
    assert [alternative for tag, _, alternative in tags if tag == "/Figure"] == [LABELS["qr"]]


def test_the_longest_words_keep_it_on_one_page():
    long = "Iltavuoron työntekijä istuu pöydän kaksi ääressä koko ensimmäisen tunnin ajan ja soittokellot odottavat "
    poster = a_poster(
        what=(long * 3)[:300],
        lines=[
            (name, (long * 3)[:most])
            for name, most in zip("abcdef", (200, 200, 30, 300, 300, 300), strict=True)
        ],
        lang="fi",
        language="fi",
    )
    assert len(opened(trial_poster_pdf(poster, at=MADE)).pages) == 1


@pytest.mark.parametrize(
    "wrong",
    [{"what": " "}, {"what": "x" * 301}, {"qr_url": "javascript:1"}, {"labels": {**LABELS, "ask": ""}}],
)
def test_what_makes_no_poster_is_refused(wrong):
    assert set(LABELS) == set(TRIAL_POSTER_LABELS)
    with pytest.raises(ValueError, match=r"."):
        a_poster(**wrong)
