"""Words of the policy room."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RecommendationState(TextChoices):
    """Where a recommendation stands."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    RETIRED = "retired", _("No longer recommended")


class Confidence(TextChoices):
    """How sure whoever linked a card is that it carries the clause."""

    LOW = "low", _("Low confidence")
    MODERATE = "moderate", _("Moderate confidence")
    HIGH = "high", _("High confidence")
