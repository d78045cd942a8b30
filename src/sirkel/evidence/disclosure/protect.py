"""Deciding which of the wanted numbers may be seen, so that nothing can be worked out about anybody from all of them.

A cell is hidden for its own sake (*primary*), or because others could be worked out with it (*complementary*): the
smallest that does, and totals last. The decision is checked anew after every round, over units, roles, waves and
earlier releases together, until nothing is left that could be worked out.
"""

import itertools
from typing import Any

import numpy as np

from sirkel.evidence.disclosure.changes import Changes
from sirkel.evidence.disclosure.crossing import COUNTED, Used
from sirkel.evidence.disclosure.hiding import Hiding
from sirkel.evidence.disclosure.leaks import Leaks
from sirkel.evidence.disclosure.request import Cell, Request
from sirkel.evidence.disclosure.thresholds import Thresholds, band_of
from sirkel.evidence.disclosure.wave import Fate, Wave

WHY = {
    "few": "too few answered to show a number that is nobody's",
    "single_item": "so few answers can only be shown for a scale of three questions or more",
    "leaders_of_few": "leaders are shown together for at least three units",
    "close": "the number could tell too much about single answers",
    "complementary": "with the other numbers it would show what is hidden elsewhere",
    "changed": "between two waves so few joined or left that the difference would be theirs",
    "withdrawn": "an earlier number was about other people, and the difference would be theirs",
}
# Up to so many cells every hidden one is tried once more at the end.
TRIED_AGAIN = 600


def protect(request: Request, thresholds: Thresholds | None = None) -> list[dict[str, Any]]:
    """Return the wanted cells in their order, each with its status, band, mean and why it is hidden.

    Args:
        request: who belongs where, what was answered, what is wanted and what was shown before.
        thresholds: the limits; those of the scale when nothing stricter was set.

    """
    waves = decide(request, thresholds or Thresholds.for_scale(request.scale))
    places = request.places.T.tolist()
    return [
        _at(waves[wave], unit, column, cell)
        for cell, (wave, unit, column) in zip(request.cells, places, strict=True)
    ]


def decide(request: Request, thresholds: Thresholds) -> list[Wave]:
    """Return the waves of a request with what becomes of each of their cells."""
    waves = [Wave.of(request, thresholds, number) for number in range(len(request.waves))]
    for wave, other in itertools.permutations(waves, 2):
        wave.shut_after(other)
    settle(waves)
    if len(request.cells) <= TRIED_AGAIN:
        _try_again(waves)
    return waves


def settle(waves: list[Wave]) -> None:
    """Hide cells until nothing can be worked out, within each wave and between them."""
    changed = set(range(len(waves)))
    each = [(Leaks(wave), Hiding(wave)) for wave in waves]
    # Hiding adds no combination: what was found clean once stays so.
    pairs = [Changes(*pair) for pair in itertools.combinations(waves, 2)]
    open_pairs = list(itertools.product(pairs, range(len(COUNTED))))
    while changed:
        for number in sorted(changed):
            _settle_wave(*each[number])
        changed = set()
        for pair, counted in list(open_pairs):
            hidden = _settle_change(pair, counted)
            changed |= hidden
            if not hidden:
                open_pairs.remove((pair, counted))
                pair.forget(counted)


def _settle_wave(leaks: Leaks, hiding: Hiding) -> None:
    while True:
        known = leaks.wave.learn()
        hidden = [hiding.hide(known, unit, combo) for unit, combo in leaks.found(known)]
        if not any(hidden):
            return


def _settle_change(pair: Changes, counted: int) -> set[int]:
    """Hide a cell of every combination of two waves that tells too much; return the numbers of the waves that changed."""
    hidden = [_hide_one((pair.earlier, pair.later), cells) for cells in pair.crossings(counted)]
    return {number for number in hidden if number is not None}


def _hide_one(pair: tuple[Wave, Wave], cells: list[Used]) -> int | None:
    """Hide the smallest of these cells, of the later wave if one is free there; return the wave's number."""
    fates = [pair[at].fate.item(unit, column) for at, unit, column in cells]
    if any(fate not in (Fate.OUT, Fate.OUT_BEFORE) for fate in fates):
        return None  # another combination took one of them away meanwhile
    free = [
        (-at, pair[at].answered.item(unit, column), unit, column)
        for (at, unit, column), fate in zip(cells, fates, strict=True)
        if fate == Fate.OUT
    ]
    if not free:  # all of them out before
        return None
    at, _answered, unit, column = min(free)
    pair[-at].fate[unit, column] = Fate.COMPLEMENTARY
    pair[-at].why[unit, column] = "changed"
    return pair[-at].number


def _try_again(waves: list[Wave]) -> None:
    """Show what was hidden too much: largest first, each if nothing can be worked out with it."""
    hidden = [
        (int(wave.answered[unit, column]), wave.number, int(unit), int(column))
        for wave in waves
        for unit, column in np.argwhere((wave.fate == Fate.COMPLEMENTARY) & ~wave.is_shut)
    ]
    leaks = [Leaks(wave) for wave in waves]
    pairs = [Changes(*pair) for pair in itertools.combinations(waves, 2)]
    for _answered, number, unit, column in sorted(hidden, reverse=True):
        wave = waves[number]
        wave.fate[unit, column] = Fate.OUT
        if _is_safe(leaks, pairs):
            del wave.why[unit, column]
        else:
            wave.fate[unit, column] = Fate.COMPLEMENTARY


def _is_safe(leaks: list[Leaks], pairs: list[Changes]) -> bool:
    """Tell whether nothing can be worked out from what is out now."""
    if any(next(one.found(one.wave.learn()), None) for one in leaks):
        return False
    return not any(next(pair.crossings(way), None) for pair in pairs for way in range(len(COUNTED)))


def shown(wave: Wave, cell: Cell) -> dict[str, Any]:
    """Return a cell as anybody may see it."""
    return _at(wave, *wave.place(cell), cell)


def _at(wave: Wave, unit: int, column: int, cell: Cell) -> dict[str, Any]:
    """Return a cell as anybody may see it; it stands at a unit and a column."""
    fate = wave.fate.item(unit, column)
    status, band, mean, why = "released", None, None, None
    if fate == Fate.OUT_BEFORE:  # a release stays as it was
        earlier = wave.request.before[cell]
        band, mean = earlier.get("n_band"), earlier.get("mean")
    elif fate == Fate.OUT:
        band, mean = band_of(wave.answered.item(unit, column)), wave.mean(unit, column)
    else:
        status = "primary" if fate == Fate.PRIMARY else "complementary"
        why = WHY[wave.why[unit, column]]
    name, role, wave_name = cell
    return {
        "unit": name,
        "role": role,
        "wave": wave_name,
        "status": status,
        "n_band": band,
        "mean": mean,
        "why": why,
    }
