"""The list before the first meeting, for a circle's facilitators."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sirkel.circles.domain.checklist import tick
from sirkel.circles.queries.checklists import Checklist, Item, checklist_of
from sirkel.circles.queries.leading import circle_led
from sirkel.circles.views.leading import reader, who
from sirkel.kernel import clock


def way_to(item: Item, found: Checklist) -> str:
    """Return the address of the page that helps with an item; empty where there is none."""
    circle, meeting = found.circle.id, found.first_meeting
    if item.page in {"set-up", "commitment", "invitation"}:
        return reverse(f"circles:{item.page}", args=[circle])
    if meeting is None or item.page == "none":
        return ""
    if item.page == "meeting":
        return reverse("circles:meeting", args=[circle, meeting.address])
    return reverse("circles:lead-sheet" if item.page == "sheet" else "circles:join-card", args=[meeting.id])


@require_safe
@login_required
def checklist(request: HttpRequest, circle_id: uuid.UUID) -> HttpResponse:
    """Show the list with its days."""
    circle = circle_led(acting=who(request), circle_id=circle_id)
    found = checklist_of(circle, language=reader(request), at=clock.now())
    groups = [
        (weeks, due_on, [(item, way_to(item, found)) for item in items])
        for weeks, due_on, items in found.by_week
    ]
    context = {"circle": circle, "checklist": found, "groups": groups}
    return render(request, "circles/forming/checklist.html", context)


@require_POST
@login_required
def tick_item(request: HttpRequest, circle_id: uuid.UUID) -> HttpResponse:
    """Tick an item, or take the tick away."""
    is_done = request.POST.get("is_done") == "yes"
    item = request.POST.get("item", "")
    tick(acting=who(request), circle_id=circle_id, item=item, is_done=is_done)
    if request.POST.get("from") == "circle":
        messages.success(request, _("Done. You find it on the list, and can take the tick away there."))
        return redirect("circles:circle", circle_id)
    return redirect(f"{reverse('circles:checklist', args=[circle_id])}#{item}")
