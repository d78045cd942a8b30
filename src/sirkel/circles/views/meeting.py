"""A meeting's page before and after it runs: when, where, the run sheet, the calendar."""

import uuid
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sirkel.circles.domain import planning
from sirkel.circles.enums import MeetingState
from sirkel.circles.forms.halting import HaltForm
from sirkel.circles.forms.planning import MeetingForm
from sirkel.circles.models import Meeting
from sirkel.circles.queries.calendars import calendar_meeting
from sirkel.circles.queries.challenges import challenges_at, challenges_seen
from sirkel.circles.queries.circle_page import circle_page, meeting_before, meeting_of
from sirkel.circles.queries.nudges import nudges_of
from sirkel.circles.queries.overview import OPENS_BEFORE
from sirkel.circles.queries.rounds import current_round
from sirkel.circles.queries.set_ups import kind_of
from sirkel.circles.queries.sittings import other_sitting_of
from sirkel.circles.queries.steps import StepView, run_sheet
from sirkel.circles.queries.surfaces import open_trials
from sirkel.circles.rules import methods
from sirkel.circles.rules.phases import CANCEL_REASONS
from sirkel.circles.rules.texts import in_language
from sirkel.circles.rules.when import clock_words, on_wall
from sirkel.exchange.ics import calendar_entry, calendar_feed
from sirkel.kernel import clock
from sirkel.kernel.errors import NotFound
from sirkel.people.models import Person

_CHANGEABLE = {MeetingState.DRAFT, MeetingState.PLANNED}


def _found(request: HttpRequest, circle_id: uuid.UUID, number: int) -> tuple[Meeting, bool]:
    return meeting_of(person=cast("Person", request.user), circle_id=circle_id, number=number)


def _led(request: HttpRequest, circle_id: uuid.UUID, number: int) -> Meeting:
    """Return a meeting for its facilitator; others are told that there is none."""
    meeting, is_led = _found(request, circle_id, number)
    if not is_led:
        raise NotFound("meetings.none", _("There is no such meeting here."), _("Go to your circles."))
    return meeting


def _sheet(meeting: Meeting) -> list[tuple[str, StepView]]:
    """Return the run sheet's lines, each with the time the workplace's clock will show."""
    language = get_language() or "en"
    zone = meeting.circle.workplace.time_zone
    lines = run_sheet(meeting, language=language, current=current_round(meeting))
    return [(clock_words(on_wall(line.starts_at, zone)), line) for line in lines]


def _context(meeting: Meeting, *, is_led: bool) -> dict[str, object]:
    try:
        method = in_language(methods.method(meeting.method).title, get_language() or "en")[0]
    except KeyError:  # the method was taken away after the meeting was planned
        method = ""
    return {
        "meeting": meeting,
        "circle": meeting.circle,
        "is_led": is_led,
        "sheet": _sheet(meeting),
        "method": method,
        "is_changeable": meeting.state in _CHANGEABLE,
        "set_up": kind_of(meeting.circle),
        "is_near": meeting.starts_at - clock.now() <= OPENS_BEFORE,
    }


@require_GET
@login_required
def meeting(request: HttpRequest, circle_id: uuid.UUID, number: int) -> HttpResponse:
    """Show a meeting and what can be done with it now."""
    found, is_led = _found(request, circle_id, number)
    context = _context(found, is_led=is_led)
    context["nudges"] = nudges_of(
        person=cast("Person", request.user), meeting=found, is_led=is_led, at=clock.now()
    )
    if challenges_seen(person=cast("Person", request.user), circle=found.circle):
        context["challenges"] = challenges_at(found)
    context["other_sitting"] = other_sitting_of(found, is_led=is_led)
    if found.state in _CHANGEABLE:
        context |= {"before": meeting_before(found), "trials": open_trials(found)}
    return render(request, "circles/meeting.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def change(request: HttpRequest, circle_id: uuid.UUID, number: int) -> HttpResponse:
    """Move a meeting, or change its place, length or run sheet."""
    found, at = _led(request, circle_id, number), clock.now()
    form = MeetingForm(
        request.POST if request.method == "POST" else None,
        circle=found.circle,
        language=get_language() or "en",
        at=at,
        meeting=found,
    )
    if request.method == "POST" and form.is_valid():
        planning.change_meeting(
            acting=cast("Person", request.user), meeting_id=found.id, plan=form.plan, at=at
        )
        messages.success(request, _("The meeting is changed."))
        return redirect("circles:meeting", circle_id, number)
    context = {"form": form, "circle": found.circle, "meeting": found}
    return render(request, "circles/meeting_form.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def publish(request: HttpRequest, circle_id: uuid.UUID, number: int) -> HttpResponse:
    """Publish a draft."""
    found = _led(request, circle_id, number)
    planning.publish_meeting(acting=cast("Person", request.user), meeting_id=found.id, at=clock.now())
    messages.success(request, _("The meeting is published."))
    return redirect("circles:meeting", circle_id, number)


@require_http_methods(["GET", "POST"])
@login_required
def cancel(request: HttpRequest, circle_id: uuid.UUID, number: int) -> HttpResponse:
    """Ask whether to cancel, and cancel on a press of the button."""
    found = _led(request, circle_id, number)
    form = HaltForm(request.POST if request.method == "POST" else None, reasons=CANCEL_REASONS)
    is_changeable = found.state in _CHANGEABLE
    if request.method == "POST" and (form.is_valid() or not is_changeable):
        planning.cancel_meeting(
            acting=cast("Person", request.user),
            meeting_id=found.id,
            at=clock.now(),
            reason=form.cleaned_data.get("reason", "other"),
        )
        messages.success(request, _("The meeting is cancelled."))
        return redirect("circles:circle", circle_id)
    context = {"meeting": found, "circle": found.circle, "is_changeable": is_changeable, "form": form}
    return render(request, "circles/meeting_cancel.html", context)


def _calendar(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return response


@require_GET
@login_required
def calendar(request: HttpRequest, circle_id: uuid.UUID, number: int) -> HttpResponse:
    """Give the meeting as a calendar file."""
    found, _is_led = _found(request, circle_id, number)
    entry = calendar_meeting(meeting=found, language=get_language() or "en")
    return _calendar(calendar_entry(entry, at=clock.now()), f"sirkel-{number}")


@require_GET
@login_required
def calendar_all(request: HttpRequest, circle_id: uuid.UUID) -> HttpResponse:
    """Give all published meetings of a circle as one calendar file, cancelled ones marked so."""
    at, language = clock.now(), get_language() or "en"
    page = circle_page(person=cast("Person", request.user), circle_id=circle_id, at=at)
    entries = [
        calendar_meeting(meeting=each, language=language)
        for each in page.meetings
        if each.state != MeetingState.DRAFT
    ]
    return _calendar(calendar_feed(entries, name=page.circle.name, language=language, at=at), "sirkel")
