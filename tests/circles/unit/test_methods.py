"""Methods as data: complete, sound, and clear about what is wrong."""

import json
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest
import yaml

from sirkel.circles.enums import StepKind
from sirkel.circles.rules import methods as ours
from sirkel.circles.rules.method_files import read_cards, read_method, read_moments, read_words

ROOT = Path(__file__).resolve().parents[3]
LANGUAGES = {"en", "nb", "nn", "da", "sv", "fi"}


def texts(step):
    return [step.title, step.prompt, *(text for text in (step.hint, step.say) if text)]


# --- what we ship -------------------------------------------------------------------------------------


def test_kinds_are_the_ones_the_room_knows():
    assert set(ours.KINDS) == {str(kind) for kind in StepKind}


def test_every_file_that_lies_in_the_folder_is_read():
    special = {"after_meeting", "question_cards", "moments", "words", "checklist"}
    lying = {
        path.name.removesuffix(".yaml") for path in files("sirkel.circles").joinpath("methods").iterdir()
    }
    assert set(ours.methods()) == lying - special


def test_methods_come_in_the_order_of_a_series():
    order = [found.moment for found in ours.methods().values()]
    assert order == sorted(order, key=["first", "middle", "last", "any"].index)


def test_every_text_is_there_in_six_languages():
    for found in ours.methods().values():
        for text in [found.title, found.about, *(text for step in found.steps for text in texts(step))]:
            assert set(text) == LANGUAGES
            assert all(text.values())


def test_every_method_says_where_it_comes_from_and_under_which_terms():
    assert {(found.source, found.licence) for found in ours.methods().values()} == {("Sirkel", "EUPL-1.2")}


def test_steps_fill_the_time_exactly():
    for found in ours.methods().values():
        assert sum(step.minutes for step in found.steps) == found.duration_minutes, found.id


def test_a_middle_meeting_goes_from_story_to_trial():
    kinds = [step.kind for step in ours.method("meeting-90-middle").steps]
    assert kinds == [
        "talk", "look_back", "talk", "write", "group", "choose", "deepen", "decide_trial", "carry_out", "check_out",
    ]  # fmt: skip


def test_there_are_methods_for_a_whole_series_and_for_busy_days():
    assert [(found.id, found.moment, found.duration_minutes) for found in ours.methods().values()] == [
        ("meeting-90-first", "first", 90),
        ("meeting-90-middle", "middle", 90),
        ("meeting-90-last", "last", 90),
        ("closing", "last", 60),
        ("open-room", "any", 60),
        ("mini-circle-walk", "any", 30),
        ("shift-30", "any", 30),
    ]


def test_the_first_meeting_ends_in_a_theme_and_the_last_holds_expectations_against_it():
    first = {step.key: step for step in ours.method("meeting-90-first").steps}
    assert first["expectations"].settings["note_kind"] == "expectation"
    assert first["choose"].settings["makes"] == "theme"
    assert "expectations" in [step.key for step in ours.method("meeting-90-last").steps]


def test_there_are_cards_enough_and_no_question_twice():
    assert [len(ours.question_cards(group)) for group in ("check-in", "deepen", "other")] == [40, 30, 0]
    for language in LANGUAGES:
        asked = [card.text[language] for group in ours.CARD_GROUPS for card in ours.question_cards(group)]
        assert len(set(asked)) == len(asked)
    assert ours.card("resident-view").group == "deepen"
    with pytest.raises(KeyError):
        ours.card("no-such-card")


@pytest.mark.parametrize("perspective", ["resident", "colleague", "leader", "next shift", "relative"])
def test_the_cards_ask_for_every_perspective(perspective):
    assert any(perspective in card.text["en"] for card in ours.question_cards("deepen"))


def test_there_is_help_for_the_moments_that_facilitators_fear():
    assert {moment.id for moment in ours.moments()} == {
        "one-talks-all-the-time",
        "everybody-is-silent",
        "round-of-complaints",
        "solutions-too-early",
        "leader-takes-over",
        "conflict",
        "somebody-is-upset",
        "confidentiality-broken",
        "few-turned-up",
        "technology-fails",
    }


