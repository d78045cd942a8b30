"""What a circle agrees on for itself: ground rules, and what it expects."""

from django.db import models
from django.db.models import Q

from sirkel.circles.enums import Outcome
from sirkel.circles.models.circle import Circle
from sirkel.kernel.ids import new_id


class WorkingAgreement(models.Model):
    """One version of a circle's ground rules. Its items are never changed: a change is a new row.

    ``agreed_count`` is how many in the room agreed, never who. Seen by the circle's members; others may
    know that there is one, through queries.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    circle = models.ForeignKey(Circle, on_delete=models.CASCADE, related_name="agreements")
    version = models.PositiveSmallIntegerField()
    # A list of sentences.
    items = models.JSONField()
    lang = models.CharField(max_length=10)
    written_at = models.DateTimeField()
    agreed_count = models.PositiveSmallIntegerField(null=True, blank=True)
    agreed_at = models.DateTimeField(null=True, blank=True)
    reopened_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["circle", "version"], name="agreement_version_once_in_circle"),
            models.CheckConstraint(
                condition=Q(agreed_count__isnull=True, agreed_at__isnull=True, reopened_at__isnull=True)
                | Q(agreed_count__isnull=False, agreed_count__gte=1, agreed_at__isnull=False),
                name="agreement_is_agreed_by_somebody",
            ),
        ]

    @property
    def is_agreed(self) -> bool:
        """Whether the circle stands by this version: agreed, and not opened again."""
        return self.agreed_at is not None and self.reopened_at is None


class Expectation(models.Model):
    """Something a member expects of the circle, without author or time; with what became of it at the last meeting.

    Seen by the circle's members alone; no role opens it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    circle = models.ForeignKey(Circle, on_delete=models.CASCADE, related_name="expectations")
    text = models.CharField(max_length=300)
    lang = models.CharField(max_length=10)
    outcome = models.CharField(max_length=20, choices=Outcome, blank=True)
    looking_back = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="expectation_has_text")]
