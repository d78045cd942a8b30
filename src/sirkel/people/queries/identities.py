"""Who signs in with another service, and whether that counts as a second step."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import get_language

from sirkel.kernel.sealing import blinds
from sirkel.people.models import Identity, Person
from sirkel.people.rules.providers import Provider

METHOD = "oidc"
"""What a session's record of signing in with another service is called."""

PURPOSE = "people.identity"
_NO_SECRET = b""


@dataclass(frozen=True)
class Service:
    """A sign-in service as a page names it; ``linked`` is None where the reader does not sign in with it."""

    name: str
    label: str
    linked: Identity | None = None

    @property
    def linked_on(self) -> date | None:
        """The day (UTC) on which it was linked."""
        return self.linked.linked_on if self.linked else None


def providers() -> Mapping[str, Provider]:
    """Return the services of this installation by name, in the order of its file."""
    found: Mapping[str, Provider] = settings.OIDC_PROVIDERS
    return found


def services() -> list[Service]:
    """Return the services that are offered to everybody, in the reader's language."""
    return [Service(one.name, one.label(get_language() or "en")) for one in providers().values()]


def services_of(person: Person) -> list[Service]:
    """Return the services that are offered, and after them those that somebody still has but that are offered no more."""
    linked = {one.issuer: one for one in Identity.objects.filter(person=person).order_by("linked_on", "id")}
    language = get_language() or "en"
    found = [
        Service(one.name, one.label(language), linked.pop(one.issuer, None)) for one in providers().values()
    ]
    return found + [Service("", one.issuer.partition("://")[2], one) for one in linked.values()]


def subjects_of(issuer: str, subject: str) -> list[bytes]:
    """Return the names under which an identity is kept: the present one, then those under earlier keys."""
    return blinds(f"{issuer}\n{subject}".encode(), secret=_NO_SECRET, purpose=PURPOSE)


def identity_of(issuer: str, subject: str) -> Identity | None:
    """Return the identity that a service names so; None when it is linked to no account."""
    kept = Identity.objects.filter(issuer=issuer, subject__in=subjects_of(issuer, subject))
    return kept.select_related("person").first()


def steps_of(person: Person) -> list[Identity]:
    """Return somebody's identities whose service counts as a second step now."""
    counting = [one.issuer for one in providers().values() if one.is_second_step]
    return list(Identity.objects.filter(person=person, issuer__in=counting)) if counting else []


def good_until(record: Mapping[str, Any]) -> float | None:
    """Return until when (seconds since 1970) a session's record of a service counts; None without an end of its own.

    The service asked the person when the record says, and its ``longest_since_asked`` is that of today's file.
    """
    service = providers().get(str(record.get("service", "")))
    if service is None or service.longest_seconds is None:
        return None
    return float(record.get("at", 0)) + service.longest_seconds


def is_second_step(record: Mapping[str, Any], person: Person) -> bool:
    """Tell whether a session's record shows a second step of a person: still linked, and at a level accepted today.

    Where the service has a longest time since it asked, one that is over shows nothing any more.
    """
    until = good_until(record)
    if record.get("method") != METHOD or (until is not None and until <= time.time()):
        return False
    try:
        number = UUID(str(record.get("identity")))
    except ValueError:
        return False
    accepting = [one.issuer for one in providers().values() if record.get("level") in one.accepted]
    return Identity.objects.filter(id=number, person=person, issuer__in=accepting).exists()
