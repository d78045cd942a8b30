"""Handovers: who sees which, and by when an answer is promised."""

from sirkel.circles.models import Circle
from sirkel.circles.rules.handover_states import DEFAULT_ANSWER_DAYS


def answer_days_for(circle: Circle) -> int:
    """Return within how many working days this circle's leader has promised to answer."""
    del circle
    return DEFAULT_ANSWER_DAYS
