"""The facilitator surface: the page, its snapshot, and the controls of a running meeting."""

import uuid

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sirkel.circles.domain import driving, running, talking
from sirkel.circles.queries.leading import meeting_led
from sirkel.circles.views.leading import (
    asked_id,
    control,
    done,
    incomplete,
    lead_page,
    needed_id,
    reader,
    who,
)
from sirkel.circles.views.surface import snapshot, surface_context
from sirkel.kernel import clock
from sirkel.kernel.errors import Refused

MOST_PEOPLE = 60


@require_safe
@login_required
def lead(request: HttpRequest, meeting_id: uuid.UUID) -> HttpResponse:
    """Show the whole run sheet, the running step with the words to say, and the controls."""
    return lead_page(request, meeting_id)


@require_safe
@login_required
def lead_state(request: HttpRequest, meeting_id: uuid.UUID) -> HttpResponse:
    """Answer a facilitator's screen that asks every few seconds."""
    meeting = meeting_led(acting=who(request), meeting_id=meeting_id)
    return snapshot(request, meeting=meeting, surface="facilitator", language=reader(request))


@control
def open_(request: HttpRequest, meeting_id: uuid.UUID) -> None:
    """Open the meeting."""
    running.open_meeting(acting=who(request), meeting_id=meeting_id, at=clock.now())


@control
def go_on(request: HttpRequest, meeting_id: uuid.UUID) -> None:
    """Go on to the next step."""
    running.go_on(
        acting=who(request),
        meeting_id=meeting_id,
        expected=asked_id(request, "expected", may_lack=True),
        at=clock.now(),
    )


@control
def back(request: HttpRequest, meeting_id: uuid.UUID) -> None:
    """Go back to the step before, in a new round."""
    running.go_back(
        acting=who(request), meeting_id=meeting_id, expected=asked_id(request, "expected"), at=clock.now()
    )


@control
def show(request: HttpRequest, meeting_id: uuid.UUID) -> None:
    """Show what was written or chosen."""
    running.reveal(
        acting=who(request),
        meeting_id=meeting_id,
        expected=asked_id(request, "expected"),
        at=clock.now(),
        despite_few=request.POST.get("despite_few") == "yes",
    )


@control
def more_time(request: HttpRequest, meeting_id: uuid.UUID) -> None:
    """Give the running step two more minutes."""
    running.add_minutes(
        acting=who(request), meeting_id=meeting_id, expected=asked_id(request, "expected"), at=clock.now()
    )


@control
def pause(request: HttpRequest, meeting_id: uuid.UUID) -> None:
    """Stop the clock."""
    running.pause(acting=who(request), meeting_id=meeting_id, at=clock.now())


@control
def resume(request: HttpRequest, meeting_id: uuid.UUID) -> None:
    """Let the clock go on."""
    running.resume(acting=who(request), meeting_id=meeting_id, at=clock.now())


@control
def turn(request: HttpRequest, meeting_id: uuid.UUID) -> None:
    """Give the word to the next one."""
    number = request.POST.get("turn", "")
    if not number.isascii() or not number.isdigit():
        raise incomplete()
    talking.next_turn(
        acting=who(request),
        meeting_id=meeting_id,
        round_id=needed_id(request, "expected"),
        turn=int(number),
        at=clock.now(),
    )


@control
def take_over(request: HttpRequest, meeting_id: uuid.UUID) -> None:
    """Take the controls from a screen that has been silent."""
    driving.take_over(acting=who(request), meeting_id=meeting_id, at=clock.now())


@control
def hand_over(request: HttpRequest, meeting_id: uuid.UUID) -> None:
    """Lay the controls down."""
    driving.hand_over(acting=who(request), meeting_id=meeting_id, at=clock.now())


@require_POST
@login_required
def heartbeat(request: HttpRequest, meeting_id: uuid.UUID) -> HttpResponse:
    """Note that this screen is alive; say whether it holds the controls and whether they can be taken."""
    at = clock.now()
    meeting = driving.heartbeat(acting=who(request), meeting_id=meeting_id, at=at)
    is_mine = meeting.driver_id == who(request).id
    is_silent = meeting.driver_seen_at is None or at - meeting.driver_seen_at >= driving.TAKE_OVER_AFTER
    return JsonResponse(
        {
            "running": meeting.is_running,
            "mine": is_mine,
            "free": not is_mine and (not meeting.driver_id or is_silent),
        }
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def close(request: HttpRequest, meeting_id: uuid.UUID) -> HttpResponse:
    """Ask for the number of people and say what closing does; close on a press of the button."""
    meeting = meeting_led(acting=who(request), meeting_id=meeting_id)
    context = surface_context(meeting=meeting, surface="facilitator", language=reader(request))
    if request.method != "POST":
        return render(request, "circles/lead/close.html", context)
    typed = request.POST.get("people", "").strip()
    if typed and not (typed.isascii() and typed.isdigit() and int(typed) <= MOST_PEOPLE):
        context |= {"is_wrong": True, "typed": typed}
        return render(request, "circles/lead/close.html", context, status=400)
    try:
        running.close_meeting(
            acting=who(request),
            meeting_id=meeting_id,
            at=clock.now(),
            attendance_count=int(typed) if typed else None,
        )
    except Refused as refused:
        return lead_page(request, meeting_id, refused=refused)
    return done(request, meeting_id)
