"""A person's calendar: the meetings of all their circles, as the secret calendar address shows them."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from sirkel.circles.enums import MeetingState
from sirkel.circles.models import Meeting, Membership
from sirkel.circles.queries.calendars import calendar_meeting
from sirkel.circles.queries.keeping import kept
from sirkel.exchange.ics import calendar_feed
from sirkel.kernel import clock
from sirkel.people.queries.mail import calendar_address_of


@dataclass(frozen=True)
class Feed:
    """A calendar to subscribe to. The same meetings give the same bytes; ``changed_at`` is the newest change in them."""

    content: bytes
    changed_at: datetime


def feed_of(secret: str) -> Feed | None:
    """Return the calendar behind a secret address; None where there is none.

    It holds every published meeting of the circles the person belongs to now, cancelled ones marked so, in the
    person's language. It names circles, days and places, and nothing that anybody said.
    """
    address = calendar_address_of(secret)
    if address is None:
        return None
    person = address.person
    mine = Membership.objects.filter(person=person, left_at__isnull=True).values("circle")
    meetings = list(
        Meeting.objects.filter(kept("circle__"), circle__in=mine)
        .exclude(state=MeetingState.DRAFT)
        .select_related("circle", "circle__workplace")
        .order_by("starts_at", "id")
    )
    entries = [calendar_meeting(meeting=one, language=person.language) for one in meetings]
    with override(person.language):
        name = _("My circles")
    newest = max((entry.changed_at for entry in entries), default=clock.now().replace(hour=0, minute=0))
    return Feed(calendar_feed(entries, name=name, language=person.language, at=newest), newest)
