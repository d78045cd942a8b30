"""How much must stand behind a number before it may be seen. Owners may tighten these, never loosen them."""

from dataclasses import dataclass

# n is shown to leaders as one of these, never exactly; the last is open.
BANDS = (7, 10, 15, 20, 30, 50, 100, 200, 500, 1000)


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

    """

    answered: int
    members: int = 8
    changed: int = 4
    single_item: int = 15
    leader_units: int = 3

    @classmethod
    def for_scale(cls, scale: Scale) -> "Thresholds":
        """Return the limits for a scale: wider for sensitive questions and for those that rate a leader."""
        if scale.is_sensitive:
            return cls(answered=20, members=20, changed=10)
        if scale.rates_leader:
            return cls(answered=10, members=10)
        return cls(answered=7)


def band_of(answered: int) -> str:
    """Return how many answered as leaders may see it: "7-9", "10-14", …, "1000+"."""
    lower = max(bound for bound in BANDS if bound <= answered)
    if lower == BANDS[-1]:
        return f"{lower}+"
    return f"{lower}-{BANDS[BANDS.index(lower) + 1] - 1}"


def rounded_mean(total: float, answered: int) -> float:
    """Return a mean as it may be shown: one decimal below 50 answers, two from there on."""
    return round(total / answered, 1 if answered < 50 else 2)  # noqa: PLR2004 -- rule 11 of the release rules
