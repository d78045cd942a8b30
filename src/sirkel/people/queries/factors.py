"""What somebody has to sign in with beside the code by mail, and what this session has shown of it."""

import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase

from sirkel.people.models import Person
from sirkel.people.queries.identities import METHOD, is_second_step, steps_of
from sirkel.people.queries.roles import roles_of
from sirkel.people.rules.factors import FRESH_SECONDS, needs_second_factor

SIGNED_IN_AT = "signed_in_at"
"""Key of a session: when it signed in, in seconds since 1970."""

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def factors_of(person: Person) -> list[Authenticator]:
    """Return somebody's factors, oldest first; recovery codes are none."""
    return list(Authenticator.objects.filter(user=person, type__in=FACTORS).order_by("created_at", "id"))


def has_factor(person: Person) -> bool:
    """Tell whether somebody has a factor beside the code by mail."""
    return Authenticator.objects.filter(user=person, type__in=FACTORS).exists()


def has_second_step(person: Person) -> bool:
    """Tell whether somebody can show a second step: a factor of theirs, or a sign-in service that counts as one."""
    return has_factor(person) or bool(steps_of(person))


def codes_left(person: Person) -> int | None:
    """Return how many recovery codes are still good (0 to 10); None without any."""
    codes = Authenticator.objects.filter(user=person, type=Authenticator.Type.RECOVERY_CODES).first()
    return len(codes.wrap().get_unused_codes()) if codes else None


def must_have_factor(person: Person, *, at: datetime) -> bool:
    """Tell whether this installation asks this person for a second factor, by the roles held at a moment.

    Never the invented people of a demo: a link signs them in, and nobody holds a phone for them.
    """
    if settings.SECOND_FACTOR != "required" or person.is_demo:
        return False
    return needs_second_factor(roles_of(person, at=at).values_list("role", flat=True))


def records_of(session: SessionBase | Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what a session has shown of who it is, oldest first, as django-allauth keeps it."""
    kept = session.get(AUTHENTICATION_METHODS_SESSION_KEY)
    return [record for record in kept if isinstance(record, dict)] if isinstance(kept, list) else []


def lacks_factor(person: Person, session: SessionBase, *, at: datetime) -> bool:
    """Tell whether a session must show a second factor before it is anybody's: the session, not the account.

    Somebody else who reads the mail may have signed in before the person chose a factor.
    """
    records = records_of(session)
    if any(record.get("method") == "mfa" for record in records) or not must_have_factor(person, at=at):
        return False
    return not any(is_second_step(record, person) for record in records)


def is_fresh(session: SessionBase) -> bool:
    """Tell whether a session signed in, or showed again who it is, within the last ten minutes of the real clock.

    Another service may know a browser for hours: there the moment counts at which the person showed who they are to it.
    """
    records = records_of(session)
    moments = [record.get("at") for record in records]
    if not any(record.get("method") == METHOD for record in records):
        moments.append(session.get(SIGNED_IN_AT))
    newest = max((moment for moment in moments if isinstance(moment, int | float)), default=0)
    return time.time() - newest < FRESH_SECONDS


def has_fresh_step(person: Person, session: SessionBase) -> bool:
    """Tell whether a session showed a second step of a person within the last ten minutes of the real clock."""
    moments = [
        record.get("at")
        for record in records_of(session)
        if record.get("method") == "mfa" or is_second_step(record, person)
    ]
    newest = max((moment for moment in moments if isinstance(moment, int | float)), default=0)
    return time.time() - newest < FRESH_SECONDS
