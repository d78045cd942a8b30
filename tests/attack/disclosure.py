"""Attackers who know who belongs where and who answered, and put everything that was shown together.

Each attack takes what was asked (``data``) and what was shown (``cells``), and returns what it found out, in words.
None of them uses anything of the program but its answers.
"""

import itertools
from fractions import Fraction

import numpy as np
from scipy.optimize import linprog

LEAST_DOUBT = 0.5


def is_under(unit, top, units):
    while unit is not None:
        if unit == top:
            return True
        unit = units[unit]["parent"]
    return False


def members(data, cell):
    """Return who stands behind a cell."""
    return frozenset(
        person["id"]
        for person in data["people"]
        if is_under(person["unit"], cell["unit"], data["units"])
        and cell["role"] in (None, person["role"])
        and person["waves"].get(cell["wave"]) is not None
    )


def out(cells, wave=None):
    return [cell for cell in cells if cell["status"] == "released" and wave in (None, cell["wave"])]


def atoms_of(sets):
    """Group people who stand in the same sets; return who, and a matrix of sets x groups."""
    groups = {}
    for person in sorted(set().union(*sets)) if sets else []:
        groups.setdefault(tuple(person in one for one in sets), []).append(person)
    matrix = np.array(list(groups), dtype=float).T.reshape(len(sets), len(groups))
    return list(groups.values()), matrix


def isolated(sets, least, *, among=None):
    """Return fewer than ``least`` people whose weighted sum follows from the sums over these sets; None for nobody.

    ``among`` says who they must belong to.
    """
    groups, matrix = atoms_of(sets)
    if not groups:
        return None
    rank = np.linalg.matrix_rank(matrix)
    small = [
        place
        for place, group in enumerate(groups)
        if len(group) < least and (among is None or among.issuperset(group))
    ]
    for many in range(1, least):
        for support in itertools.combinations(small, many):
            found = [person for place in support for person in groups[place]]
            if len(found) < least:
                rest = np.delete(matrix, support, axis=1)
                if not rest.size or np.linalg.matrix_rank(rest) < rank:
                    return found
    return None


def reduced(rows):
    """Return the reduced row echelon form of rows, in exact fractions."""
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


def in_one_wave(data, cells, least=7):
    """Look for sets below the floor in the exact row space of every wave."""
    found = []
    for wave in sorted({cell["wave"] for cell in cells}):
        sets = [members(data, cell) for cell in out(cells, wave)]
        if (people := isolated(sets, least)) is not None:
            found.append(f"wave {wave}: the sum of {people}")
        everybody = sorted(set().union(*sets)) if sets else []
        for row in reduced([[int(person in one) for person in everybody] for one in sets]):
            people = [person for person, weight in zip(everybody, row, strict=True) if weight]
            if len(people) < least:
                found.append(f"wave {wave}: a row about {people}")
    return found


def between_waves(data, cells, least=4):
    """Look for sums of two waves that leave a few people, should the others answer as before."""
    found = []
    waves = sorted({cell["wave"] for cell in cells})
    for first, second in itertools.combinations(waves, 2):
        sets = [members(data, cell) for wave in (first, second) for cell in out(cells, wave)]
        before, after = (
            {p["id"] for p in data["people"] if p["waves"].get(wave) is not None} for wave in (first, second)
        )
        tries = [("in all", isolated(sets, least))]
        for name, some, others in (
            ("joined", after - before, before - after),
            ("left", before - after, after - before),
        ):
            tries.append((name, isolated([one - others for one in sets], least, among=some)))
        found += [f"waves {first} and {second}, {name}: {people}" for name, people in tries if people]
    return found


def bounds(data, cells):
    """Look for answers that what was shown bounds to less than half of the scale, by linear programs."""
    low, high = data["scale"]["min"], data["scale"]["max"]
    found = []
    for wave in sorted({cell["wave"] for cell in cells}):
        shown = out(cells, wave)
        groups, matrix = atoms_of([members(data, cell) for cell in shown])
        if not groups:
            continue
        sizes = np.array([len(group) for group in groups])
        blur = np.array([_blur(cell, data) for cell in shown])
        means = np.array([cell["mean"] for cell in shown])
        many = matrix @ sizes
        limits = np.concatenate([(means + blur) * many, -(means - blur) * many])
        for place, group in enumerate(groups):  # one of the group for herself, the others together
            weights = np.column_stack([np.vstack([matrix, -matrix]), np.vstack([matrix, -matrix])[:, place]])
            rest = sizes.copy()
            rest[place] -= 1
            boxes = [*((low * size, high * size) for size in rest), (low, high)]
            goal = np.zeros(len(groups) + 1)
            ends = []
            for sign in (1, -1):
                goal[-1] = sign
                solved = linprog(goal, A_ub=weights, b_ub=limits + 1e-6, bounds=boxes, method="highs")
                assert solved.status == 0, solved.message
                ends.append(sign * solved.fun)
            if ends[1] - ends[0] < LEAST_DOUBT * (high - low) - 1e-6:
                found.append(f"wave {wave}: {group[0]} answered {ends[0]:.2f} to {ends[1]:.2f}")
    return found


