"""How people want to be written to, and what waits to be sent."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db.models import Count, Q

from sirkel.people.enums import MailKind, MailState
from sirkel.people.models import CalendarAddress, Mail, MailSettings, Person, RoleAssignment
from sirkel.people.rules import links
from sirkel.people.rules.quiet import after_quiet, is_quiet

LATE_AFTER = timedelta(minutes=10)
# The kinds that can be switched off, and where it is kept.
WANTS = {
    MailKind.DATES: "wants_dates",
    MailKind.REMINDER: "wants_reminders",
    MailKind.FOLLOW_UP: "wants_follow_ups",
    MailKind.LINES: "wants_lines",
    MailKind.TRAIL: "wants_trail",
}

# What goes out in quiet hours, too: a thief has the night otherwise, and an owner who did it is awake.
AT_ONCE = frozenset({MailKind.CHANGED})


@dataclass(frozen=True)
class Reach:
    """How one person may be reached. ``zone`` is the clock at their workplace; empty when they have none."""

    chosen: MailSettings
    zone: str

    def wants(self, kind: str) -> bool:
        """Tell whether the person takes mails of this kind."""
        field = WANTS.get(MailKind(kind))
        return field is None or bool(getattr(self.chosen, field))

    def is_quiet(self, at: datetime, *, otherwise: str) -> bool:
        """Tell whether it is a quiet hour for the person; ``otherwise`` is the zone for those without a workplace."""
        return is_quiet(at, self.zone or otherwise, self.chosen.quiet_from, self.chosen.quiet_to)

    def next_moment(self, at: datetime, *, otherwise: str) -> datetime:
        """Return the first moment from ``at`` on that is not quiet."""
        return after_quiet(at, self.zone or otherwise, self.chosen.quiet_from, self.chosen.quiet_to)


def reach_of(people: Iterable[uuid.UUID], *, at: datetime) -> dict[uuid.UUID, Reach]:
    """Return how each of these people may be reached, in two queries however many they are.

    With roles at several workplaces, the one held longest says which clock counts.
    """
    wanted = set(people)
    chosen = MailSettings.objects.in_bulk(wanted)
    zones: dict[uuid.UUID, str] = {}
    held = (
        RoleAssignment.objects.filter(person__in=wanted, workplace__isnull=False, valid_from__lte=at)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gt=at))
        .order_by("valid_from", "id")
        .values_list("person", "workplace__time_zone")
    )
    for person, zone in held:
        zones.setdefault(person, zone)
    return {
        one: Reach(chosen=chosen.get(one) or MailSettings(person_id=one), zone=zones.get(one, ""))
        for one in wanted
    }


def settings_of(person: Person) -> MailSettings:
    """Return what a person chose, or what counts for everybody who chose nothing (not saved)."""
    return MailSettings.objects.filter(person=person).first() or MailSettings(person=person)


def has_calendar_address(person: Person) -> bool:
    """Tell whether a secret calendar address was made for a person."""
    return CalendarAddress.objects.filter(person=person).exists()


def calendar_address_of(secret: str) -> CalendarAddress | None:
    """Return whose calendar address has this secret; None for a wrong one and for somebody no longer active."""
    return (
        CalendarAddress.objects.select_related("person")
        .filter(secret_hash=links.secret_hash(secret), person__is_active=True)
        .first()
    )


def mail_off_address(person: uuid.UUID, kind: str, *, at: datetime) -> str:
    """Return the whole address at which one person's mails of one kind are switched off, in a mail sent at a moment."""
    return f"{settings.SITE_URL}/link/mail/{links.mail_off(person, kind, on=at.astimezone(UTC).date())}/"


def mail_counts(about: uuid.UUID) -> dict[str, int]:
    """Return how many mails about something are in which state; states without any are left out."""
    counted = Mail.objects.filter(about=about).order_by().values("state").annotate(n=Count("id"))
    return dict(counted.values_list("state", "n"))


def late_count(about: uuid.UUID, *, at: datetime) -> int:
    """Return how many mails about something should have gone out and have not: the mail server is away or says no."""
    late = Q(tries__gt=0) | Q(not_before__lt=at - LATE_AFTER)
    return Mail.objects.filter(late, about=about, state=MailState.WAITING, outdated_at__gt=at).count()


@dataclass(frozen=True)
class OutboxState:
    """Counts of the whole outbox. ``oldest_late`` is since when the oldest should have gone out; None when none is late."""

    waiting: int
    late: int
    failed: int
    unsure: int
    oldest_late: datetime | None


def outbox_state(at: datetime) -> OutboxState:
    """Return how the outbox is: settled mails of the last 90 days are counted, none is named."""
    counted = dict(Mail.objects.order_by().values("state").annotate(n=Count("id")).values_list("state", "n"))
    late = Mail.objects.filter(
        Q(tries__gt=0) | Q(not_before__lt=at - LATE_AFTER), state=MailState.WAITING, outdated_at__gt=at
    )
    oldest = late.order_by("not_before").values_list("not_before", flat=True).first()
    return OutboxState(
        waiting=counted.get(MailState.WAITING, 0) + counted.get(MailState.SENDING, 0),
        late=late.count(),
        failed=counted.get(MailState.FAILED, 0),
        unsure=counted.get(MailState.UNSURE, 0),
        oldest_late=min(oldest, at) if oldest else None,
    )
