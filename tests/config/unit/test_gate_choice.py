"""Which tests run on which database: everything somewhere, each of the long ones at night at the latest."""

import itertools

import pytest
from _pytest.mark.expression import Expression

from sirkel.config.cli.gate import _chosen

EVERYTHING = frozenset({"browser", "postgres", "r", "nginx"})
MARKERS = ("browser", "postgres", "r", "nginx", "pure", "pages", "nightly")
# No test asks for a PostgreSQL server and is left out on it at the same time.
NEVER = ({"postgres", "browser"}, {"postgres", "r"}, {"postgres", "pure"})
EVERY_TEST = [
    set(marks)
    for n in range(4)
    for marks in itertools.combinations(MARKERS, n)
    if not any(set(marks) >= both for both in NEVER)
]


def runs(chosen, marks, database):
    return Expression.compile(chosen[database]).evaluate(lambda name, **_more: name in marks)


def runs_somewhere(chosen, marks):
    return any(runs(chosen, marks, database) for database in ("SQLite", "PostgreSQL"))


@pytest.mark.parametrize("marks", EVERY_TEST, ids=lambda marks: "-".join(sorted(marks)) or "plain")
def test_at_night_every_test_runs_somewhere_and_by_day_all_but_the_nightly_ones(marks):
    assert runs_somewhere(_chosen(EVERYTHING, is_all=True, is_nightly=True), marks)
    by_day = _chosen(EVERYTHING, is_all=True, is_nightly=False)
    is_left = "nightly" in marks or marks >= {"postgres", "pages"}
    assert runs_somewhere(by_day, marks) == (not is_left)


@pytest.mark.parametrize("suite", ["browser", "r", "nginx"])
def test_a_suite_that_the_machine_cannot_run_is_left_out(suite):
    chosen = _chosen(EVERYTHING - {suite}, is_all=False, is_nightly=False)
    assert not runs(chosen, {suite}, "SQLite")
    assert runs(chosen, set(), "SQLite")
    assert runs(_chosen(EVERYTHING, is_all=False, is_nightly=False), {suite}, "SQLite")


def test_without_all_postgresql_runs_what_asks_for_it_and_with_it_whatever_touches_a_table():
    short, whole = (_chosen(EVERYTHING, is_all=is_all, is_nightly=False) for is_all in (False, True))
    assert runs(short, {"postgres"}, "PostgreSQL")
    assert not runs(short, set(), "PostgreSQL")
    assert runs(whole, set(), "PostgreSQL")
    assert not runs(whole, {"pure"}, "PostgreSQL")
    assert not runs(whole, {"pages"}, "PostgreSQL")
