"""Question cards on the table."""

import uuid

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sirkel.circles.queries.leading import meeting_led
from sirkel.circles.queries.rounds import round_in
from sirkel.circles.rules import methods
from sirkel.kernel import live
from sirkel.kernel.errors import NotFound
from sirkel.people.models import Person


def lay_card(*, acting: Person, meeting_id: uuid.UUID, round_id: uuid.UUID, card_id: str) -> None:
    """Lay a question card on the table for everybody, or (empty id) take it away.

    Raises:
        NotFound: ``cards.none``.

    """
    meeting_led(acting=acting, meeting_id=meeting_id)
    if card_id:
        try:
            methods.card(card_id)
        except KeyError as error:
            raise NotFound("cards.none", _("There is no such card.")) from error
    with transaction.atomic():
        round_ = round_in(meeting_id=meeting_id, round_id=round_id, lock=True)
        round_.card = card_id
        round_.save(update_fields=["card"])
        live.emit(room_id=meeting_id)
