"""Who gets to take part, by shift and contract: the groups, the sizes a leader says, and how a half-year is told."""

import struct
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from sirkel.evidence.bands import FEWEST_ANSWERS, access, count_band, expected_share, released_sets


class StaffKind(TextChoices):
    """By what it is asked whether everybody gets to take part."""

    SHIFT = "shift", _("Shift")
    CONTRACT = "contract", _("Contract")


GROUPS: dict[str, dict[str, Any]] = {
    "shift": {
        "day": _("Day"),
        "evening": _("Evening"),
        "night": _("Night"),
        "changing": _("Changing shifts"),
    },
    "contract": {
        "full_time": _("Permanent, full time"),
        "part_time": _("Permanent, part time"),
        "temporary": _("Temporary or on call"),
    },
}
# The least and the most of each size a leader can say; of the largest the most is a guess that only the middle needs.
SIZES = {
    "0": (0, 0),
    "1-4": (1, 4),
    "5-9": (5, 9),
    "10-14": (10, 14),
    "15-19": (15, 19),
    "20-29": (20, 29),
    "30-49": (30, 49),
    "50-99": (50, 99),
    "100+": (100, 200),
}
FEWEST_AT_WORK = 8
_SUMS = struct.Struct(">4I")
_JULY = 7


def period_of(day: date) -> str:
    """Return the half-year of a day: "2026-1" is January to June 2026."""
    return f"{day.year}-{1 if day.month < _JULY else 2}"


def end_of(period: str) -> date:
    """Return the first day after a half-year."""
    year, half = period.split("-")
    return date(int(year), _JULY, 1) if half == "1" else date(int(year) + 1, 1, 1)


def pack(kind: str, counts: Mapping[str, int]) -> bytes:
    """Return the counts of a kind's groups as 16 bytes, whatever they are."""
    numbers = [counts.get(group, 0) for group in GROUPS[kind]]
    return _SUMS.pack(*numbers, *[0] * (4 - len(numbers)))


def unpack(kind: str, packed: bytes | None) -> dict[str, int]:
    """Return the counts by group; of nothing, none of any."""
    numbers = _SUMS.unpack(packed) if packed and len(packed) == _SUMS.size else (0,) * 4
    return dict(zip(GROUPS[kind], numbers, strict=False))


def told(counts: Mapping[str, int], sizes: Mapping[str, str]) -> list[dict[str, object]]:
    """Return what may be told of a half-year: for each set of groups, how it takes part beside its size.

    Groups that nobody works in and nobody named are left out. Empty when nothing may be told.

    Args:
        counts: answers by group, each from one person.
        sizes: a name of ``SIZES`` by group, as the leader said.

    """
    people = {group: SIZES[sizes.get(group, "0")] for group in counts}
    middle = sum(least + most for least, most in people.values()) / 2
    answered = sum(counts.values())
    if answered < FEWEST_ANSWERS or middle < FEWEST_AT_WORK:
        return []
    there = {group: count for group, count in counts.items() if count or people[group][1]}
    rows: list[dict[str, object]] = []
    for groups in released_sets(there):
        band = access(
            count=sum(there[group] for group in groups),
            answered=answered,
            expected=expected_share(people, groups),
        )
        rows.append({"groups": [group for group in counts if group in groups], "access": band.value})
    return rows


def band_of(counts: Mapping[str, int]) -> tuple[int | None, int | None]:
    """Return the band in which the number of answers lies; nothing below seven."""
    return count_band(sum(counts.values())) or (None, None)
