"""Addresses of the ordinary pages: start, circles, wizard, meetings, recap; part of the ``circles`` names."""

from django.urls import path

from sirkel.circles.url_converters import MEETING
from sirkel.circles.views import circle, links, meeting, recap, reminder, start
from sirkel.circles.views.wizard import wizard

_CIRCLE = "circles/<uuid:circle_id>/"
_MEETING = f"{_CIRCLE}meetings/{MEETING}/"

urlpatterns = [
    path("", start.start, name="start"),
    path("circles/", start.circle_list, name="list"),
    path("circles/new/", wizard, {"step": "circle"}, name="new"),
    path("circles/new/people/", wizard, {"step": "people"}, name="new-people"),
    path("circles/new/series/", wizard, {"step": "series"}, name="new-series"),
    path("circles/new/check/", wizard, {"step": "check"}, name="new-check"),
    path(_CIRCLE, circle.circle, name="circle"),
    path(f"{_CIRCLE}phase/", circle.phase, name="phase"),
    path(f"{_CIRCLE}publish/", circle.publish_all, name="publish-all"),
    path(f"{_CIRCLE}meetings.ics", meeting.calendar_all, name="calendar-all"),
    path(f"{_CIRCLE}meetings/new/", circle.meeting_new, name="meeting-new"),
    path(_MEETING, meeting.meeting, name="meeting"),
    path(f"{_MEETING}change/", meeting.change, name="meeting-change"),
    path(f"{_MEETING}publish/", meeting.publish, name="meeting-publish"),
    path(f"{_MEETING}cancel/", meeting.cancel, name="meeting-cancel"),
    path(f"{_MEETING}meeting.ics", meeting.calendar, name="calendar"),
    path(f"{_MEETING}reminder/", reminder.reminder, name="reminder"),
    path(f"{_MEETING}reminder/hold/", reminder.hold, name="reminder-hold"),
    path("link/answer/<str:token>/", links.answer, name="link-answer"),
    path("link/leave/<str:token>/", links.leave, name="link-leave"),
    path("link/calendar/<str:secret>.ics", links.calendar_feed, name="calendar-feed"),
    path("meetings/<uuid:meeting_id>/recap/", recap.recap, name="recap"),
    path("meetings/<uuid:meeting_id>/recap.pdf", recap.recap_as_pdf, name="recap-pdf"),
    path("meetings/<uuid:meeting_id>/recap.docx", recap.recap_as_word, name="recap-word"),
]
