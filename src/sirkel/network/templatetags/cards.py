"""How a card says where it comes from."""

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

register = template.Library()

_IN_WORDS = {
    1: gettext_lazy("first meeting"),
    2: gettext_lazy("second meeting"),
    3: gettext_lazy("third meeting"),
    4: gettext_lazy("fourth meeting"),
    5: gettext_lazy("fifth meeting"),
    6: gettext_lazy("sixth meeting"),
    7: gettext_lazy("seventh meeting"),
    8: gettext_lazy("eighth meeting"),
}


@register.filter
def meeting_in_words(number: int) -> str:
    """Say which meeting of a series it was; from the ninth on only that it was a later one."""
    return str(_IN_WORDS.get(number) or _("a later meeting"))
