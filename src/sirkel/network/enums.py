"""Words of the network room."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CardState(TextChoices):
    """Where an experience card stands."""

    SHARED = "shared", _("Shared")
    HIDDEN = "hidden", _("Held back")
    WITHDRAWN = "withdrawn", _("Taken back")


class CardReason(TextChoices):
    """Why a card's words are not shown. Who took it back, circle or writer, is nobody's business."""

    TAKEN_BACK = "taken_back", _("Taken back by those it came from")
    IDENTIFICATION = "identification", _("It could point to somebody")


class SizeBand(TextChoices):
    """How large the circle was, never exactly."""

    SMALL = "small", _("up to 5 people")
    MIDDLE = "middle", _("6 to 9 people")
    LARGE = "large", _("10 people or more")
