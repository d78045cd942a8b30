"""Each rule of release switched off, one at a time: an attack must find something, or the rule guards nothing."""

import pytest

from sirkel.evidence.disclosure import Scale, Thresholds, protect, read_request
from sirkel.evidence.disclosure.thresholds import Rule
from tests.attack import disclosure


def ward(unit, answers, *, role="employee", start=0, **more):
    return [
        {"id": f"{unit}/{role}{start + n}", "unit": unit, "role": role, "waves": {"1": answer}, **more}
        for n, answer in enumerate(answers)
    ]


def spread(many, seed=0):
    return [round(1.4 + ((7 * n + 3 * seed) % 10) * 0.35, 2) for n in range(many)]


def asked(people, *cells, **scale):
    units = {"": {"parent": None}, **{person["unit"]: {"parent": ""} for person in people}}
    return {
        "units": units,
        "people": people,
        "scale": {"min": 1, "max": 5, "items": 3, "sensitive": False, "rates_leader": False, **scale},
        "cells": [{"unit": unit, "role": role, "wave": wave} for unit, role, wave in cells],
    }


def two_waves():
    people = ward("w", spread(13))
    for n, person in enumerate(people):
        person["waves"]["2"] = spread(13, 4)[n]
    del people[0]["waves"]["1"]
    return asked(people, ("w", None, "1"), ("w", None, "2"))


def leaders():
    people = [person for w in "ab" for person in ward(w, spread(5, ord(w)), role="leader")]
    return asked(people, ("", "leader", "1"))


SMALL = ward("a", spread(12)) + ward("b", spread(14, 3)) + ward("c", spread(4, 5))
CASES = {
    Rule.FLOOR: asked(ward("w", spread(7)), ("w", None, "1")),  # seven of seven: nobody could stay silent
    Rule.SILENT: asked(
        ward("w", [4.9, 4.8, 5.0, 4.7, 4.9, 5.0, 5.0, 4.9, 3.4, 3.6, 4.9, 4.7, 4.9, 4.9, 4.9, None]),
        ("w", None, "1"),
    ),
    Rule.SINGLE_ITEM: asked(ward("w", spread(14)), ("w", None, "1"), items=1),
    Rule.ALIKE: asked(ward("w", [3.0] * 11 + [2.8]), ("w", None, "1")),
    Rule.COMPLEMENTARY: asked(SMALL, ("", None, "1"), ("a", None, "1"), ("b", None, "1")),
    Rule.WAVES: two_waves(),
    Rule.ROUNDING: asked(ward("w", spread(12)), ("w", None, "1")),
    Rule.LEADERS: leaders(),
}


def test_every_rule_has_a_case_here_or_in_its_own_test():
    assert set(CASES) | {Rule.WITHDRAWN} == set(Rule)


@pytest.mark.requirement("PD-11")
@pytest.mark.threat(row="T3")
@pytest.mark.parametrize("rule", CASES)
def test_without_the_rule_an_attack_finds_something_and_with_it_none_does(rule):
    data = CASES[rule]
    usual = Thresholds.for_scale(Scale(1, 5, data["scale"]["items"]))
    assert disclosure.attack(data, protect(read_request(data), usual)) == []
    assert disclosure.attack(data, protect(read_request(data), usual.without(rule))) != []


def test_without_the_rule_for_those_who_withdrew_the_difference_is_theirs():
    people = ward("a", spread(12)) + ward("b", spread(14, 3))
    first = asked(people, ("", None, "1"))
    before = protect(read_request(first))
    left = asked(
        [*people[1:], {**people[0], "waves": {"1": None}, "counted": ["1"]}],
        ("a", None, "1"),
        ("b", None, "1"),
    )
    usual = Thresholds.for_scale(Scale(1, 5, 3))

    def isolated(limits):
        after = protect(read_request({**left, "released_before": before}), limits)
        sets = [disclosure.members(first, before[0])]
        sets += [disclosure.members(left, cell) for cell in after if cell["status"] == "released"]
        return disclosure.isolated(sets, 7)

    assert isolated(usual) is None
    assert isolated(usual.without(Rule.WITHDRAWN)) == ["a/employee0"]
