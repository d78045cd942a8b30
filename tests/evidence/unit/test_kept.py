"""What disclosure control keeps from one pass to the next says the same as looking at all of it anew."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sirkel.evidence.disclosure import Scale, Thresholds, read_request
from sirkel.evidence.disclosure.guess import FAR, _bounds_somebody, gives_away
from sirkel.evidence.disclosure.hiding import Hiding
from sirkel.evidence.disclosure.leaks import Leaks
from sirkel.evidence.disclosure.wave import Fate, Wave
from tests.attack.test_disclosure_linear import organisations

QUICK = settings(deadline=None, max_examples=60)


def wave_of(data):
    request = read_request(data)
    return Wave.of(request, Thresholds.for_scale(request.scale), 0) if request.waves else None


@QUICK
@given(data=organisations(waves=("1",), units=9), chosen=st.data())
def test_sets_found_harmless_stay_so_until_something_else_is_known_below(data, chosen):
    wave = wave_of(data)
    if wave is None:
        return
    kept = Leaks(wave)
    for _step in range(4):
        known = wave.learn()
        assert list(kept.found(known)) == list(Leaks(wave).found(known))
        for unit, column in np.argwhere(wave.is_out):
            if not chosen.draw(st.integers(0, 3)):
                wave.fate[unit, column] = Fate.COMPLEMENTARY
    for unit, column in np.argwhere(wave.fate == Fate.COMPLEMENTARY):  # and out again
        wave.fate[unit, column] = Fate.OUT
    known = wave.learn()
    assert list(kept.found(known)) == list(Leaks(wave).found(known))


def test_a_set_is_looked_at_again_when_what_is_known_below_makes_it_one_of_other_people():
    """A house is what its town leaves of another. Without its ward's employees it is seven people, six of them alike."""
    told = {
        ("house", "employee"): (2.33, 1.67, 1.67),
        ("house", "leader"): (2, 3.67),
        ("ward", "employee"): (3, 4.33, 2.33, 2, 1, 1.67, 3.67, 3.67),
        ("ward", "leader"): (2, 2.33),
        ("other", "employee"): (3, 4.33, 2.33, 2, 1, 1.67, 3.67, 3.67, 3, 2),
    }
    units = {"town": None, "house": "town", "ward": "house", "other": "town"}
    shown = [("town", None), ("other", None), ("ward", "employee")]
    wave = wave_of(
        {
            "units": {unit: {"parent": parent} for unit, parent in units.items()},
            "people": [
                {"id": f"{unit} {role} {n}", "unit": unit, "role": role, "waves": {"1": answer}}
                for (unit, role), answers in told.items()
                for n, answer in enumerate(answers)
            ],
            "scale": {"min": 1, "max": 5, "items": 3, "sensitive": False, "rates_leader": False},
            "cells": [{"unit": unit, "role": role, "wave": "1"} for unit, role in shown],
        }
    )
    kept, employees, house = (
        Leaks(wave),
        wave.place(("ward", "employee", "1")),
        wave.place(("house", None, "1")),
    )
    found = []
    for fate in (Fate.COMPLEMENTARY, Fate.OUT):
        wave.fate[employees] = fate
        found.append(list(kept.found(wave.learn())))
    assert (house[0], wave.combo(0)) not in found[0]
    assert (house[0], wave.combo(0)) in found[1]


@QUICK
@given(data=organisations(waves=("1",), units=9))
def test_the_first_of_a_kept_row_that_is_still_out_is_the_smallest(data):
    wave = wave_of(data)
    if wave is None:
        return
    kept = Hiding(wave)
    for _step in range(20):
        known = wave.learn()
        found = next(Leaks(wave).found(known), None)
        if found is None:
            return
        before = wave.fate.copy()
        Hiding(wave).hide(known, *found)
        anew = wave.fate.copy()
        wave.fate[:] = before
        kept.hide(known, *found)
        assert (wave.fate == anew).all()


@settings(deadline=None, max_examples=500)
@given(
    answers=st.lists(st.sampled_from([1, 1.67, 2, 2.33, 3, 3.67, 4, 4.33, 5]), min_size=7, max_size=16),
    step=st.sampled_from([7, 49, 50]),
)
def test_far_from_both_ends_nobodys_answer_is_bounded(answers, step):
    scale, ordered = Scale(1, 5, 3), sorted(float(answer) for answer in answers)
    total = sum(ordered)
    room = min(total - len(ordered), 5 * len(ordered) - total)
    blur = step * (0.1 if step < 50 else 0.01) / 2
    if room >= (FAR - 1) * scale.width:
        assert not _bounds_somebody(ordered, total, scale, blur)
    if not gives_away(np.array(ordered), scale, answered=step):
        assert not _bounds_somebody(ordered, total, scale, blur)
