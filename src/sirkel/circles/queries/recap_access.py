"""Who may read what a meeting left behind."""

import uuid

from django.utils.translation import gettext_lazy as _

from sirkel.circles.enums import MeetingState
from sirkel.circles.models import Meeting
from sirkel.circles.queries.keeping import kept
from sirkel.circles.queries.leading import circles_visible_to
from sirkel.circles.queries.set_ups import reads_words_since
from sirkel.kernel import clock
from sirkel.kernel.errors import NotAllowed, NotFound
from sirkel.people.models import Person
from sirkel.people.queries.seats import holds_pass


def meeting_to_recall(*, meeting_id: uuid.UUID, person: Person | None, seat_pass: str | None) -> Meeting:
    """Return a held meeting for a member of its circle, or for a phone that was in it within the last day.

    Raises:
        NotFound: there is no such meeting, it is not held, or it is not for this reader: the answer is the same.
        NotAllowed: ``recaps.before`` for a leader whom the group let in after the meeting.

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
    was_there = meeting is not None and holds_pass(room=meeting.id, seat_pass=seat_pass)
    if meeting is None or not (is_member or was_there):
        raise NotFound(
            "recaps.none",
            _("There is no recap for you here."),
            _("Members read it when they are signed in, and a phone for a day after the meeting."),
        )
    if person is not None and not was_there and not _words_are_for(person=person, meeting=meeting):
        raise NotAllowed(
            "recaps.before",
            _("This meeting was for the employees alone."),
            _("What was written in it is not shown to a leader, also not one who takes part later."),
        )
    return meeting


def _words_are_for(*, person: Person, meeting: Meeting) -> bool:
    """Tell whether a member of the circle may read what was written in a meeting.

    A leader whom the group let in may read of the meetings since, and of those that leaders were invited to.
    """
    since = reads_words_since(person=person, circle=meeting.circle, at=clock.now())
    return since is None or meeting.is_joint or (meeting.opened_at or meeting.starts_at) >= since
