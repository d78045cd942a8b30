"""docs/asvs.csv says what is so: every requirement of level 2 has its row, and every test and page it names is there."""

import csv
import re
from collections import Counter

import pytest
from bench.servers import ROOT

ROWS = list(csv.DictReader((ROOT / "docs/asvs.csv").read_text(encoding="utf-8").splitlines()))
STATES = {"done", "partly", "not applicable", "open"}
OURS = [f"SEC-{number:02}" for number in range(1, 31)]
# How many requirements of levels 1 and 2 each chapter of ASVS 5.0.0 has; together 70 + 183.
OF_LEVEL_2 = {
    1: 27, 2: 11, 3: 19, 4: 10, 5: 9, 6: 35, 7: 18, 8: 7, 9: 7,
    10: 29, 11: 14, 12: 9, 13: 13, 14: 9, 15: 13, 16: 16, 17: 7,
}  # fmt: skip


def test_every_requirement_of_level_2_has_one_row_in_its_order():
    assert list(ROWS[0]) == ["id", "title", "requirement", "status", "evidence", "note"]
    ids = [row["id"] for row in ROWS]
    assert len(ids) == len(set(ids))
    numbers = [[int(part) for part in each.rstrip("*").split(".")] for each in ids]
    assert numbers == sorted(numbers)
    assert Counter(int(each.split(".")[0]) for each in ids if not each.endswith("*")) == OF_LEVEL_2
    assert sum(OF_LEVEL_2.values()) == 253


def test_every_requirement_of_ours_has_a_row():
    assert sorted({ours for row in ROWS for ours in row["requirement"].split()}) == OURS


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_a_row_has_a_state_and_a_test_or_page_that_exists_or_says_why_not(row):
    assert re.fullmatch(r"\d+\.\d+\.\d+\*?", row["id"])
    assert row["title"]
    assert row["status"] in STATES
    path, _colons, name = row["evidence"].partition("::")
    name = name.rpartition("::")[2]
    if row["status"] == "done":
        assert name or path.startswith("docs/handbook/"), (
            "what is done is shown by a test, what is written by its page"
        )
    else:
        assert row["note"]
    if path:
        text = (ROOT / path).read_text(encoding="utf-8")
        assert not name or re.search(rf"^\s*(?:async )?def {name}\(", text, re.MULTILINE)
