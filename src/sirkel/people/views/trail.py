"""The organisation's trail."""

import uuid

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from sirkel.kernel import clock
from sirkel.people.queries.administration import organisation_of
from sirkel.people.queries.trail import trail_of
from sirkel.people.views.asking import signed_in

MOST_DIGITS = 12


@require_safe
@login_required
def trail(request: HttpRequest, organisation_id: uuid.UUID) -> HttpResponse:
    """Show what was done in the organisation, the newest first, and whether the chain holds."""
    organisation = organisation_of(person=signed_in(request), organisation_id=organisation_id, at=clock.now())
    asked = request.GET.get("before", "")
    is_number = asked.isascii() and asked.isdigit() and len(asked) <= MOST_DIGITS
    found = trail_of(organisation, before=int(asked) if is_number else None)
    context = {"organisation": organisation, "trail": found}
    return render(request, "people/administration/trail.html", context)
