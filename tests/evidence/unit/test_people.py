"""People are read all together, and one by one when anything could be wrong with one of them."""

import copy
import json

import numpy as np
import pytest

from sirkel.evidence.disclosure import BadRequestError, read_request
from sirkel.evidence.disclosure import __main__ as command
from sirkel.evidence.disclosure import people as reading

GOOD = {
    "units": {"": {"parent": None}, "w": {"parent": ""}},
    "people": [
        {"id": f"p{n}", "unit": "w" if n else "", "role": "employee", "waves": {"1": 1 + n % 5, "2": None}}
        for n in range(12)
    ],
    "scale": {"min": 1, "max": 5, "items": 3, "sensitive": False, "rates_leader": False},
    "cells": [{"unit": "w", "role": None, "wave": "1"}],
}


def changed(*changes):
    data = copy.deepcopy(GOOD)
    for place, change in changes:
        data["people"][place].update(change)
    return data


def test_nothing_wrong_is_read_without_going_through_anybody(monkeypatch):
    monkeypatch.setattr(reading, "_go_through", lambda *_: pytest.fail("nothing is wrong"))
    request = read_request(GOOD)
    assert request.score[0].tolist() == [1.0 + n % 5 for n in range(12)]
    assert np.isnan(request.score[1]).all()
    assert request.invited.all()
    assert request.unit.tolist() == [0] + [1] * 11


@pytest.mark.parametrize(
    ("first", "second", "line"),
    [
        ({"unit": "v"}, {"id": "p0"}, 'person "p3": unit "v" is unknown'),
        ({"id": "p0"}, {"unit": "v"}, 'person "p0" stands twice'),
        ({"waves": {"1": 6}}, {"id": ""}, 'person "p3", wave "1": 6 lies outside'),
        ({"counted": ["7"]}, {"waves": {"1": "a"}}, 'person "p3": counted in wave "7" is unknown'),
        ({"waves": {"1": 10**400}}, {"unit": ["w"]}, "is not a number"),
        ({"unit": ["w"]}, {"unit": None}, 'entry 4 of "people" has no "unit"'),
    ],
)
def test_of_two_things_that_are_wrong_the_first_is_said(first, second, line):
    with pytest.raises(BadRequestError, match=line):
        read_request(changed((3, first), (8, second)))


def test_a_wave_that_is_a_number_is_the_wave_of_that_name():
    request = read_request(changed((2, {"waves": {1: 4, "2": 3}}), (4, {"waves": {"1": None, 1: 2}})))
    assert request.waves == ("1", "2")
    assert request.score[0, [2, 4]].tolist() == [4.0, 2.0]
    assert request.invited[:, 4].tolist() == [True, False]


def test_answers_are_compared_with_the_scale_as_whole_numbers_where_these_are_finer_than_a_double():
    data = changed()
    data["scale"].update(min=0, max=2**53)
    data["people"][5]["waves"]["1"] = 2**53 + 1
    with pytest.raises(BadRequestError, match="lies outside"):
        read_request(data)


@pytest.mark.parametrize("name", ["w", '}, {"', "}, {"])
def test_every_cell_has_a_line_of_its_own_whatever_units_are_called(name, tmp_path):
    data = json.loads(json.dumps(GOOD).replace('"w"', json.dumps(name)))
    data["cells"].append({"unit": "", "role": "employee", "wave": "2"})
    (tmp_path / "in.json").write_text(json.dumps(data))
    assert command.main([str(tmp_path / "in.json"), "--out", str(tmp_path / "out.json")]) == 0
    lines = (tmp_path / "out.json").read_text().splitlines()
    assert [json.loads(line.strip(",[] "))["unit"] for line in lines] == [name, ""]