def test_the_files_travel_with_the_package():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert "methods/*.yaml" in project["tool"]["setuptools"]["package-data"]["sirkel.circles"]


def test_settings_are_whole_and_can_be_stored():
    step = next(step for step in ours.method("meeting-90-middle").steps if step.kind == "talk")
    assert dict(step.settings) == {"round": True, "listening": False, "cards": "check-in"}
    json.dumps([dict(step.settings) for found in ours.methods().values() for step in found.steps])


def test_an_unknown_method_is_a_key_error():
    with pytest.raises(KeyError):
        ours.method("meeting-of-the-waves")


def test_what_is_given_out_cannot_be_changed():
    given = ours.methods()
    given.clear()
    assert ours.methods()
    with pytest.raises(TypeError):
        ours.method("meeting-90-middle").title["en"] = "Something else"


# --- the come-back phrase -----------------------------------------------------------------------------


def test_there_are_enough_words_and_none_twice():
    assert [len(one) for one in ours.word_lists()] == [24, 48, 48]
    ids = [word_id for one in ours.word_lists() for word_id in one]
    assert len(set(ids)) == len(ids)
    for language in LANGUAGES:
        spellings = [ours.picture_name(word_id, language) for word_id in ids]
        assert len(set(spellings)) == len(spellings)
        assert all(word.isalpha() and word == word.lower() and 2 <= len(word) <= 15 for word in spellings)


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_neighbours_in_a_list_differ_in_more_than_one_letter(language):
    for one in ours.words():
        spellings = [word.text[language] for word in one]
        for place, first in enumerate(spellings):
            assert [other for other in spellings[:place] if distance(first, other) < 2] == []


def distance(first, second):
    row = list(range(len(second) + 1))
    for place, letter in enumerate(first, start=1):
        above, row = row, [place]
        for column, other in enumerate(second, start=1):
            row.append(min(row[-1] + 1, above[column] + 1, above[column - 1] + (letter != other)))
    return row[-1]


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_phrase_is_found_again_in_every_language(language):
    colours, pictures, things = ours.word_lists()
    for place in range(48):
        phrase = (colours[place % 24], pictures[place], things[-place])
        assert ours.find_phrase(" ".join(ours.words_in(phrase, language))) == phrase


@pytest.mark.parametrize(
    "typed",
    [
        "blue fox lamp",
        "Blå RÆV lampe",
        "  blå,  räv - lampa. ",
        "sininen-kettu-lamppu",
        "bla rev lampe",
        "LAMPE, REV, BLÅ",
        "bla\u030a ra\u0308v lampa",
        "blue kettu lampe",
    ],
)
def test_a_phrase_is_understood_as_people_type_it(typed):
    assert ours.find_phrase(typed) == ("blue", "fox", "lamp")


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "blue fox",
        "blue fox otter",
        "blue fox lamp lamp",
        "blue fox lamps",
        "1 2 3",
        "x" * 10_000,
        "\x00",
    ],
)
def test_what_is_no_phrase_is_none(typed):
    assert ours.find_phrase(typed) is None


def test_a_word_in_a_language_we_do_not_have_is_english():
    assert ours.picture_name("fox", "is") == "fox"
    with pytest.raises(KeyError):
        ours.picture_name("dragon", "en")


# --- broken files -------------------------------------------------------------------------------------

WORDS = dict.fromkeys(["en", "nb", "nn", "da", "sv", "fi"], "Text")


def sheet(**changes):
    steps = [
        {"key": "write", "kind": "write", "minutes": 10, "title": WORDS, "prompt": WORDS},
        {
            "key": "group",
            "kind": "group",
            "minutes": 5,
            "title": WORDS,
            "prompt": WORDS,
            "settings": {"source": "write"},
        },
    ]
    return {
        "id": "ours",
        "version": "1",
        "title": WORDS,
        "about": WORDS,
        "moment": "any",
        "duration_minutes": 15,
        "steps": steps,
    } | changes


def with_step(place, **changes):
    made = sheet()
    made["steps"][place] = made["steps"][place] | changes
    return made


