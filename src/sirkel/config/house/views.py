"""The page on how the server is."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sirkel.config.house.health import lines
from sirkel.config.house.lines import State, worst
from sirkel.kernel import clock
from sirkel.kernel.errors import NotFound
from sirkel.people.queries.roles import administers_anything, keeps_house
from sirkel.people.views.asking import signed_in


@require_safe
@login_required
def health(request: HttpRequest) -> HttpResponse:
    """Show how the server is to whoever administers anything here.

    Raises:
        NotFound: ``house.none`` for anybody else.

    """
    person, at = signed_in(request), clock.now()
    if not administers_anything(person, at=at):
        raise NotFound("house.none", _("There is no such page."))
    found = lines(at)
    to_look = [line for line in found if line.state != State.GOOD]
    context = {
        "lines": found,
        "to_look": to_look,
        "worst": worst([line.state for line in found]),
        "at": at,
        "is_keeper": keeps_house(person, at=at),
    }
    return render(request, "config/house/health.html", context)
