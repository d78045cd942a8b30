"""The leader's page and the representative's: circles from around them, without anything from inside."""

import uuid

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from sirkel.circles.forms.halting import ConcernForm, HaltForm
from sirkel.circles.queries.access import workplaces_of
from sirkel.circles.queries.around import circle_around, circles_around, trail_of
from sirkel.circles.queries.handovers import handovers_for_leader
from sirkel.circles.queries.standing import Part
from sirkel.circles.rules.commitment import PROMISES
from sirkel.circles.rules.phases import GUARDED_REASON, PAUSABLE, PAUSE_REASONS
from sirkel.circles.views.leading import who
from sirkel.kernel import clock


@require_GET
@login_required
def leader(request: HttpRequest) -> HttpResponse:
    """Show a leader the circles of their workplaces: phase, meetings, hours, and what waits for an answer."""
    circles = circles_around(person=who(request), part=Part.LEADER, at=clock.now())
    return render(
        request,
        "circles/leader.html",
        {
            "circles": circles,
            "lines": handovers_for_leader(person=who(request), at=clock.now()),
            "workplaces": workplaces_of(circles),
        },
    )


@require_GET
@login_required
def representative(request: HttpRequest) -> HttpResponse:
    """Show a representative the circles of their workplaces and whether the promises stand."""
    circles = circles_around(person=who(request), part=Part.REPRESENTATIVE, at=clock.now())
    context = {"circles": circles, "workplaces": workplaces_of(circles)}
    return render(request, "circles/representative.html", context)


@require_GET
@login_required
def representative_circle(request: HttpRequest, circle_id: uuid.UUID) -> HttpResponse:
    """Show a representative one circle: guarantees, concerns, pausing, and the trail of what was done."""
    around = circle_around(person=who(request), circle_id=circle_id, part=Part.REPRESENTATIVE, at=clock.now())
    context = {
        "around": around,
        "circle": around.circle,
        "promises": PROMISES.values(),
        "trail": trail_of(around.circle),
        "may_pause": around.circle.state in PAUSABLE,
        "pause_form": HaltForm(reasons=(GUARDED_REASON, *PAUSE_REASONS), initial={"reason": GUARDED_REASON}),
        "concern_form": ConcernForm(),
    }
    return render(request, "circles/representative_circle.html", context)