def _blur(cell, data):
    if data["scale"]["max"] - data["scale"]["min"] >= 20:
        return 0.5
    return 0.05 if len(members(data, cell)) < 50 else 0.005


def thirds(data, cells):
    """Look for sums over which nearly all answer in one third of the scale: the number would be everybody's answer."""
    low, width = data["scale"]["min"], data["scale"]["max"] - data["scale"]["min"]
    found = []
    for wave in sorted({cell["wave"] for cell in cells}):
        answers = {p["id"]: p["waves"].get(wave) for p in data["people"]}
        sets = {members(data, cell) for cell in out(cells, wave)}
        sets |= {one - other for one, other in itertools.permutations(sets, 2) if other < one}
        for people in sets:
            band = [min(2, int((answers[person] - low) / width * 3 + 1e-9)) for person in people]
            most = max(band.count(third) for third in range(3))
            if most >= min(0.9 * len(band), len(band) - 1):
                found.append(f"wave {wave}: {most} of {len(band)} answered alike")
    return found


def silent(data, cells):
    """Look for a mean near an end of the scale beside which one or two did not answer."""
    low, high = data["scale"]["min"], data["scale"]["max"]
    found = []
    for cell in out(cells):
        asked = sum(
            is_under(p["unit"], cell["unit"], data["units"])
            and cell["role"] in (None, p["role"])
            and cell["wave"] in p["waves"]
            for p in data["people"]
        )
        few = asked - len(members(data, cell))
        if 0 < few <= 2 and min(high - cell["mean"], cell["mean"] - low) < 0.1 * (high - low) - 0.05:
            found.append(f"what {few} in {cell['unit']} did not answer")
    return found


def everybody(data, cells, least=8):
    """Look for cells of so few who were asked that all of them must have answered."""
    found = []
    for cell in out(cells):
        asked = [
            person
            for person in data["people"]
            if is_under(person["unit"], cell["unit"], data["units"])
            and cell["role"] in (None, person["role"])
            and cell["wave"] in person["waves"]
        ]
        if len(asked) < least:
            found.append(f"all {len(asked)} of {cell['unit']} answered")
    return found


def single_items(data, cells, least=15):
    if data["scale"]["items"] >= 3:
        return []
    return [f"one question of {n}" for n in (len(members(data, c)) for c in out(cells)) if n < least]


def decimals(data, cells):
    """Look for means finer than may be shown: with few answers such a mean is a fingerprint of the answers."""
    is_wide = data["scale"]["max"] - data["scale"]["min"] >= 20
    found = []
    for cell in out(cells):
        fine = 0 if is_wide else 1 if len(members(data, cell)) < 50 else 2
        if round(cell["mean"], fine) != cell["mean"]:
            found.append(f"the mean {cell['mean']}")
    return found


def leaders(data, cells, least=3):
    """Look for means of leaders of fewer units than three, shown or left over."""
    units = {p["id"]: p["unit"] for p in data["people"]}
    roles = {p["id"]: p["role"] for p in data["people"]}
    found = []
    for wave in sorted({cell["wave"] for cell in cells}):
        sets = {members(data, cell) for cell in out(cells, wave)}
        sets |= {one - other for one, other in itertools.permutations(sets, 2) if other < one}
        found += [
            f"the leaders {sorted(people)}"
            for people in sets
            if {roles[one] for one in people} == {"leader"} and len({units[one] for one in people}) < least
        ]
    return found


ATTACKS = (in_one_wave, between_waves, bounds, thirds, silent, everybody, single_items, decimals, leaders)


def attack(data, cells, *attacks):
    return [line for each in attacks or ATTACKS for line in each(data, cells)]
