"""How often notes were held back, for the two who guard both sides: never a note, never whose."""

import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sirkel.kernel.models import AuditEvent

HELD, RELEASED = "note.held", "note.released"


@dataclass(frozen=True)
class HeldBack:
    """How many times a note was held back in a circle's meetings that are over, and how many times one was let go."""

    held: int = 0
    released: int = 0


def held_back(circle_of: Mapping[uuid.UUID, uuid.UUID]) -> dict[uuid.UUID, HeldBack]:
    """Count what facilitators did with notes, by circle; a circle in which nothing was held is not there.

    Args:
        circle_of: the circle of each meeting that counts. Whoever looks from outside is told of meetings that are
            over and of no other, so that no number moves while people write.

    """
    acts = AuditEvent.objects.filter(target__in=list(circle_of), verb__in=(HELD, RELEASED))
    counts = Counter((circle_of[target], verb) for target, verb in acts.values_list("target", "verb"))
    return {
        circle: HeldBack(held=counts[circle, HELD], released=counts[circle, RELEASED])
        for circle in {circle for circle, _verb in counts}
    }
