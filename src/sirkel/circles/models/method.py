"""What an organisation does not offer."""

from django.db import models

from sirkel.kernel.ids import new_id


class MethodOff(models.Model):
    """That an organisation offers one method to nobody for a new meeting.

    No row means that it is offered, so that the methods of a new version are. ``method`` is its id; one that a later
    version has no more does no harm. Who switched it off stands in the trail alone. Seen by the organisation's
    administrators; its facilitators see what is left. Gone when it is switched on again.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(
        "people.Organisation", on_delete=models.CASCADE, related_name="methods_off"
    )
    method = models.CharField(max_length=60)
    off_since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "method"], name="method_off_once")]
