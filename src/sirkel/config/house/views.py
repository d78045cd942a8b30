"""The page on how the server is."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from sirkel.config.house.asking import administrator
from sirkel.config.house.health import lines
from sirkel.config.house.lines import State, worst
from sirkel.kernel import clock
from sirkel.people.queries.roles import keeps_house


@require_safe
@login_required
def health(request: HttpRequest) -> HttpResponse:
    """Show how the server is to whoever administers anything here."""
    at = clock.now()
    person = administrator(request, at=at)
    found = lines(at)
    context = {
        "lines": found,
        "to_look": [line for line in found if line.state != State.GOOD],
        "worst": worst([line.state for line in found]),
        "is_keeper": keeps_house(person, at=at),
    }
    return render(request, "config/house/health.html", context)
