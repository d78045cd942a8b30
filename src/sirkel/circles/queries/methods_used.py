"""Where methods are used: numbers of meetings, of no circle by name."""

from collections.abc import Iterable

from django.db.models import Count

from sirkel.circles.models import Meeting
from sirkel.people.models import Organisation


def meetings_by_method(organisations: Iterable[Organisation]) -> dict[str, int]:
    """Return how many meetings of some organisations are planned, running or held with each method."""
    found = Meeting.objects.filter(circle__organisation__in=organisations).order_by()
    return dict(found.values("method").annotate(n=Count("id")).values_list("method", "n"))
