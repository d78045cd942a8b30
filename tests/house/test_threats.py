"""docs/threats.csv says what is so: every row of the threat table, and tests that carry its mark."""

import ast
import csv
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROWS = list(csv.DictReader((ROOT / "docs/threats.csv").read_text(encoding="utf-8").splitlines()))
STATES = {"done", "partly", "no surface", "open"}


def row_of(decorator):
    """Return the row that ``@pytest.mark.threat(row="T8")`` names; None for any other decorator."""
    match decorator:
        case ast.Call(
            func=ast.Attribute(attr="threat"),
            keywords=[ast.keyword(arg="row", value=ast.Constant(value=str(row)))],
        ):
            return row
    return None


@cache
def marked():
    """Every marked test of the tree and the rows it carries: {"tests/….py::TestClass::test_name": {"T8"}}."""
    found = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        marks = len(re.findall(r"^ *@pytest\.mark\.threat\(", text, re.MULTILINE))
        if not marks:
            continue
        where = path.relative_to(ROOT).as_posix()
        tree = ast.parse(text)
        within = [(f"{where}::", node) for node in tree.body]
        for outer in (node for node in tree.body if isinstance(node, ast.ClassDef)):
            within += [(f"{where}::{outer.name}::", node) for node in outer.body]
        for before, node in within:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                rows = {row for row in map(row_of, node.decorator_list) if row}
                if rows:
                    found[before + node.name] = rows
        assert marks == sum(len(rows) for test, rows in found.items() if test.startswith(f"{where}::")), (
            f"{where}: a mark stands on something that is no test"
        )
    return found


def test_all_twenty_four_rows_are_there_once_and_in_order():
    assert list(ROWS[0]) == ["row", "threat", "control", "state", "tests", "note"]
    assert [row["row"] for row in ROWS] == [f"T{number}" for number in range(1, 25)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["row"])
def test_a_row_names_tests_that_exist_and_carry_its_mark(row):
    assert row["state"] in STATES
    assert row["threat"]
    tests = row["tests"].split()
    assert [test for test in tests if row["row"] not in marked().get(test, set())] == []
    if row["state"] in {"done", "partly"}:
        assert tests, "what is claimed is shown by a test"
        assert row["control"]
    if row["state"] != "done":
        assert row["note"], "what is missing is said"


def test_every_mark_stands_in_the_table():
    listed = {(row["row"], test) for row in ROWS for test in row["tests"].split()}
    assert {(row, test) for test, rows in marked().items() for row in rows} == listed
