"""Who may read what a meeting left behind."""

import uuid

from django.utils.translation import gettext_lazy as _

from sirkel.circles.enums import MeetingState
from sirkel.circles.models import Meeting
from sirkel.circles.queries.keeping import kept
from sirkel.circles.queries.leading import circles_visible_to
from sirkel.kernel.errors import NotFound
from sirkel.people.models import Person
from sirkel.people.queries.seats import holds_pass


def meeting_to_recall(*, meeting_id: uuid.UUID, person: Person | None, seat_pass: str | None) -> Meeting:
    """Return a held meeting for a member of its circle, or for a phone that was in it within the last day.

    Raises:
        NotFound: there is no such meeting, it is not held, or it is not for this reader: the answer is the same.

    """
    meeting = (
        Meeting.objects.filter(kept("circle__"), id=meeting_id, state=MeetingState.HELD)
        .select_related("circle", "circle__workplace")
        .first()
    )
    is_member = (
        meeting is not None
        and person is not None
        and circles_visible_to(person).filter(id=meeting.circle_id).exists()
    )
    if meeting is None or not (is_member or holds_pass(room=meeting.id, seat_pass=seat_pass)):
        raise NotFound(
            "recaps.none",
            _("There is no recap for you here."),
            _("Members read it when they are signed in, and a phone for a day after the meeting."),
        )
    return meeting
