"""A study over time: people join, leave, move, answer late and take answers back, and every release is kept by readers.

The attacker has all releases, knows who stood behind each number on the day it was decided, and puts them together.
"""

import copy
from datetime import date, timedelta

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from sirkel.evidence.disclosure import Ledger
from tests.attack import disclosure
from tests.attack.test_disclosure_linear import ANSWERS, organisations

DAY = date(2026, 3, 2)
QUICK = settings(deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])


def released(ledger, data, cells, day):
    asked = {wave for person in data["people"] for wave in person["waves"]}
    inhabited = {
        unit
        for unit in data["units"]
        if any(disclosure.is_under(person["unit"], unit, data["units"]) for person in data["people"])
    }
    roles = {person["role"] for person in data["people"]} | {None}
    wanted = [
        cell
        for cell in cells
        if cell["unit"] in inhabited and cell["role"] in roles and cell["wave"] in asked
    ]
    days = {"on": day, "circle_from": day, "leader_from": day}
    closed = dict.fromkeys(asked, DAY)
    return ledger.release(dict(data, cells=wanted), scale="core", closed=closed, **days)


def key(cell):
    return cell["unit"], cell["role"], cell["wave"]


class Memory:
    """What an attacker keeps: each number once, with who stood behind it when it was first shown."""

    def __init__(self):
        self.sets = {}
        self.cells = {}

    def read(self, release, data):
        for cell in release.cells:
            if cell["status"] == "released" and key(cell) not in self.sets:
                self.sets[key(cell)] = disclosure.members(data, cell)
                self.cells[key(cell)] = cell
            elif key(cell) in self.cells:
                assert cell == self.cells[key(cell)], "a release is not computed anew"

    def finds(self, least=7):
        waves = {wave for _unit, _role, wave in self.sets}
        sets = [[people for (_u, _r, w), people in self.sets.items() if w == wave] for wave in waves]
        return [people for people in (disclosure.isolated(one, least) for one in sets) if people]


EVENTS = st.lists(st.sampled_from(["withdraw", "late", "move", "join", "leave", "role"]), max_size=3)


def happens(event, data, draw):
    people = data["people"]
    if not people:
        return
    person = people[draw(st.integers(0, len(people) - 1))]
    if event == "withdraw":
        people.remove(person)
    elif event == "late":
        person["waves"]["1"] = draw(ANSWERS)
    elif event == "move":
        person["unit"] = draw(st.sampled_from(sorted(data["units"])))
    elif event == "role":
        person["role"] = "leader" if person["role"] == "employee" else "employee"
    elif event == "join":
        newest = max([0, *(int(one["id"][3:]) for one in people if one["id"].startswith("new"))]) + 1
        people.append(dict(person, id=f"new{newest}", waves={"2": draw(ANSWERS)}))
    else:
        person["waves"].pop("2", None)


@pytest.mark.threat(row="T2")
@settings(QUICK, max_examples=40)
@given(data=organisations(units=4), chosen=st.data())
def test_whatever_happens_between_releases_all_of_them_together_tell_of_nobody(data, chosen):
    ledger, memory = Ledger(), Memory()
    cells = data["cells"]
    for step in range(3):
        part = chosen.draw(st.sets(st.integers(0, max(len(cells) - 1, 0))))
        if not data["people"]:
            break  # everybody took everything back: nothing is left to decide
        wanted = [cell for place, cell in enumerate(cells) if place in part or step == 1]
        ledger = released(ledger, data, wanted, DAY + timedelta(days=step))
        memory.read(ledger.releases[-1], data)
        assert memory.finds() == []
        for event in chosen.draw(EVENTS):
            happens(event, data, chosen.draw)
    ledger.verify()


@settings(QUICK, max_examples=40)
@given(data=organisations(units=4), chosen=st.data())
def test_the_next_wave_is_compared_with_those_who_were_counted_and_took_it_back(data, chosen):
    cells = data["cells"]
    ledger = released(Ledger(), data, [cell for cell in cells if cell["wave"] == "1"], DAY)
    whole = copy.deepcopy(data)
    answered = [person for person in data["people"] if person["waves"].get("1") is not None]
    for person in (
        chosen.draw(st.lists(st.sampled_from(answered), max_size=4, unique_by=str)) if answered else ()
    ):
        person["waves"] = {"1": None}
        person["counted"] = ["1"]
    ledger = released(ledger, data, [cell for cell in cells if cell["wave"] == "2"], DAY)
    shown = [cell for release in ledger.releases for cell in release.cells]
    # to the attacker the first wave is what it was, the second what is left
    then = {person["id"]: person["waves"].get("1") for person in whole["people"]}
    for person in data["people"]:
        person["waves"] = {**person["waves"], "1": then[person["id"]]}
    assert disclosure.attack(data, shown, disclosure.in_one_wave, disclosure.between_waves) == []
