"""What this room leaves to the worker: mails about meetings."""

import uuid

from sirkel.circles.domain.invitations import send_invitation
from sirkel.circles.domain.signals import meeting_announced
from sirkel.circles.models import Meeting, Membership
from sirkel.kernel import clock
from sirkel.kernel.tasks import enqueue_once, task


@task(attempts=5, wait_seconds=60)
def mail_meeting(meeting: str, person: str, sequence: int) -> None:
    """Mail one member the state of one meeting."""
    send_invitation(
        meeting_id=uuid.UUID(meeting), person_id=uuid.UUID(person), sequence=sequence, at=clock.now()
    )


def _announce(meeting: Meeting, **_given: object) -> None:
    """Hand out one mail per member and change, inside the transaction of the change."""
    members = Membership.objects.filter(
        circle=meeting.circle_id, left_at__isnull=True, person__is_active=True
    ).values_list("person", flat=True)
    for person in members:
        key = f"meeting-mail:{meeting.id}:{meeting.calendar_sequence}:{person}"
        enqueue_once(
            mail_meeting,
            key,
            meeting=str(meeting.id),
            person=str(person),
            sequence=meeting.calendar_sequence,
        )


def listen() -> None:
    """Begin to hear of meetings that are published, changed or cancelled."""
    meeting_announced.connect(_announce, dispatch_uid="circles.mail_meeting")
