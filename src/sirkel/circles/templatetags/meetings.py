"""Times and codes as the screens of a meeting show them."""

import math
from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import pgettext

from sirkel.circles.enums import Stance

register = template.Library()


@register.filter
def epoch_ms(moment: datetime) -> int:
    """Return a moment as milliseconds since 1970, as the screens' clocks count."""
    return int(moment.timestamp() * 1000)


@register.filter
def clock_time(moment: datetime) -> str:
    """Return the time of day in the zone of the page, as the reader's language writes it: 14:00 or 14.00."""
    return date_format(timezone.localtime(moment), pgettext("time of day", "H:i"))


@register.filter
def in_minutes(seconds: int | None) -> int:
    """Return seconds as whole minutes, a begun one counted; 0 when nothing is left."""
    return max(0, math.ceil((seconds or 0) / 60))


@register.filter
def in_groups(code: str | None, length: int = 3) -> str:
    """Return a code in groups, as people read it aloud: of three signs, or as many as said."""
    plain = code or ""
    return " ".join(plain[start : start + length] for start in range(0, len(plain), length))


@register.filter
def times(count: int | None) -> range:
    """Return something to loop over ``count`` times; not at all for none."""
    return range(count or 0)


@register.filter
def stance_counts(counts: dict[str, int]) -> list[tuple[str, int]]:
    """Return every stance in its fixed order with how many took it, none included."""
    return [(str(stance.label), counts.get(stance.value, 0)) for stance in Stance]
