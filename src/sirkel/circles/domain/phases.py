"""A circle's way through its phases. Moving back is allowed; ending has a page of its own."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sirkel.circles.models import Circle
from sirkel.circles.queries.circle_page import PHASES
from sirkel.circles.queries.leading import circle_led
from sirkel.kernel import audit
from sirkel.kernel.errors import Refused
from sirkel.people.models import Person


def move_to_phase(*, acting: Person, circle_id: uuid.UUID, phase: str, at: datetime) -> Circle:
    """Move a circle that is under way to a phase, forwards or back. Saying the same twice changes nothing.

    Raises:
        Refused: ``circles.phase`` for a word that is no phase, and once the circle is over or paused.
        NotFound: this person does not facilitate it.

    """
    circle = circle_led(acting=acting, circle_id=circle_id)
    if phase not in PHASES or circle.state not in PHASES:
        raise Refused("circles.phase", _("The circle cannot go to this phase."))
    if circle.state == phase:
        return circle
    with transaction.atomic():
        before, circle.state = circle.state, phase
        circle.save(update_fields=["state"])
        audit.record(
            chain=circle.organisation_id,
            acting=acting.id,
            verb="circle.phase",
            target=circle.id,
            facts={"from": before, "to": phase},
            at=at,
        )
    return circle
