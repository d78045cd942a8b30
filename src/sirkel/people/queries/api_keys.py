"""Whose key a program shows, and which keys somebody has."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.db.models import QuerySet

from sirkel.people.models import ApiKey, Person
from sirkel.people.queries.factors import has_second_step, must_have_factor
from sirkel.people.rules.api_keys import BEGINS_WITH, key_hash


@dataclass(frozen=True)
class KeyLine:
    """A key on its owner's list; ``is_over`` says that its days are over."""

    key: ApiKey
    is_over: bool


def keys_of(person: Person, *, at: datetime) -> list[KeyLine]:
    """Return somebody's keys, those that open something first, then the newest."""
    today = day_of(at)
    lines = [KeyLine(one, one.ends_on <= today) for one in _own(person).order_by("-made_on", "label", "id")]
    return sorted(lines, key=lambda line: line.is_over)


def open_keys(person: Person, *, at: datetime) -> QuerySet[ApiKey]:
    """Return somebody's keys that open something today."""
    return _own(person).filter(ends_on__gt=day_of(at))


def key_shown(secret: str, *, at: datetime) -> ApiKey | None:
    """Return the key that a program shows, with its owner; None for one that is unknown, over, or of a closed account.

    Whether the owner still has the second step they need is asked by ``is_good_enough``, once it is said whose rows
    may be read.
    """
    if not secret.startswith(BEGINS_WITH):
        return None
    found = ApiKey.objects.filter(
        secret_hash=key_hash(secret), ends_on__gt=day_of(at), person__is_active=True
    )
    return found.select_related("person").first()


def is_good_enough(person: Person, *, at: datetime) -> bool:
    """Tell whether somebody who needs a second step has one: a key was made with it, and is worth no more than it."""
    return not must_have_factor(person, at=at) or has_second_step(person)


def day_of(at: datetime) -> date:
    """Return the day of UTC, by which the days of keys are counted."""
    return at.astimezone(UTC).date()


def _own(person: Person) -> QuerySet[ApiKey]:
    return ApiKey.objects.filter(person=person)
