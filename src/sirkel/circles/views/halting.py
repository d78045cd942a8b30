"""Pausing a circle, letting it go on, ending it early, and raising a concern about it."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sirkel.circles.domain import phases
from sirkel.circles.domain.concerns import raise_concern
from sirkel.circles.forms.halting import ConcernForm, HaltForm
from sirkel.circles.queries.standing import Part, Standing, standing_of
from sirkel.circles.rules.phases import END_REASONS, GUARDED_REASON, PAUSE_REASONS
from sirkel.circles.views.leading import who
from sirkel.kernel import clock


def _back(standing: Standing) -> HttpResponse:
    name = "circles:circle" if standing.is_inside else "circles:representative-circle"
    return redirect(name, standing.circle.id)


@require_http_methods(["GET", "POST"])
@login_required
def pause(request: HttpRequest, circle_id: uuid.UUID) -> HttpResponse:
    """Ask why, and pause the circle."""
    at, person = clock.now(), who(request)
    found = standing_of(person=person, circle_id=circle_id, at=at, needs=phases.GUARDS)
    reasons = (GUARDED_REASON, *PAUSE_REASONS) if found.is_representative else PAUSE_REASONS
    form = HaltForm(request.POST if request.method == "POST" else None, reasons=reasons)
    if request.method == "POST" and form.is_valid():
        phases.pause_circle(acting=person, circle_id=circle_id, reason=form.cleaned_data["reason"], at=at)
        messages.success(request, _("The circle is paused. Nothing is lost, and it can go on from here."))
        return _back(found)
    context = {"form": form, "circle": found.circle, "standing": found, "is_pause": True}
    return render(request, "circles/halt.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def resume(request: HttpRequest, circle_id: uuid.UUID) -> HttpResponse:
    """Let the circle go on."""
    at, person = clock.now(), who(request)
    found = standing_of(person=person, circle_id=circle_id, at=at, needs=phases.GUARDS)
    phases.resume_circle(acting=person, circle_id=circle_id, at=at)
    messages.success(request, _("The circle goes on where it was. Look at the dates of its meetings."))
    return _back(found)


@require_http_methods(["GET", "POST"])
@login_required
def end(request: HttpRequest, circle_id: uuid.UUID) -> HttpResponse:
    """Ask why, and end the circle early."""
    at, person = clock.now(), who(request)
    found = standing_of(person=person, circle_id=circle_id, at=at, needs={Part.FACILITATOR})
    form = HaltForm(request.POST if request.method == "POST" else None, reasons=END_REASONS)
    if request.method == "POST" and form.is_valid():
        phases.end_circle_early(acting=person, circle_id=circle_id, reason=form.cleaned_data["reason"], at=at)
        messages.success(request, _("The circle has ended. What it learned stays."))
        return redirect("circles:circle", circle_id)
    context = {"form": form, "circle": found.circle, "standing": found, "is_pause": False}
    return render(request, "circles/halt.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@login_required
def concern(request: HttpRequest, circle_id: uuid.UUID) -> HttpResponse:
    """Take in a representative's concern."""
    at, person = clock.now(), who(request)
    found = standing_of(person=person, circle_id=circle_id, at=at, needs={Part.REPRESENTATIVE})
    form = ConcernForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        raise_concern(acting=person, circle_id=circle_id, text=form.cleaned_data["text"], at=at)
        messages.success(request, _("The leader and the facilitators see your concern now."))
        return redirect("circles:representative-circle", circle_id)
    context = {"form": form, "circle": found.circle}
    return render(request, "circles/concern.html", context, status=422 if form.errors else 200)
