"""Disclosure control against attackers who know who belongs where and put everything together."""

import itertools
import json
import re
import subprocess
import sys
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sirkel.evidence.disclosure import BadRequestError, protect, read_request
from sirkel.evidence.disclosure import __main__ as command
from sirkel.evidence.disclosure.guess import gives_away
from sirkel.evidence.disclosure.thresholds import Scale

SCALE = {"min": 1, "max": 5, "items": 3, "sensitive": False, "rates_leader": False}
FLOOR, CHANGED = 7, 4


def ward(unit, answers, *, role="employee", wave="1", start=0):
    return [
        {"id": f"{unit}-{role}-{start + n}", "unit": unit, "role": role, "waves": {wave: answer}}
        for n, answer in enumerate(answers)
    ]


def spread(many, seed=0):
    """Answers that differ enough to say nothing about anybody."""
    return [round(1.4 + ((7 * n + 3 * seed) % 10) * 0.35, 2) for n in range(many)]


def request(units, people, cells, **more):
    return {
        "units": units,
        "people": people,
        "scale": {**SCALE, **more.pop("scale", {})},
        "cells": cells,
        **more,
    }


def town(sizes, *, role=None, wave="1", leaders=0):
    """A town with wards of these sizes, everything asked for."""
    units = {"": {"parent": None}, **{f"w{n}": {"parent": ""} for n in range(len(sizes))}}
    people = [person for n, size in enumerate(sizes) for person in ward(f"w{n}", spread(size, n))]
    if leaders:
        for n in range(len(sizes)):
            people += ward(f"w{n}", [3.3] * leaders, role="leader")
    return request(units, people, [{"unit": unit, "role": role, "wave": wave} for unit in units])


def statuses(data):
    return {(c["unit"], c["role"], c["wave"]): c["status"] for c in protect(read_request(data))}


class TestOneWard:
    def test_enough_answers_are_shown_with_a_band_and_one_decimal(self):
        (cell,) = protect(
            read_request(
                request(
                    {"w": {"parent": None}}, ward("w", spread(12)), [{"unit": "w", "role": None, "wave": "1"}]
                )
            )
        )
        mean = sum(spread(12)) / 12
        assert cell == {
            "unit": "w",
            "role": None,
            "wave": "1",
            "status": "released",
            "n_band": "10-14",
            "mean": round(mean, 1),
            "why": None,
        }

    @pytest.mark.parametrize(
        ("answers", "scale", "why"),
        [
            (spread(6) + [None] * 6, {}, "too few"),
            (spread(7), {}, "too few"),  # seven members
            (spread(9), {"rates_leader": True}, "too few"),
            (spread(19), {"sensitive": True}, "too few"),
            (spread(14), {"items": 1}, "three questions"),
            ([4.0] * 12, {}, "single answers"),
            ([5.0] * 11 + [1.0], {}, "single answers"),
            ([5.0] * 8 + [1.0], {}, "single answers"),
            ([4.9, 4.8, 5.0] * 3 + [4.2, 3.4, None], {}, "single answers"),
        ],
    )
    def test_what_would_say_too_much_is_hidden_and_says_why(self, answers, scale, why):
        data = request(
            {"w": {"parent": None}},
            ward("w", answers),
            [{"unit": "w", "role": None, "wave": "1"}],
            scale=scale,
        )
        (cell,) = protect(read_request(data))
        assert (cell["status"], cell["n_band"], cell["mean"]) == ("primary", None, None)
        assert why in cell["why"]

    @pytest.mark.parametrize(
        ("many", "scale"),
        [(8, {}), (10, {"rates_leader": True}), (20, {"sensitive": True}), (15, {"items": 1})],
    )
    def test_at_the_limit_it_is_shown(self, many, scale):
        data = request(
            {"w": {"parent": None}},
            ward("w", spread(many)),
            [{"unit": "w", "role": None, "wave": "1"}],
            scale=scale,
        )
        assert set(statuses(data).values()) == {"released"}


