"""Geometry of the small drawings: growth rings, time ring, steps. Numbers in, SVG coordinates out."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

RING_INNERMOST = 7.0
RING_OUTERMOST = 43.0
LEAST_RINGS = 3
RING_STEP_MOST = 9.0
LEAF_LENGTH = 21.0
LEAF_WIDTH = 8.2
LEAVES_SHOWN_MOST = 12
# Half the field: the rings fill it; the outermost leaves may hang over its edge by a little.
FIELD, LEAVES_REACH = 60, 72
# Like a real trunk: a little off the circle, and every ring after the one inside it.
WOBBLE = ((1, 0.045, 0.6), (2, 0.03, 2.1), (3, 0.018, 4.4))
# A leaf takes the next of these places, in degrees from the right, clockwise.
LEAF_PLACES = (-38, -140, -88, -12, -166, -64, -114, 14, -192, -50, -128, -101)


@dataclass(frozen=True)
class Ring:
    """One meeting: a closed line, its weight, and whether the meeting was held or is to come."""

    path: str
    width: float
    opacity: float
    is_held: bool


@dataclass(frozen=True)
class Leaf:
    """One kept trial: a stem out of the outermost ring and the leaf on it."""

    stem: str
    blade: str


@dataclass(frozen=True)
class GrowthRings:
    """A circle's signature picture: a ring per meeting held, a leaf per trial kept."""

    rings: tuple[Ring, ...]
    leaves: tuple[Leaf, ...]


def _radius(base: float, angle: float) -> float:
    return base * (1 + sum(size * math.cos(order * angle + turn) for order, size, turn in WOBBLE))


def _point(radius: float, angle: float) -> tuple[float, float]:
    return radius * math.cos(angle), radius * math.sin(angle)


def _ring_path(base: float, corners: int = 18) -> str:
    """Return a closed smooth line through points around the centre (Catmull-Rom as Bézier curves)."""
    angles = [2 * math.pi * i / corners for i in range(corners)]
    points = [_point(_radius(base, angle), angle) for angle in angles]
    parts = [f"M{points[0][0]:.1f} {points[0][1]:.1f}"]
    for i, end in enumerate(points[1:] + points[:1], start=1):
        start, before, after = points[i - 1], points[i - 2], points[(i + 1) % corners]
        one = (start[0] + (end[0] - before[0]) / 6, start[1] + (end[1] - before[1]) / 6)
        two = (end[0] - (after[0] - start[0]) / 6, end[1] - (after[1] - start[1]) / 6)
        parts.append(f"C{one[0]:.1f} {one[1]:.1f} {two[0]:.1f} {two[1]:.1f} {end[0]:.1f} {end[1]:.1f}")
    return "".join(parts) + "Z"


def _leaf(base: float, degrees: float) -> Leaf:
    angle = math.radians(degrees)
    foot = _point(_radius(base, angle), angle)
    lean = angle + (0.35 if math.cos(angle) >= 0 else -0.35)
    neck = (foot[0] + 4 * math.cos(angle), foot[1] + 4 * math.sin(angle))
    along = (math.cos(lean), math.sin(lean))
    across = (-along[1], along[0])

    def at(length: float, width: float) -> str:
        x = neck[0] + along[0] * length * LEAF_LENGTH + across[0] * width * LEAF_WIDTH
        y = neck[1] + along[1] * length * LEAF_LENGTH + across[1] * width * LEAF_WIDTH
        return f"{x:.1f} {y:.1f}"

    blade = f"M{at(0, 0)}C{at(0.2, -1.15)} {at(0.7, -1.05)} {at(1, 0)}C{at(0.7, 1.05)} {at(0.2, 1.15)} {at(0, 0)}Z"
    return Leaf(stem=f"M{foot[0]:.1f} {foot[1]:.1f}L{at(0.12, 0)}", blade=blade)


