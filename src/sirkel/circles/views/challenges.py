"""The circle's box for challenges between meetings: for members, and by a signed link for those without an account."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sirkel.circles.domain import challenges, line_asking
from sirkel.circles.domain.unsigned import must_not_flood
from sirkel.circles.models import Circle
from sirkel.circles.queries.challenges import challenges_seen, challenges_waiting
from sirkel.circles.queries.handovers import lines_asked
from sirkel.circles.queries.leading import circle_for, circle_led, circles_led_by
from sirkel.circles.queries.open_links import circle_by_inbox_address
from sirkel.circles.queries.set_ups import is_of_leaders
from sirkel.circles.views import own_entries
from sirkel.circles.views.asking import address_of
from sirkel.circles.views.joining import see_other
from sirkel.circles.views.leading import asked_id, needed_id, reader, who
from sirkel.kernel import clock
from sirkel.kernel.errors import Refused
from sirkel.kernel.ids import new_id
from sirkel.web.middleware import wants_json


def _story(request: HttpRequest) -> challenges.Story:
    client_id = needed_id(request, "client_id")
    return challenges.Story(
        client_id=client_id,
        text=request.POST.get("text", ""),
        lang=reader(request),
        signed_name=request.POST.get("signed_name", ""),
        is_sure=bool(request.POST.get("is_sure")),
    )


def _page(
    request: HttpRequest, name: str, circle: Circle, refused: Refused | None = None, **more: Any
) -> HttpResponse:
    own = challenges.own_among(circle=circle, client_ids=own_entries.own_ids(request, own_entries.CHALLENGE))
    context = {
        "circle": circle,
        "client_id": request.POST.get("client_id") or new_id(),
        "asked": request.POST,
        "refused": refused,
        "own": own,
        "is_of_leaders": is_of_leaders(circle),
        **more,
    }
    return render(
        request, f"circles/challenges/{name}.html", context, status=refused.status if refused else 200
    )


def _left(request: HttpRequest, circle: Circle, to: str) -> HttpResponse:
    story = _story(request)
    challenges.leave_challenge(circle=circle, story=story)
    if wants_json(request):
        return JsonResponse({"client_id": str(story.client_id), "state": "kept"})
    messages.success(request, _("It waits for the next meeting."))
    response = see_other(to)
    own_entries.keep_own(response, request, own_entries.CHALLENGE, story.client_id)
    return response


def _taken_back(request: HttpRequest, circle: Circle, to: str) -> HttpResponse:
    response = see_other(to)
    client_id = asked_id(request, "client_id", may_lack=True)
    if client_id and client_id in own_entries.own_ids(request, own_entries.CHALLENGE):
        if challenges.take_back(circle=circle, client_id=client_id):
            messages.success(request, _("Taken back."))
        own_entries.drop_own(response, request, own_entries.CHALLENGE, client_id)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def box(request: HttpRequest, circle_id: uuid.UUID) -> HttpResponse:
    """Show members what waits for the next meeting, and take in more."""
    circle, refused = circle_for(person=who(request), circle_id=circle_id), None
    if request.method == "POST":
        try:
            return _left(request, circle, reverse("circles:challenges", args=[circle_id]))
        except Refused as no:
            refused = no
    is_seen = challenges_seen(person=who(request), circle=circle)
    more = {
        "waiting": challenges_waiting(circle) if is_seen else [],
        "is_for_employees": not is_seen,
        "is_led": circles_led_by(who(request)).filter(id=circle_id).exists(),
    }
    return _page(request, "box", circle, refused, **more)


@require_POST
@login_required
def take_back(request: HttpRequest, circle_id: uuid.UUID) -> HttpResponse:
    """Take back what this browser left."""
    circle = circle_for(person=who(request), circle_id=circle_id)
    return _taken_back(request, circle, reverse("circles:challenges", args=[circle_id]))


@require_POST
@login_required
def remove(request: HttpRequest, circle_id: uuid.UUID) -> HttpResponse:
    """Remove what must not stand."""
    circle_led(acting=who(request), circle_id=circle_id)
    challenges.remove_challenge(
        acting=who(request), circle_id=circle_id, challenge_id=needed_id(request, "challenge"), at=clock.now()
    )
    messages.success(request, _("It is gone."))
    return redirect("circles:challenges", circle_id)


@require_POST
@login_required
def renew(request: HttpRequest, circle_id: uuid.UUID) -> HttpResponse:
    """Make the circle's link anew."""
    challenges.renew_inbox_link(acting=who(request), circle_id=circle_id, at=clock.now())
    messages.success(request, _("The link is new. What was printed before opens nothing any more."))
    return redirect("circles:challenges", circle_id)


@require_http_methods(["GET", "HEAD", "POST"])
def by_link(request: HttpRequest, address: str) -> HttpResponse:
    """Take in a challenge from whoever holds the circle's link; shows nothing but this browser's own."""
    circle, refused = circle_by_inbox_address(address), None
    if request.method == "POST":
        try:
            must_not_flood(address=address_of(request), thing=circle.id)
            return _left(request, circle, reverse("circles:challenge-link", args=[address]))
        except Refused as no:
            if wants_json(request):
                raise
            refused = no
    asked = lines_asked(circle, at=clock.now())
    lines = line_asking.with_own(asked, own_entries.own_ids(request, own_entries.LINE))
    return _page(request, "link", circle, refused, address=address, lines=lines)


@require_POST
def take_back_by_link(request: HttpRequest, address: str) -> HttpResponse:
    """Take back what this browser left."""
    circle = circle_by_inbox_address(address)
    return _taken_back(request, circle, reverse("circles:challenge-link", args=[address]))
