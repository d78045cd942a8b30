import pytest
from django.utils import translation
from django.utils.html import format_html

from sirkel.web.templatetags import looks


@pytest.mark.parametrize(
    ("code", "name"),
    [("nb", "norsk bokmål"), ("fi", "suomi"), ("sv-AX", "svenska"), ("se", "davvisámegiella"), ("xx", "xx")],
)
def test_a_language_is_called_what_its_speakers_call_it(code, name):
    assert looks.lang_name(code) == name


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(1, "1 minute"), (8, "8 minutes"), (60, "1 hour"), (90, "1 hour 30 minutes"), (121, "2 hours 1 minute")],
)
def test_a_length_of_time_in_words(minutes, words):
    with translation.override("en"):
        assert looks.duration(minutes) == words


def test_numbers_in_drawings_have_a_point_in_every_language():
    with translation.override("nb"):
        assert looks.share_left(1, 3) == "33.3"


def test_a_marked_up_name_of_a_field_is_plain_where_it_stands_before_what_is_wrong():
    """It comes from what people wrote, and is escaped again where it is shown."""
    label = format_html('<span lang="{}">{}</span>', "nb", "Kaffe & <b>ro</b>")
    assert looks.before_reason(label) == "Kaffe & <b>ro</b>:"
    assert not hasattr(looks.before_reason(label), "__html__")
    assert looks.before_reason("<b>Hvem?") == "<b>Hvem?"
