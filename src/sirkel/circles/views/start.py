"""The start page and a person's circles."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from sirkel.circles.queries.overview import circle_cards
from sirkel.kernel import clock
from sirkel.people.domain import setting_up
from sirkel.people.models import Person
from sirkel.people.queries.roles import homes_of, workplaces_where_facilitator


@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """Say what this is and show the ways in; an empty installation is set up first."""
    if setting_up.is_open():
        return redirect("people:set-up")
    homes = {str(role): home for role, home in homes_of(request.user, at=clock.now())}
    return render(request, "circles/start.html", {"homes": homes})


@require_GET
@login_required
def circle_list(request: HttpRequest) -> HttpResponse:
    """Show the circles a person belongs to."""
    at, person = clock.now(), cast("Person", request.user)
    context = {
        "cards": circle_cards(person=person, at=at),
        "may_begin": workplaces_where_facilitator(person, at=at).exists(),
    }
    return render(request, "circles/circle_list.html", context)
