"""A change of a live place, as the table holds it and the renderers see it."""

from dataclasses import dataclass
from typing import Any

STATE = "state"


@dataclass(frozen=True)
class Change:
    """One live event: its version, kind and payload (ids and counts only)."""

    version: int
    kind: str
    payload: dict[str, Any]


def from_last_state(changes: list[Change]) -> list[Change]:
    """Return changes, oldest first, without those that a later ``state`` holds anyway."""
    for index in range(len(changes) - 1, -1, -1):
        if changes[index].kind == STATE:
            return changes[index:]
    return changes
