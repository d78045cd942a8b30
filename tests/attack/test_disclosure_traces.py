"""What a file tells beside its numbers: the order of rows, the time, the names, and why something is hidden."""

import json
import random

from hypothesis import given, settings
from hypothesis import strategies as st

from sirkel.evidence.disclosure import __main__ as command
from sirkel.evidence.disclosure import protect, read_request
from tests.attack.test_disclosure_ledger import DAY, released
from tests.attack.test_disclosure_linear import organisations


@settings(deadline=None, max_examples=25)
@given(data=organisations(), order=st.randoms(use_true_random=False))
def test_the_order_in_which_people_answered_changes_no_byte(data, order, tmp_path_factory):
    folder = tmp_path_factory.mktemp("order")
    outputs = []
    for turn in range(3):
        mixed = dict(
            data, people=order.sample(data["people"], len(data["people"])) if turn else data["people"]
        )
        (folder / "in.json").write_text(json.dumps(mixed))
        assert command.main([str(folder / "in.json"), "--out", str(folder / "out.json")]) == 0
        outputs.append((folder / "out.json").read_bytes())
    assert len(set(outputs)) == 1


def ward(people):
    return {
        "units": {"w": {"parent": None}},
        "people": people,
        "scale": {"min": 1, "max": 5, "items": 3, "sensitive": False, "rates_leader": False},
        "cells": [{"unit": "w", "role": None, "wave": "1"}],
    }


def test_answers_that_add_up_to_an_edge_are_rounded_alike_in_every_order():
    answers = [1.1, 2.2, 3.3, 4.4, 1.7, 2.9, 3.1, 4.6, 1.3, 2.8, 3.9, 4.7]
    assert abs(sum(answers) / 12 - 3.0) < 1e-9
    dice, means = random.Random(5), set()
    for _turn in range(200):
        dice.shuffle(answers)
        people = [
            {"id": str(n), "unit": "w", "role": "employee", "waves": {"1": answer + 0.05}}
            for n, answer in enumerate(answers)
        ]
        means.add(protect(read_request(ward(people)))[0]["mean"])
    assert len(means) == 1


def test_a_release_carries_a_day_and_no_time_no_name_and_no_answer():
    people = [
        {"id": f"person-{n}", "unit": "w", "role": "employee", "waves": {"1": 1.25 + 0.3 * (n % 12)}}
        for n in range(14)
    ]
    from sirkel.evidence.disclosure import Ledger

    release = released(Ledger(), ward(people), ward(people)["cells"], DAY).releases[0].public()
    assert {len(str(release[day])) for day in ("decided_on", "circle_from", "leader_from")} == {
        len("2026-03-02")
    }
    text = json.dumps(release["cells"])
    assert not any(person["id"] in text or str(person["waves"]["1"]) in text for person in people)
    assert set(release["cells"][0]) == {"unit", "role", "wave", "status", "n_band", "mean", "why"}


def test_a_hidden_number_says_the_same_whichever_answers_it_was_hidden_for():
    alike = [4.0] * 12
    near_the_end = [5.0] * 9 + [4.0, 4.3, 1.0]
    narrow = [5.0, 5.0, 5.0, 5.0, 5.0, 5.0, 3.4, 1.0, 5.0, 5.0, 5.0, None]
    cells = set()
    for answers in (alike, near_the_end, narrow):
        people = [
            {"id": str(n), "unit": "w", "role": "employee", "waves": {"1": answer}}
            for n, answer in enumerate(answers)
        ]
        (cell,) = protect(read_request(ward(people)))
        cells.add(json.dumps(cell))
    assert len(cells) == 1
    assert json.loads(cells.pop())["status"] == "primary"
