"""What may not be deleted for now."""

from django.db import models
from django.db.models import F, Q

from sirkel.kernel.ids import new_id
from sirkel.people.enums import HoldScope, HoldState
from sirkel.people.models.organisation import Organisation, Workplace
from sirkel.people.models.person import Person


class Hold(models.Model):
    """An order that something is not deleted: asked for by one administrator, in force once another confirmed it.

    Covers a whole organisation, one workplace, one circle (its id alone: circles are another room's) or one person. Seen
    by the organisation's administrators; whom it covers learns that it is so, not why, where ``may_tell``. Who asked and
    confirmed are kept as numbers, which stay when their accounts are erased. The database refuses one person in both
    places. Kept for a year after it was lifted.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="holds")
    workplace = models.ForeignKey(
        Workplace, on_delete=models.PROTECT, null=True, blank=True, related_name="holds"
    )
    circle = models.UUIDField(null=True, blank=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="holds")
    reason = models.CharField(max_length=500)
    may_tell = models.BooleanField(default=True)
    review_on = models.DateField()
    asked_by = models.UUIDField()
    asked_at = models.DateTimeField()
    confirmed_by = models.UUIDField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    lift_asked_by = models.UUIDField(null=True, blank=True)
    lift_asked_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.UUIDField(null=True, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(workplace__isnull=True, circle__isnull=True)
                | Q(workplace__isnull=True, person__isnull=True)
                | Q(circle__isnull=True, person__isnull=True),
                name="hold_has_one_scope",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False) & ~Q(confirmed_by=F("asked_by")),
                name="hold_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(lift_asked_by__isnull=True, lift_asked_at__isnull=True)
                | Q(lift_asked_by__isnull=False, lift_asked_at__isnull=False, confirmed_at__isnull=False),
                name="hold_lift_asked_once_it_holds",
            ),
            models.CheckConstraint(
                condition=Q(lifted_by__isnull=True, lifted_at__isnull=True)
                | Q(lifted_by__isnull=False, lifted_at__isnull=False, lift_asked_at__isnull=False)
                & ~Q(lifted_by=F("lift_asked_by")),
                name="hold_lifted_by_another",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation"],
                condition=Q(confirmed_at__isnull=False, lifted_at__isnull=True),
                name="hold_in_force",
            ),
        ]

    @property
    def scope(self) -> HoldScope:
        """What it covers."""
        if self.person_id:
            return HoldScope.PERSON
        if self.circle:
            return HoldScope.CIRCLE
        return HoldScope.WORKPLACE if self.workplace_id else HoldScope.ORGANISATION

    @property
    def state(self) -> HoldState:
        """Where it stands."""
        if self.lifted_at:
            return HoldState.LIFTED
        if self.lift_asked_at:
            return HoldState.LIFT_ASKED
        return HoldState.HOLDS if self.confirmed_at else HoldState.ASKED