class TestTogether:
    def test_a_small_ward_takes_the_smallest_neighbour_with_it_and_the_town_stays(self):
        found = statuses(town([12, 9, 20, 3]))
        assert found == {
            ("", None, "1"): "released",
            ("w0", None, "1"): "released",
            ("w1", None, "1"): "complementary",
            ("w2", None, "1"): "released",
            ("w3", None, "1"): "primary",
        }

    def test_without_a_neighbour_the_total_goes(self):
        assert statuses(town([12, 3])) in (
            {("", None, "1"): "released", ("w0", None, "1"): "complementary", ("w1", None, "1"): "primary"},
            {("", None, "1"): "complementary", ("w0", None, "1"): "released", ("w1", None, "1"): "primary"},
        )

    def test_the_one_leader_is_not_what_employees_leave_of_all(self):
        data = town([14], leaders=1)
        data["cells"] = [{"unit": "w0", "role": role, "wave": "1"} for role in (None, "employee", "leader")]
        found = statuses(data)
        assert found["w0", "leader", "1"] == "primary"
        assert "complementary" in (found["w0", None, "1"], found["w0", "employee", "1"])

    def test_leaders_are_shown_from_three_units_on(self):
        for wards, status in ((2, "primary"), (4, "released")):
            data = town([10] * wards)
            for n in range(wards):
                data["people"] += ward(f"w{n}", spread(8, n), role="leader")
            data["cells"] = [{"unit": "", "role": "leader", "wave": "1"}]
            assert statuses(data) == {("", "leader", "1"): status}

    def test_what_was_shown_before_stays_and_hides_what_would_reveal_with_it(self):
        data = town([12, 9, 3])
        shown = {"unit": "", "role": None, "wave": "1", "status": "released", "n_band": "20-29", "mean": 2.9}
        data["released_before"] = [shown]
        data["cells"] = [{"unit": unit, "role": None, "wave": "1"} for unit in ("", "w0", "w1")]
        cells = protect(read_request(data))
        assert cells[0] == {**shown, "why": None}
        assert sorted(cell["status"] for cell in cells[1:]) == ["complementary", "released"]
        del data["released_before"]
        data["cells"] = data["cells"][1:]
        assert set(statuses(data).values()) == {"released"}

    @pytest.mark.parametrize(
        ("joined", "status"), [(0, "released"), (1, "complementary"), (3, "complementary"), (4, "released")]
    )
    def test_between_waves_few_who_joined_are_nobodys_difference(self, joined, status):
        people = ward("w", spread(12))
        for n, person in enumerate(people):
            person["waves"]["2"] = spread(12, 5)[n]
        people += ward("w", spread(joined, 2), wave="2", start=50)
        data = request(
            {"w": {"parent": None}}, people, [{"unit": "w", "role": None, "wave": wave} for wave in "12"]
        )
        assert statuses(data) == {("w", None, "1"): "released", ("w", None, "2"): status}


@st.composite
def requests(draw):
    many = draw(st.integers(2, 6))
    units = {"": {"parent": None}}
    for n in range(1, many):
        units[f"u{n}"] = {"parent": draw(st.sampled_from(sorted(units)))}
    waves = draw(st.sampled_from([["1"], ["1", "2"]]))
    people = []
    for unit in units:
        for role, most in (("employee", 16), ("leader", 2)):
            for n in range(draw(st.integers(0, most))):
                answers = {}
                for wave in waves:
                    if draw(st.integers(0, 9)) > 0:
                        answers[wave] = draw(
                            st.one_of(st.none(), st.sampled_from([1, 2, 2.33, 3, 3.67, 4, 5]))
                        )
                people.append({"id": f"{unit}{role}{n}", "unit": unit, "role": role, "waves": answers})
    roles = sorted({person["role"] for person in people})
    waves = sorted({wave for person in people for wave in person["waves"]})
    inhabited = [u for u in units if any(p["unit"] == u or is_under(p["unit"], u, units) for p in people)]
    every = [{"unit": u, "role": r, "wave": w} for u in inhabited for r in (None, *roles) for w in waves]
    chosen = draw(st.lists(st.sampled_from(every), unique_by=str, max_size=len(every))) if every else []
    return request(units, people, chosen)


def is_under(unit, top, units):
    while unit is not None:
        if unit == top:
            return True
        unit = units[unit]["parent"]
    return False


