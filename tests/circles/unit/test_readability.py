"""Texts that people read on shift are short and plain, in their own language."""

import re

import pytest

from sirkel.circles.rules import methods as ours
from sirkel.circles.rules.readability import lix, sentences_of, words_of

MEASURED = ["nb", "nn", "da", "sv"]
LANGUAGES = ["en", *MEASURED, "fi"]
LIGHT = 40

# Words that give away a text in the neighbouring language.
STRANGE = {
    "nb": {"ikkje", "kva", "kven", "korleis", "eg", "frå", "nokon", "noko", "hvad", "af", "dig", "mig", "efter",
           "nogen", "noget", "och", "inte", "vad"},
    "nn": {"ikke", "hva", "hvem", "hvor", "hvordan", "hvorfor", "jeg", "fra", "nå", "noe", "noen", "hvis", "dere", "være",
           "mye", "en", "et", "siden", "gjør", "sammen", "bare", "også", "hvilken", "hvilke", "hvilket"},
    "da": {"hva", "av", "deg", "meg", "noe", "noen", "etter", "nå", "ut", "ennå", "fram", "uten", "och", "inte",
           "dere"},
    "sv": {"ikke", "hva", "hvad", "og", "jeg", "noe", "noget", "ikkje", "hvem"},
    "en": {"og", "och", "ja", "ikke"},
    "fi": {"og", "och", "ikke", "inte", "the"},
}  # fmt: skip


def step_texts(names, language):
    return {
        f"{found.id} {step.key}": " ".join(getattr(step, name).get(language, "") for name in names)
        for found in ours.methods().values()
        for step in found.steps
    }


def everything(language):
    for found in ours.methods().values():
        yield found.id, found.title[language]
        yield found.id, found.about[language]
        for step in found.steps:
            for name in ("title", "prompt", "hint", "say"):
                yield f"{found.id} {step.key} {name}", getattr(step, name).get(language, "")
    for group in ours.CARD_GROUPS:
        for card in ours.question_cards(group):
            yield card.id, card.text[language]
    for moment in ours.moments():
        for name in ("title", "advice", "say"):
            yield f"{moment.id} {name}", getattr(moment, name)[language]


# --- the measure --------------------------------------------------------------------------------------


def test_lix_is_words_per_sentence_and_the_share_of_long_words():
    # 8 words in 2 sentences, 2 of them ("arbeidsplassen", "fortellinger") longer than six letters.
    assert lix("Vi hører på fortellinger. Dette er arbeidsplassen vår.") == 8 / 2 + 100 * 2 / 8


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", 0), ("…!", 0), ("kort", 1), ("sekser", 1), ("syvende", 101), ("Ja. Nei", 1), ("Ett, to, tre", 3)],
)
def test_lix_at_its_edges(text, expected):
    assert lix(text) == expected


def test_words_and_sentences():
    assert words_of("Én-til-én, kl. 10.30: «hei»!") == ["Én-til-én", "kl", "10.30", "hei"]
    assert sentences_of("Hva nå? «Ikke gjort ennå.» Vi venter …") == [
        "Hva nå",
        "«Ikke gjort ennå",
        "Vi venter",
    ]


# --- what people see ----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", MEASURED)
def test_what_a_participant_reads_in_a_step_is_light(language):
    texts = step_texts(("prompt", "hint"), language)
    assert {where: round(lix(text)) for where, text in texts.items() if lix(text) >= LIGHT} == {}


@pytest.mark.parametrize("language", MEASURED)
def test_what_a_facilitator_says_in_a_step_is_light(language):
    texts = step_texts(("say",), language)
    assert {where: round(lix(text)) for where, text in texts.items() if lix(text) >= LIGHT} == {}


@pytest.mark.parametrize("language", MEASURED)
def test_help_in_the_moment_is_light(language):
    texts = {moment.id: f"{moment.advice[language]} {moment.say[language]}" for moment in ours.moments()}
    assert {where: round(lix(text)) for where, text in texts.items() if lix(text) >= LIGHT} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_are_short(language):
    prompts = [
        sentence
        for text in step_texts(("prompt",), language).values()
        for sentence in sentences_of(text)
        if len(words_of(sentence)) > 12
    ]
    assert prompts == []
    spoken = [sentence for _, text in everything(language) for sentence in sentences_of(text)]
    assert sum(len(words_of(sentence)) for sentence in spoken) / len(spoken) <= 14
    assert [sentence for sentence in spoken if len(words_of(sentence)) > 20] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_titles_are_one_to_three_words(language):
    long = {
        where: title
        for where, title in step_texts(("title",), language).items()
        if not 1 <= len(words_of(title)) <= 3
    }
    assert long == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_facilitator_gets_little_to_say(language):
    for where, text in step_texts(("say",), language).items():
        assert 1 <= len(sentences_of(text)) <= 4, where
    for moment in ours.moments():
        assert 2 <= len(sentences_of(moment.advice[language])) <= 4, moment.id
        assert len(sentences_of(moment.say[language])) == 1, moment.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_in_the_neighbours_language(language):
    found = [
        (where, word)
        for where, text in everything(language)
        for word in re.findall(r"\w+", text.lower())
        if word in STRANGE[language]
    ]
    assert found == []


def test_bokmal_and_nynorsk_are_two_languages():
    pairs = list(zip(everything("nb"), everything("nn"), strict=True))
    same = [text for (_, text), (_, other) in pairs if text == other and len(words_of(text)) > 3]
    assert len(same) <= len(pairs) / 20, same


@pytest.mark.parametrize("language", ["nb", "nn", "da", "sv", "fi"])
def test_every_language_quotes_in_its_own_way(language):
    own = {"nb": "«»", "nn": "«»", "da": "»«", "sv": "””", "fi": "””"}[language]
    for where, text in everything(language):
        marks = re.findall(r'[«»“”„"]', text)
        assert "".join(marks) == own * (len(marks) // 2), (where, text)
