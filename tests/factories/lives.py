"""Circles with a life behind them, made through the same verbs as real ones, at the days on which it happened."""

from contextlib import AbstractContextManager
from datetime import timedelta

from sirkel.circles.domain import phases, planning, trial_moves
from sirkel.circles.enums import CircleState, MeetingState, TrialState
from sirkel.circles.models import Circle, Meeting, Trial
from sirkel.kernel import clock
from sirkel.people.enums import Role
from sirkel.people.models import Person, RoleAssignment
from tests.factories.anchoring import make_ready, make_representative
from tests.factories.meetings import make_circle, make_facilitator, make_meeting, make_workplace
from tests.factories.trials import make_trial


def ago(days: int) -> AbstractContextManager[None]:
    """Let something happen so many days ago."""
    return clock.moved(-timedelta(days=days))


def meet(
    circle: Circle, facilitator: Person, days: int, *, state: MeetingState = MeetingState.HELD
) -> Meeting:
    """Hold a meeting so many days ago, or publish one and cancel it."""
    with ago(days):
        made = make_meeting(
            circle=circle,
            facilitator=facilitator,
            state=MeetingState.PLANNED if state == MeetingState.CANCELLED else state,
        )
        if state == MeetingState.CANCELLED:
            planning.cancel_meeting(acting=facilitator, meeting_id=made.meeting.id, at=clock.now())
    return made.meeting


def move(circle: Circle, facilitator: Person, to: str, days: int) -> None:
    """Move a circle to a phase so many days ago."""
    with ago(days):
        phases.move_to_phase(acting=facilitator, circle_id=circle.id, phase=to, at=clock.now())


def make_anchored() -> Circle:
    """Return a circle begun 200 days ago; it carries its leader, union, facilitator and other facilitator."""
    with ago(200):
        workplace = make_workplace()
        other = make_facilitator(workplace, first_name="Andre")
        made, facilitator = make_circle(workplace=workplace, others=(other,))
        made.leader = make_ready(made, facilitator)
        made.union = make_representative(made)
    made.facilitator, made.other = facilitator, other
    return made


def make_lived() -> Circle:
    """Return the same with a life: phases, meetings of which one was lost, trials, a pause, a change of leader."""
    circle = make_anchored()
    acting = circle.facilitator
    move(circle, acting, CircleState.FOCUSING, 190)
    meet(circle, acting, 180)
    meet(circle, acting, 160, state=MeetingState.CANCELLED)
    meet(circle, acting, 150)
    for days, decision in ((149, "keep"), (148, "drop"), (147, "")):
        with ago(days):
            trial = make_trial(circle, acting, state=TrialState.RUNNING)
        if decision:
            with ago(140):
                trial_moves.decide_between(
                    acting=acting,
                    circle_id=circle.id,
                    trial_id=trial.id,
                    decision=decision,
                    learning="Det gikk.",
                    at=clock.now(),
                )
        else:
            Trial.objects.filter(id=trial.id).update(ends_on=clock.now().date() + timedelta(days=9))
    with ago(130):
        phases.pause_circle(acting=acting, circle_id=circle.id, reason="staffing", at=clock.now())
    RoleAssignment.objects.filter(person=circle.leader, role=Role.LEADER).update(
        valid_to=clock.now() - timedelta(days=120)
    )
    with ago(110):
        phases.resume_circle(acting=acting, circle_id=circle.id, at=clock.now())
    meet(circle, acting, 105)
    return circle