def sets_out(data, cells, wave):
    """Return the persons behind each released cell of a wave."""
    return [
        frozenset(
            p["id"]
            for p in data["people"]
            if is_under(p["unit"], c["unit"], data["units"])
            and c["role"] in (None, p["role"])
            and p["waves"].get(wave) is not None
        )
        for c in cells
        if c["status"] == "released" and c["wave"] == wave
    ]


def reduced(rows):
    """Return the reduced row echelon form of 0/1 rows, in exact fractions."""
    rows, at = [list(map(Fraction, row)) for row in rows], 0
    for column in range(len(rows[0]) if rows else 0):
        found = next((r for r in range(at, len(rows)) if rows[r][column]), None)
        if found is None:
            continue
        rows[at], rows[found] = rows[found], rows[at]
        rows[at] = [value / rows[at][column] for value in rows[at]]
        for r in range(len(rows)):
            if r != at and rows[r][column]:
                rows[r] = [a - rows[r][column] * b for a, b in zip(rows[r], rows[at], strict=True)]
        at += 1
    return [row for row in rows if any(row)]


def smallest_support(sets):
    """Return the fewest persons that a linear combination of sums over these sets is about."""
    atoms = {}
    for person in sorted(set().union(*sets)) if sets else []:
        atoms.setdefault(tuple(person in one for one in sets), []).append(person)
    sizes = np.array([len(members) for members in atoms.values()])
    matrix = np.array(list(atoms), dtype=float).T.reshape(len(sets), len(atoms))
    rank = np.linalg.matrix_rank(matrix) if sets else 0
    best = None
    for many in range(1, len(sizes) + 1) if rank else ():
        for support in itertools.combinations(range(len(sizes)), many):
            size = int(sizes[list(support)].sum())
            if best is not None and size >= best:
                continue
            rest = np.delete(matrix, support, axis=1)
            if not rest.size or np.linalg.matrix_rank(rest) < rank:
                best = size
    return best


@settings(deadline=None, max_examples=150)
@given(data=requests())
def test_no_combination_of_what_is_shown_is_about_fewer_than_the_floor(data):
    cells = protect(read_request(data))
    assert [(c["unit"], c["role"], c["wave"]) for c in cells] == [
        (c["unit"], c["role"], c["wave"]) for c in data["cells"]
    ]
    for wave in {c["wave"] for c in cells}:
        sets = sets_out(data, cells, wave)
        smallest = smallest_support(sets)
        assert smallest is None or smallest >= FLOOR
        for row in (
            reduced([[person in one for person in sorted(set().union(*sets))] for one in sets])
            if sets
            else ()
        ):
            assert sum(1 for value in row if value) >= FLOOR
    for cell in cells:
        assert (
            (cell["status"] == "released")
            == (cell["mean"] is not None)
            == (cell["n_band"] is not None)
            == (cell["why"] is None)
        )


@settings(deadline=None, max_examples=80)
@given(data=requests())
def test_between_waves_the_same_set_changes_by_nobody_or_by_enough(data):
    cells = protect(read_request(data))
    out = {(c["unit"], c["role"], c["wave"]) for c in cells if c["status"] == "released"}
    for unit, role, wave in out:
        for other in {w for u, r, w in out if (u, r) == (unit, role) and w > wave}:
            (before,), (after,) = (
                sets_out(data, [{"unit": unit, "role": role, "wave": w, "status": "released"}], w)
                for w in (wave, other)
            )
            assert all(not changed or len(changed) >= CHANGED for changed in (before - after, after - before))


@settings(deadline=None, max_examples=60)
@given(data=requests(), order=st.randoms())
def test_the_order_of_people_and_units_says_nothing(data, order):
    first = protect(read_request(data))
    shuffled = dict(data, people=order.sample(data["people"], len(data["people"])))
    names = order.sample(sorted(data["units"]), len(data["units"]))
    shuffled["units"] = {name: data["units"][name] for name in names}
    kept = {json.dumps(cell, sort_keys=True) for cell in first}
    assert {json.dumps(cell, sort_keys=True) for cell in protect(read_request(shuffled))} == kept


