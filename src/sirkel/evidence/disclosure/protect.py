"""Deciding which of the wanted numbers may be seen, so that nothing can be worked out about anybody from all of them.

A cell is hidden for its own sake (*primary*), or because others could be worked out with it (*complementary*): the
smallest that does, and totals last. The decision is checked anew after every round, over units, roles, waves and
earlier releases together, until nothing is left that could be worked out.
"""

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sirkel.evidence.disclosure.guess import gives_away
from sirkel.evidence.disclosure.knowledge import Knowledge
from sirkel.evidence.disclosure.request import Request
from sirkel.evidence.disclosure.thresholds import Thresholds, band_of, rounded_mean
from sirkel.evidence.disclosure.wave import LOOKED_AT, OUT, Fate, Wave

WHY = {
    "few": "too few answered to show a number that is nobody's",
    "single_item": "so few answers can only be shown for a scale of three questions or more",
    "leaders_of_few": "leaders are shown together for at least three units",
    "few_silent": "it would show what the few who did not answer stand apart from",
    "alike": "nearly all answered alike, so that the number would be everybody's answer",
    "narrow": "the number would tell too much about a single answer",
    "complementary": "with the other numbers it would show what is hidden elsewhere",
    "changed": "between two waves so few joined or left that the difference would be theirs",
}
# Up to so many cells every hidden one is tried once more at the end.
TRIED_AGAIN = 600


def protect(request: Request) -> list[dict[str, Any]]:
    """Return the wanted cells in their order, each with its status, band, mean and why it is hidden."""
    thresholds = Thresholds.for_scale(request.scale)
    waves = [Wave.of(request, thresholds, number) for number in range(len(request.waves))]
    settle(waves)
    if len(request.cells) <= TRIED_AGAIN:
        _try_again(waves)
    by_name = {request.waves[wave.number]: wave for wave in waves}
    return [_shown(by_name[cell[2]], cell) for cell in request.cells]


def settle(waves: list[Wave]) -> None:
    """Hide cells until nothing can be worked out, within each wave and between them."""
    changed = set(range(len(waves)))
    while changed:
        for number in sorted(changed):
            _settle_wave(waves[number])
        changed = set()
        for earlier, later in itertools.combinations(waves, 2):
            if _settle_change(earlier, later):
                changed.add(later.number)


def is_safe(waves: list[Wave]) -> bool:
    """Tell whether nothing can be worked out from what is out now."""
    known = [wave.learn() for wave in waves]
    if any(next(_leaks(wave, one), None) for wave, one in zip(waves, known, strict=True)):
        return False
    pairs = itertools.combinations(zip(waves, known, strict=True), 2)
    return not any(
        next(_changes(earlier, later, before, after), None) for (earlier, before), (later, after) in pairs
    )


def _settle_wave(wave: Wave) -> None:
    while True:
        known = wave.learn()
        hidden = [_hide(wave, known, unit, combo) for unit, combo in _leaks(wave, known)]
        if not any(hidden):
            return


def _leaks(wave: Wave, known: Knowledge) -> Iterator[tuple[int, int]]:
    """Yield (unit, combination of roles) for sets that can be worked out and must not be; one a unit at the most."""
    is_known = known.is_known
    left = known.residual
    small = is_known & (left > 0) & (left < wave.thresholds.answered)
    has_small = np.asarray(small.any(axis=1))
    for unit in np.flatnonzero(has_small):
        combos = np.flatnonzero(small[unit])
        yield int(unit), int(combos[np.argmin(left[unit, combos])])
    # A set that is large enough but answers alike. What a cell shows itself was looked at when it was asked for.
    columns = [wave.combo(column) for column in range(len(wave.request.roles) + 1)]
    whole = np.zeros_like(left)
    whole[:, columns] = wave.answered
    derived = is_known & (left >= wave.thresholds.answered) & (left <= LOOKED_AT) & ~has_small[:, None]
    is_out = np.zeros_like(derived)
    is_out[:, columns] = np.isin(wave.fate, (Fate.OUT, Fate.OUT_BEFORE))
    derived &= ~(is_out & (left == whole))
    for unit, combo in np.argwhere(derived):
        values = wave.values(int(unit), int(combo), known)
        if gives_away(values, wave.request.scale, answered=10**9):
            yield int(unit), int(combo)


