"""Instruments: the shipped one in six languages, what an instrument says of itself, and XLSForms good and bad."""

import io
import zipfile

import openpyxl
import pytest
import yaml

from sirkel.evidence import analyse as command
from sirkel.evidence.instruments import SHIPPED, InstrumentError, load, read
from sirkel.evidence.metadata import answers_of, languages_of, texts_of

LANGUAGES = ("en", "nb", "nn", "da", "sv", "fi")
SURVEY = [
    ["type", "name", "label::English (en)", "label::Norsk (nb)", "reverse", "missing"],
    ["text", "thoughts", "Anything else?", "Noe mer?"],
    ["begin_group", "safety", "Safety", "Trygghet", None, 2],
    ["select_one agree", "q1", "I can speak", "Jeg kan si ifra"],
    ["select_one agree", "q2", "I keep quiet", "Jeg tier", "yes"],
    ["end_group"],
    ["begin group", "about"],
    ["select_one role", "role", "Who are you?", "Hvem er du?"],
    ["range", "pain", "How much?", "Hvor mye?"],
    ["end group"],
]
SURVEY[8] += [None, None, "start=0 end=10 step=1"]
SURVEY[0].append("parameters")
CHOICES = [
    ["list_name", "name", "label::English (en)", "label::Norsk (nb)", "missing"],
    ["agree", 1, "No", "Nei"],
    ["agree", 2, "So-so", "Så som så"],
    ["agree", 3, "Yes", "Ja"],
    ["agree", 9, "Does not concern me", "Gjelder ikke meg", "yes"],
    ["role", "leader", "Leader", "Leder"],
    ["role", "employee", "Employee", "Ansatt"],
]
SETTINGS = [["form_title", "form_id", "version", "default_language"], ["My form", "mine", "2024-1", "en"]]


def workbook(path, survey=SURVEY, choices=CHOICES, settings=SETTINGS):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in (("survey", survey), ("choices", choices), ("settings", settings)):
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def changed(rows, row, column, value):
    rows = [list(one) + [None] * (len(rows[0]) - len(one)) for one in rows]
    rows[row][column] = value
    return rows


class TestShipped:
    def test_the_core_has_twelve_items_in_six_languages_and_says_that_it_is_not_validated(self):
        core = load(SHIPPED["sirkel-core"])
        assert len(core.items) == 12
        assert languages_of(core.about) == LANGUAGES
        assert core.is_validated is False
        assert core.about["licence"] == "CC0-1.0"
        assert set(core.about["note"]) == set(core.about["title"]) == set(LANGUAGES)
        for item in core.items:
            assert set(texts_of(core.about, item)) == set(LANGUAGES)
            answers = answers_of(core.about, item)
            assert list(answers) == [1, 2, 3, 4, 5]
            assert all(set(label) == set(LANGUAGES) for label in answers.values())
        assert all(set(scale.title) == set(LANGUAGES) for scale in core.scales)

    def test_no_two_items_read_the_same_in_a_language_and_no_language_copies_another(self):
        core = load(SHIPPED["sirkel-core"])
        for language in LANGUAGES:
            texts = [texts_of(core.about, item)[language] for item in core.items]
            assert len(set(texts)) == len(texts)
        for item in core.items:
            texts = texts_of(core.about, item)
            assert len(set(texts.values())) == len(LANGUAGES)

    def test_its_results_say_that_it_is_not_validated(self, tmp_path):
        items = load(SHIPPED["sirkel-core"]).items
        rows = "\n".join(",".join(str(1 + (row + at) % 5) for at in range(12)) for row in range(40))
        (tmp_path / "sheets.csv").write_text(",".join(items) + "\n" + rows + "\n")
        words = [str(tmp_path / "sheets.csv"), "--instrument", "sirkel-core", "--out", str(tmp_path / "out")]
        assert command.main(words) == 0
        told = yaml.safe_load((tmp_path / "out" / "results.json").read_text())["instrument"]
        assert told["validated"] is False
        assert "not yet validated" in told["note"]


