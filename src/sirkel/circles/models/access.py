"""Equality of access: who gets to take part, by shift and contract, told in bands. Decision 23 says what is kept."""

from django.db import models
from django.db.models import Q

from sirkel.circles.models.meeting import Round
from sirkel.circles.rules.access import StaffKind
from sirkel.kernel.ids import new_id


class StaffFacts(models.Model):
    """How many work which shift and under which contract at a workplace, in bands, as its leader says.

    ``sizes`` maps "shift" and "contract" to a size by group; see ``rules.access``. About the unit, never about
    anybody. Seen by leader and representatives of the workplace; a new answer replaces it.
    """

    workplace = models.OneToOneField(
        "people.Workplace", on_delete=models.CASCADE, primary_key=True, related_name="staff_facts"
    )
    sizes = models.JSONField()
    said_at = models.DateTimeField()


class AccessAsked(models.Model):
    """That one phone has answered in an open round, and not what: that went straight into the sealed sums.

    Nobody reads it; deleted when the round closes.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="access_asked")
    token = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "token"], name="access_asked_once_per_token")]


class AccessTally(models.Model):
    """The sealed sums of one half-year at a workplace, by kind. Nobody reads it.

    Deleted when the half-year is told, but for the last one that was told in new words: later ones are compared
    with it, so that no single person's coming or going changes a word.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workplace = models.ForeignKey("people.Workplace", on_delete=models.CASCADE, related_name="access_tallies")
    kind = models.CharField(max_length=10, choices=StaffKind)
    # "2026-1" is January to June 2026.
    period = models.CharField(max_length=6)
    is_told = models.BooleanField(default=False)
    secret = models.BinaryField(max_length=32)
    sealed = models.BinaryField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workplace", "kind", "period"], name="access_tally_once_per_period"
            )
        ]


class AccessPicture(models.Model):
    """What a half-year came to, told once. Seen by the representatives of the workplace alone; kept with it.

    ``rows`` is a list of ``{"groups": […], "access": band}``; empty where nothing can be told. ``least`` and ``most``
    are the band the number of answers lies in.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workplace = models.ForeignKey(
        "people.Workplace", on_delete=models.CASCADE, related_name="access_pictures"
    )
    kind = models.CharField(max_length=10, choices=StaffKind)
    period = models.CharField(max_length=6)
    rows = models.JSONField(default=list)
    least = models.PositiveSmallIntegerField(null=True, blank=True)
    most = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["-period", "-kind"]
        constraints = [
            models.UniqueConstraint(fields=["workplace", "kind", "period"], name="access_picture_once"),
            models.CheckConstraint(
                condition=Q(least__isnull=True, most__isnull=True) | Q(least__isnull=False, least__gte=7),
                name="access_is_told_of_seven",
            ),
        ]
