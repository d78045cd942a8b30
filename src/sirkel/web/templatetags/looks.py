"""What the components need and a template cannot work out: drawings, names of languages, lengths of time."""

import math
from collections.abc import Sequence
from html import unescape

from django import template
from django.core.paginator import Page
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sirkel.web import bundles, icons, pictures

register = template.Library()

MINUTES_PER_HOUR = 60
# Each language's own name for itself, as it is written in the middle of a sentence.
LANGUAGE_NAMES = {
    "nb": "norsk bokmål",
    "nn": "norsk nynorsk",
    "da": "dansk",
    "sv": "svenska",
    "fi": "suomi",
    "en": "English",
    "is": "íslenska",
    "fo": "føroyskt",
    "kl": "kalaallisut",
    "se": "davvisámegiella",
}


@register.simple_tag
def sheets(bundle: str) -> tuple[str, ...]:
    """Return the style sheets to link for a bundle."""
    return bundles.sheets(bundle)


@register.simple_tag
def scripts(bundle: str) -> tuple[str, ...]:
    """Return the modules to load for a bundle."""
    return bundles.scripts(bundle)


@register.simple_tag
def icon_paths(name: str) -> list[str]:
    """Return the SVG paths of an icon."""
    return icons.paths(name)


@register.simple_tag
def growth_rings(
    held: object, planned: object, kept: object, gaps: Sequence[int] = (), *, is_over: object = False
) -> pictures.GrowthRings:
    """Return the drawing of a circle's growth; anything that is no number counts as none."""
    numbers = [int(str(value or 0)) for value in (held, planned, kept)]
    return pictures.growth_rings(numbers[0], numbers[1], numbers[2], gaps, is_over=bool(is_over))


@register.simple_tag
def run_picture(values: Sequence[float], centre: float, before: int) -> pictures.RunPicture:
    """Return the drawing of a run chart."""
    return pictures.run_chart(values, centre=centre, before=before)


@register.simple_tag
def dots(part: int, whole: int) -> list[pictures.Dot]:
    """Return a dot per case, those that count first; none where they would be too many to read."""
    return pictures.dots(part, whole)


@register.simple_tag
def dots_wide(marks: Sequence[pictures.Dot]) -> str:
    """Return how wide a row of dots is, in pixels."""
    return f"{pictures.DOT_STEP * len(marks):.0f}"


@register.filter
def before_reason(label: object) -> str:
    """Return a field's name as it stands before what is wrong with it: with a colon, unless it ends a sentence.

    A name that is marked up, as words in a language of their own are, stands there as plain text.
    """
    words = unescape(strip_tags(str(label))) if hasattr(label, "__html__") else str(label)
    return words if words.endswith(("?", "!", ".", ":", "…")) else f"{words}:"


@register.filter
def svg_number(value: float) -> str:
    """Write a number for SVG: a point, never a comma."""
    return f"{value:.1f}"


@register.filter
def svg_share(value: float) -> str:
    """Write a share of the width for SVG, in per cent: a point, never a comma."""
    return f"{value:.2f}%"


@register.simple_tag
def share_left(left: object, total: object) -> str:
    """Return how much of a ring is left, 0 to 100, written for SVG (a point, never a comma)."""
    return f"{pictures.share_left(float(str(left or 0)), float(str(total or 0))):.1f}"


@register.simple_tag
def along(value: float, low: float, high: float) -> str:
    """Return where a value lies on a scale, as an SVG per cent."""
    return f"{pictures.along(float(value), float(low), float(high)):.1f}%"


@register.simple_tag
def scale_marks(low: float, high: float) -> list[int]:
    """Return the whole numbers of a scale, to be written under it."""
    return list(range(math.ceil(float(low)), math.floor(float(high)) + 1))


@register.simple_tag
def step_states(now: object, total: object) -> list[str]:
    """Return the state of each step bar."""
    return pictures.step_states(int(str(now or 0)), int(str(total or 0)))


@register.filter
def lang_name(code: str) -> str:
    """Return a language's own name for itself; an unknown code is its own name."""
    return LANGUAGE_NAMES.get(code, LANGUAGE_NAMES.get(code.split("-", maxsplit=1)[0], code))


@register.filter
def page_numbers(page: Page) -> list[int | str]:
    """Return the page numbers to offer around this one, with dots where some are left out."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))


@register.filter
def duration(minutes: int) -> str:
    """Say a length of time in words: ``8`` → "8 minutes", ``90`` → "1 hour 30 minutes"."""
    hours, rest = divmod(int(minutes), MINUTES_PER_HOUR)
    in_minutes = ngettext("%(n)d minute", "%(n)d minutes", rest) % {"n": rest}
    if not hours:
        return in_minutes
    in_hours = ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    if not rest:
        return in_hours
    return _("%(hours)s %(minutes)s") % {"hours": in_hours, "minutes": in_minutes}
