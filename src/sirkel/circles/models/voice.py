"""Voice balance: whose perspective is heard, told in bands. See decision 23 for what is kept, how long and why."""

from django.db import models
from django.db.models import Q

from sirkel.circles.models.circle import Circle
from sirkel.circles.models.meeting import Meeting
from sirkel.kernel.ids import new_id


class VoiceDecision(models.Model):
    """The circle's decision to switch voice balance on or off; the newest counts, without any it is off.

    ``agreed_count`` is how many in the room were for it, never who. Seen by the circle's members; kept with it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    circle = models.ForeignKey(Circle, on_delete=models.CASCADE, related_name="voice_decisions")
    number = models.PositiveSmallIntegerField()
    is_on = models.BooleanField()
    agreed_count = models.PositiveSmallIntegerField(null=True, blank=True)
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["circle", "number"], name="voice_decision_once_in_circle"),
            models.CheckConstraint(
                condition=Q(is_on=False, agreed_count__isnull=True)
                | Q(is_on=True, agreed_count__isnull=False, agreed_count__gte=1),
                name="voices_are_switched_on_by_somebody",
            ),
        ]


class VoiceRun(models.Model):
    """That a running meeting counts by perspective. Nobody reads it; deleted when the meeting closes.

    ``sealed`` holds how many of each perspective wrote in the fullest step so far. What ``secret`` closes, here and
    in the tags, opens with the installation's key alone, and with nothing once this row is gone.
    """

    meeting = models.OneToOneField(
        Meeting, on_delete=models.CASCADE, primary_key=True, related_name="voice_run"
    )
    secret = models.BinaryField(max_length=32)
    sealed = models.BinaryField(max_length=64)


class VoiceTag(models.Model):
    """The sealed perspective of one note, from its writing to the close of the meeting. Nobody reads it singly.

    ``blind`` names the note for whoever has both secret and key; there is no other way from one to the other. Every
    note sent by a phone has one, also of somebody who said nothing.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    run = models.ForeignKey(VoiceRun, on_delete=models.CASCADE, related_name="tags")
    blind = models.BinaryField(max_length=32)
    sealed = models.BinaryField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "blind"], name="voice_tag_once_per_note")]


class VoiceWindow(models.Model):
    """The sealed sums of the three meetings that are being counted. Nobody reads it; deleted when they are told."""

    circle = models.OneToOneField(
        Circle, on_delete=models.CASCADE, primary_key=True, related_name="voice_window"
    )
    first_meeting = models.PositiveSmallIntegerField()
    meetings = models.PositiveSmallIntegerField(default=0)
    secret = models.BinaryField(max_length=32)
    sealed = models.BinaryField(max_length=64)


class VoicePicture(models.Model):
    """What three meetings came to, told once and never counted again. Seen by the circle's members alone.

    ``notes`` and ``ideas`` say in thirds how large the leaders' share is; empty where it cannot be told. Deleted when
    the circle switches voice balance off.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    circle = models.ForeignKey(Circle, on_delete=models.CASCADE, related_name="voice_pictures")
    first_meeting = models.PositiveSmallIntegerField()
    last_meeting = models.PositiveSmallIntegerField()
    notes = models.CharField(max_length=10, blank=True)
    ideas = models.CharField(max_length=10, blank=True)

    class Meta:
        ordering = ["-first_meeting"]
        constraints = [
            models.UniqueConstraint(fields=["circle", "first_meeting"], name="voice_picture_once"),
            models.CheckConstraint(condition=~Q(notes="") | Q(ideas=""), name="ideas_are_told_beside_notes"),
        ]
