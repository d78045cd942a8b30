"""Geometry of a timeline: lanes of spans and marks over the same days, positions in per cent of the width."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

LABEL_HIGH, ROW_HIGH, LANE_GAP, AXIS_HIGH = 24.0, 20.0, 16.0, 30.0
LEAST_DAYS = 60
# So many marks of months at most: the step between them is chosen by it.
MOST_TICKS = 12
STEPS = (1, 2, 3, 6, 12, 24, 60)
# A word in a span is written only where it fits on the narrowest picture: per cent of the width per letter.
LETTER_WIDE = 1.2
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Mark:
    """Something on one day. ``kind`` is drawn by the style sheet."""

    day: date
    kind: str


@dataclass(frozen=True, slots=True)
class Span:
    """Something from one day to another. ``ends`` None lasts until the picture's right edge or today."""

    begins: date
    ends: date | None
    kind: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Lane:
    """One row of the picture with its name."""

    label: str
    spans: tuple[Span, ...] = ()
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Bar:
    """A drawn span: left and width in per cent, top and height in pixels, and its words where they fit."""

    x: float
    width: float
    y: float
    high: float
    kind: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Dot:
    """A drawn mark: per cent from the left, pixels from the top."""

    x: float
    y: float
    kind: str


@dataclass(frozen=True, slots=True)
class DrawnLane:
    """A lane's name and line with all that lies on it."""

    label: str
    label_y: float
    base: float
    bars: tuple[Bar, ...]
    dots: tuple[Dot, ...]


@dataclass(frozen=True, slots=True)
class Tick:
    """The first day of a month on the axis."""

    day: date
    x: float

    @property
    def is_year(self) -> bool:
        """Whether a year begins here."""
        return self.day.month == 1


@dataclass(frozen=True, slots=True)
class Timeline:
    """A whole timeline. ``today`` is None when it lies outside."""

    high: float
    axis: float
    lanes: tuple[DrawnLane, ...]
    shades: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    today: float | None


def timeline(lanes: Sequence[Lane], *, today: date, shades: Iterable[Span] = ()) -> Timeline:
    """Draw lanes of days under each other; the picture reaches from the first day to the last, at least two months.

    Args:
        lanes: from top to bottom; one without anything on it keeps its place.
        today: where a thin line stands, if it lies between the first day and the last.
        shades: stretches that lie behind all lanes.

    """
    shades = tuple(shades)
    first, last = _bounds(lanes, shades, today)
    whole = (last - first).days

    def along(day: date) -> float:
        return round(100 * min(max((day - first).days / whole, 0.0), 1.0), 2)

    def stretch(span: Span) -> tuple[float, float]:
        x = along(span.begins)
        return x, round(max(along(span.ends or max(today, span.begins)) - x, 0.4), 2)

    drawn, y = [], 0.0
    for lane in lanes:
        rows = _rows(lane.spans, today)
        count = max((row for _span, row in rows), default=0) + 1
        top = y + LABEL_HIGH
        bars = []
        for span, row in rows:
            x, width = stretch(span)
            fits = len(span.label) * LETTER_WIDE <= width
            bars.append(
                Bar(x, width, top + row * ROW_HIGH, ROW_HIGH - 4, span.kind, span.label if fits else "")
            )
        middle = top + ROW_HIGH / 2 - 2
        dots = tuple(Dot(along(mark.day), middle, mark.kind) for mark in lane.marks)
        drawn.append(DrawnLane(lane.label, y + LABEL_HIGH - 9, middle, tuple(bars), dots))
        y = top + count * ROW_HIGH + LANE_GAP
    return Timeline(
        high=y + AXIS_HIGH,
        axis=y,
        lanes=tuple(drawn),
        shades=tuple(Bar(*stretch(one), 0.0, y, one.kind) for one in shades),
        ticks=tuple(Tick(day, along(day)) for day in _months(first, last)),
        today=along(today) if first <= today <= last else None,
    )


def _bounds(lanes: Sequence[Lane], shades: Sequence[Span], today: date) -> tuple[date, date]:
    """Return the first and the last day, with a little air on both sides."""
    spans = [*shades, *(span for lane in lanes for span in lane.spans)]
    days = [mark.day for lane in lanes for mark in lane.marks] + [span.begins for span in spans]
    days += [span.ends or max(today, span.begins) for span in spans]
    first, last = min(days, default=today), max(days, default=today)
    air = timedelta(days=max((last - first).days // 40, 2))
    return first - air, max(last, first + timedelta(days=LEAST_DAYS)) + air


def _rows(spans: Sequence[Span], today: date) -> list[tuple[Span, int]]:
    """Put spans that overlap into rows under each other, the earliest on top."""
    free: list[date] = []
    placed = []
    for span in sorted(spans, key=lambda one: (one.begins, one.ends or date.max, one.kind, one.label)):
        row = next((place for place, day in enumerate(free) if day <= span.begins), len(free))
        end = span.ends or max(today, span.begins)
        if row == len(free):
            free.append(end)
        free[row] = max(end, span.begins + timedelta(days=1))
        placed.append((span, row))
    return placed


def _months(first: date, last: date) -> list[date]:
    """Return the first days of months between two days, as many as can be read."""
    start, stop = first.year * MONTHS + first.month, last.year * MONTHS + last.month - 1
    step = next((one for one in STEPS if (stop - start) // one < MOST_TICKS), STEPS[-1])
    return [
        date(place // MONTHS, place % MONTHS + 1, 1) for place in range(start, stop + 1) if place % step == 0
    ]
