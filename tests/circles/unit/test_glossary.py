"""The glossary is whole, and the methods use its words."""

from pathlib import Path

import pytest

from sirkel.circles.rules import methods as ours

ROOT = Path(__file__).resolve().parents[3]
COLUMNS = ["en", "nb", "nn", "da", "sv", "fi"]


def rows():
    lines = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines()
    for line in lines:
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| **"):
            yield cells


def test_every_row_has_a_word_in_every_language():
    found = list(rows())
    assert len(found) > 60
    assert [cells for cells in found if len(cells) != len(COLUMNS) or not all(cells)] == []


def test_no_thing_has_two_rows():
    words = [cells[0].split("**")[1] for cells in rows()]
    assert sorted({word for word in words if words.count(word) > 1}) == []


@pytest.mark.parametrize(
    ("key", "word"),
    [
        ("check-in", "check-in"),
        ("look-back", "look back"),
        ("share", "share"),
        ("write", "write"),
        ("group", "group"),
        ("choose", "choose"),
        ("deepen", "deepen"),
        ("decide-trial", "decide a trial"),
        ("carry-out", "carry out"),
        ("check-out", "check-out"),
    ],
)
def test_a_step_is_called_what_the_glossary_calls_it(key, word):
    row = next(cells for cells in rows() if cells[0].startswith(f"**{word}**"))
    step = next(step for step in ours.method("meeting-90-middle").steps if step.key == key)
    assert [step.title[language].lower() for language in COLUMNS[1:]] == row[1:]
