"""Challenges left and lines handed over between meetings, made through the same verbs as real ones."""

from sirkel.circles.domain import challenges, handovers
from sirkel.circles.enums import HandoverState
from sirkel.circles.models import Challenge, Circle, Handover
from sirkel.kernel import clock
from sirkel.kernel.ids import new_id
from sirkel.people.enums import Role
from sirkel.people.models import Person
from tests.factories.thread import make_reader

LINE = "Kan vi ha fast vakt på bord 2 mellom kl. 17 og 18?"


def leave(circle: Circle, text: str = "Bord 2 ble glemt igjen", **more: object) -> Challenge:
    """Return what somebody left for the next meeting."""
    story = challenges.Story(**({"client_id": new_id(), "text": text, "lang": "nb"} | more))
    return challenges.leave_challenge(circle=circle, story=story)


def make_leader(circle: Circle) -> Person:
    """Return somebody who leads the circle's workplace."""
    return make_reader(Role.LEADER, organisation=circle.organisation, workplace=circle.workplace)


def make_line(
    circle: Circle,
    facilitator: Person,
    *,
    state: str = HandoverState.DRAFT,
    leader: Person | None = None,
    text: str = LINE,
    **more: object,
) -> Handover:
    """Return a line to the leader; how a circle approves one in its meeting is played in its own test."""
    asked = {"acting": facilitator, "circle_id": circle.id, "at": clock.now()}
    line = handovers.draft_handover(**asked, text=text, lang="nb", **({"obstacle": "people"} | more))
    here = asked | {"handover_id": line.id}
    order = list(HandoverState.values)
    if state == HandoverState.DRAFT:
        return line
    Handover.objects.filter(id=line.id).update(state=HandoverState.APPROVED)
    if order.index(state) >= order.index(HandoverState.SENT):
        leader = leader or make_leader(circle)
        handovers.send_handover(**here)
    if state == HandoverState.SEEN:
        handovers.mark_seen(acting=leader, handover_id=line.id, at=clock.now())
    if order.index(state) >= order.index(HandoverState.ANSWERED):
        handovers.answer_handover(
            acting=leader, handover_id=line.id, answer="part", reason="To kvelder i uka.", at=clock.now()
        )
    if state == HandoverState.FOLLOWED_UP:
        handovers.follow_up(**here, text="Det er vakt tirsdag og torsdag.")
    line.refresh_from_db()
    return line
