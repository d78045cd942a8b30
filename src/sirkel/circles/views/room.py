"""The room screen: shows the meeting to everybody in the room, asks nothing of anybody."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe

from sirkel.circles.domain.joining import meeting_by_room_address
from sirkel.circles.models import Meeting
from sirkel.circles.views.surface import snapshot, surface_context

LOOKS = {"light", "dark"}


def room_language(request: HttpRequest, meeting: Meeting) -> str:
    """Return the language of the screen: the one asked for if the circle has it, else the circle's first."""
    asked = request.GET.get("lang", "")
    return asked if asked in meeting.circle.languages else meeting.circle.language


@require_safe
def room(request: HttpRequest, address: str) -> HttpResponse:
    """Show the meeting as it is now, large."""
    meeting = meeting_by_room_address(address)
    language = room_language(request, meeting)
    look = request.GET.get("look", "")
    with translation.override(language):
        context = surface_context(meeting=meeting, surface="room", language=language)
        context["language"] = language
        context["look"] = look if look in LOOKS else ""
        return render(request, "circles/room.html", context)


@require_safe
def room_state(request: HttpRequest, address: str) -> HttpResponse:
    """Answer a room screen that asks every few seconds."""
    meeting = meeting_by_room_address(address)
    return snapshot(request, meeting=meeting, surface="room", language=room_language(request, meeting))
