"""The requirements on privacy (PD-) and security (SEC-): each that is claimed has a test that carries its id.

docs/privacy.csv tells of the first, docs/asvs.csv of the second; a test carries ``@pytest.mark.requirement("PD-05")``.
"""

import ast
import csv
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRIVACY = list(csv.DictReader((ROOT / "docs/privacy.csv").read_text(encoding="utf-8").splitlines()))
SECURITY = list(csv.DictReader((ROOT / "docs/asvs.csv").read_text(encoding="utf-8").splitlines()))
MARK = re.compile(r"^ *@pytest\.mark\.requirement\(", re.MULTILINE)


def ids_of(decorator):
    """Return the ids that ``@pytest.mark.requirement("PD-05", …)`` names; none for any other decorator."""
    match decorator:
        case ast.Call(func=ast.Attribute(attr="requirement"), args=args):
            return {arg.value for arg in args if isinstance(arg, ast.Constant)}
    return set()


@cache
def carried():
    """Every id with the tests that carry it, as {("PD-05", "tests/….py", "test_name")}."""
    found = set()
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        if not MARK.search(text):
            continue
        where = path.relative_to(ROOT).as_posix()
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                for one in set().union(*map(ids_of, node.decorator_list)):
                    assert node.name.startswith("test_"), f"{where}: {node.name} is no test"
                    found.add((one, where, node.name))
    return found


def named():
    """Every id with the tests that the two tables name for it, in the same form."""
    tests = [(row["id"], test) for row in PRIVACY for test in row["tests"].split()]
    tests += [
        (one, row["evidence"])
        for row in SECURITY
        for one in row["requirement"].split()
        if "::" in row["evidence"]
    ]
    return {(one, test.partition("::")[0], test.rpartition("::")[2]) for one, test in tests}


def test_all_thirty_of_privacy_are_there_once_and_in_order():
    assert list(PRIVACY[0]) == ["id", "requirement", "state", "tests", "note"]
    assert [row["id"] for row in PRIVACY] == [f"PD-{number:02}" for number in range(1, 31)]


@pytest.mark.parametrize("row", PRIVACY, ids=lambda row: row["id"])
def test_what_is_claimed_is_shown_and_what_is_missing_is_said(row):
    assert row["state"] in {"done", "partly", "no surface"}
    assert bool(row["tests"]) == (row["state"] != "no surface")
    if row["state"] != "done":
        assert row["note"]


def test_what_the_tables_name_carries_its_id_and_nothing_else_does():
    assert sorted(named() - carried()) == []
    assert sorted(carried() - named()) == []


def test_every_requirement_on_security_has_a_test():
    shown = {one for one, _where, _name in named()}
    assert sorted({f"SEC-{number:02}" for number in range(1, 31)} - shown) == []
