"""The papers of a circle: the list of them, and those that are about the circle as a whole."""

import uuid

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from sirkel.circles.queries.agreements import agreement_page
from sirkel.circles.queries.leading import circle_led
from sirkel.circles.queries.paper_agreement import agreement_paper
from sirkel.circles.queries.paper_commitment import commitment_paper
from sirkel.circles.queries.paper_links import challenge_paper
from sirkel.circles.queries.paper_list import paper_list
from sirkel.circles.queries.paper_study_hours import study_hours_paper
from sirkel.circles.queries.standing import standing_of
from sirkel.circles.queries.study_hours import study_hours_for
from sirkel.circles.views.anchoring import way_back
from sirkel.circles.views.leading import who
from sirkel.circles.views.paper import LANGUAGES, Ready, paper_language
from sirkel.kernel import clock


@require_safe
@login_required
def papers(request: HttpRequest, circle_id: uuid.UUID) -> HttpResponse:
    """List every paper of a circle that this person may see, each in three formats."""
    at = clock.now()
    standing = standing_of(person=who(request), circle_id=circle_id, at=at)
    context = {
        "circle": standing.circle,
        "way_back": way_back(standing),
        "groups": paper_list(standing, at=at),
        "language": paper_language(request, standing.circle),
        "languages": LANGUAGES,
    }
    return render(request, "circles/papers.html", context)


def commitment(request: HttpRequest, circle_id: uuid.UUID) -> Ready:
    """Return the leader commitment, for everybody who is something to the circle."""
    at = clock.now()
    standing = standing_of(person=who(request), circle_id=circle_id, at=at)
    return Ready(
        paper=commitment_paper(standing, language=paper_language(request, standing.circle), at=at),
        circle=standing.circle,
        file="commitment",
        back=reverse("circles:commitment", args=[circle_id]),
    )


def agreement(request: HttpRequest, circle_id: uuid.UUID) -> Ready:
    """Return the ground rules, for the circle's members."""
    page = agreement_page(person=who(request), circle_id=circle_id)
    return Ready(
        paper=agreement_paper(page, language=paper_language(request, page.circle)),
        circle=page.circle,
        file="ground-rules",
        back=reverse("circles:agreement", args=[circle_id]),
    )


def study_hours(request: HttpRequest, circle_id: uuid.UUID) -> Ready:
    """Return the study hours, for the circle's members."""
    found = study_hours_for(person=who(request), circle_id=circle_id)
    return Ready(
        paper=study_hours_paper(found, language=paper_language(request, found.circle)),
        circle=found.circle,
        file="study-hours",
        back=reverse("circles:papers", args=[circle_id]),
    )


def challenges(request: HttpRequest, circle_id: uuid.UUID) -> Ready:
    """Return the code by which participants without an account leave a challenge, for a facilitator."""
    circle = circle_led(acting=who(request), circle_id=circle_id)
    return Ready(
        paper=challenge_paper(circle, language=paper_language(request, circle)),
        circle=circle,
        file="next-meeting",
        back=reverse("circles:challenges", args=[circle_id]),
    )
