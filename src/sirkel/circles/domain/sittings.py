"""Two sittings of one meeting number, for shifts that cannot meet at one time and share what comes of it."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sirkel.circles.domain.set_ups import locked_circle
from sirkel.circles.domain.wording import words_for_circle
from sirkel.circles.enums import MeetingState
from sirkel.circles.models import Meeting, Step
from sirkel.circles.queries.leading import meeting_led
from sirkel.circles.queries.sittings import siblings
from sirkel.kernel import audit
from sirkel.kernel.errors import Conflict, Refused
from sirkel.people.models import Person

FURTHEST_APART = timedelta(days=14)
_OPEN = {MeetingState.DRAFT, MeetingState.PLANNED, MeetingState.RUNNING, MeetingState.HELD}


@dataclass(frozen=True)
class SittingPlan:
    """When and where the second sitting is. ``starts_at`` is aware; it lasts as long as the first."""

    starts_at: datetime
    place: str = ""
    link: str = ""


def add_sitting(*, acting: Person, meeting_id: uuid.UUID, plan: SittingPlan, at: datetime) -> Meeting:
    """Add a second sitting to a meeting, as a draft with the same number and the first one's run sheet.

    Each sitting has a code, seats and rounds of its own: its notes are shuffled and shown in it alone.

    Raises:
        Conflict: ``sittings.two`` when there are two already.
        Refused: ``sittings.cancelled`` for a meeting that is; ``sittings.far`` when they are more than two weeks
            apart, or another meeting lies between; ``meetings.link``; as for notes.
        NotFound: this person does not facilitate the meeting.

    """
    first = meeting_led(acting=acting, meeting_id=meeting_id)
    if plan.link and not plan.link.startswith(("https://", "http://")):
        raise Refused("meetings.link", _("A link begins with https://."))
    place = words_for_circle(plan.place, most=200, is_sure=True, may_be_empty=True)
    with transaction.atomic():
        circle = locked_circle(first.circle_id)
        first.refresh_from_db()
        if first.state not in _OPEN:
            raise Refused("sittings.cancelled", _("This meeting is cancelled."), status=409)
        if siblings(first).exists():
            raise Conflict("sittings.two", _("This meeting has two sittings already."))
        _must_be_near(first, plan.starts_at)
        second = Meeting.objects.create(
            circle=circle,
            number=first.number,
            sitting=2,
            starts_at=plan.starts_at,
            duration_minutes=first.duration_minutes,
            place=place,
            link=plan.link,
            method=first.method,
            is_joint=first.is_joint,
        )
        Step.objects.bulk_create(_copied(step, second) for step in first.steps.all())
        audit.record(
            chain=circle.organisation_id,
            acting=acting.id,
            verb="meeting.sitting_added",
            target=second.id,
            facts={"number": first.number},
            at=at,
        )
    return second


def _must_be_near(first: Meeting, starts_at: datetime) -> None:
    low, high = sorted((first.starts_at, starts_at))
    between = (
        Meeting.objects.filter(circle=first.circle_id, starts_at__gte=low, starts_at__lte=high)
        .exclude(number=first.number)
        .exclude(state=MeetingState.CANCELLED)
    )
    if high - low > FURTHEST_APART or between.exists():
        raise Refused(
            "sittings.far",
            _("The two sittings are too far apart."),
            _("Choose a day within two weeks, with no other meeting between."),
            facts={"field": "day"},
        )


def _copied(step: Step, second: Meeting) -> Step:
    names = ("position", "key", "kind", "minutes", "title", "prompt", "hint", "say", "settings", "is_skipped")
    return Step(meeting=second, **{name: getattr(step, name) for name in names})
