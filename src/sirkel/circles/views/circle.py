"""A circle's page, and planning one more meeting in it."""

import uuid
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sirkel.circles.domain.phases import move_to_phase
from sirkel.circles.domain.planning import add_meeting
from sirkel.circles.domain.series import publish_drafts
from sirkel.circles.forms.planning import MeetingForm
from sirkel.circles.queries.around import life_of
from sirkel.circles.queries.checklists import checklist_of
from sirkel.circles.queries.circle_page import PHASES, circle_page
from sirkel.circles.queries.gate import BEFORE_GATE, gate_of
from sirkel.circles.queries.leading import circle_led
from sirkel.circles.queries.overview import Next
from sirkel.circles.queries.releasing import waiting_in
from sirkel.circles.queries.set_ups import kind_of
from sirkel.circles.views.checklist import way_to
from sirkel.kernel import clock
from sirkel.kernel.errors import Refused
from sirkel.people.models import Person

# Where to find what a phase still needs, by the refusal.
_LEADS_TO = {
    "circles.gate": ("circles:circle", "#h-gate"),
    "circles.closing_missing": ("circles:closing", ""),
    "circles.follow_up_open": ("circles:follow-ups", ""),
}


@require_GET
@login_required
def circle(request: HttpRequest, circle_id: uuid.UUID) -> HttpResponse:
    """Show where a circle stands and what comes next."""
    person, at = cast("Person", request.user), clock.now()
    page = circle_page(person=person, circle_id=circle_id, at=at)
    context = {"page": page, "circle": page.circle, "phases": PHASES, "set_up": kind_of(page.circle)}
    context["leaving"] = waiting_in(page.circle)
    if page.is_led:
        context["life"] = life_of(page.circle)
        if page.circle.state in BEFORE_GATE:
            context["gate"] = gate_of(page.circle, at=at)
        if not page.held and page.action not in {Next.OPEN, Next.ENTER}:
            found = checklist_of(page.circle, language=get_language() or "en", at=at, meetings=page.meetings)
            context["next_item"] = item = found.next_item
            context["next_item_way"] = way_to(item, found) if item else ""
    return render(request, "circles/circle.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def meeting_new(request: HttpRequest, circle_id: uuid.UUID) -> HttpResponse:
    """Plan one more meeting, as a draft."""
    person, at = cast("Person", request.user), clock.now()
    found = circle_led(acting=person, circle_id=circle_id)
    form = MeetingForm(
        request.POST if request.method == "POST" else None,
        circle=found,
        language=get_language() or "en",
        at=at,
    )
    if request.method == "POST" and form.is_valid():
        meeting = add_meeting(acting=person, circle=found, plan=form.plan)
        messages.success(request, _("The meeting is kept as a draft. Publish it when the time is right."))
        return redirect("circles:meeting", found.id, meeting.number)
    status = 422 if form.errors else 200
    return render(request, "circles/meeting_form.html", {"form": form, "circle": found}, status=status)


@require_POST
@login_required
def publish_all(request: HttpRequest, circle_id: uuid.UUID) -> HttpResponse:
    """Publish every draft that is still to come."""
    count = publish_drafts(acting=cast("Person", request.user), circle_id=circle_id, at=clock.now())
    said = ngettext("%d meeting is published.", "%d meetings are published.", count)
    messages.success(request, said % count)
    return redirect("circles:circle", circle_id)


@require_POST
@login_required
def phase(request: HttpRequest, circle_id: uuid.UUID) -> HttpResponse:
    """Say that the circle has come to another phase; when something is missing, show what."""
    try:
        move_to_phase(
            acting=cast("Person", request.user),
            circle_id=circle_id,
            phase=request.POST.get("phase", ""),
            at=clock.now(),
        )
    except Refused as refused:
        if refused.code not in _LEADS_TO:
            raise
        name, place = _LEADS_TO[refused.code]
        messages.warning(request, refused.message)
        return redirect(f"{reverse(name, args=[circle_id])}{place}")
    return redirect("circles:circle", circle_id)
