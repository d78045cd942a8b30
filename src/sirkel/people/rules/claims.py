"""The edge: of all that a sign-in service says of somebody, the little that comes into the house (PD-02)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sirkel.kernel.national_id import Kind, find

LONGEST_SUBJECT = 255
# The service's clock and ours may differ by so much when "just now" is asked for.
SKEW_SECONDS = 60
# A name for a person that is nothing but digits and the signs written between them could be a person number.
_LIKE_A_NUMBER = re.compile(r"[\d\s.+-]+[A-Z]?[\d\s.-]*\d[\d\s.-]*[A-Z]?", re.IGNORECASE)


@dataclass(frozen=True)
class Shown:
    """Who signed in at the service, and how: nothing else of its answer is handed on.

    ``subject`` is the service's own name for the person and never kept as it is. ``authenticated_at`` is in seconds
    since 1970; None when the service did not say.
    """

    subject: str
    level: str
    authenticated_at: int | None


def at_the_edge(said: Mapping[str, Any]) -> Shown:
    """Keep subject, level and time; drop names, addresses, national numbers and whatever else came along."""
    subject, level, moment = said.get("sub"), said.get("acr"), said.get("auth_time")
    return Shown(
        subject=subject if isinstance(subject, str) else "",
        level=level if isinstance(level, str) else "",
        authenticated_at=moment if isinstance(moment, int) and not isinstance(moment, bool) else None,
    )


def is_usable_subject(subject: str) -> bool:
    """Tell whether a service's name for somebody may be made into ours: there, not endless, and no national number."""
    return 0 < len(subject) <= LONGEST_SUBJECT and not is_national_number(subject)


def is_national_number(subject: str) -> bool:
    """Tell whether a name is a national number, alone or behind a prefix such as ``NO:``."""
    return any(
        found.kind == Kind.NATIONAL_ID
        for part in (subject, *re.split(r"[:/|]", subject))
        if _LIKE_A_NUMBER.fullmatch(part)
        for found in find(part)
    )


def is_recent(shown: Shown, *, seconds: int, now: float) -> bool:
    """Tell whether the service asked somebody no more than so many seconds ago; not where it does not say when."""
    asked = shown.authenticated_at
    return asked is not None and -SKEW_SECONDS <= now - asked <= seconds + SKEW_SECONDS


def is_just_now(shown: Shown, *, since: float) -> bool:
    """Tell whether somebody showed who they are at the service after a moment (seconds since 1970), and not before."""
    return shown.authenticated_at is not None and shown.authenticated_at >= since - SKEW_SECONDS
