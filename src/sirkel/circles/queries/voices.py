"""Voice balance for the members of a circle and nobody else."""

import uuid
from dataclasses import dataclass

from sirkel.circles.enums import CircleState, MemberRole
from sirkel.circles.models import Circle, Membership, VoiceDecision, VoicePicture, VoiceWindow
from sirkel.circles.queries.leading import circle_for
from sirkel.circles.rules.voices import WINDOW_MEETINGS
from sirkel.people.models import Person

_OVER = {CircleState.CLOSED, CircleState.ENDED_EARLY}


@dataclass(frozen=True)
class VoicePage:
    """A circle's voice balance. ``meetings_left`` is how many meetings there are until the next picture."""

    circle: Circle
    is_led: bool
    decision: VoiceDecision | None
    pictures: tuple[VoicePicture, ...]
    meetings_left: int

    @property
    def is_on(self) -> bool:
        """Whether the circle counts by perspective."""
        return self.decision is not None and self.decision.is_on

    @property
    def is_over(self) -> bool:
        """Whether the circle is over and nothing is counted any more."""
        return self.circle.state in _OVER


def is_voice_counted(circle_id: uuid.UUID) -> bool:
    """Tell whether a circle has decided to count by perspective."""
    decisions = VoiceDecision.objects.filter(circle=circle_id).order_by("-number")
    return bool(decisions.values_list("is_on", flat=True).first())


def voice_page(*, person: Person, circle_id: uuid.UUID) -> VoicePage:
    """Return a circle's voice balance for one of its members.

    Raises:
        NotFound: it does not exist, or not for this person.

    """
    circle = circle_for(person=person, circle_id=circle_id)
    counted = VoiceWindow.objects.filter(circle=circle).values_list("meetings", flat=True).first() or 0
    return VoicePage(
        circle=circle,
        is_led=Membership.objects.filter(
            circle=circle, person=person, left_at__isnull=True, role=MemberRole.FACILITATOR
        ).exists(),
        decision=VoiceDecision.objects.filter(circle=circle).order_by("-number").first(),
        pictures=tuple(VoicePicture.objects.filter(circle=circle)),
        meetings_left=WINDOW_MEETINGS - counted,
    )
