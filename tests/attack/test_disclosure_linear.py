"""Sums, differences and bounds: whatever linear algebra and linear programs make of what is shown."""

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from sirkel.evidence.disclosure import protect, read_request
from tests.attack import disclosure

# A counterexample is readable as it is; to make it smaller takes many linear programs.
QUICK = settings(deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
ANSWERS = st.sampled_from([1, 1.67, 2, 2.33, 3, 3.67, 4, 4.33, 5])


@st.composite
def organisations(draw, *, roles=("employee", "leader"), waves=("1", "2"), units=5, most=14):
    """Draw a tree of units with people anywhere in it, and some cells of it."""
    tree = {"": {"parent": None}}
    for n in range(1, draw(st.integers(2, units))):
        tree[f"u{n}"] = {"parent": draw(st.sampled_from(sorted(tree)))}
    people = []
    for unit in tree:
        for role in roles:
            for n in range(draw(st.integers(0, 2 if role == "leader" else most))):
                answers = {}
                for wave in waves:
                    if draw(st.integers(0, 11)):
                        answers[wave] = draw(ANSWERS) if draw(st.integers(0, 7)) else None
                people.append({"id": f"{unit}/{role}{n}", "unit": unit, "role": role, "waves": answers})
    there = {person["role"] for person in people}
    asked = {wave for person in people for wave in person["waves"]}
    inhabited = [
        unit for unit in tree if any(disclosure.is_under(person["unit"], unit, tree) for person in people)
    ]
    every = [
        {"unit": unit, "role": role, "wave": wave}
        for unit in inhabited
        for role in (None, *sorted(there))
        for wave in sorted(asked)
    ]
    left_out = draw(st.sets(st.integers(0, max(len(every) - 1, 0)), max_size=len(every)))
    return {
        "units": tree,
        "people": people,
        "scale": {"min": 1, "max": 5, "items": 3, "sensitive": False, "rates_leader": False},
        "cells": [cell for place, cell in enumerate(every) if place not in left_out],
    }


@pytest.mark.threat(row="T2")
@settings(QUICK, max_examples=60)
@given(data=organisations())
def test_no_attack_finds_anything(data):
    assert disclosure.attack(data, protect(read_request(data))) == []


@settings(QUICK, max_examples=40)
@given(data=organisations(roles=("assistant", "leader", "nurse"), units=4, most=9))
def test_nor_with_three_role_groups(data):
    assert disclosure.attack(data, protect(read_request(data))) == []


@settings(QUICK, max_examples=15)
@given(data=organisations(roles=("a", "b", "c", "d", "leader"), waves=("1",), units=4, most=8))
def test_nor_with_five(data):
    assert disclosure.attack(data, protect(read_request(data))) == []


@settings(QUICK, max_examples=20)
@given(data=organisations(waves=("1", "2", "3"), units=4))
def test_nor_with_three_waves(data):
    assert disclosure.attack(data, protect(read_request(data))) == []


@settings(QUICK, max_examples=40)
@given(data=organisations(), chosen=st.data())
def test_nor_when_a_part_was_released_before(data, chosen):
    cells = data["cells"]
    earlier = chosen.draw(st.sets(st.integers(0, max(len(cells) - 1, 0))))
    first = dict(data, cells=[cell for place, cell in enumerate(cells) if place in earlier])
    before = protect(read_request(first))
    after = protect(read_request({**data, "released_before": before}))
    seen = {tuple(cell[key] for key in ("unit", "role", "wave")): cell for cell in before}
    for cell in after:
        then = seen.get(tuple(cell[key] for key in ("unit", "role", "wave")))
        assert then is None or then["status"] != "released" or cell == then
    assert disclosure.attack(data, after) == []


def town(first, second, *, shown):
    """A town of three wards: who answered in each, by wave, and which cells are wanted."""
    people = []
    for ward, (once, again) in enumerate(zip(first, second, strict=True)):
        for n in range(max(once[1], again[1])):
            waves = {
                wave: round(1.6 + (3 * n + ward) % 8 * 0.4, 2)
                for wave, (start, end) in (("1", once), ("2", again))
                if start <= n < end
            }
            people.append({"id": f"{ward}-{n}", "unit": f"w{ward}", "role": "employee", "waves": waves})
    return {
        "units": {"": {"parent": None}, **{f"w{n}": {"parent": ""} for n in range(len(first))}},
        "people": people,
        "scale": {"min": 1, "max": 5, "items": 3, "sensitive": False, "rates_leader": False},
        "cells": [{"unit": unit, "role": None, "wave": wave} for unit, wave in shown],
    }


def test_sets_that_are_no_cell_are_compared_between_waves_too():
    """The first wave tells the two other wards by subtraction, the second shows them: the one who joined is bare."""
    shown = [("", "1"), ("w0", "1"), ("w1", "2"), ("w2", "2")]
    same = town([(0, 12)] * 3, [(0, 12)] * 3, shown=shown)
    assert {cell["status"] for cell in protect(read_request(same))} == {"released"}
    one_more = town([(0, 12)] * 3, [(0, 12), (0, 13), (0, 12)], shown=shown)
    cells = protect(read_request(one_more))
    assert disclosure.between_waves(one_more, [{**cell, "status": "released"} for cell in cells])
    assert disclosure.between_waves(one_more, cells) == []
    assert [cell["status"] for cell in cells].count("released") == 3


def test_what_is_left_without_one_role_of_a_ward_is_looked_at_as_the_very_people_it_is_about():
    """A house less the employees of its ward: seven people, six of whom answered in one third of the scale."""
    told = {
        ("house", "employee"): (2.33, 1.67, 1.67),
        ("house", "leader"): (2, 3.67),
        ("ward", "employee"): (3, 4.33, 2.33, 2, 1, 1.67, 3.67, 3.67),
        ("ward", "leader"): (2, 2.33),
    }
    data = {
        "units": {"house": {"parent": None}, "ward": {"parent": "house"}},
        "people": [
            {"id": f"{unit} {role} {n}", "unit": unit, "role": role, "waves": {"1": answer}}
            for (unit, role), answers in told.items()
            for n, answer in enumerate(answers)
        ],
        "scale": {"min": 1, "max": 5, "items": 3, "sensitive": False, "rates_leader": False},
        "cells": [
            {"unit": "house", "role": None, "wave": "1"},
            {"unit": "ward", "role": "employee", "wave": "1"},
        ],
    }
    cells = protect(read_request(data))
    assert disclosure.thirds(data, [{**cell, "status": "released"} for cell in cells])
    assert disclosure.attack(data, cells) == []
    assert "released" in {cell["status"] for cell in cells}


def test_a_wave_that_was_shown_first_keeps_an_earlier_one_hidden():
    data = town([(0, 12)], [(0, 13)], shown=[("w0", "2")])
    before = protect(read_request(data))
    data["cells"] = [{"unit": "w0", "role": None, "wave": wave} for wave in "12"]
    cells = protect(read_request({**data, "released_before": before}))
    assert [cell["status"] for cell in cells] == ["complementary", "released"]


@pytest.mark.parametrize(("maximum", "decimals"), [(5, 1), (100, 0)])
def test_a_mean_on_a_scale_of_a_hundred_has_no_decimals(maximum, decimals):
    data = town([(0, 12)], [(0, 12)], shown=[("w0", "1")])
    data["scale"].update(min=0, max=maximum)
    for person in data["people"]:
        person["waves"]["1"] *= maximum / 5
    (cell,) = protect(read_request(data))
    assert cell["mean"] == round(cell["mean"], decimals)
    assert 0 < cell["mean"] < maximum