@pytest.mark.parametrize("many", [7, 8])
def test_no_band_of_anybody_follows_from_a_shown_mean_even_for_two_who_tell_each_other(many):
    """Enumerate every way a ward can answer in three bands; look for worlds that the shown mean leaves."""
    scale, points = Scale(1, 5, 3), (1.0, 3.0, 5.0)
    for low in range(many + 1):
        for middle in range(many + 1 - low):
            answers = np.array([1.0] * low + [3.0] * middle + [5.0] * (many - low - middle))
            if gives_away(answers, scale, answered=many):
                continue
            shown = round(float(answers.mean()), 1)
            for told in {(), *itertools.combinations(answers, 1), *itertools.combinations(answers, 2)}:
                others = many - len(told)
                worlds = [
                    combo
                    for combo in itertools.combinations_with_replacement(points, others)
                    if abs((sum(combo) + sum(told)) / many - shown) <= 0.05 + 1e-9
                ]
                for point in points:
                    assert not all(set(world) == {point} for world in worlds), (answers, told)


class TestBadRequests:
    def good(self):
        return town([12, 9, 20])

    def line(self, data):
        with pytest.raises(BadRequestError) as refused:
            read_request(data)
        assert "\n" not in str(refused.value)
        return str(refused.value)

    def test_the_good_one_is_read(self):
        assert len(read_request(self.good()).cells) == 4

    @pytest.mark.parametrize(
        ("change", "line"),
        [
            (lambda d: d.pop("people"), '"people" is missing, or is not a list'),
            (lambda d: d["units"].update(a={"parent": "b"}, b={"parent": "a"}), "lies under itself"),
            (lambda d: d["units"].update(x={"parent": "w9"}), 'lies under "w9", which is no unit'),
            (
                lambda d: (
                    d["units"].update(x={"parent": ""})
                    or d["cells"].append({"unit": "x", "role": None, "wave": "1"})
                ),
                'nobody belongs to unit "x"',
            ),
            (lambda d: d["cells"].append(d["cells"][0]), "asked for twice"),
            (lambda d: d["cells"].append({"unit": "w00", "role": None, "wave": "1"}), 'did you mean "w0"?'),
            (
                lambda d: d["cells"].append({"unit": "w0", "role": "employe", "wave": "1"}),
                'did you mean "employee"?',
            ),
            (lambda d: d["cells"].append({"unit": "w0", "role": None, "wave": "7"}), 'wave "7" is unknown'),
            (lambda d: d["people"][0]["waves"].update({"1": 6}), "lies outside 1 to 5"),
            (lambda d: d["people"][0]["waves"].update({"1": "a"}), "is not a number"),
            (lambda d: d["people"][0]["waves"].update({"1": float("nan")}), "is not a number"),
            (lambda d: d["people"][0]["waves"].update({"1": 10**400}), "is not a number"),
            (lambda d: d["people"][0]["waves"].update({"1": True}), "is not a number"),
            (lambda d: d["people"][1].update(id=d["people"][0]["id"]), "stands twice"),
            (lambda d: d["people"][0].update(unit="nowhere"), 'unit "nowhere" is unknown'),
            (lambda d: d["scale"].update(min=5), '"min" is not below "max"'),
        ],
    )
    def test_what_is_wrong_is_said_in_one_line(self, change, line):
        data = self.good()
        change(data)
        assert line in self.line(data)


class TestCommand:
    def test_it_writes_the_cells_and_nothing_of_a_request_that_is_wrong(self, tmp_path, capsys):
        source, target = tmp_path / "in.json", tmp_path / "out.json"
        source.write_text(json.dumps(town([12, 9, 20, 3])))
        assert command.main([str(source), "--out", str(target)]) == 0
        assert [cell["status"] for cell in json.loads(target.read_text())].count("released") == 3
        target.unlink()
        source.write_text("{")
        assert command.main([str(source), "--out", str(target)]) == 2
        assert re.fullmatch(r"sirkel protect: .* is not JSON: line 1, column 2\n", capsys.readouterr().err)
        assert list(tmp_path.iterdir()) == [source]

    def test_wrong_use_is_one_line_and_exit_code_2(self, tmp_path):
        done = subprocess.run(
            [sys.executable, "-m", "sirkel.evidence.disclosure", "x"],
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
