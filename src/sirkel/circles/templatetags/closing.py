"""What was found of an anchor at a look back, in words: ``{{ look_back|in_use:anchor }}``."""

from django import template

from sirkel.circles.enums import InUse
from sirkel.circles.models import Anchor
from sirkel.circles.queries.closing import LookBack

register = template.Library()


@register.filter
def in_use(look_back: LookBack, anchor: Anchor) -> str:
    """Return whether an anchor was still in use; a dash when it was not asked about."""
    said = look_back.in_use.get(anchor.id)
    return str(InUse(said).label) if said else "–"
