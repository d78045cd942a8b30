"""The words of who gets to take part."""

from collections.abc import Iterable

from django import template
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sirkel.circles.forms.access import size_label
from sirkel.circles.models import AccessPicture
from sirkel.circles.rules.access import GROUPS
from sirkel.evidence.bands import Access

register = template.Library()

_WORDS = {
    Access.AS_MANY: gettext_lazy("About as many as their share, or more"),
    Access.FEWER: gettext_lazy("Fewer than their share"),
    Access.CLEARLY_FEWER: gettext_lazy("Clearly fewer than their share"),
}


@register.filter
def access_words(band: str) -> object:
    """Return in words how a group takes part."""
    return _WORDS[Access(band)]


@register.filter
def group_names(groups: Iterable[str], kind: str) -> str:
    """Return the names of groups that are told together: Evening + Night."""
    return " + ".join(str(GROUPS[kind][group]) for group in groups)


@register.filter
def half_year(period: str) -> object:
    """Return a half-year in words."""
    year, half = period.split("-")
    words = gettext_lazy("January to June {year}") if half == "1" else gettext_lazy("July to December {year}")
    return format_lazy(words, year=year)


@register.filter
def answers(picture: AccessPicture) -> str:
    """Return the band in which the number of answers lies, in words."""
    if picture.most is None:
        return _("%d people or more answered.") % (picture.least or 0)
    return _("%(least)d to %(most)d people answered.") % {"least": picture.least, "most": picture.most}


@register.filter
def size_words(size: str) -> str:
    """Return a size as the leader said it."""
    return size_label(size)
