from django.db import models
from django.db.models import Q

from sirkel.circles.models.circle import Circle
from sirkel.circles.models.meeting import Meeting
from sirkel.kernel.ids import new_id


class ChallengeInbox(models.Model):
    """The circle's box for challenges between meetings: how often its signed link was made anew."""

    circle = models.OneToOneField(Circle, on_delete=models.CASCADE, primary_key=True, related_name="inbox")
    link_epoch = models.PositiveIntegerField(default=0)


class Challenge(models.Model):
    """A challenge or small story that somebody left for the next meeting. Seen by the circle.

    ``meeting`` is the one it was brought to; None while it waits. Unsigned unless somebody wrote a name.
    ``client_hash`` is as in ``TrialLog``. Holds no time.
    """

    is_deleted_for_good = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    circle = models.ForeignKey(Circle, on_delete=models.CASCADE, related_name="challenges")
    meeting = models.ForeignKey(
        Meeting, on_delete=models.CASCADE, null=True, blank=True, related_name="challenges"
    )
    client_hash = models.BinaryField(max_length=32)
    text = models.CharField(max_length=500)
    lang = models.CharField(max_length=10)
    signed_name = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["circle", "client_hash"], name="challenge_once_per_client_id"),
            models.CheckConstraint(condition=~Q(text=""), name="challenge_not_empty"),
        ]
