"""Deciding which of the wanted numbers may be seen, so that nothing can be worked out about anybody from all of them.

A cell is hidden for its own sake (*primary*), or because others could be worked out with it (*complementary*): the
smallest that does, and totals last. The decision is checked anew after every round, over units, roles, waves and
earlier releases together, until nothing is left that could be worked out.
"""

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np

from sirkel.evidence.disclosure.changes import Changes
from sirkel.evidence.disclosure.crossing import COUNTED, Used
from sirkel.evidence.disclosure.guess import gives_away
from sirkel.evidence.disclosure.knowledge import Knowledge
from sirkel.evidence.disclosure.request import Cell, Request
from sirkel.evidence.disclosure.thresholds import Rule, Thresholds, band_of
from sirkel.evidence.disclosure.wave import LOOKED_AT, Fate, Pieces, Wave

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


# Whether a set of people tells too much.
Judged = dict[Pieces, bool]


def protect(request: Request, thresholds: Thresholds | None = None) -> list[dict[str, Any]]:
    """Return the wanted cells in their order, each with its status, band, mean and why it is hidden.

    Args:
        request: who belongs where, what was answered, what is wanted and what was shown before.
        thresholds: the limits; those of the scale when nothing stricter was set.

    """
    waves = decide(request, thresholds or Thresholds.for_scale(request.scale))
    by_name = {request.waves[wave.number]: wave for wave in waves}
    return [shown(by_name[cell[2]], cell) for cell in request.cells]


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
    judged: list[Judged] = [{} for _wave in waves]
    # Hiding adds no combination: what was found clean once stays so.
    pairs = [Changes(*pair) for pair in itertools.combinations(waves, 2)]
    open_pairs = list(itertools.product(pairs, range(len(COUNTED))))
    while changed:
        for number in sorted(changed):
            _settle_wave(waves[number], judged[number])
        changed = set()
        for pair, counted in list(open_pairs):
            hidden = _settle_change(pair, counted)
            changed |= hidden
            if not hidden:
                open_pairs.remove((pair, counted))
                pair.forget(counted)


def is_safe(waves: list[Wave]) -> bool:
    """Tell whether nothing can be worked out from what is out now."""
    if any(next(_leaks(wave, wave.learn()), None) for wave in waves):
        return False
    pairs = itertools.product(itertools.combinations(waves, 2), range(len(COUNTED)))
    return not any(next(Changes(*pair).crossings(counted), None) for pair, counted in pairs)


def _settle_wave(wave: Wave, judged: Judged) -> None:
    while True:
        known = wave.learn()
        hidden = [_hide(wave, known, unit, combo) for unit, combo in _leaks(wave, known, judged)]
        if not any(hidden):
            return


def _leaks(wave: Wave, known: Knowledge, judged: Judged | None = None) -> Iterator[tuple[int, int]]:
    """Yield (unit, combination of roles) for sets that can be worked out and must not be.

    ``judged`` is what was found so far.
    """
    judged = {} if judged is None else judged
    if Rule.COMPLEMENTARY in wave.thresholds.off:
        return
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
    for column, combo in enumerate(columns):  # of one role group, all together are the same set
        is_out[:, combo] |= np.isin(wave.fate[:, column], (Fate.OUT, Fate.OUT_BEFORE))
    derived &= ~(is_out & (left == whole))
    for unit, combo in np.argwhere(derived):
        pieces = wave.pieces(int(unit), int(combo), known)
        tells = judged.get(pieces)
        if tells is None:
            values = wave.values(pieces)
            tells = judged[pieces] = bool(gives_away(values, wave.request.scale, answered=values.size))
        if tells:
            yield int(unit), int(combo)
    yield from _leaders_of_few(wave, known)


def _leaders_of_few(wave: Wave, known: Knowledge) -> Iterator[tuple[int, int]]:
    """Yield sets of leaders alone that can be worked out and come from too few units."""
    if "leader" not in wave.request.roles or Rule.LEADERS in wave.thresholds.off:
        return
    role = wave.request.roles.index("leader")
    combo = 1 << role
    is_known = known.is_known[:, combo]
    units = (wave.own[:, role] > 0).astype(np.int64)
    for level in reversed(wave.request.tree.levels[1:]):
        np.add.at(units, wave.request.tree.parent[level], np.where(is_known[level], 0, units[level]))
    left = np.where(units > 0, known.residual[:, combo], 0)
    few = is_known & (left >= wave.thresholds.answered) & (units < wave.thresholds.leader_units)
    for unit in np.flatnonzero(few):
        yield int(unit), combo


