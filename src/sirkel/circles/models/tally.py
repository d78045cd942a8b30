from django.db import models

from sirkel.circles.models.meeting import Meeting, Round
from sirkel.kernel.ids import new_id


class Ballot(models.Model):
    """What one token chose in an open round; changeable until it closes, then counted and deleted.

    ``picks`` maps an option's id to a number of dots, or to a stance or ``"objects"``.
    Nobody reads it but its owner and the count.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="ballots")
    token = models.BinaryField(max_length=32)
    picks = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "token"], name="ballot_once_per_token")]


class Tally(models.Model):
    """The count for one option of a closed choosing round. Seen by the circle."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="tallies")
    option = models.UUIDField()
    value = models.CharField(max_length=20, default="dots")
    count = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "option", "value"], name="tally_once_per_option")
        ]


class PulseAnswer(models.Model):
    """One person's check-out, until the round closes; then counted and deleted. Nobody reads it singly."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="pulse_answers")
    token = models.BinaryField(max_length=32)
    felt_heard = models.PositiveSmallIntegerField(null=True, blank=True)
    was_useful = models.PositiveSmallIntegerField(null=True, blank=True)
    word = models.CharField(max_length=200, blank=True)
    lang = models.CharField(max_length=10)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "token"], name="pulse_once_per_token"),
            models.CheckConstraint(
                condition=models.Q(felt_heard__isnull=True) | models.Q(felt_heard__range=(1, 3)),
                name="pulse_heard_in_range",
            ),
            models.CheckConstraint(
                condition=models.Q(was_useful__isnull=True) | models.Q(was_useful__range=(1, 3)),
                name="pulse_useful_in_range",
            ),
        ]


class PulseSummary(models.Model):
    """What a meeting's check-outs add up to, in bands. Seen by the circle, and only from five answers on."""

    meeting = models.OneToOneField(Meeting, on_delete=models.CASCADE, primary_key=True, related_name="pulse")
    is_shown = models.BooleanField(default=False)
    # {"felt_heard": {"yes": "most", "partly": "few", "no": "none"}, "was_useful": {…}}
    bands = models.JSONField(default=dict)
    # A shuffled list of one-line answers, each with its language.
    words = models.JSONField(default=list)
