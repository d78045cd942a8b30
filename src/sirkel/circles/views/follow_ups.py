"""Looking back at a circle three and six months after its closing."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sirkel.circles.domain import follow_ups
from sirkel.circles.forms.closing import FollowUpForm, MoveForm
from sirkel.circles.queries.closing_page import FollowUpPage, follow_up_page
from sirkel.circles.queries.leading import circle_led
from sirkel.circles.views.leading import reader, who
from sirkel.kernel import clock
from sirkel.kernel.errors import NotFound, Refused


@require_GET
@login_required
def all_(request: HttpRequest, circle_id: uuid.UUID) -> HttpResponse:
    """Show a circle's looks back: their days, and what was found."""
    page = follow_up_page(person=who(request), circle_id=circle_id, at=clock.now())
    return render(request, "circles/closing/follow_ups.html", {"page": page, "circle": page.circle})


@require_http_methods(["GET", "POST"])
@login_required
def one(request: HttpRequest, circle_id: uuid.UUID, months: int) -> HttpResponse:
    """Ask the three questions of a look back and keep the answers."""
    page = follow_up_page(person=who(request), circle_id=circle_id, at=clock.now(), months=months)
    assert page.look_back is not None  # noqa: S101 -- the query answers 404 without one
    sent = request.POST if request.method == "POST" else None
    form = FollowUpForm(sent, look_back=page.look_back, anchors=page.ending.lasting)
    if sent is not None and form.is_valid():
        try:
            follow_ups.answer_follow_up(
                acting=who(request),
                circle_id=circle_id,
                months=months,
                in_use=form.in_use,
                still_meets=form.cleaned_data["still_meets"],
                words=form.cleaned_data["words"],
                lang=reader(request),
                at=clock.now(),
            )
        except NotFound:
            raise
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Thank you. It is kept for the circle."))
            return redirect("circles:follow-ups", circle_id)
    move = MoveForm(initial={"due_on": page.look_back.follow_up.due_on}) if page.bounds else None
    return _page(request, page, form, move)


@require_POST
@login_required
def move(request: HttpRequest, circle_id: uuid.UUID, months: int) -> HttpResponse:
    """Move a look back to another day."""
    circle_led(acting=who(request), circle_id=circle_id)
    page = follow_up_page(person=who(request), circle_id=circle_id, at=clock.now(), months=months)
    assert page.look_back is not None  # noqa: S101 -- the query answers 404 without one
    form = MoveForm(request.POST)
    if form.is_valid():
        try:
            follow_ups.move_follow_up(
                acting=who(request),
                circle_id=circle_id,
                months=months,
                due_on=form.cleaned_data["due_on"],
                at=clock.now(),
            )
        except NotFound:
            raise
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Moved."))
            return redirect("circles:follow-ups", circle_id)
    return _page(request, page, FollowUpForm(look_back=page.look_back, anchors=page.ending.lasting), form)


def _page(
    request: HttpRequest, page: FollowUpPage, form: FollowUpForm, move: MoveForm | None
) -> HttpResponse:
    wrong = bool(form.errors) or bool(move and move.errors)
    context = {"page": page, "circle": page.circle, "form": form, "move_form": move}
    return render(request, "circles/closing/follow_up.html", context, status=422 if wrong else 200)
