"""Who may read which experience card. Decided here, once, for page, search and whatever rests on a card."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from sirkel.circles.enums import Audience
from sirkel.circles.queries.thread import items_of_own_circles, leads_circle_of
from sirkel.kernel import clock, rows
from sirkel.kernel.errors import Gone, NotFound
from sirkel.network.enums import CardState
from sirkel.network.models import ExperienceCard
from sirkel.people.enums import Role
from sirkel.people.models import Person
from sirkel.people.queries.roles import roles_of

NETWORK_READERS = (Role.COORDINATOR, Role.POLICY, Role.RESEARCHER, Role.FACILITATOR)
# Administrators keep the house running; content is none of it.
INSIDE_READERS = tuple(role for role in Role if role != Role.ADMINISTRATOR)


def _within_reach(person: object, at: datetime | None) -> Q:
    """Return which cards are meant for a reader, whatever became of them.

    Roles and own items are read first: with these few written out, the database finds the cards by index, whatever
    the number of organisations in which the reader has no part.
    """
    reach = Q(audience=Audience.PUBLIC)
    if not isinstance(person, Person):
        return reach
    held = list(
        roles_of(person, at=at or clock.now()).values_list("role", "organisation", "workplace").order_by()
    )
    if any(role in NETWORK_READERS for role, _organisation, _workplace in held):
        reach |= Q(audience=Audience.NETWORK)
    # A role at a workplace names its organisation too.
    inside = [(organisation, workplace) for role, organisation, workplace in held if role in INSIDE_READERS]
    if organisations := {organisation for organisation, _workplace in inside if organisation}:
        reach |= Q(audience=Audience.ORGANISATION, organisation__in=organisations)
    if workplaces := {workplace for _organisation, workplace in inside if workplace}:
        reach |= Q(audience=Audience.COLLEAGUES, workplace__in=workplaces)
    return reach | Q(share_item__in=list(items_of_own_circles(person).values_list("id", flat=True)))


def cards_within_reach(person: object, *, at: datetime | None = None) -> QuerySet[ExperienceCard]:
    """Return the cards meant for a reader, with those held or taken back; their words are not for showing."""
    return ExperienceCard.objects.filter(_within_reach(person, at)).prefetch_related(
        "organisation", "workplace"
    )


def cards_visible_to(person: object, *, at: datetime | None = None) -> QuerySet[ExperienceCard]:
    """Return the cards whose words a reader may read, newest month first.

    Public cards are for everybody; network cards for coordinators, policy officers, researchers and
    facilitators anywhere; organisation cards for whoever has a role in that organisation; cards for
    colleagues for whoever has one at that workplace; and every card of an own circle.

    Args:
        person: who reads; anybody without an account counts as a stranger.
        at: the moment whose roles count; now when left out.

    """
    return cards_within_reach(person, at=at).filter(state=CardState.SHARED)


def find_cards(
    person: object,
    *,
    words: str = "",
    lang: str = "",
    kind: str = "",
    area: str = "",
    at: datetime | None = None,
) -> QuerySet[ExperienceCard]:
    """Return the visible cards that hold every word and fit every filter; empty ones do not filter."""
    found = cards_visible_to(person, at=at)
    for word in words.split():
        found = found.filter(text__icontains=word)
    chosen = {name: value for name, value in (("lang", lang), ("kind", kind), ("area", area)) if value}
    return found.filter(**chosen)


def card_for(person: object, card_id: uuid.UUID, *, at: datetime | None = None) -> ExperienceCard:
    """Return a card that somebody asks for.

    A coordinator still gets a card that is held back, to be able to show it again.

    Raises:
        NotFound: no such card, or not for this reader: the answer is the same.
        Gone: it was for this reader and is held or taken back.

    """
    card = cards_within_reach(person, at=at).filter(id=card_id).first()
    if card is None:
        raise NotFound(
            "cards.none",
            _("There is no such card here."),
            _("It may be kept for fewer people than you think."),
        )
    if card.state == CardState.WITHDRAWN:
        raise Gone("cards.taken_back", _("This card was taken back."), _("Its words are gone for good."))
    if card.state == CardState.HIDDEN and not may_hide(person, at=at):
        raise Gone("cards.held_back", _("This card is held back."), _("It could point to somebody."))
    return card


def may_hide(person: object, *, at: datetime | None = None) -> bool:
    """Tell whether somebody may hold back cards within their reach: network coordinators."""
    return (
        isinstance(person, Person)
        and roles_of(person, at=at or clock.now()).filter(role=Role.COORDINATOR).exists()
    )


def may_take_back(person: object, card: ExperienceCard) -> bool:
    """Tell whether somebody facilitates the circle that a card came from."""
    return isinstance(person, Person) and leads_circle_of(person, card.share_item_id)


@dataclass(frozen=True)
class CardReading:
    """A card as one reader may see it where something rests on it.

    ``text`` is empty and ``is_readable`` false for whoever may not read it, and for everybody once it
    is held or taken back. ``kind`` and ``area`` are empty then too, and for outsiders of a card that
    stays in its organisation.
    """

    id: uuid.UUID
    share_item_id: uuid.UUID
    is_readable: bool
    is_gone: bool
    state: str
    audience: str
    text: str
    lang: str
    kind: str
    area: str
    shared_in: date
    has_lost_a_note: bool


def readings_of(
    card_ids: Iterable[uuid.UUID], person: object, *, at: datetime | None = None
) -> dict[uuid.UUID, CardReading]:
    """Return what a reader may see of each card, by the card's id. Two queries, however many cards."""
    wanted = list(card_ids)
    within = set(cards_within_reach(person, at=at).filter(id__in=wanted).values_list("id", flat=True))
    with rows.everything(rows.Why.CARDS):
        cards = list(ExperienceCard.objects.filter(id__in=wanted))
    return {card.id: _reading(card, is_within=card.id in within) for card in cards}


def _reading(card: ExperienceCard, *, is_within: bool) -> CardReading:
    is_readable = is_within and card.is_shared
    tells_origin = card.is_shared and (is_within or card.workplace_id is None)
    return CardReading(
        id=card.id,
        share_item_id=card.share_item_id,
        is_readable=is_readable,
        is_gone=not card.is_shared,
        state=card.state,
        audience=card.audience,
        text=card.text if is_readable else "",
        lang=card.lang if is_readable else "",
        kind=card.get_kind_display() if tells_origin else "",
        area=card.get_area_display() if tells_origin else "",
        shared_in=card.shared_in,
        has_lost_a_note=card.has_lost_a_note,
    )


def cards_grown_from(item_ids: Iterable[uuid.UUID]) -> list[CardReading]:
    """Return the cards made from shared items as those may see them who were in the room, oldest month first."""
    cards = ExperienceCard.objects.filter(share_item__in=list(item_ids)).order_by("shared_in", "id")
    return [_reading(card, is_within=True) for card in cards]
