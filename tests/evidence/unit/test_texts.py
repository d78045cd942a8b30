"""The words of reports: every key in all six languages, every reason with its words."""

import re

import pytest

from sirkel.evidence.disclosure.protect import WHY
from sirkel.evidence.honesty import Note
from sirkel.evidence.texts import LANGUAGES, TOPICS, text, texts, why_of
from sirkel.evidence.why import SENTENCES, Why

PLACES = re.compile(r"\{\w*\}")


@pytest.mark.parametrize("topic", TOPICS)
def test_no_key_lacks_a_language_and_all_fill_in_the_same(topic):
    for key, said in texts(topic).items():
        assert set(said) == set(LANGUAGES), key
        assert all(line.strip() == line and line for line in said.values()), key
        assert len({tuple(sorted(PLACES.findall(line))) for line in said.values()}) == 1, key


def test_every_reason_and_note_has_its_words_and_english_is_the_one_in_the_results():
    assert set(texts("why")) == {why.value for why in Why}
    assert {why.value: text("en", "why", why.value) for why in Why} == {
        why.value: sentence for why, sentence in SENTENCES.items()
    }
    assert set(texts("notes")) == {note.value for note in Note}
    assert set(texts("hidden")) == set(WHY)


def test_sentences_differ_between_languages():
    for topic in ("why", "notes", "hidden"):
        for key, said in texts(topic).items():
            assert len({said[one] for one in ("nb", "da", "sv", "fi", "en")}) >= 5, (topic, key)


def test_sentences_are_short_enough_to_be_read():
    for topic in TOPICS:
        for key, said in texts(topic).items():
            for line in said.values():
                longest = max(len(part.split()) for part in re.split(r"[.:;]\s", line))
                assert longest <= 24, (topic, key, line)


@pytest.mark.parametrize("topic", TOPICS)
def test_no_report_speaks_of_effects_stars_or_ranks(topic):
    for key, said in texts(topic).items():
        assert not re.search(
            r"\beffects?\b|\beffekt|vaikutus|significan|signifikan|\*", " ".join(said.values()), re.IGNORECASE
        ), key


class TestWhyOf:
    def test_one_sentence_stands_for_all_that_is_missing(self):
        assert why_of({"why": SENTENCES[Why.FEW]}, "p", "nb") == "Det er for få svar til dette tallet."

    def test_several_sentences_stand_each_for_their_own(self):
        both = f"d_z, p: {SENTENCES[Why.TOO_FEW_FOR_P]} ci95: {SENTENCES[Why.NO_CHANGE]}"
        assert why_of({"why": both}, "p", "fi") == text("fi", "why", "too_few_for_p")
        assert why_of({"why": both}, "d_z", "fi") == text("fi", "why", "too_few_for_p")
        assert why_of({"why": both}, "ci95", "fi") == text("fi", "why", "no_change")

    def test_nothing_missing_says_nothing(self):
        assert why_of({}, "p", "nb") == ""