def growth_rings(
    held: int, planned: int = 0, kept: int = 0, gaps: Sequence[int] = (), *, is_over: bool = False
) -> GrowthRings:
    """Draw a circle's growth around the middle of its field.

    Args:
        held: meetings held, the solid rings from the heart outwards.
        planned: meetings planned in all; those not yet held are dotted. Fewer than held counts as held, and a field
            without any keeps a few dotted rings free: one ring alone looks like a picture that failed.
        kept: trials kept, a leaf each (at most twelve are drawn; the words beside say the number).
        gaps: for each cancelled meeting how many rings lie inside it: there the trunk leaves a ring's room free.
        is_over: nothing is to come any more, so that no ring is dotted, unless there is none at all.

    """
    held, kept = max(held, 0), max(kept, 0)
    count = held if is_over and held else max(held, planned, LEAST_RINGS)
    places = [i + sum(gap <= i for gap in gaps) for i in range(count)]
    step = min(RING_STEP_MOST, (RING_OUTERMOST - RING_INNERMOST) / max(places[-1], 1))
    bases = [RING_INNERMOST + place * step for place in places]
    weight = min(3.2, step * 0.42)
    rings = tuple(
        Ring(
            path=_ring_path(base),
            width=round(weight * (1.15 if i % 3 == 0 else 0.9), 2),
            opacity=round(1 - 0.3 * i / max(count - 1, 1), 2),
            is_held=i < held,
        )
        for i, base in enumerate(bases)
    )
    outermost = bases[max(held - 1, 0)]
    leaves = tuple(_leaf(outermost, place) for place in LEAF_PLACES[: min(kept, LEAVES_SHOWN_MOST)])
    return GrowthRings(rings=rings, leaves=leaves)


RUN_WIDE, RUN_HIGH, RUN_EDGE = 320.0, 150.0, 8.0


@dataclass(frozen=True)
class RunPoint:
    """One count on a run chart."""

    x: float
    y: float
    is_before: bool


@dataclass(frozen=True)
class RunPicture:
    """A run chart on a field of 320 by 150: its points and their line, the middle, and where the baseline ends.

    ``top`` is the number at the upper end of its scale; zero is at the lower. ``divide`` is None when no points come
    before.
    """

    points: tuple[RunPoint, ...]
    line: str
    middle: float
    top: float
    divide: float | None


def run_chart(values: Sequence[float], *, centre: float, before: int = 0) -> RunPicture:
    """Draw a run chart with zero at the bottom.

    Args:
        values: counts of zero or more in the order of time, at least one.
        centre: the middle of the baseline.
        before: how many of the first values came before what is tried now.

    """
    highest = max(*values, centre, 1.0)
    step = (RUN_WIDE - 2 * RUN_EDGE) / max(len(values) - 1, 1)
    shift = 0.0 if len(values) > 1 else (RUN_WIDE - 2 * RUN_EDGE) / 2

    def height(value: float) -> float:
        return round(RUN_HIGH - RUN_EDGE - (RUN_HIGH - 2 * RUN_EDGE) * value / highest, 1)

    points = tuple(
        RunPoint(x=round(RUN_EDGE + shift + step * place, 1), y=height(value), is_before=place < before)
        for place, value in enumerate(values)
    )
    is_divided = 0 < before < len(points)
    return RunPicture(
        points=points,
        line="M" + "L".join(f"{point.x} {point.y}" for point in points),
        middle=height(centre),
        top=float(highest),
        divide=round((points[before - 1].x + points[before].x) / 2, 1) if is_divided else None,
    )


DOT_STEP, DOTS_MOST = 18.0, 12


@dataclass(frozen=True)
class Dot:
    """One case in a row of cases: its middle from the left, and whether it is one of those that count."""

    x: float
    is_in: bool


def dots(part: int, whole: int) -> list[Dot]:
    """Draw so many of so many as a row of dots; none for more than twelve."""
    if whole > DOTS_MOST:
        return []
    return [Dot(x=DOT_STEP * place + DOT_STEP / 2, is_in=place < part) for place in range(whole)]


def along(value: float, low: float, high: float) -> float:
    """Return where a value lies between two ends of a scale, in per cent: 0 to 100, one decimal."""
    if high <= low:
        return 0.0
    return round(100 * min(max((value - low) / (high - low), 0.0), 1.0), 1)


def share_left(left: float, total: float) -> float:
    """Return how much of a ring is left, in per cent of its length: 0 to 100, one decimal."""
    if total <= 0:
        return 0.0
    return round(100 * min(max(left / total, 0.0), 1.0), 1)


def step_states(now: int, total: int) -> list[str]:
    """Return the state of each step bar in order: ``done``, ``now`` or ``to_come``; now counts from 1."""
    return ["done" if i < now else "now" if i == now else "to_come" for i in range(1, total + 1)]