def _hide(wave: Wave, known: Knowledge, unit: int, combo: int, why: str = "complementary") -> bool:
    """Hide one cell so that a combination of roles of a unit cannot be worked out any more, or not brought down so far."""
    chosen = next((cell for cell in _candidates(wave, known, unit, combo) if cell is not None), None)
    if chosen is None:
        return False
    wave.fate[chosen] = Fate.COMPLEMENTARY
    wave.why[chosen] = why
    return True


def _candidates(wave: Wave, known: Knowledge, unit: int, combo: int) -> Iterator[tuple[int, int] | None]:
    """Yield the smallest cell of each row of cells that may hold a combination open, the likeliest row first."""
    parent = int(wave.request.tree.parent[unit])
    if known.combination_known_inside(unit, combo):
        below = [child for child in wave.children[unit] if known.combination_known_inside(child, combo)]
        yield _smallest(wave, below, combo)
        yield _smallest(wave, [unit], combo)
    else:
        beside = [sibling for sibling in wave.children[parent] if sibling != unit]
        yield _smallest(wave, beside, combo)
        yield _smallest(wave, [parent], combo)
    everybody = wave.combo(0)
    near = [unit, *wave.children[unit]]
    # What is out already may hold it open through other roles, further up, or in whatever corner of the tree.
    yield _smallest(wave, near, combo)
    yield _smallest(wave, near, everybody)
    while parent >= 0:
        yield _smallest(wave, [parent, *wave.children[parent]], everybody)
        parent = int(wave.request.tree.parent[parent])
    yield _smallest(wave, list(range(len(wave.fate))), everybody)


def _smallest(wave: Wave, units: list[int], combo: int) -> tuple[int, int] | None:
    """Return the released cell of these units with the fewest answers that touches a combination of roles."""
    columns = [column for column in range(wave.fate.shape[1]) if wave.combo(column) & combo]
    grid = np.ix_(units, columns)
    out = np.argwhere(wave.fate[grid] == Fate.OUT)
    if not out.size:
        return None
    answered = wave.answered[grid]
    best = min((int(answered[row, place]), units[row], columns[place]) for row, place in out)
    return best[1], best[2]


def _settle_change(pair: Changes, counted: int) -> set[int]:
    """Hide a cell of every combination of two waves that tells too much; return the numbers of the waves that changed."""
    hidden = [_hide_one((pair.earlier, pair.later), cells) for cells in pair.crossings(counted)]
    return {number for number in hidden if number is not None}


def _hide_one(pair: tuple[Wave, Wave], cells: list[Used]) -> int | None:
    """Hide the smallest of these cells, of the later wave if one is free there; return the wave's number."""
    if any(pair[at].fate[u, c] not in (Fate.OUT, Fate.OUT_BEFORE) for at, u, c in cells):
        return None  # another combination took one of them away meanwhile
    free = [
        (-at, int(pair[at].answered[u, c]), u, c) for at, u, c in cells if pair[at].fate[u, c] == Fate.OUT
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
    for _answered, number, unit, column in sorted(hidden, reverse=True):
        wave = waves[number]
        wave.fate[unit, column] = Fate.OUT
        if is_safe(waves):
            del wave.why[unit, column]
        else:
            wave.fate[unit, column] = Fate.COMPLEMENTARY


def shown(wave: Wave, cell: Cell) -> dict[str, Any]:
    """Return a cell as anybody may see it."""
    place = wave.place(cell)
    fate = int(wave.fate[place])
    about: dict[str, Any] = {"unit": cell[0], "role": cell[1], "wave": cell[2]}
    if fate == Fate.OUT_BEFORE:  # a release stays as it was
        earlier = wave.request.before[cell]
        about |= {"status": "released", "n_band": earlier.get("n_band"), "mean": earlier.get("mean")}
        return {**about, "why": None}
    if fate == Fate.OUT:
        answered = int(wave.answered[place])
        mean = wave.mean(*place)
        return {**about, "status": "released", "n_band": band_of(answered), "mean": mean, "why": None}
    status = "primary" if fate == Fate.PRIMARY else "complementary"
    return {**about, "status": status, "n_band": None, "mean": None, "why": WHY[wave.why[place]]}
