"""A meeting as calendars show it: the same entry wherever somebody picks it up."""

from django.utils import translation
from django.utils.translation import gettext as _

from sirkel.circles.enums import MeetingState
from sirkel.circles.models import Meeting
from sirkel.exchange.ics import CalendarMeeting


def calendar_meeting(*, meeting: Meeting, language: str) -> CalendarMeeting:
    """Return the calendar entry of a meeting, in one language. Needs its circle and workplace.

    The entry names the circle, never its theme, its people or a way in that others could use.
    """
    with translation.override(language):
        title = _("%(circle)s, meeting %(number)d") % {
            "circle": meeting.circle.name,
            "number": meeting.number,
        }
        if meeting.sitting > 1:
            title += f" ({_('second sitting')})"
    return CalendarMeeting(
        uid=f"{meeting.id}@sirkel",
        sequence=meeting.calendar_sequence,
        starts_at=meeting.starts_at,
        duration_minutes=meeting.duration_minutes,
        time_zone=meeting.circle.workplace.time_zone,
        title=title,
        changed_at=meeting.calendar_changed_at or meeting.starts_at,
        language=language,
        place=meeting.place,
        link=meeting.link,
        status="cancelled" if meeting.state == MeetingState.CANCELLED else "confirmed",
    )
