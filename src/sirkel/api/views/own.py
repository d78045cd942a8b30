"""What belongs to the key's owner: who they are, and the circles they sit in."""

import uuid

from django.http import HttpRequest
from ninja import Router

from sirkel.api import schemas
from sirkel.api.keys import WithKey, owner
from sirkel.api.middleware import key_of
from sirkel.api.problems import REFUSED
from sirkel.circles.models import Meeting, Trial
from sirkel.circles.queries.circle_page import circle_page
from sirkel.circles.queries.overview import CircleCard, circle_cards
from sirkel.circles.queries.robustness import robustness_page
from sirkel.evidence.robustness import Figure
from sirkel.kernel import clock
from sirkel.people.models import Organisation, RoleAssignment, Unit, Workplace
from sirkel.people.queries.roles import roles_of

router = Router(auth=WithKey(), tags=["own"])


def place(one: Organisation | Workplace | Unit | None) -> schemas.Place | None:
    """Return a place's id and name."""
    return schemas.Place(id=one.id, name=one.name) if one else None


@router.get("me", response={200: schemas.Me, **REFUSED}, summary="Who this key makes you")
def me(request: HttpRequest) -> schemas.Me:
    """Return the key's owner, the roles they hold now, and the key itself."""
    person, key = owner(request), key_of(request)
    assert key is not None  # noqa: S101 -- WithKey stands before
    held = roles_of(person, at=clock.now()).select_related("organisation", "workplace", "unit")
    return schemas.Me(
        first_name=person.first_name,
        family_name=person.family_name,
        language=person.language,
        roles=[_role(one) for one in held.order_by("valid_from", "id")],
        key=schemas.KeyShown(label=key.label, may_answer=key.may_answer, ends_on=key.ends_on),
    )


@router.get("circles", response={200: list[schemas.OwnCircle], **REFUSED}, summary="My circles")
def circles(request: HttpRequest) -> list[schemas.OwnCircle]:
    """Return the circles that the owner belongs to, the soonest meeting first."""
    return [_circle(card) for card in circle_cards(person=owner(request), at=clock.now())]


@router.get(
    "circles/{uuid:circle_id}/meetings",
    response={200: list[schemas.MeetingShown], **REFUSED},
    summary="The meetings of one of my circles",
)
def meetings(request: HttpRequest, circle_id: uuid.UUID) -> list[schemas.MeetingShown]:
    """Return a circle's meetings in order of time."""
    page = circle_page(person=owner(request), circle_id=circle_id, at=clock.now())
    return [_meeting(one) for one in page.meetings]


@router.get(
    "circles/{uuid:circle_id}/trials",
    response={200: list[schemas.TrialShown], **REFUSED},
    summary="The trials of one of my circles",
)
def trials(request: HttpRequest, circle_id: uuid.UUID) -> list[schemas.TrialShown]:
    """Return a circle's trials, those under way before decided ones."""
    page = circle_page(person=owner(request), circle_id=circle_id, at=clock.now())
    return [_trial(one) for one in page.trials]


@router.get(
    "circles/{uuid:circle_id}/robustness",
    response={200: list[schemas.FigureShown], **REFUSED},
    summary="How robust a circle is",
)
def robustness(request: HttpRequest, circle_id: uuid.UUID) -> list[schemas.FigureShown]:
    """Return a circle's figures, for its members and for the leader and representatives of its workplace.

    From around a circle, figures that would tell of one person are left out.
    """
    page = robustness_page(person=owner(request), circle_id=circle_id, at=clock.now())
    return [_figure(figure) for part in page.parts for figure in part.figures]


def _role(one: RoleAssignment) -> schemas.RoleHeld:
    return schemas.RoleHeld(
        role=one.role,
        organisation=place(one.organisation),
        workplace=place(one.workplace),
        unit=place(one.unit),
        valid_from=one.valid_from,
        valid_to=one.valid_to,
    )


def _circle(card: CircleCard) -> schemas.OwnCircle:
    soonest, workplace = card.next_meeting, card.circle.workplace
    return schemas.OwnCircle(
        id=card.circle.id,
        name=card.circle.name,
        language=card.circle.language,
        state=card.circle.state,
        workplace=schemas.Place(id=workplace.id, name=workplace.name),
        is_led=card.is_led,
        held=card.held,
        planned=card.planned,
        kept_trials=card.kept,
        next_meeting=schemas.NextMeeting(
            number=soonest.number, starts_at=soonest.starts_at, minutes=soonest.duration_minutes
        )
        if soonest
        else None,
    )


def _meeting(one: Meeting) -> schemas.MeetingShown:
    return schemas.MeetingShown(
        id=one.id,
        number=one.number,
        sitting=one.sitting,
        starts_at=one.starts_at,
        minutes=one.duration_minutes,
        place=one.place,
        state=one.state,
    )


def _trial(one: Trial) -> schemas.TrialShown:
    return schemas.TrialShown(
        id=one.id,
        what=one.what,
        prediction=one.prediction,
        lang=one.lang,
        state=one.state,
        ends_on=one.ends_on,
        decision=one.decision,
        learning=one.learning,
    )


def _figure(figure: Figure) -> schemas.FigureShown:
    known, count = figure.is_known, figure.count
    return schemas.FigureShown(
        ref=figure.definition.ref,
        facet=figure.definition.facet,
        name=str(figure.definition.name),
        is_known=known,
        part=count.part if known else None,
        whole=count.whole if known else None,
        waiting=count.waiting if known else None,
        days=count.days if known else None,
        percent=figure.percent,
    )
