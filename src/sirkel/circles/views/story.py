"""A circle's story and its robustness: for the circle, and as structure alone for whoever stands around it."""

import uuid

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from sirkel.circles.queries.robustness import robustness_page
from sirkel.circles.queries.standing import Standing
from sirkel.circles.queries.story import story_of
from sirkel.circles.views.leading import who
from sirkel.circles.views.story_picture import picture_of
from sirkel.kernel import clock


@require_GET
@login_required
def story(request: HttpRequest, circle_id: uuid.UUID) -> HttpResponse:
    """Show what happened to a circle: its growth rings, its timeline and both as words."""
    found = story_of(person=who(request), circle_id=circle_id, at=clock.now())
    context = {"story": found, "circle": found.circle, "rings": found.rings, "picture": picture_of(found)}
    return render(request, "circles/story/page.html", context | _around(found.standing))


@require_GET
@login_required
def robustness(request: HttpRequest, circle_id: uuid.UUID) -> HttpResponse:
    """Show how a circle keeps going, each figure with what it counts."""
    page = robustness_page(person=who(request), circle_id=circle_id, at=clock.now())
    context = {"page": page, "circle": page.standing.circle}
    return render(request, "circles/story/robustness.html", context | _around(page.standing))


def _around(standing: Standing) -> dict[str, object]:
    """Return where the reader came from and how much they see."""
    way_back = "circle" if standing.is_inside else "leader" if standing.is_leader else "representative"
    return {"is_inside": standing.is_inside, "way_back": way_back}
