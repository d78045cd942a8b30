"""Ticking what there is to do before a circle's first meeting."""

import uuid

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sirkel.circles.models import ChecklistTick
from sirkel.circles.queries.leading import circle_led
from sirkel.circles.queries.set_ups import OVER
from sirkel.circles.rules.methods import checklist
from sirkel.kernel.errors import Refused
from sirkel.people.models import Person


def tick(*, acting: Person, circle_id: uuid.UUID, item: str, is_done: bool) -> None:
    """Tick an item, or take the tick away; doing it twice changes nothing. Who ticked is not kept, so no audit row.

    Raises:
        Refused: ``checklists.item`` for one that is not on the list, ``circles.over``.
        NotFound: this person does not facilitate the circle.

    """
    circle = circle_led(acting=acting, circle_id=circle_id)
    if item not in {one.id for one in checklist()}:
        raise Refused("checklists.item", _("This is not on the list."))
    if circle.state in OVER:
        raise Refused("circles.over", _("The circle is over."), status=409)
    with transaction.atomic():
        if is_done:
            ChecklistTick.objects.get_or_create(circle=circle, item=item)
        else:
            ChecklistTick.objects.filter(circle=circle, item=item).delete()
