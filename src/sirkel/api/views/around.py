"""What a leader or a representative sees of circles at their workplaces, and a leader's answers."""

import uuid
from typing import Literal

from django.http import HttpRequest
from ninja import Router

from sirkel.api import schemas
from sirkel.api.keys import WithKey, must_answer, owner
from sirkel.api.problems import REFUSED, invalid
from sirkel.circles.domain.handover_answers import answer_handover
from sirkel.circles.forms.handovers import AnswerForm
from sirkel.circles.queries.around import CircleAround, circles_around
from sirkel.circles.queries.handovers import HandoverLine, handover_for_leader, handovers_for_leader
from sirkel.circles.queries.standing import Part, must_be
from sirkel.kernel import clock

router = Router(auth=WithKey(), tags=["around"])


@router.get(
    "around/{part}/circles",
    response={200: list[schemas.CircleAroundShown], **REFUSED},
    summary="Circles at the workplaces that I lead or represent",
)
def circles(
    request: HttpRequest, part: Literal["leader", "representative"]
) -> list[schemas.CircleAroundShown]:
    """Return phase, meetings and commitment of each circle; never what was said there, nor who sits in it."""
    return [_around(one) for one in circles_around(person=owner(request), part=Part(part), at=clock.now())]


@router.get("lines", response={200: list[schemas.LineShown], **REFUSED}, summary="Lines put to me as leader")
def lines(request: HttpRequest) -> list[schemas.LineShown]:
    """Return what circles have sent to their leader: waiting ones first, the soonest on top. To look writes nothing."""
    person, at = owner(request), clock.now()
    must_be(person, Part.LEADER, at=at)
    return [_line(one) for one in handovers_for_leader(person=person, at=at)]


@router.get("lines/{uuid:line_id}", response={200: schemas.LineShown, **REFUSED}, summary="One line")
def line(request: HttpRequest, line_id: uuid.UUID) -> schemas.LineShown:
    """Return one line."""
    return _line(handover_for_leader(person=owner(request), handover_id=line_id, at=clock.now()))


@router.post(
    "lines/{uuid:line_id}/answer", response={200: schemas.LineShown, **REFUSED}, summary="Answer a line"
)
def answer(request: HttpRequest, line_id: uuid.UUID, sent: schemas.Answer) -> schemas.LineShown:
    """Answer a line, once, with a reason; the circle reads it. Needs a key that may answer. 409 when it is answered already."""
    person, at = must_answer(request), clock.now()
    found = handover_for_leader(person=person, handover_id=line_id, at=at)
    form = AnswerForm(sent.model_dump(), is_after_later=found.comes_back_on is not None)
    if not form.is_valid():
        raise invalid(form)
    answer_handover(acting=person, handover_id=line_id, at=at, **form.cleaned_data)
    return _line(handover_for_leader(person=person, handover_id=line_id, at=at))


def _around(one: CircleAround) -> schemas.CircleAroundShown:
    workplace = one.circle.workplace
    return schemas.CircleAroundShown(
        id=one.circle.id,
        name=one.circle.name,
        state=one.circle.state,
        workplace=schemas.Place(id=workplace.id, name=workplace.name),
        held=one.held,
        planned=one.planned,
        phase=one.phase,
        phase_count=one.phase_count,
        commitment=one.commitment.state,
    )


def _line(one: HandoverLine) -> schemas.LineShown:
    return schemas.LineShown(
        id=one.id,
        circle=one.circle_name,
        workplace=one.workplace,
        text=one.text,
        lang=one.lang,
        obstacle=str(one.obstacle),
        in_the_way=[
            schemas.InTheWayShown(
                id=each.id, kind=str(each.kind), line=each.line, state=each.state, until=each.until
            )
            for each in one.named
        ],
        asks_mandate=one.asks_mandate,
        state=one.state,
        due_on=one.due_on,
        is_overdue=one.is_overdue,
        may_answer=one.may_answer,
        answer=one.answer,
        reason=one.reason,
        answered_on=one.answered_on,
        comes_back_on=one.comes_back_on,
        other_body=one.other_body,
        followed_up=one.followed_up,
    )
