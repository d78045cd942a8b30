"""Who holds the controls of a running meeting."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sirkel.circles.models import Meeting, Step
from sirkel.circles.queries.leading import controls, meeting_led
from sirkel.kernel import audit, live
from sirkel.kernel.errors import Conflict, Refused
from sirkel.people.models import Person

TAKE_OVER_AFTER = timedelta(seconds=60)


def led_and_running(*, acting: Person, meeting_id: uuid.UUID, at: datetime) -> Meeting:
    """Return a running meeting, its row locked, with the controls in the hands of whoever acts.

    Controls that lie free, or whose holder has been silent for 60 seconds, pass to whoever acts.

    Raises:
        NotFound: not this person's meeting.
        Refused: ``meetings.not_running``.
        Conflict: ``meetings.driven`` while the other screen is alive.

    """
    meeting = meeting_led(acting=acting, meeting_id=meeting_id, lock=True)
    if not meeting.is_running:
        raise Refused("meetings.not_running", _("This meeting is not running."), status=409)
    if meeting.driver_id != acting.id:
        if meeting.driver_id and meeting.driver_seen_at and at - meeting.driver_seen_at < TAKE_OVER_AFTER:
            raise Conflict(
                "meetings.driven",
                _("Another facilitator holds the controls."),
                _("Ask for them, or take over when that screen has been silent for a minute."),
            )
        meeting.driver = acting
    meeting.driver_seen_at = at
    meeting.save(update_fields=["driver", "driver_seen_at"])
    return meeting


def heartbeat(*, acting: Person, meeting_id: uuid.UUID, at: datetime) -> Meeting:
    """Note that the facilitator's screen is alive, and say who holds the controls."""
    meeting = controls(acting=acting, meeting_id=meeting_id, at=at)
    if meeting.driver_id == acting.id:
        Meeting.objects.filter(id=meeting.id, driver=acting).update(driver_seen_at=at)
    return meeting


def take_over(*, acting: Person, meeting_id: uuid.UUID, at: datetime) -> Meeting:
    """Take the controls when they lie free or their holder has been silent for 60 seconds.

    Raises:
        Conflict: ``meetings.driven`` while the other screen is alive.

    """
    with transaction.atomic():
        before = meeting_led(acting=acting, meeting_id=meeting_id).driver_id
        meeting = led_and_running(acting=acting, meeting_id=meeting_id, at=at)
        if before != acting.id:
            live.emit(room_id=meeting.id, kind="driver")
            record_step(meeting, acting, "meeting.taken_over", at)
    return meeting


def hand_over(*, acting: Person, meeting_id: uuid.UUID, at: datetime) -> Meeting:
    """Lay the controls down, so that another facilitator can take them at once."""
    with transaction.atomic():
        meeting = led_and_running(acting=acting, meeting_id=meeting_id, at=at)
        meeting.driver = meeting.driver_seen_at = None
        meeting.save(update_fields=["driver", "driver_seen_at"])
        live.emit(room_id=meeting.id, kind="driver")
        record_step(meeting, acting, "meeting.handed_over", at)
    return meeting


def record_step(meeting: Meeting, acting: Person, verb: str, at: datetime, step: Step | None = None) -> None:
    """Write down in the audit chain what the facilitator did with the meeting; never a word of anybody."""
    facts = {"step": step.key, "kind": step.kind} if step else {}
    audit.record(
        chain=meeting.circle.organisation_id,
        acting=acting.id,
        verb=verb,
        target=meeting.id,
        facts=facts,
        at=at,
    )
