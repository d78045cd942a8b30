"""What the network does when a circle approves or takes back: in the circle's own transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sirkel.circles.domain.signals import items_approved, items_thinned, items_withdrawn
from sirkel.circles.models import ShareItem
from sirkel.network.domain.cards import empty_cards, make_card, mark_thinner
from sirkel.people.models import Person


def _approved(*, items: Sequence[ShareItem], at: datetime, **_kwargs: Any) -> None:
    for item in items:
        make_card(item=item, at=at)


def _withdrawn(
    *, items: Sequence[ShareItem], at: datetime, acting: Person | None = None, **_kwargs: Any
) -> None:
    empty_cards(items=items, at=at, acting=acting)


def _thinned(*, items: Sequence[ShareItem], at: datetime, **_kwargs: Any) -> None:
    mark_thinner(items=items, at=at)


def listen() -> None:
    """Begin to listen. Listening twice changes nothing."""
    items_approved.connect(_approved, sender=ShareItem, dispatch_uid="network.card")
    items_withdrawn.connect(_withdrawn, sender=ShareItem, dispatch_uid="network.card")
    items_thinned.connect(_thinned, sender=ShareItem, dispatch_uid="network.card")