def without(raw, name):
    return {key: value for key, value in raw.items() if key != name}


def written(tmp_path, raw, name="ours.yaml"):
    path = tmp_path / name
    path.write_text(raw if isinstance(raw, str) else yaml.safe_dump(raw), encoding="utf-8")
    return path


def test_the_sheet_that_the_broken_ones_are_made_of_is_sound(tmp_path):
    found = read_method(written(tmp_path, sheet()))
    assert [step.key for step in found.steps] == ["write", "group"]
    assert dict(found.steps[0].settings)["max_length"] == 200
    assert dict(found.steps[0].hint) == {}
    assert (found.source, found.licence) == ("", ""), "a network's own sheet need not say it"


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        (without(sheet(), "about"), "ours.yaml: file.about: is missing"),
        (sheet(id="theirs"), "ours.yaml: id: 'theirs' must be the file's name, 'ours'"),
        (
            sheet(id="Our sheet"),
            "ours.yaml: id: 'Our sheet' must be small letters, digits and single hyphens",
        ),
        (sheet(version=1), 'ours.yaml: version: must be a text in quotes, like "1"'),
        (sheet(source=7), "ours.yaml: source: must be a text of at most 120 characters"),
        (sheet(licence="x" * 121), "ours.yaml: licence: must be a text of at most 120 characters"),
        (sheet(title=without(WORDS, "fi")), "ours.yaml: title.fi: is missing"),
        (sheet(title=WORDS | {"no": "Text"}), "ours.yaml: title.no: is not known here"),
        (sheet(title="Text"), "ours.yaml: title: must be a map"),
        (sheet(about=WORDS | {"sv": " "}), "ours.yaml: about.sv: must be a text that is not empty"),
        (sheet(about=WORDS | {"sv": 7}), "ours.yaml: about.sv: must be a text that is not empty"),
        (sheet(title=WORDS | {"da": "x" * 61}), "ours.yaml: title.da: has 61 characters, at most 60 fit"),
        (sheet(moment="later"), "ours.yaml: moment: 'later' must be one of first, middle, last, any"),
        (sheet(duration_minutes=20), "ours.yaml: duration_minutes: is 20, but the steps last 15 minutes"),
        (sheet(duration_minutes=5), "ours.yaml: duration_minutes: 5 must be a whole number from 10 to 480"),
        (sheet(steps=[]), "ours.yaml: steps: must be a list with at least one entry"),
        (without(sheet(), "steps"), "ours.yaml: file.steps: is missing"),
        (with_step(1, key="write"), "ours.yaml: steps[#2].key: 'write' stands twice"),
        (
            with_step(0, kind="dance"),
            f"ours.yaml: steps[write].kind: 'dance' must be one of {', '.join(ours.KINDS)}",
        ),
        (
            with_step(0, minutes="ten"),
            "ours.yaml: steps[write].minutes: 'ten' must be a whole number from 1 to 240",
        ),
        (
            with_step(0, minutes=True),
            "ours.yaml: steps[write].minutes: True must be a whole number from 1 to 240",
        ),
        (with_step(0, prompt=without(WORDS, "nn")), "ours.yaml: steps[write].prompt.nn: is missing"),
        (with_step(0, colour="red"), "ours.yaml: steps[#1].colour: is not known here"),
        (
            with_step(0, settings={"hidden": "yes"}),
            "ours.yaml: steps[write].settings.hidden: 'yes' must be true or false",
        ),
        (
            with_step(0, settings={"max_length": 501}),
            "ours.yaml: steps[write].settings.max_length: 501 must be a whole number from 20 to 500",
        ),
        (
            with_step(0, settings={"signing": "named"}),
            "ours.yaml: steps[write].settings.signing: 'named' must be one of unsigned, choice",
        ),
        (with_step(0, settings={"dots": 3}), "ours.yaml: steps[write].settings.dots: is not known here"),
        (with_step(1, settings={}), "ours.yaml: steps[group].settings.source: is missing"),
        (
            with_step(1, settings={"source": "group"}),
            "ours.yaml: steps[group].settings.source: 'group' is not an earlier step of kind write",
        ),
        (
            with_step(1, settings={"source": ["write"]}),
            "ours.yaml: steps[group].settings.source: ['write'] is not an earlier step of kind write",
        ),
        (
            with_step(1, kind="choose", settings={"source": "later"}),
            "ours.yaml: steps[group].settings.source: 'later' is not an earlier step of kind write or group",
        ),
        ("id: ours\nid: ours\n", "ours.yaml: line 2: 'id' stands twice"),
        ("- just\n- a list\n", "ours.yaml: file: must be a map"),
        ("", "ours.yaml: file: must be a map"),
        ("title: {en: [", "ours.yaml: line 1: expected the node content, but found '<stream end>'"),
        ("id: !!python/name:os.system\n", "ours.yaml: line 1: could not determine a constructor"),
    ],
)
def test_a_broken_sheet_says_where_and_what(tmp_path, raw, line):
    with pytest.raises(ours.MethodFault) as caught:
        read_method(written(tmp_path, raw))
    assert any(found.startswith(line) for found in caught.value.lines), caught.value.lines


