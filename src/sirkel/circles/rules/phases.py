"""Which state a circle may go to from which, and which reasons go with a halt: data, nothing else.

A circle goes on by one phase, or back by one. A pause remembers the phase and leads back to it alone.
"""

from collections.abc import Mapping

PAUSABLE = ("anchoring", "forming", "focusing", "cocreating", "closing", "followup")
HALTED = ("paused", "ended_early")
OVER = ("closed", "ended_early")
# In which a circle asks nobody and reminds nobody.
RESTING = ("paused", "closed", "ended_early")
# What only a circle that is ready may enter; see ``queries.gate``.
GATED = "focusing"

CHANGES: Mapping[str, tuple[str, ...]] = {
    "idea": ("anchoring", "ended_early"),
    "anchoring": ("idea", "forming", "paused", "ended_early"),
    "forming": ("anchoring", "focusing", "paused", "ended_early"),
    "focusing": ("forming", "cocreating", "paused", "ended_early"),
    "cocreating": ("focusing", "closing", "paused", "ended_early"),
    "closing": ("cocreating", "followup", "paused", "ended_early"),
    "followup": ("closing", "closed", "paused", "ended_early"),
    "closed": (),
    "paused": (*PAUSABLE, "ended_early"),
    "ended_early": (),
}

PAUSE_REASONS = ("staffing", "illness", "workload", "reorganisation", "other")
# Why a meeting is cancelled.
CANCEL_REASONS = ("staffing", "illness", "other")
# A representative may pause for a concern; such a pause is lifted by a representative alone.
GUARDED_REASON = "concern"
END_REASONS = ("staffing", "workload", "reorganisation", "too_few", "no_support", "enough", "other")

_ORDER = tuple(CHANGES)[:8]


def may_change(before: str, to: str, *, phase_before: str = "") -> bool:
    """Tell whether a circle may go from one state to another.

    Args:
        before: the state it is in.
        to: the state it would go to.
        phase_before: the phase a paused circle came from; empty otherwise.

    """
    if before == "paused" and to in PAUSABLE:
        return to == phase_before
    return to in CHANGES.get(before, ())


def neighbours(state: str) -> tuple[str, str]:
    """Return the phase behind and the phase ahead; empty where there is none to go to."""
    if state not in _ORDER or state == "closed":
        return "", ""
    place = _ORDER.index(state)
    return (_ORDER[place - 1] if place else ""), _ORDER[place + 1]
