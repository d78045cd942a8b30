"""What a circle needs before its focus, made through the domain's own verbs."""

from dataclasses import replace

from sirkel.circles.domain import agreeing, anchoring
from sirkel.circles.models import Circle
from sirkel.circles.rules.readiness import QUESTIONS, Weight
from sirkel.kernel import clock
from sirkel.people.enums import Role
from sirkel.people.models import Person
from tests.factories.thread import make_reader

RULES = ["Det som sies her, blir her", "Alle kan si pass"]


def make_leader(circle: Circle, **more: object) -> Person:
    """Return a leader of a circle's workplace."""
    return make_reader(Role.LEADER, organisation=circle.organisation, workplace=circle.workplace, **more)


def make_representative(circle: Circle) -> Person:
    """Return a union or safety representative of a circle's workplace."""
    return make_reader(Role.UNION, organisation=circle.organisation, workplace=circle.workplace)


def commitment_plan(**other: object) -> anchoring.CommitmentPlan:
    """Return a commitment: 8 people, 6 meetings of 90 minutes, 2 facilitators with 30 minutes each: 78 hours."""
    plan = anchoring.CommitmentPlan(
        participants=8,
        meetings=6,
        meeting_minutes=90,
        facilitators=2,
        preparation_minutes=30,
        cover="Vikar på vakt B",
        mandate="Rekkefølgen på kvelden",
        answer_days=10,
        afterwards="Fast punkt på personalmøtet",
        lang="nb",
        provisions=("room", "staff_meeting"),
    )
    return replace(plan, **other)


def answers_that(weight: Weight) -> dict[str, str]:
    """Return answers of which the strongest counts as this: all are fine, but the first that can be otherwise."""
    words = ("yes", "partly", "no")
    answers = {one.key: words[one.weights.index(Weight.FINE)] for one in QUESTIONS}
    other = next(one for one in QUESTIONS if weight in one.weights)
    return answers | {other.key: words[other.weights.index(weight)]}


def answer(circle: Circle, acting: Person, weight: Weight = Weight.FINE) -> None:
    """Answer the readiness check so that it advises this."""
    anchoring.answer_readiness(
        acting=acting, circle_id=circle.id, answers=answers_that(weight), at=clock.now()
    )


def commit(circle: Circle, acting: Person, leader: Person | None, *, base: int = 0, **other: object) -> None:
    """Write the next version of the commitment, and sign it when there is a leader to."""
    anchoring.write_commitment(
        acting=acting, circle_id=circle.id, plan=commitment_plan(**other), base=base, at=clock.now()
    )
    if leader:
        anchoring.sign_commitment(acting=leader, circle_id=circle.id, version=base + 1, at=clock.now())


def settle(circle: Circle, acting: Person, *, base: int = 0, count: int | None = 7) -> None:
    """Write ground rules, and let the circle agree on them unless ``count`` is None."""
    asked = {"acting": acting, "circle_id": circle.id, "at": clock.now()}
    agreeing.write_agreement(**asked, items=RULES, lang="nb", base=base)
    if count:
        agreeing.agree(**asked, version=base + 1, count=count)


def make_ready(circle: Circle, acting: Person) -> Person:
    """Give a circle all that it needs before its focus; return the leader who signed."""
    leader = make_leader(circle)
    answer(circle, acting)
    commit(circle, acting, leader)
    settle(circle, acting)
    return leader
