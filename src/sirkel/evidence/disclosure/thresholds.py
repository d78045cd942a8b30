"""How much must stand behind a number before it may be seen. Owners may tighten these, never loosen them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache

# n is shown to leaders as one of these, never exactly; the last is open.
BANDS = (5, 7, 10, 15, 20, 30, 50, 100, 200, 500, 1000)
LEAST_FOR_SINGLE_ITEM = 15
LEAST_FOR_DISTRIBUTION = 20
LEAST_FOR_LEADER_COUNT = 10
LEAST_OTHER_WARDS = 3
LEAST_OTHER_PEOPLE = 30
LEAST_K = 5
LEAST_L = 2
# On a scale as wide as this, means are shown in whole points.
WIDE = 20.0
# Below so many answers a mean has one decimal, from there on two.
FINE_FROM = 50


class LoosenedError(ValueError):
    """Say in one line which limit an owner wanted below its floor."""


class Rule(StrEnum):
    """The rules of release that a test may switch off, to see that somebody notices. Nothing else switches any."""

    FLOOR = "floor"
    SILENT = "silent"
    SINGLE_ITEM = "single_item"
    ALIKE = "alike"
    COMPLEMENTARY = "complementary"
    WAVES = "waves"
    WITHDRAWN = "withdrawn"
    ROUNDING = "rounding"
    LEADERS = "leaders"


@dataclass(frozen=True)
class Scale:
    """What was asked. ``items`` is how many questions make up the score; ``minimum`` and ``maximum`` bound it."""

    minimum: float
    maximum: float
    items: int
    is_sensitive: bool = False
    rates_leader: bool = False

    @property
    def width(self) -> float:
        """How far apart the lowest and the highest possible score are."""
        return self.maximum - self.minimum


@dataclass(frozen=True)
class Thresholds:
    """The limits for one scale.

    Attributes:
        answered: least answers behind a released mean, and least persons in any set that can be worked out.
        members: least persons who were asked.
        changed: least joiners, and least leavers, between two waves of one set; none are fine too.
        single_item: least answers for a scale of fewer than three items.
        leader_units: least units that the leaders of a set of leaders alone come from.
        off: rules that a test has switched off.

    """

    answered: int
    members: int = 8
    changed: int = 4
    single_item: int = LEAST_FOR_SINGLE_ITEM
    leader_units: int = 3
    off: frozenset[Rule] = frozenset()

    @classmethod
    def for_scale(cls, scale: Scale) -> "Thresholds":
        """Return the limits for a scale: wider for sensitive questions and for those that rate a leader."""
        if scale.is_sensitive:
            return cls(answered=20, members=20, changed=10)
        if scale.rates_leader:
            return cls(answered=10, members=10)
        return cls(answered=7)

    @classmethod
    def floor_of(cls, scale: Scale) -> "Thresholds":
        """Return the lowest limits that anybody may set for a scale."""
        usual = cls.for_scale(scale)
        return usual if scale.is_sensitive or scale.rates_leader else replace(usual, answered=5)

    def set_by_owner(self, scale: Scale, wanted: Mapping[str, int]) -> "Thresholds":
        """Return the limits with those that an owner sets.

        Raises:
            LoosenedError: a limit is unknown, is no whole number, or lies below its floor.

        """
        floor = self.floor_of(scale)
        for name, value in wanted.items():
            if name not in _SETTABLE:
                raise LoosenedError(f'"{name}" is no limit; there are {", ".join(_SETTABLE)}')
            if isinstance(value, bool) or not isinstance(value, int):
                raise LoosenedError(f'"{name}" needs a whole number')
            if value < getattr(floor, name):
                raise LoosenedError(f'"{name}" may not be below {getattr(floor, name)}')
        return replace(
            self,
            answered=wanted.get("answered", self.answered),
            members=wanted.get("members", self.members),
            changed=wanted.get("changed", self.changed),
            single_item=wanted.get("single_item", self.single_item),
            leader_units=wanted.get("leader_units", self.leader_units),
        )

    def without(self, rule: Rule) -> "Thresholds":
        """Return the limits with a rule switched off, for a test to see that it is missed."""
        return replace(self, off=self.off | {rule})


_SETTABLE = ("answered", "members", "changed", "single_item", "leader_units")


@cache
def band_of(answered: int) -> str:
    """Return how many answered as leaders may see it: "7-9", "10-14", …, "1000+"."""
    lower = max(bound for bound in BANDS if bound <= answered)
    if lower == BANDS[-1]:
        return f"{lower}+"
    return f"{lower}-{BANDS[BANDS.index(lower) + 1] - 1}"


def step_of(answered: int, width: float) -> float:
    """Return between which values a shown mean can lie: whole points on a wide scale, else one or two decimals."""
    if width >= WIDE:
        return 1.0
    return 0.1 if answered < FINE_FROM else 0.01


def rounded_mean(total: float, answered: int, width: float) -> float:
    """Return a mean as it may be shown."""
    decimals = {1.0: 0, 0.1: 1, 0.01: 2}[step_of(answered, width)]
    return round(total / answered, decimals)
