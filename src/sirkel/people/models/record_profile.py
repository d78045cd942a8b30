"""Whether what circles write is a public record, as their organisation says it."""

from django.db import models

from sirkel.people.enums import RecordStatus
from sirkel.people.models.organisation import Organisation


class RecordProfile(models.Model):
    """How an organisation answers when somebody asks to see what its circles wrote (PD-27).

    One for each organisation that has said it; written by its administrators, readable by everybody. Names functions and
    no people. ``version`` counts changes, so that of two who change it at once the second is told. Kept as long as the
    organisation.
    """

    organisation = models.OneToOneField(
        Organisation, on_delete=models.CASCADE, primary_key=True, related_name="record_profile"
    )
    status = models.CharField(max_length=20, choices=RecordStatus)
    answered_by = models.CharField(max_length=200)
    law = models.CharField(max_length=300, blank=True)
    archive = models.CharField(max_length=300, blank=True)
    said_on = models.DateField()
    version = models.PositiveIntegerField(default=1)
