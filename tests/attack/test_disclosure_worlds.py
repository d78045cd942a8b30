"""Every way in which a small ward can answer in three bands, and whether what is shown tells anybody's band.

The attackers know who answered: the leader (who knows no answer), a colleague (who knows her own), and two
colleagues who tell each other. Not only what is shown counts: a number that is hidden can tell as much.
"""

import itertools
from collections import Counter, defaultdict

import pytest

from sirkel.evidence.disclosure import protect, read_request
from sirkel.evidence.disclosure.thresholds import Thresholds

POINTS = (1.0, 3.0, 5.0)


def shown(answers, asked, floor):
    people = [
        {"id": str(n), "unit": "w", "role": "employee", "waves": {"1": answer}}
        for n, answer in enumerate([*answers, *[None] * (asked - len(answers))])
    ]
    data = {
        "units": {"w": {"parent": None}},
        "people": people,
        "scale": {"min": 1, "max": 5, "items": 3, "sensitive": False, "rates_leader": False},
        "cells": [{"unit": "w", "role": None, "wave": "1"}],
    }
    (cell,) = protect(read_request(data), Thresholds(answered=floor))
    return cell["status"], cell["n_band"], cell["mean"], cell["why"]


def determined(worlds, told):
    """Return the band that somebody else answered in for certain, for those who tell each other ``told``."""
    others = [world - told for world in worlds if not told - world]
    for point in POINTS:
        if others and all(set(other) == {point} for other in others):
            return point
    return None


@pytest.mark.threat(row="T3")
@pytest.mark.parametrize(
    ("answered", "asked", "floor"),
    [(5, 8, 5), (6, 8, 5), (7, 8, 7), (7, 9, 7), (8, 8, 7), (8, 9, 7), (8, 12, 7), (9, 9, 7), (10, 11, 7)],
)
def test_nobodys_band_follows_from_what_is_shown_or_hidden(answered, asked, floor):
    worlds = defaultdict(list)
    for answers in itertools.combinations_with_replacement(POINTS, answered):
        worlds[shown(answers, asked, floor)].append(Counter(answers))
    assert len(worlds) > 1, "something is shown at all"
    for output, alike in worlds.items():
        for many in (0, 1, 2):
            for told in itertools.combinations_with_replacement(POINTS, many):
                assert determined(alike, Counter(told)) is None, (output, told)


def test_below_the_floor_all_worlds_look_the_same():
    outputs = {shown(answers, 8, 7) for answers in itertools.combinations_with_replacement(POINTS, 6)}
    assert len(outputs) == 1
