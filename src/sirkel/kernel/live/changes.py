"""A change of a live place, as the table holds it and the renderers see it."""

from dataclasses import dataclass, field, replace
from typing import Any

STATE = "state"


@dataclass(frozen=True)
class Change:
    """One live event: its version, kind and payload (ids and counts only).

    ``at_hand`` is the row that was changed, while the one who changed it tells of it: a renderer in the same thread
    need not read it again. It is neither written nor kept, and None for everybody who learns of the change later.
    """

    version: int
    kind: str
    payload: dict[str, Any]
    at_hand: Any = field(default=None, compare=False, repr=False)

    def to_keep(self) -> "Change":
        """Return the change without what was at hand."""
        return self if self.at_hand is None else replace(self, at_hand=None)


def from_last_state(changes: list[Change]) -> list[Change]:
    """Return changes, oldest first, without those that a later ``state`` holds anyway."""
    for index in range(len(changes) - 1, -1, -1):
        if changes[index].kind == STATE:
            return changes[index:]
    return changes
