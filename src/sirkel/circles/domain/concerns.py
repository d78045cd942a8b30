"""Raising a concern about a circle: the representative's right."""

import uuid
from datetime import datetime

from django.db import transaction

from sirkel.circles.domain.wording import words_for_circle
from sirkel.circles.models import Concern
from sirkel.circles.queries.standing import Part, standing_of
from sirkel.kernel import audit
from sirkel.people.models import Person

CONCERN_LENGTH = 500


def raise_concern(*, acting: Person, circle_id: uuid.UUID, text: str, at: datetime) -> Concern:
    """Raise a concern with the circle's facilitators and the leader of its workplace.

    Raises:
        Refused: as for notes (empty, too long, a personal number).
        NotFound: this person does not represent the employees of the circle's workplace.

    """
    circle = standing_of(person=acting, circle_id=circle_id, at=at, needs={Part.REPRESENTATIVE}).circle
    kept = words_for_circle(text, most=CONCERN_LENGTH, is_sure=True)
    with transaction.atomic():
        concern = Concern.objects.create(circle=circle, raised_by=acting, text=kept, raised_at=at)
        audit.record(
            chain=circle.organisation_id,
            acting=acting.id,
            verb="concern.raised",
            target=circle.id,
            facts={"concern": concern.id, "by": Part.REPRESENTATIVE},
            at=at,
        )
    return concern
