"""docs/asvs.csv says what is so: every requirement of ours has its rows, and every test it names is there."""

import csv
import re

import pytest
from bench.servers import ROOT

ROWS = list(csv.DictReader((ROOT / "docs/asvs.csv").read_text(encoding="utf-8").splitlines()))
STATES = {"done", "partly", "not applicable", "open"}
OURS = [f"SEC-{number:02}" for number in range(1, 31)]


def test_every_requirement_of_ours_has_a_row_and_no_row_stands_twice():
    assert list(ROWS[0]) == ["id", "requirement", "status", "evidence", "note"]
    assert sorted({row["requirement"] for row in ROWS}) == OURS
    pairs = [(row["id"], row["requirement"]) for row in ROWS]
    assert len(pairs) == len(set(pairs))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['id']} {row['requirement']}")
def test_a_row_has_a_state_and_a_test_that_exists_or_says_why_not(row):
    assert re.fullmatch(r"\d+(\.(\d+|x)){1,2}\*?", row["id"])
    assert row["status"] in STATES
    path, _colons, name = row["evidence"].partition("::")
    if row["status"] == "done":
        assert name, "what is done is shown by one test"
    else:
        assert row["evidence"] or row["note"]
    if path:
        text = (ROOT / path).read_text(encoding="utf-8")
        assert not name or re.search(rf"^\s*(?:async )?def {name}\(", text, re.MULTILINE)
