"""What circles have let out and what rests on it: experience cards and recommendations, public ones without a key."""

import uuid

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from sirkel.api import schemas
from sirkel.api.keys import reader
from sirkel.api.problems import REFUSED
from sirkel.network.forms import CardFilter
from sirkel.network.models import ExperienceCard
from sirkel.network.queries.cards import card_for, find_cards
from sirkel.policy.models import Recommendation
from sirkel.policy.queries.recommendations import recommendation_for, recommendations_visible_to
from sirkel.policy.queries.support import ClauseView, SupportView, open_view_of

router = Router(auth=None, tags=["shared"])
MOST_CARDS = 100
MOST_NUMBER = 2**31 - 1


class CardSearch(Schema):
    """What to look for. A value that is none of the choices does not filter, as on the page."""

    q: str = Field("", max_length=100, description="Every word must be in the card.")
    lang: str = ""
    area: str = ""
    kind: str = ""
    offset: int = Field(0, ge=0, le=MOST_NUMBER)
    limit: int = Field(20, ge=1, le=MOST_CARDS)


@router.get("cards", response={200: schemas.Cards, **REFUSED}, summary="Experience cards")
def cards(request: HttpRequest, wanted: Query[CardSearch]) -> schemas.Cards:
    """Return the cards that the reader may read: those for everybody, and with a key those for its owner."""
    form = CardFilter({"q": wanted.q, "lang": wanted.lang, "area": wanted.area, "kind": wanted.kind})
    found = find_cards(reader(request), **form.chosen)
    page = found[wanted.offset : wanted.offset + wanted.limit]
    return schemas.Cards(count=found.count(), items=[_card(one) for one in page])


@router.get("cards/{uuid:card_id}", response={200: schemas.CardShown, **REFUSED}, summary="One card")
def card(request: HttpRequest, card_id: uuid.UUID) -> schemas.CardShown:
    """Return one card; 410 when it was taken back or is held back."""
    return _card(card_for(reader(request), card_id))


@router.get(
    "recommendations",
    response={200: list[schemas.RecommendationShown], **REFUSED},
    summary="Recommendations",
)
def recommendations(request: HttpRequest) -> list[schemas.RecommendationShown]:
    """Return the recommendations that are or once were published, and to their writers drafts too, by number."""
    who = reader(request)
    return [_recommendation(one, who) for one in recommendations_visible_to(who)]


@router.get(
    "recommendations/{number}",
    response={200: schemas.RecommendationShown, **REFUSED},
    summary="One recommendation",
)
def recommendation(request: HttpRequest, number: int) -> schemas.RecommendationShown:
    """Return a recommendation with the way down to its cards, no further than the reader may see."""
    who = reader(request)
    return _recommendation(recommendation_for(who, min(max(number, 0), MOST_NUMBER)), who)


def _card(one: ExperienceCard) -> schemas.CardShown:
    return schemas.CardShown(
        id=one.id,
        text=one.text,
        lang=one.lang,
        audience=one.audience,
        kind=one.kind,
        area=one.area,
        size=one.size,
        shared_in=f"{one.shared_in:%Y-%m}",
        workplace=one.workplace.name if one.workplace else None,
    )


def _recommendation(one: Recommendation, who: object) -> schemas.RecommendationShown:
    view = open_view_of(one, who)
    return schemas.RecommendationShown(
        number=one.number,
        title=one.title,
        lang=one.lang,
        version=one.version,
        published_on=one.published_on,
        state=one.state,
        is_being_revised=one.is_being_revised,
        clauses=[_clause(each) for each in view.clauses] if view else [],
    )


def _clause(view: ClauseView) -> schemas.ClauseShown:
    return schemas.ClauseShown(
        letter=view.clause.letter,
        text=view.clause.text,
        lang=view.clause.lang,
        strength=view.strength,
        is_experience_based=view.is_experience_based,
        supports=[_support(one) for one in view.supports],
    )


def _support(view: SupportView) -> schemas.SupportShown:
    return schemas.SupportShown(
        card_id=view.card.id,
        is_readable=view.card.is_readable,
        is_gone=view.card.is_gone,
        text=view.card.text,
        lang=view.card.lang,
        confidence=view.confidence,
        decided_as=str(view.decided_as),
        decided_on=view.decided_on,
    )
