"""Workplaces whose leader has said how many work which shift, and phones that tap theirs."""

from sirkel.circles.domain.access import answer_access, say_staff
from sirkel.circles.models import Circle
from sirkel.kernel import clock
from sirkel.people.models import Person
from tests.factories.anchoring import make_leader
from tests.factories.meetings import Live, make_meeting

ALL_SIZES = {
    "shift": {"day": "20-29", "evening": "10-14", "night": "10-14", "changing": "5-9"},
    "contract": {"full_time": "20-29", "part_time": "15-19", "temporary": "5-9"},
}


def say(circle: Circle, leader: Person) -> None:
    """Let a leader say how many work there."""
    say_staff(acting=leader, workplace_id=circle.workplace_id, sizes=ALL_SIZES, at=clock.now())


def speak_of_access(live: Live | None = None) -> Live:
    """Return a meeting in its check-out at a workplace that asks who takes part."""
    live = live or make_meeting(step="check-out")
    say(live.circle, make_leader(live.circle))
    return live


def answer(live: Live, device: str, **groups: str) -> None:
    """Let one phone tap."""
    answer_access(
        meeting_id=live.meeting.id, round_id=live.round.id, device=device, groups=groups, at=clock.now()
    )
