from django.conf import settings
from django.db import models
from django.db.models import Q

from sirkel.kernel.ids import new_id
from sirkel.people.enums import Role
from sirkel.policy.enums import Confidence, RecommendationState


class Recommendation(models.Model):
    """What workplaces are advised to do, in clauses. Published ones are for everybody, drafts for their writers.

    ``version`` counts publications: 0 was never published. Kept for good, so that a citation resolves.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.PositiveIntegerField(unique=True)
    title = models.CharField(max_length=200)
    lang = models.CharField(max_length=10)
    state = models.CharField(max_length=20, choices=RecommendationState, default=RecommendationState.DRAFT)
    version = models.PositiveSmallIntegerField(default=0)
    published_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(condition=Q(number__gt=0), name="recommendation_number_from_one"),
            models.CheckConstraint(condition=~Q(title=""), name="recommendation_has_title"),
            models.CheckConstraint(
                condition=Q(state=RecommendationState.DRAFT) | Q(version__gt=0, published_on__isnull=False),
                name="recommendation_out_has_version_and_day",
            ),
        ]

    @property
    def is_draft(self) -> bool:
        """Whether it can be changed."""
        return self.state == RecommendationState.DRAFT

    @property
    def is_being_revised(self) -> bool:
        """Whether it was published before and is being changed now."""
        return self.is_draft and self.version > 0


class Clause(models.Model):
    """One piece of advice within a recommendation, known by its letter; seen by whoever reads the recommendation."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    recommendation = models.ForeignKey(Recommendation, on_delete=models.CASCADE, related_name="clauses")
    letter = models.CharField(max_length=1)
    text = models.CharField(max_length=1000)
    lang = models.CharField(max_length=10)

    class Meta:
        ordering = ["letter"]
        constraints = [
            models.UniqueConstraint(
                fields=["recommendation", "letter"], name="clause_letter_once_in_recommendation"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="clause_has_text"),
        ]


class ClauseSupport(models.Model):
    """A clause rests on a card: who decided so, in what capacity, when, and how sure they were.

    The person is known to writers; everybody else sees the capacity. Whether the card still stands is
    never stored here: the card itself says so.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    clause = models.ForeignKey(Clause, on_delete=models.CASCADE, related_name="supports")
    card = models.ForeignKey("network.ExperienceCard", on_delete=models.PROTECT, related_name="supports")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    decided_as = models.CharField(max_length=20, choices=Role)
    decided_on = models.DateField()
    confidence = models.CharField(max_length=10, choices=Confidence)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clause", "card"], name="clause_rests_on_card_once"),
            models.CheckConstraint(
                condition=Q(decided_as__in=[Role.POLICY, Role.COORDINATOR]), name="support_decided_by_writer"
            ),
        ]
