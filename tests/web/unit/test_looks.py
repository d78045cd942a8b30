import pytest
from django.utils import translation

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
