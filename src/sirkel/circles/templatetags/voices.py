"""The words and the picture of a share in thirds."""

from django import template
from django.utils.translation import gettext_lazy as _

from sirkel.circles.models import VoicePicture
from sirkel.evidence.bands import Share

register = template.Library()

_WORDS = {
    Share.LESS: _("Less than a third"),
    Share.EVEN: _("Between one and two thirds"),
    Share.MORE: _("More than two thirds"),
}
_OTHER = {Share.LESS: Share.MORE, Share.EVEN: Share.EVEN, Share.MORE: Share.LESS}
_ENDS = {Share.LESS: ("1%", "32.3%"), Share.EVEN: ("34.3%", "65.7%"), Share.MORE: ("67.7%", "99%")}
_MARKS = ("0%", "33.3%", "66.7%", "100%")


@register.filter
def share_words(share: str) -> object:
    """Return a share in words."""
    return _WORDS[Share(share)]


@register.filter
def other_share(share: str) -> object:
    """Return the other of two groups' share in words."""
    return _WORDS[_OTHER[Share(share)]]


@register.filter
def third_rows(picture: VoicePicture) -> list[dict[str, object]]:
    """Return the rows of the drawing: for notes and ideas, and for each group, the third its share lies in."""
    rows: list[dict[str, object]] = []
    for what, share in ((_("Notes"), picture.notes), (_("Ideas that went on"), picture.ideas)):
        if share:
            sides = ((_("Employees"), _OTHER[Share(share)]), (_("Leaders"), Share(share)))
            rows += [
                {"label": f"{what}: {who}", "start": _ENDS[each][0], "end": _ENDS[each][1], "marks": _MARKS}
                for who, each in sides
            ]
    return rows
