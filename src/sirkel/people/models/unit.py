from django.db import models
from django.db.models import F, Q

from sirkel.kernel.ids import new_id
from sirkel.people.models.organisation import Workplace


class Unit(models.Model):
    """A ward, team or department of a workplace. Seen by everybody with a role in its organisation.

    ``workplace`` is where it is now, or was last; ``placements`` are where it was when. A unit that was merged into
    another, or closed, stays as a row, since roles of that time name it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workplace = models.ForeignKey(Workplace, on_delete=models.PROTECT, related_name="units")
    name = models.CharField(max_length=200)
    closed_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged_from"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workplace", "name"],
                condition=Q(closed_at__isnull=True),
                name="unit_name_once_in_workplace",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | Q(closed_at__isnull=False) & ~Q(merged_into=F("id")),
                name="merged_unit_is_closed",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class UnitPlacement(models.Model):
    """When a unit belonged to which workplace: a row is ended, never changed. Seen as its unit is."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="placements")
    workplace = models.ForeignKey(Workplace, on_delete=models.PROTECT, related_name="placements")
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit"], condition=Q(valid_to__isnull=True), name="unit_in_one_place_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="placement_ends_after_it_begins",
            ),
        ]
