from xml.sax.saxutils import escape

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st

from sirkel.exchange.text import clean_line, clean_text


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("  Uro\tkl. 16\r\nog 18\r", "Uro kl. 16\nog 18"),
        ("a\n\n\n\nb", "a\n\nb"),
        ("a\x00b\x1bc\ud800d\ufffe", "abcd"),
        ("paha \u202egnol", "paha gnol"),
        ("čđŋšŧžá é é", "čđŋšŧžá é é"),
        (
            "\U0001f642\u200d \u200f\u05e9\u05dc\u05d5\u05dd",
            "\U0001f642\u200d \u200f\u05e9\u05dc\u05d5\u05dd",
        ),
        ("", ""),
    ],
)
def test_text_loses_only_what_no_document_holds(written, kept):
    assert clean_text(written) == kept


def test_one_line_is_one_line():
    assert clean_line("a \n b\u2029c\x0bd\xa0e") == "a b c d e"


@given(st.text(alphabet=st.characters(), max_size=200))
def test_clean_text_fits_any_xml_and_cleaning_twice_changes_nothing(text):
    once = clean_text(text)
    assert (fromstring(f"<t>{escape(once)}</t>").text or "") == once
    assert clean_text(once) == once
    assert len(clean_line(text).splitlines()) <= 1
