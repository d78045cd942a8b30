"""Where methods are used: numbers of meetings and circles, of none by name."""

from collections.abc import Iterable

from django.db.models import Count

from sirkel.circles.enums import MeetingState
from sirkel.circles.models import Meeting
from sirkel.people.models import Organisation

_TO_COME = (MeetingState.DRAFT, MeetingState.PLANNED, MeetingState.RUNNING)


def meetings_by_method(organisations: Iterable[Organisation]) -> dict[str, int]:
    """Return how many meetings of some organisations are planned, running or held with each method."""
    found = Meeting.objects.filter(circle__organisation__in=organisations).order_by()
    return dict(found.values("method").annotate(n=Count("id")).values_list("method", "n"))


def circles_with_planned(organisation: Organisation) -> dict[str, int]:
    """Return how many circles of an organisation have a meeting with each method that is not held or cancelled."""
    found = Meeting.objects.filter(circle__organisation=organisation, state__in=_TO_COME).order_by()
    circles = found.values("method").annotate(n=Count("circle", distinct=True))
    return dict(circles.values_list("method", "n"))