def test_one_fault_makes_one_line(tmp_path):
    with pytest.raises(ours.MethodFault) as caught:
        read_method(written(tmp_path, with_step(0, prompt=without(WORDS, "nn"))))
    assert caught.value.lines == ("ours.yaml: steps[write].prompt.nn: is missing",)


def test_the_faults_of_all_files_come_together(tmp_path):
    written(tmp_path, sheet(moment="later"))
    written(tmp_path, sheet(), name="other.yaml")
    with pytest.raises(ours.MethodFault) as caught:
        ours.read_folder(tmp_path)
    assert [line.split(":")[0] for line in caught.value.lines] == ["other.yaml", "ours.yaml"]


CARD = {"id": "one", "group": "deepen", "text": WORDS}
HELP = {"id": "one", "title": WORDS, "advice": WORDS, "say": WORDS}


@pytest.mark.parametrize(
    ("read", "raw", "line"),
    [
        (read_cards, [CARD, CARD], "ours.yaml: [#2].id: 'one' stands twice"),
        (
            read_cards,
            [CARD | {"group": "sing"}],
            "ours.yaml: [one].group: 'sing' must be one of check-in, deepen",
        ),
        (read_cards, [CARD | {"text": without(WORDS, "da")}], "ours.yaml: [one].text.da: is missing"),
        (read_cards, {"one": CARD}, "ours.yaml: file: must be a list with at least one entry"),
        (read_moments, [without(HELP, "say")], "ours.yaml: [#1].say: is missing"),
        (read_moments, [HELP | {"say": without(WORDS, "fi")}], "ours.yaml: [one].say.fi: is missing"),
    ],
)
def test_a_broken_list_says_where_and_what(tmp_path, read, raw, line):
    with pytest.raises(ours.MethodFault) as caught:
        read(written(tmp_path, raw))
    assert caught.value.lines == (line,)


def word(word_id, **changes):
    return {"id": word_id} | {language: f"{word_id}{language}" for language in LANGUAGES} | changes


def three(**changes):
    return {"colours": [word("blue")], "pictures": [word("fox")], "things": [word("lamp")]} | changes


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        (without(three(), "things"), "ours.yaml: file.things: is missing"),
        (three(things=[without(word("lamp"), "nn")]), "ours.yaml: things[#1].nn: is missing"),
        (three(things=[word("fox")]), "ours.yaml: things[#1].id: 'fox' stands twice"),
        (three(things=[word("lamp", sv="två ord")]), "ours.yaml: things[lamp].sv: 'två ord' must be one word of letters only"),
        (three(things=[word("lamp", sv="FOXNB")]), "ours.yaml: things[lamp].sv: 'FOXNB' already means 'fox'"),
    ],
)  # fmt: skip
def test_a_broken_word_list_says_where_and_what(tmp_path, raw, line):
    with pytest.raises(ours.MethodFault) as caught:
        read_words(written(tmp_path, raw))
    assert line in caught.value.lines
