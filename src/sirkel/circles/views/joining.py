"""The door: typing a code, scanning the QR, coming back with three words."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from sirkel.circles.domain import joining
from sirkel.circles.domain.set_ups import must_be_welcome
from sirkel.circles.enums import MeetingState
from sirkel.circles.forms.joining import BackForm, CodeForm, WordsForm, address_in
from sirkel.circles.models import Meeting
from sirkel.circles.queries.calendars import calendar_meeting
from sirkel.circles.queries.set_ups import with_leaders
from sirkel.circles.rules import methods
from sirkel.circles.views import come_back, waiting
from sirkel.circles.views.asking import (
    count_miss,
    count_press,
    keep_mark,
    must_not_guess,
    must_not_press_again,
)
from sirkel.circles.views.participant import device_of, pass_of, remember
from sirkel.exchange.ics import calendar_entry
from sirkel.kernel import clock
from sirkel.kernel.errors import NotFound, Refused
from sirkel.people.domain.seats import Taken
from sirkel.people.models import Person
from sirkel.people.queries.seats import holds_pass, seat_of, waiting_seat

_DOOR = "circles/join/door.html"


def see_other(url: str) -> HttpResponse:
    """Send a browser on after a form, so that reloading sends nothing twice."""
    return HttpResponseRedirect(url, status=303)


@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Ask for the code on the screen and lead to the meeting's door. Nothing is joined here."""
    form = CodeForm(request.POST or None)
    if request.method != "POST":
        return render(request, "circles/join/code.html", {"form": form})
    if not form.is_valid():
        return render(request, "circles/join/code.html", {"form": form}, status=400)
    pasted = address_in(form.cleaned_data["code"])
    if pasted:
        return see_other(reverse("circles:join", args=[pasted]))
    try:
        must_not_guess(request)
        meeting = joining.meeting_by_code(form.cleaned_data["code"])
    except Refused as refused:
        return _refused(request, "circles/join/code.html", form, "code", refused)
    return see_other(reverse("circles:join", args=[joining.join_address(meeting)]))


def _refused(
    request: HttpRequest,
    template: str,
    form: CodeForm | WordsForm,
    field: str,
    refused: Refused,
    more: dict[str, Any] | None = None,
) -> HttpResponse:
    """Show the form again with what was wrong; a wrong guess is counted."""
    mark = count_miss(request) if isinstance(refused, NotFound) else ""
    form.add_error(field, f"{refused.message} {refused.hint}")
    response = render(request, template, {"form": form, **(more or {})}, status=refused.status)
    if mark:
        keep_mark(response, mark)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def back(request: HttpRequest) -> HttpResponse:
    """Let somebody come back on another device: code and three words."""
    form = BackForm(request.POST or None)
    if request.method != "POST":
        return render(request, "circles/join/back.html", {"form": form})
    if not form.is_valid():
        return render(request, "circles/join/back.html", {"form": form}, status=400)
    field = "code"
    try:
        must_not_guess(request)
        meeting = joining.meeting_by_code(form.cleaned_data["code"])
        field = "words"
        taken = _rejoin(meeting, form.cleaned_data["words"])
    except Refused as refused:
        return _refused(request, "circles/join/back.html", form, field, refused)
    return _let_in(request, meeting, taken)


def _rejoin(meeting: Meeting, typed: str) -> Taken:
    phrase = methods.find_phrase(typed)
    return joining.rejoin(meeting=meeting, word_ids=phrase or ("", "", ""))


def _let_in(request: HttpRequest, meeting: Meeting, taken: Taken) -> HttpResponse:
    joining.go_away(meeting=meeting, device=device_of(request))  # who has a seat waits no longer
    response = see_other(reverse("circles:hand", args=[meeting.id]))
    remember(response, taken)
    if not taken.seat.is_shared:
        come_back.show_words(response, meeting=meeting, word_ids=taken.word_ids)
    return response


def _let_wait(request: HttpRequest, meeting: Meeting, taken: Taken) -> HttpResponse:
    response = see_other(reverse("circles:waiting", args=[meeting.id]))
    waiting.begin(response, taken, meeting=meeting)
    keep_mark(response, count_press(request))
    return response


def _state_of(meeting: Meeting, *, is_in: bool, waits: bool) -> str:
    """Return what the door says: early, cancelled, over, in, waits, paused or open."""
    if meeting.state == MeetingState.CANCELLED:
        return "cancelled"
    if meeting.state == MeetingState.HELD:
        return "over"
    if not meeting.is_running:
        return "early"
    if is_in:
        return "in"
    if waits:
        return "waits"
    return "paused" if meeting.paused_at else "open"


@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, address: str) -> HttpResponse:
    """Show the door of one meeting. Only a POST joins; looking, by a person or a mail scanner, takes nothing."""
    meeting = joining.meeting_by_join_address(address)
    room, device = meeting.id, device_of(request)
    seat = seat_of(room=room, device=device) if meeting.is_running else None
    waits = meeting.is_door_closed and seat is None and waiting_seat(room=room, device=device) is not None
    state = _state_of(meeting, is_in=seat is not None, waits=waits)
    context = {
        "meeting": meeting,
        "circle": meeting.circle,
        "address": address,
        "state": state,
        "seat": seat,
        "was_here": holds_pass(room=meeting.id, seat_pass=pass_of(request)),
        "words_form": WordsForm(),
        "with_leaders": with_leaders(meeting),
    }
    if request.method != "POST":
        return render(request, _DOOR, context)
    if state == "in":
        return see_other(reverse("circles:hand", args=[meeting.id]))
    if request.POST.get("do") == "back":
        return _back_through_the_door(request, meeting, context)
    if state in {"early", "cancelled", "over"}:
        return render(request, _DOOR, context, status=410)
    if state == "waits":
        return see_other(reverse("circles:waiting", args=[meeting.id]))
    return _join(request, meeting)


def _join(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    if isinstance(request.user, Person):
        must_be_welcome(person=request.user, meeting=meeting, at=clock.now())
    if meeting.is_door_closed:
        must_not_press_again(request)
    taken = joining.join(meeting=meeting, is_shared=bool(request.POST.get("is_shared")))
    if taken.seat.waiting_number is not None:
        return _let_wait(request, meeting, taken)
    return _let_in(request, meeting, taken)


def _back_through_the_door(request: HttpRequest, meeting: Meeting, context: dict[str, Any]) -> HttpResponse:
    form = context["words_form"] = WordsForm(request.POST)
    if not form.is_valid():
        return render(request, _DOOR, context, status=400)
    try:
        must_not_guess(request)
        taken = _rejoin(meeting, form.cleaned_data["words"])
    except Refused as refused:
        return _refused(request, _DOOR, form, "words", refused, context)
    return _let_in(request, meeting, taken)


@require_safe
def calendar(request: HttpRequest, address: str) -> HttpResponse:
    """Give the meeting as a calendar file."""
    del request
    meeting = joining.meeting_by_join_address(address)
    entry = calendar_entry(
        calendar_meeting(meeting=meeting, language=get_language() or meeting.circle.language), at=clock.now()
    )
    response = HttpResponse(entry, content_type="text/calendar; charset=utf-8; method=PUBLISH")
    response["Content-Disposition"] = 'attachment; filename="sirkel.ics"'
    return response
