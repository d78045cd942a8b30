"""A meeting's reminder, for its facilitators: add a line, hold it back, let it go."""

import uuid
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sirkel.circles.domain import reminders
from sirkel.circles.enums import ReminderState
from sirkel.circles.forms.reminder import ReminderForm
from sirkel.circles.models import Meeting
from sirkel.circles.queries.circle_page import meeting_of
from sirkel.circles.queries.leading import no_such_meeting
from sirkel.circles.queries.nudges import Nudges, nudges_of
from sirkel.kernel import clock
from sirkel.people.models import Person


def _led(request: HttpRequest, circle_id: uuid.UUID, number: int) -> tuple[Meeting, Nudges]:
    person = cast("Person", request.user)
    meeting, is_led = meeting_of(person=person, circle_id=circle_id, number=number)
    if not is_led:
        raise no_such_meeting()
    return meeting, nudges_of(person=person, meeting=meeting, is_led=True, at=clock.now())


@require_http_methods(["GET", "POST"])
@login_required
def reminder(request: HttpRequest, circle_id: uuid.UUID, number: int) -> HttpResponse:
    """Show the reminder as it will go out, and keep a line in it."""
    meeting, nudges = _led(request, circle_id, number)
    found = nudges.reminder
    line = found.line if found else ""
    form = ReminderForm(request.POST if request.method == "POST" else None, initial={"line": line})
    if request.method == "POST" and form.is_valid():
        reminders.change_line(
            acting=cast("Person", request.user), meeting_id=meeting.id, line=form.cleaned_data["line"]
        )
        messages.success(request, _("The reminder is kept."))
        return redirect("circles:meeting", circle_id, number)
    subject, lines = reminders.draft_words(meeting, line, get_language() or "en")
    context = {
        "meeting": meeting,
        "circle": meeting.circle,
        "nudges": nudges,
        "form": form,
        "subject": subject,
        "words": "\n".join(lines[2:]),
        "is_open": found is not None and found.state in {ReminderState.DRAFTED, ReminderState.HELD_BACK},
    }
    return render(request, "circles/reminder.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def hold(request: HttpRequest, circle_id: uuid.UUID, number: int) -> HttpResponse:
    """Hold the reminder back, or let it go after all."""
    meeting, _nudges = _led(request, circle_id, number)
    person, at = cast("Person", request.user), clock.now()
    if "let_go" in request.POST:
        reminders.let_go(acting=person, meeting_id=meeting.id, at=at)
        messages.success(request, _("The reminder goes out after all."))
    else:
        reminders.hold_back(acting=person, meeting_id=meeting.id, at=at)
        messages.success(request, _("The reminder is held back. Nobody gets it."))
    return redirect("circles:meeting", circle_id, number)