def _hide(wave: Wave, known: Knowledge, unit: int, combo: int, why: str = "complementary") -> bool:
    """Hide one cell so that a combination of roles of a unit cannot be worked out any more, or not brought down so far."""
    parent = int(wave.request.tree.parent[unit])
    if known.combination_known_inside(unit, combo):
        below = [child for child in wave.children[unit] if known.combination_known_inside(child, combo)]
        rows = [_smallest(wave, below, combo), _smallest(wave, [unit], combo)]
    else:
        beside = [sibling for sibling in wave.children[parent] if sibling != unit]
        rows = [_smallest(wave, beside, combo), _smallest(wave, [parent], combo)]
    chosen = next((row for row in rows if row is not None), None) or _smallest(
        wave, [unit, *wave.children[unit]], combo
    )
    while chosen is None and parent >= 0:  # what lies further up holds it open
        chosen = _smallest(wave, [parent, *wave.children[parent]], combo)
        parent = int(wave.request.tree.parent[parent])
    if chosen is None:
        return False
    wave.fate[chosen] = Fate.COMPLEMENTARY
    wave.why[chosen] = why
    return True


def _smallest(wave: Wave, units: list[int], combo: int) -> tuple[int, int] | None:
    """Return the released cell of these units with the fewest answers that touches a combination of roles."""
    columns = [column for column in range(wave.fate.shape[1]) if wave.combo(column) & combo]
    grid = np.ix_(units, columns)
    out = np.argwhere(wave.fate[grid] == OUT)
    if not out.size:
        return None
    answered = wave.answered[grid]
    best = min((int(answered[row, place]), units[row], columns[place]) for row, place in out)
    return best[1], best[2]


def _settle_change(earlier: Wave, later: Wave) -> bool:
    known_later = later.learn()
    found = list(_changes(earlier, later, earlier.learn(), known_later))
    hidden = [_hide(later, known_later, unit, combo, "changed") for unit, combo in found]
    return any(hidden)


def _changes(
    earlier: Wave, later: Wave, known: Knowledge, known_later: Knowledge
) -> Iterator[tuple[int, int]]:
    """Yield sets that can be worked out in both waves and differ by too few who joined or left."""
    request, least = earlier.request, earlier.thresholds.changed
    was, is_now = (~np.isnan(request.score[wave.number]) for wave in (earlier, later))
    shape = earlier.own.shape
    place = request.unit * shape[1] + request.role
    both = known.is_known & known_later.is_known
    picks = (np.arange(1 << shape[1])[:, None] >> np.arange(shape[1])) & 1
    too_few = np.zeros_like(both)
    for changed in (is_now & ~was, was & ~is_now):
        own = np.bincount(place[changed], minlength=shape[0] * shape[1]).reshape(shape)
        left = _residual_of(request, own @ picks.T, both)
        too_few |= both & (left > 0) & (left < least)
    for unit in np.flatnonzero(too_few.any(axis=1)):
        yield int(unit), int(np.flatnonzero(too_few[unit])[0])


def _residual_of(request: Request, own: NDArray[np.int64], known: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return sums over subtrees of what each unit has itself, without the units below that are known themselves."""
    left = own.copy()
    for level in reversed(request.tree.levels[1:]):
        np.add.at(left, request.tree.parent[level], np.where(known[level], 0, left[level]))
    return left


def _try_again(waves: list[Wave]) -> None:
    """Show what was hidden too much: largest first, each if nothing can be worked out with it."""
    hidden = [
        (int(wave.answered[unit, column]), wave.number, int(unit), int(column))
        for wave in waves
        for unit, column in np.argwhere(wave.fate == Fate.COMPLEMENTARY)
    ]
    for _answered, number, unit, column in sorted(hidden, reverse=True):
        wave = waves[number]
        wave.fate[unit, column] = Fate.OUT
        if is_safe(waves):
            del wave.why[unit, column]
        else:
            wave.fate[unit, column] = Fate.COMPLEMENTARY


def _shown(wave: Wave, cell: tuple[str, str | None, str]) -> dict[str, Any]:
    place = wave.place(cell)
    fate = Fate(int(wave.fate[place]))
    shown: dict[str, Any] = {"unit": cell[0], "role": cell[1], "wave": cell[2]}
    if fate == Fate.OUT_BEFORE:  # a release stays as it was
        earlier = wave.request.before[cell]
        shown |= {"status": "released", "n_band": earlier.get("n_band"), "mean": earlier.get("mean")}
        return {**shown, "why": None}
    if fate == Fate.OUT:
        answered = int(wave.answered[place])
        mean = rounded_mean(float(wave.total[place]), answered)
        return {**shown, "status": "released", "n_band": band_of(answered), "mean": mean, "why": None}
    status = "primary" if fate == Fate.PRIMARY else "complementary"
    return {**shown, "status": status, "n_band": None, "mean": None, "why": WHY[wave.why[place]]}
