"""Roles that do not go together in one pair of hands at one place. Flagged for whoever gives them, never hidden.

That the only facilitator of a circle is not its members' leader is asked for anew at each gate of a circle; here it is
seen before it comes to that.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Clash(StrEnum):
    """Which pair it is."""

    LEADER_UNION = "leader_union"
    LEADER_FACILITATOR = "leader_facilitator"
    ADMINISTRATOR_RESEARCHER = "administrator_researcher"


# The pair, and whether it clashes anywhere in the organisation or only at a place that both reach.
PAIRS = {
    frozenset({"leader", "union"}): (Clash.LEADER_UNION, False),
    frozenset({"leader", "facilitator"}): (Clash.LEADER_FACILITATOR, False),
    frozenset({"administrator", "researcher"}): (Clash.ADMINISTRATOR_RESEARCHER, True),
}


@dataclass(frozen=True)
class Held:
    """One role as far as it matters here. No organisation: everywhere; no workplace: in the whole organisation."""

    role: str
    organisation: uuid.UUID | None
    workplace: uuid.UUID | None
    begins: datetime
    ends: datetime | None


def clashes(given: Held, others: Iterable[Held]) -> list[Clash]:
    """Return what a role would clash with, each pair once, in the order of ``Clash``."""
    found = set()
    for other in others:
        pair = PAIRS.get(frozenset({given.role, other.role}))
        if pair and _meet_in_time(given, other) and _meet_in_place(given, other, is_wide=pair[1]):
            found.add(pair[0])
    return [clash for clash in Clash if clash in found]


def _meet_in_time(one: Held, other: Held) -> bool:
    return (one.ends is None or other.begins < one.ends) and (other.ends is None or one.begins < other.ends)


def _meet_in_place(one: Held, other: Held, *, is_wide: bool) -> bool:
    if one.organisation is None or other.organisation is None:
        return True
    if one.organisation != other.organisation:
        return False
    return is_wide or one.workplace is None or other.workplace is None or one.workplace == other.workplace
