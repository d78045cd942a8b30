"""Taking somebody's lost second step away."""

from django.db import models
from django.db.models import F, Q

from sirkel.kernel.ids import new_id
from sirkel.people.models.organisation import Organisation
from sirkel.people.models.person import Person


class FactorReset(models.Model):
    """That an administrator asked to take somebody's lost second step away, and whether another one agreed.

    Seen by the organisation's administrators and, by mail, by whom it is about. One at a time for each person; the
    database refuses one person in two of the three places. Deleted when it is done, dropped or stopped, and after a week
    without a second administrator; the trail keeps what was done.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="factor_reset")
    asked_by = models.UUIDField()
    asked_at = models.DateTimeField()
    confirmed_by = models.UUIDField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False)
                & ~Q(confirmed_by=F("asked_by"))
                & ~Q(confirmed_by=F("person")),
                name="factor_reset_confirmed_by_another",
            ),
            models.CheckConstraint(condition=~Q(asked_by=F("person")), name="factor_reset_asked_by_another"),
        ]
