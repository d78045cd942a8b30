"""Closing a circle, in a few short steps that the facilitator goes through with the group; and the page it becomes."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sirkel.circles.domain import closing_record
from sirkel.circles.domain.agreeing import look_back_at_expectation
from sirkel.circles.forms.closing import ExpectationsForm, GoesOnForm, LineForm
from sirkel.circles.queries.closing_page import ClosingPage, anchor_for, anchor_led, closing_page
from sirkel.circles.queries.leading import circle_led
from sirkel.circles.queries.trial_page import trial_led
from sirkel.circles.views.leading import reader, who
from sirkel.kernel import clock
from sirkel.kernel.errors import NotFound, Refused

STEPS = ("expectations", "lines", "on", "check")
EARLY_STEPS = STEPS[1:]


def _written(request: HttpRequest, circle_id: uuid.UUID) -> ClosingPage:
    """Return the closing for the facilitator who writes it; everybody else learns that there is no such page."""
    circle_led(acting=who(request), circle_id=circle_id)
    return closing_page(person=who(request), circle_id=circle_id, at=clock.now())


def _shut(circle_id: uuid.UUID) -> HttpResponse:
    return redirect("circles:closing", circle_id)


def _step(request: HttpRequest, page: ClosingPage, step: str, **more: Any) -> HttpResponse:
    steps = EARLY_STEPS if page.is_early else STEPS
    place = steps.index(step) if step in steps else 0
    form = more.get("form")
    context = {
        "page": page,
        "circle": page.circle,
        "number": place + 1,
        "total": len(steps),
        "back": f"circles:closing-{steps[place - 1]}" if place else "circles:closing",
        **more,
    }
    return render(
        request, f"circles/closing/{step}.html", context, status=422 if form and form.errors else 200
    )


@require_GET
@login_required
def closing(request: HttpRequest, circle_id: uuid.UUID) -> HttpResponse:
    """Show the circle how it closed, or how far its closing is."""
    page = closing_page(person=who(request), circle_id=circle_id, at=clock.now())
    first = EARLY_STEPS[0] if page.is_early else STEPS[0]
    context = {"page": page, "circle": page.circle, "first": f"circles:closing-{first}"}
    return render(request, "circles/closing/record.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def expectations(request: HttpRequest, circle_id: uuid.UUID) -> HttpResponse:
    """Take the expectations out again, all on one page."""
    page = _written(request, circle_id)
    if not page.is_open or page.is_early:
        return _shut(circle_id)
    form = ExpectationsForm(
        request.POST if request.method == "POST" else None, expectations=page.expectations
    )
    if request.method == "POST" and form.is_valid():
        for expectation_id, outcome, words in form.said:
            look_back_at_expectation(
                acting=who(request),
                circle_id=circle_id,
                expectation_id=expectation_id,
                outcome=outcome,
                words=words,
            )
        return redirect("circles:closing-lines", circle_id)
    return _step(request, page, "expectations", form=form)


@require_GET
@login_required
def lines(request: HttpRequest, circle_id: uuid.UUID) -> HttpResponse:
    """Show what has its place, and the trials that have none yet."""
    page = _written(request, circle_id)
    return _step(request, page, "lines") if page.is_open else _shut(circle_id)


@require_http_methods(["GET", "POST"])
@login_required
def line(request: HttpRequest, circle_id: uuid.UUID, anchor_id: uuid.UUID | None = None) -> HttpResponse:
    """Write a line of the closing, or write it anew."""
    page = _written(request, circle_id)
    acting = who(request)
    anchor = anchor_led(acting=acting, circle_id=circle_id, anchor_id=anchor_id) if anchor_id else None
    if not page.is_open:
        return _shut(circle_id)
    if request.method != "POST":
        asked = None if anchor else _trial_asked(request, circle_id)
        initial = LineForm.initial_of(anchor) if anchor else LineForm.proposal(asked, today=page.today)
        return _line(request, page, LineForm(initial=initial), anchor)
    form = LineForm(request.POST)
    if form.is_valid():
        try:
            closing_record.place_anchor(
                acting=acting,
                circle_id=circle_id,
                plan=form.plan(lang=reader(request)),
                at=clock.now(),
                anchor_id=anchor.id if anchor else None,
            )
        except NotFound:
            raise
        except Refused as refused:
            form.refuse(refused)
        else:
            return redirect("circles:closing-lines", circle_id)
    return _line(request, page, form, anchor)


def _line(request: HttpRequest, page: ClosingPage, form: LineForm, anchor: object) -> HttpResponse:
    context = {"page": page, "circle": page.circle, "form": form, "anchor": anchor}
    return render(request, "circles/closing/line.html", context, status=422 if form.errors else 200)


def _trial_asked(request: HttpRequest, circle_id: uuid.UUID) -> Any:
    try:
        trial_id = uuid.UUID(request.GET.get("trial", ""))
    except ValueError:
        return None
    return trial_led(acting=who(request), circle_id=circle_id, trial_id=trial_id)


@require_POST
@login_required
def line_away(request: HttpRequest, circle_id: uuid.UUID, anchor_id: uuid.UUID) -> HttpResponse:
    """Take a line out of the closing."""
    closing_record.take_anchor_away(
        acting=who(request), circle_id=circle_id, anchor_id=anchor_id, at=clock.now()
    )
    messages.success(request, _("Taken away."))
    return redirect("circles:closing-lines", circle_id)


@require_POST
@login_required
def line_inside(request: HttpRequest, circle_id: uuid.UUID, anchor_id: uuid.UUID) -> HttpResponse:
    """Keep a line from the leader; any member may, and nobody learns who it was."""
    anchor_for(person=who(request), circle_id=circle_id, anchor_id=anchor_id)
    closing_record.keep_inside(acting=who(request), circle_id=circle_id, anchor_id=anchor_id, at=clock.now())
    messages.success(request, _("The line stays in the circle. Nobody sees that it was you."))
    return redirect("circles:closing", circle_id)


@require_http_methods(["GET", "POST"])
@login_required
def on(request: HttpRequest, circle_id: uuid.UUID) -> HttpResponse:
    """Say how the circle goes on, and what it celebrates."""
    page = _written(request, circle_id)
    if not page.is_open:
        return _shut(circle_id)
    form = GoesOnForm(
        request.POST if request.method == "POST" else None, initial=GoesOnForm.initial_of(page.ending.record)
    )
    if request.method == "POST" and form.is_valid():
        try:
            closing_record.say_how_it_goes_on(
                acting=who(request),
                circle_id=circle_id,
                lang=reader(request),
                at=clock.now(),
                **form.cleaned_data,
            )
        except NotFound:
            raise
        except Refused as refused:
            form.refuse(refused)
        else:
            return redirect("circles:closing-check", circle_id)
    return _step(request, page, "on", form=form)


@require_http_methods(["GET", "POST"])
@login_required
def check(request: HttpRequest, circle_id: uuid.UUID) -> HttpResponse:
    """Read it all to the group, and keep that the group stands by it."""
    page = _written(request, circle_id)
    if not page.is_open:
        return _shut(circle_id)
    if request.method == "POST":
        try:
            closing_record.finish_record(acting=who(request), circle_id=circle_id, at=clock.now())
        except Refused as refused:
            if refused.code != "closing.goes_on":
                raise
            messages.warning(request, f"{refused.message} {refused.hint}")
            return redirect("circles:closing-on", circle_id)
        return _shut(circle_id)
    return _step(request, page, "check")
