"""From which state a trial may go where. The words are those of ``enums.TrialState``."""

from collections.abc import Mapping

ALLOWED: Mapping[str, frozenset[str]] = {
    "idea": frozenset({"planned", "waiting_mandate", "stopped"}),
    "planned": frozenset({"idea", "waiting_mandate", "running", "stopped"}),
    "waiting_mandate": frozenset({"planned", "running", "decided", "stopped"}),
    "running": frozenset({"learning", "decided", "stopped"}),
    # "Longer" sends a trial back to work.
    "learning": frozenset({"running", "decided", "stopped"}),
    # A circle may change its mind while the meeting runs in which it decided.
    "decided": frozenset({"running"}),
    # What was stopped is still looked at together and learned from.
    "stopped": frozenset({"learning", "decided"}),
}

# Written down and not begun: its plan may still be changed.
CHANGEABLE = frozenset({"idea", "planned", "waiting_mandate"})
# Tried or being tried, and not decided: to be looked back at.
TO_LOOK_AT = frozenset({"running", "learning", "stopped"})
# A trial that touches the care of residents or their medication needs its mandate for these.
NEEDS_MANDATE = frozenset({"running", "learning"})


def may_go(state: str, to: str) -> bool:
    """Tell whether a trial may go from one state to another. Staying is no change and is not in the table."""
    return to in ALLOWED.get(state, frozenset())
