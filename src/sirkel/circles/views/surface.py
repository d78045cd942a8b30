"""Rendering the three surfaces: whole at a change of state, by region for smaller changes.

Regions are named partials of one template per surface: ``circles/hand.html#notes`` and so on.
Each region is an element whose id is the region's name; the browser replaces elements by id. A note
alone is a line of a list, which the browser puts at its place among the ids.
"""

import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import SimpleLazyObject

from sirkel.circles.models import InboxNote, Meeting
from sirkel.circles.queries.belonging import organisations_of_meeting
from sirkel.circles.queries.leading import meetings_led_by
from sirkel.circles.queries.note_views import note_alone, waiting_note
from sirkel.circles.queries.surfaces import MeetingView, meeting_view
from sirkel.circles.views.hand_page import HandPage
from sirkel.circles.views.lead_page import LeadPage
from sirkel.circles.views.participant import device_in
from sirkel.circles.views.room_page import RoomPage
from sirkel.kernel import clock, rows
from sirkel.kernel.live.changes import STATE, Change
from sirkel.kernel.live.events import version_of
from sirkel.kernel.live.surfaces import Asker, Surface, register_surface
from sirkel.people.queries.seats import seat_of
from sirkel.people.queries.sessions import person_of_session

STAGE = "stage"
# Which region of which surface a small change touches; a change without a region there is no news for it.
REGIONS: dict[str, dict[str, str]] = {
    "hand": {"note": "notes", "gone": "notes", "turn": "turn", "people": "people"},
    "room": {
        "note": "notes",
        "gone": "notes",
        "count": "count",
        "people": "people",
        "turn": "turn",
        "joinbar": "joinbar",
        "door": "door",
    },
    "facilitator": {
        "note": "notes",
        "gone": "notes",
        "count": "count",
        "people": "people",
        "turn": "turn",
        "joinbar": "joinbar",
        "door": "door",
        "driver": "driver",
    },
}
# The line of a surface's list that a note is: a list of many is not sent anew to every phone for one of them.
LINES = {"hand": "circles/hand/note.html", "room": "circles/room/wall_note.html"}
# What a surface's template asks for beyond the view, under the name ``page``; worked out only when asked.
PAGES: dict[str, Callable[[MeetingView], Any]] = {"hand": HandPage, "room": RoomPage, "facilitator": LeadPage}


def surface_context(
    *, meeting: Meeting, surface: str, language: str, version: int | None = None
) -> dict[str, Any]:
    """Return what a surface's template shows; ``view`` is the same for everybody with that surface and language."""
    at = clock.now()
    if version is None:
        version = version_of(room_id=meeting.id)
    view: MeetingView = meeting_view(meeting=meeting, version=version, language=language, at=at)
    page = PAGES[surface](view) if surface in PAGES else None
    return {
        "view": view,
        "page": page,
        "meeting": meeting,
        "circle": SimpleLazyObject(lambda: meeting.circle),
        "surface": surface,
        "now": at,
    }


def snapshot(request: HttpRequest, *, meeting: Meeting, surface: str, language: str) -> HttpResponse:
    """Answer a screen that asks instead of listening: 204 when it misses nothing, else the whole stage.

    The screen names the version it holds by ``?last=``. ``X-Version`` is the version answered with,
    ``X-Now`` the server's clock in milliseconds.
    """
    version = version_of(room_id=meeting.id)
    if request.GET.get("last") == str(version):
        response = HttpResponse(status=204)
    else:
        with translation.override(language):
            context = surface_context(meeting=meeting, surface=surface, language=language, version=version)
            response = HttpResponse(render_to_string(f"circles/{surface}.html#{STAGE}", context, request))
    response["X-Version"] = str(version)
    response["X-Now"] = str(int(clock.now().timestamp() * 1000))
    return response


def render_surface(surface: str, room_id: uuid.UUID, change: Change, language: str) -> str:
    """Return the HTML of one change for one surface and language; empty when the surface shows nothing of it."""
    if line := _one_note(surface, change, language):
        return line
    region = STAGE if change.kind == STATE else REGIONS[surface].get(change.kind)
    if region is None:
        return ""
    meetings = Meeting.objects.all()
    if region == STAGE:
        meetings = meetings.select_related("circle", "circle__workplace", "current_step", "driver")
    meeting = meetings.get(id=room_id)
    with translation.override(language):
        context = surface_context(meeting=meeting, surface=surface, language=language, version=change.version)
        return render_to_string(f"circles/{surface}.html#{region}", context)


def _one_note(surface: str, change: Change, language: str) -> str:
    """Return the one line that a new or changed note is; empty where the surface has to show more, or none is found."""
    template = LINES.get(surface) if change.kind == "note" else None
    if template is None:
        return ""
    note: InboxNote | None = change.at_hand or waiting_note(uuid.UUID(change.payload["note"]))
    line = note_alone(note) if note else None
    if line is None:
        return ""
    with translation.override(language):
        return render_to_string(template, {"note": line, "view": {"language": language}, "into": "notes"})


def _may_hand(room_id: uuid.UUID, asker: Asker) -> bool:
    return seat_of(room=room_id, device=device_in(asker.cookies)) is not None


def _may_room(room_id: uuid.UUID, asker: Asker) -> bool:
    from sirkel.circles.domain.joining import meeting_by_room_address  # noqa: PLC0415 -- only where it is asked
    from sirkel.kernel.errors import NotFound  # noqa: PLC0415 -- as above

    try:
        with rows.of(organisations_of_meeting(room_id)):
            return meeting_by_room_address(asker.query.get("k", "")).id == room_id
    except NotFound:
        return False


def _may_lead(room_id: uuid.UUID, asker: Asker) -> bool:
    with rows.everything(rows.Why.SESSION):
        person = person_of_session(asker.cookies, at=clock.now())
    with rows.of(organisations_of_meeting(room_id)):
        return person is not None and meetings_led_by(person).filter(id=room_id).exists()


def register() -> None:
    """Tell the live streams about the three surfaces."""
    languages = [code for code, _name in settings.LANGUAGES]
    for name, authorise in (("hand", _may_hand), ("room", _may_room), ("facilitator", _may_lead)):

        def render(room_id: uuid.UUID, change: Change, language: str, *, surface: str = name) -> str:
            with rows.of(organisations_of_meeting(room_id)):
                return render_surface(surface, room_id, change, language)

        register_surface(name, Surface(authorise=authorise, render=render, languages=languages))
