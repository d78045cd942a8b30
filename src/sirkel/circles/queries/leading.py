"""Who may lead which circle and meeting."""

import uuid
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from sirkel.circles.enums import MemberRole
from sirkel.circles.models import Circle, Meeting
from sirkel.circles.queries.keeping import ended_since, kept, retention
from sirkel.kernel import clock
from sirkel.kernel.errors import NotFound
from sirkel.kernel.prepared import Prepared
from sirkel.people.models import Person


def circles_visible_to(person: Person, *, at: datetime | None = None) -> QuerySet[Circle]:
    """Return the circles a person belongs to now. No role outside the circle opens one.

    What a circle wrote is read until a year after its end, see ``keeping``; then it is nobody's any more.
    """
    return (
        Circle.objects.filter(kept(at=at), memberships__person=person, memberships__left_at__isnull=True)
        .select_related("workplace", "organisation")
        .distinct()
        .order_by("name")
    )


def circles_led_by(person: Person) -> QuerySet[Circle]:
    """Return the circles a person facilitates now."""
    return circles_visible_to(person).filter(
        memberships__role=MemberRole.FACILITATOR,
        memberships__person=person,
        memberships__left_at__isnull=True,
    )


def meetings_led_by(person: Person) -> QuerySet[Meeting]:
    """Return the meetings a person may run and change."""
    led = _led(person.id, clock.now() - retention())
    return led.select_related("circle", "circle__workplace", "current_step", "driver")


def _led(person_id: uuid.UUID, since: datetime) -> QuerySet[Meeting]:
    return Meeting.objects.filter(
        ended_since(since, "circle__"),
        circle__memberships__person=person_id,
        circle__memberships__role=MemberRole.FACILITATOR,
        circle__memberships__left_at__isnull=True,
    )


def _controls(person_id: uuid.UUID, since: datetime, meeting_id: uuid.UUID) -> QuerySet[Meeting, Any]:
    return _led(person_id, since).filter(id=meeting_id).values_list("state", "driver_id", "driver_seen_at")


_ask_controls = Prepared(_controls, person_id=uuid.UUID, since=datetime, meeting_id=uuid.UUID)


def controls(*, acting: Person, meeting_id: uuid.UUID, at: datetime) -> Meeting:
    """Return a meeting for the facilitator whose screen asks every few seconds who holds its controls.

    It knows its state, its driver and when the driver was last seen, and nothing else.

    Raises:
        NotFound: it does not exist, or this person does not facilitate it: the answer is the same.

    """
    rows = _ask_controls(person_id=acting.id, since=at - retention(), meeting_id=meeting_id)
    if not rows:
        raise no_such_meeting()
    state, driver_id, seen = rows[0]
    return Meeting(id=meeting_id, state=state, driver_id=driver_id, driver_seen_at=seen)


def circle_for(*, person: Person, circle_id: uuid.UUID) -> Circle:
    """Return a circle its member asks for.

    Raises:
        NotFound: it does not exist, or not for this person: the answer is the same.

    """
    circle = circles_visible_to(person).filter(id=circle_id).first()
    if circle is None:
        raise NotFound("circles.none", _("There is no such circle here."), _("Go to your circles."))
    return circle


def circle_led(*, acting: Person, circle_id: uuid.UUID) -> Circle:
    """Return a circle for the facilitator who acts on it.

    Raises:
        NotFound: it does not exist, or this person does not facilitate it: the answer is the same.

    """
    circle = circles_led_by(acting).filter(id=circle_id).first()
    if circle is None:
        raise NotFound("circles.none", _("There is no such circle here."), _("Go to your circles."))
    return circle


def meeting_led(*, acting: Person, meeting_id: uuid.UUID, lock: bool = False) -> Meeting:
    """Return a meeting for the facilitator who acts on it; with ``lock`` its row is locked.

    Raises:
        NotFound: it does not exist, or this person does not facilitate it: the answer is the same.

    """
    found = meetings_led_by(acting).filter(id=meeting_id)
    if lock:
        found = Meeting.objects.filter(id__in=found.values("id")).select_for_update()
    meeting = found.first()
    if meeting is None:
        raise no_such_meeting()
    return meeting


def no_such_meeting() -> NotFound:
    """Return the one answer for a meeting that does not exist and for one that is somebody else's."""
    return NotFound("meetings.none", _("There is no such meeting here."), _("Go to your circles."))
