"""Words about lines between a circle and its leader, beside those in ``enums``."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class ObstacleState(TextChoices):
    """What became of something in the way that a circle named."""

    OPEN = "open", _("Waits for the leader")
    WORKING = "working", _("Being worked on")
    REMOVED = "removed", _("Out of the way")
    CANNOT = "cannot", _("Cannot be removed")


class LineNews(IntegerChoices):
    """What a mail about a line says; kept as the mail's edition, so that each goes out once."""

    ASKED = 1, _("The circle is asked")
    SENT = 2, _("A line was sent")
    SOON = 3, _("The answer is due soon")
    OVERDUE = 4, _("The answer is overdue")
    ANSWERED = 5, _("An answer was given")
    BACK = 6, _("The day that was named has come")
