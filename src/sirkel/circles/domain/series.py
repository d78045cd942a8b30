"""Beginning a circle with its whole series; publishing what is still a draft."""

import uuid
from datetime import datetime

from django.db import transaction

from sirkel.circles.domain.planning import CirclePlan, create_circle, publish_meeting
from sirkel.circles.enums import MeetingState
from sirkel.circles.models import Circle
from sirkel.circles.queries.leading import circle_led
from sirkel.people.models import Person


def begin_series(*, acting: Person, plan: CirclePlan, publish: bool, at: datetime) -> Circle:
    """Begin a circle and, with ``publish``, publish every meeting: all of it or nothing. Sent twice, it is begun once.

    Raises:
        NotAllowed, Refused: as for ``create_circle``.

    """
    with transaction.atomic():
        circle = create_circle(acting=acting, plan=plan, at=at)
        if publish:
            publish_drafts(acting=acting, circle_id=circle.id, at=at)
    return circle


def publish_drafts(*, acting: Person, circle_id: uuid.UUID, at: datetime) -> int:
    """Publish every draft of a circle that is still to come; return how many there were.

    Raises:
        NotFound: this person does not facilitate it.

    """
    circle = circle_led(acting=acting, circle_id=circle_id)
    with transaction.atomic():
        drafts = circle.meetings.filter(state=MeetingState.DRAFT, starts_at__gt=at).order_by("number")
        ids = list(drafts.values_list("id", flat=True))
        for meeting_id in ids:
            publish_meeting(acting=acting, meeting_id=meeting_id, at=at)
    return len(ids)