class TestForm:
    def test_groups_answered_with_numbers_become_scales(self, tmp_path):
        found = load(workbook(tmp_path / "form.xlsx"))
        assert (found.id, found.version) == ("mine", "2024-1")
        safety, about = found.scales
        assert (safety.id, safety.items, safety.reverse) == ("safety", ("q1", "q2"), {"q2"})
        assert (safety.minimum, safety.maximum, safety.missing) == (1, 3, 2)
        assert safety.title == {"en": "Safety", "nb": "Trygghet"}
        assert (about.items, about.minimum, about.maximum) == (("pain",), 0, 10)
        assert found.missing_codes == {9}
        assert texts_of(found.about, "q1") == {"en": "I can speak", "nb": "Jeg kan si ifra"}
        assert answers_of(found.about, "q1")[9] == {"en": "Does not concern me", "nb": "Gjelder ikke meg"}

    @pytest.mark.parametrize(
        ("parts", "line"),
        [
            (
                {"survey": changed(SURVEY, 3, 0, "select_one agre")},
                "sheet survey, row 4: there is no list agre",
            ),
            ({"survey": changed(SURVEY, 4, 1, None)}, "sheet survey, row 5: the question has no name"),
            ({"survey": changed(SURVEY, 4, 1, "q1")}, "sheet survey, row 5: the name q1 stands twice"),
            ({"survey": changed(SURVEY, 2, 5, 3)}, "sheet survey, row 3: missing: 3 is not half"),
            ({"survey": changed(SURVEY, 8, 6, "start=a")}, "sheet survey, row 9: range needs parameters"),
            ({"survey": SURVEY[:5]}, "sheet survey, row 3: group safety never ends"),
            ({"survey": [SURVEY[0], SURVEY[5]]}, "sheet survey, row 2: a group ends that never began"),
            ({"survey": SURVEY[:2]}, "no group holds a question"),
            ({"survey": changed(SURVEY, 4, 0, "range")}, "sheet survey, row 5: range needs"),
            ({"survey": changed(SURVEY, 3, 2, "=1+1")}, "sheet survey, row 4: holds a formula"),
            ({"choices": changed(CHOICES, 2, 1, "two")}, "sheet choices, row 3: list agree holds 'two'"),
            ({"choices": changed(CHOICES, 2, 1, 1)}, "sheet choices, row 3: list agree holds 1 twice"),
            (
                {"choices": changed(CHOICES, 2, 0, None)},
                "sheet choices, row 3: the choice belongs to no list",
            ),
            (
                {"survey": [SURVEY[0], *[[None, None]] * 10_001, ["text"]]},
                "sheet survey has more than 10000 rows",
            ),
        ],
    )
    def test_what_is_wrong_is_said_by_sheet_and_row(self, tmp_path, parts, line):
        with pytest.raises(InstrumentError) as refused:
            load(workbook(tmp_path / "form.xlsx", **parts))
        assert line in str(refused.value)
        assert "\n" not in str(refused.value)

    def hostile(self, path, kind):
        if kind == "nothing":
            path.write_bytes(bytes(10_000_001))
        elif kind == "zeros":
            path.write_bytes(bytes(9_000_000))
        elif kind == "bomb":
            workbook(path)
            with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as packed:
                packed.writestr("xl/worksheets/sheet9.xml", bytes(60_000_000))
        elif kind == "lie":  # a valid archive that is no workbook
            with zipfile.ZipFile(path, "w") as packed:
                packed.writestr("[Content_Types].xml", "<x")
        elif kind == "entities":
            workbook(path)
            bomb = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>'
            whole = io.BytesIO(path.read_bytes())
            with zipfile.ZipFile(whole) as old, zipfile.ZipFile(path, "w") as new:
                for name in old.namelist():
                    new.writestr(name, bomb if name == "xl/worksheets/sheet1.xml" else old.read(name))

    @pytest.mark.parametrize(
        ("kind", "line"),
        [
            ("nothing", "larger than any form"),
            ("zeros", "cannot be read as an .xlsx workbook"),
            ("bomb", "unpacks to more than 50 MB"),
            ("lie", "cannot be read as an .xlsx workbook"),
            ("entities", "form.xlsx: "),
        ],
    )
    def test_a_hostile_workbook_is_one_line_and_exit_2(self, tmp_path, capsys, kind, line):
        self.hostile(tmp_path / "form.xlsx", kind)
        (tmp_path / "sheets.csv").write_text("q1\n1\n")
        words = [str(tmp_path / "sheets.csv"), "--instrument", str(tmp_path / "form.xlsx")]
        assert command.main([*words, "--out", str(tmp_path / "out")]) == 2
        said = capsys.readouterr().err
        assert line in said
        assert said.count("\n") == 1
        assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("more", "line"),
    [
        ({"validated": "perhaps"}, "validated: 'perhaps' is neither yes nor no"),
        ({"licence": 4}, "licence: is neither a text"),
        ({"items": {"Q9": "Hm?"}}, "items.Q9: is in no scale"),
        ({"items": {"Q1": {"responses": "agree"}}}, "there is no response set agree"),
        ({"response_sets": {"agree": {"one": "No"}}}, "'one' is not a number"),
        ({"response_sets": {"agree": {1: ""}}}, "response_sets.agree.1: has no label"),
    ],
)
def test_what_an_instrument_says_of_itself_is_checked(more, line):
    data = {"id": "a", "scales": [{"id": "A", "items": ["Q1"], "min": 1, "max": 5}]}
    assert read(data).is_validated
    with pytest.raises(InstrumentError) as refused:
        read(data | more)
    assert line in str(refused.value)
