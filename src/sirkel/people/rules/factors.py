"""Who needs a second factor, and how long a sign-in counts as fresh."""

from collections.abc import Iterable

# Those who open what many others have written, or give others that power. The other roles may have one.
NEED_SECOND_FACTOR = frozenset({"facilitator", "researcher", "administrator"})

FRESH_SECONDS = 600
"""For how long after signing in a factor may be changed, one's own data taken out and oneself erased."""


def needs_second_factor(roles: Iterable[str]) -> bool:
    """Tell whether somebody with these roles needs a second factor (SEC-03)."""
    return not NEED_SECOND_FACTOR.isdisjoint(roles)
