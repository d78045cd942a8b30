"""For how long a circle's own content is kept after its end. Decided here, once, for every page and link."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from sirkel.circles.models import Circle, Membership, Participant
from sirkel.kernel import clock
from sirkel.people.models import Organisation, Person
from sirkel.people.queries.holds import CirclePlace


def retention() -> timedelta:
    """Return for how long after its end a circle's content is kept and read; a year unless it is set otherwise."""
    return timedelta(days=settings.CIRCLE_RETENTION_DAYS)


def kept(prefix: str = "", *, at: datetime | None = None) -> Q:
    """Return the condition that a circle's content is still kept.

    Args:
        prefix: the way from the rows to their circle, as ``"circle__"``; empty for circles.
        at: the moment that counts; now when left out.

    """
    return ended_since((at or clock.now()) - retention(), prefix)


def ended_since(since: datetime, prefix: str = "") -> Q:
    """Return the condition that a circle goes on, or ended after a moment."""
    return Q(**{f"{prefix}ended_at__isnull": True}) | Q(**{f"{prefix}ended_at__gt": since})


def is_kept(circle: Circle, *, at: datetime | None = None) -> bool:
    """Tell whether a circle's content is still kept."""
    return circle.ended_at is None or circle.ended_at > (at or clock.now()) - retention()


def kept_until(circle: Circle) -> datetime | None:
    """Return when a circle's content ends; None while the circle goes on."""
    return circle.ended_at + retention() if circle.ended_at else None


def circles_with_words(organisation: Organisation, *, at: datetime) -> int:
    """Return how many of an organisation's circles had words of theirs kept at a moment, those that began later included."""
    kept_then = Q(emptied_at__isnull=True) | Q(emptied_at__gt=at)
    return Circle.objects.filter(kept_then, organisation=organisation).count()


def circle_place(circle_id: uuid.UUID) -> CirclePlace | None:
    """Return where a circle is, for a hold on it; None when there is none."""
    circle = Circle.objects.select_related("workplace").filter(id=circle_id).first()
    return place_of(circle) if circle else None


def circle_places_of(person: Person) -> list[CirclePlace]:
    """Return the circles in which something says that a person is or was there."""
    # Two short lists put together: one condition over both tables makes a database look through every circle.
    member = Membership.objects.filter(person=person).values("circle")
    listed = Participant.objects.filter(person=person).values("circle")
    found = Circle.objects.filter(id__in=member.union(listed)).select_related("workplace").order_by("id")
    return [place_of(circle) for circle in found]


def place_of(circle: Circle) -> CirclePlace:
    """Return a circle as a hold sees it."""
    return CirclePlace(circle.id, circle.workplace_id, circle.workplace.name, circle.organisation_id)
