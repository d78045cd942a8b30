"""How long a session lives, and what a browser is called. Pure: seconds and texts in, seconds and words out."""

from collections.abc import Iterable
from dataclasses import dataclass

MINUTE, HOUR, DAY = 60, 3600, 86400
WARN_SECONDS = 2 * MINUTE
# These look at what whole organisations wrote: a phone that says it is theirs alone does not lengthen that.
NEVER_LONG = frozenset({"researcher", "administrator"})


@dataclass(frozen=True)
class Span:
    """Seconds that a session lives without being used, and at most."""

    idle: int
    whole: int


SHORT = Span(idle=30 * MINUTE, whole=12 * HOUR)
LONG = Span(idle=12 * HOUR, whole=30 * DAY)


def span_of(*, is_own_device: bool) -> Span:
    """Return how long a session lives (SEC-05)."""
    return LONG if is_own_device else SHORT


def may_stay_long(roles: Iterable[str]) -> bool:
    """Tell whether a person with these roles may stay signed in on a device of their own."""
    return NEVER_LONG.isdisjoint(roles)


def seconds_left(span: Span, *, began: float, used: float, now: float, until: float | None = None) -> int:
    """Return for how many seconds a session goes on if nobody touches it; 0 when it is over. Times in seconds.

    ``until`` is an end that no use puts off.
    """
    ends = min(used + span.idle, began + span.whole)
    return max(0, int((ends if until is None else min(ends, until)) - now))


# The first that is found counts: most browsers call themselves by the names of others, too.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


def browser_and_system(user_agent: str) -> tuple[str, str]:
    """Return the names of browser and system, without versions; "" for what is not known. Nothing else is kept."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return browser, system
