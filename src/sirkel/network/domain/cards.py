"""Experience cards: made when a circle approves, taken back when it or the writer does, held back for safety."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sirkel.circles.domain.withdrawing import withdraw_item
from sirkel.circles.models import ShareItem
from sirkel.circles.queries.thread import origin_of
from sirkel.kernel import audit
from sirkel.kernel.errors import NotAllowed, NotFound, Refused
from sirkel.network.enums import CardReason, CardState
from sirkel.network.models import ExperienceCard
from sirkel.network.models.card import INSIDE
from sirkel.network.queries.cards import cards_within_reach, may_hide
from sirkel.network.rules.sizes import size_band
from sirkel.people.models import Person


def make_card(*, item: ShareItem, at: datetime) -> ExperienceCard:
    """Make the card of an approved item. Must run inside the transaction of the approval.

    A card for the network or for everybody says what kind of workplace in which country it comes
    from, never which; a card that stays in its organisation names the workplace.
    """
    origin = origin_of(item)
    card = ExperienceCard.objects.create(
        share_item=item,
        organisation=origin.organisation,
        workplace=origin.workplace if item.audience in INSIDE else None,
        text=item.text,
        lang=item.lang,
        audience=item.audience,
        kind=origin.workplace.kind,
        area=origin.organisation.area,
        size=size_band(origin.people),
        meeting_number=origin.meeting_number,
        shared_in=at.astimezone(ZoneInfo(origin.workplace.time_zone)).date().replace(day=1),
    )
    _record(card, "card.shared", acting=None, at=at)
    return card


def empty_cards(*, items: Iterable[ShareItem], at: datetime, acting: Person | None) -> None:
    """Empty the cards of items that were taken back. Must run inside the transaction of the taking back."""
    for card in ExperienceCard.objects.filter(share_item__in=[item.id for item in items]).exclude(
        state=CardState.WITHDRAWN
    ):
        card.text, card.state, card.reason = "", CardState.WITHDRAWN, CardReason.TAKEN_BACK
        card.save(update_fields=["text", "state", "reason"])
        _record(card, "card.withdrawn", acting=acting, at=at)


def mark_thinner(*, items: Iterable[ShareItem], at: datetime) -> None:
    """Mark the cards of items that lost a note beneath them. Must run inside that transaction."""
    for card in ExperienceCard.objects.filter(
        share_item__in=[item.id for item in items], has_lost_a_note=False
    ):
        card.has_lost_a_note = True
        card.save(update_fields=["has_lost_a_note"])
        _record(card, "card.thinned", acting=None, at=at)


def withdraw(*, acting: Person, card_id: uuid.UUID, at: datetime) -> None:
    """Take a card back for the circle it came from. Clauses that rest on it are marked, not deleted.

    Raises:
        NotFound: no such card, or not of a circle this person facilitates.

    """
    card = ExperienceCard.objects.filter(id=card_id).first()
    if card is None:
        raise NotFound("cards.none", _("There is no such card here."))
    withdraw_item(acting=acting, item_id=card.share_item_id, at=at)


def hide(*, acting: Person, card_id: uuid.UUID, at: datetime) -> ExperienceCard:
    """Hold a card back because it could point to somebody: its words are shown to nobody but coordinators.

    Raises:
        NotAllowed: not a coordinator. NotFound: no such card within reach.
        Refused: ``cards.state`` when its words are gone already.

    """
    return _turn(acting, card_id, at, to=CardState.HIDDEN)


def show_again(*, acting: Person, card_id: uuid.UUID, at: datetime) -> ExperienceCard:
    """Show the words of a card again that was held back.

    Raises:
        NotAllowed, NotFound, Refused: as for `hide`.

    """
    return _turn(acting, card_id, at, to=CardState.SHARED)


def _turn(acting: Person, card_id: uuid.UUID, at: datetime, *, to: CardState) -> ExperienceCard:
    if not may_hide(acting, at=at):
        raise NotAllowed("cards.coordinators", _("Only network coordinators may hold cards back."))
    with transaction.atomic():
        within = cards_within_reach(acting, at=at).filter(id=card_id).values("id")
        card = ExperienceCard.objects.select_for_update().filter(id__in=within).first()
        if card is None:
            raise NotFound("cards.none", _("There is no such card here."))
        if card.state == CardState.WITHDRAWN:
            raise Refused("cards.state", _("This card was taken back."), _("Its words are gone for good."))
        if card.state != to:
            card.state = to
            card.reason = CardReason.IDENTIFICATION if to == CardState.HIDDEN else ""
            card.save(update_fields=["state", "reason"])
            _record(card, "card.hidden" if to == CardState.HIDDEN else "card.shown", acting=acting, at=at)
    return card


def _record(card: ExperienceCard, verb: str, *, acting: Person | None, at: datetime) -> None:
    audit.record(
        chain=card.organisation_id,
        acting=acting.id if acting else None,
        verb=verb,
        target=card.id,
        facts={"audience": card.audience},
        at=at,
    )
