from django.db import models
from django.db.models import F, Q

from sirkel.circles.enums import Audience, ShareState, TrialDecision
from sirkel.circles.models.circle import Circle
from sirkel.circles.models.meeting import Meeting
from sirkel.circles.models.note import Note, Theme
from sirkel.circles.models.trial import Trial
from sirkel.kernel.ids import new_id


class TrialLook(models.Model):
    """What the circle said about a trial when it looked back at one meeting. Seen by the circle."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    trial = models.ForeignKey(Trial, on_delete=models.CASCADE, related_name="looks")
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="looks")
    happened = models.CharField(max_length=500)
    decision = models.CharField(max_length=20, choices=TrialDecision, blank=True)
    learning = models.CharField(max_length=500, blank=True)
    lang = models.CharField(max_length=10)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["trial", "meeting"], name="one_look_per_trial_and_meeting")
        ]


class ShareItem(models.Model):
    """Words that may leave the room once no member objects: a copy, never the note itself.

    Seen by the circle; by others only as what grows from it after approval. Taking it back empties it. Words that leave
    the organisation go when one member has gone through the checklist and another has confirmed it; the two are kept as
    numbers, and the database refuses one person in both places.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    circle = models.ForeignKey(Circle, on_delete=models.CASCADE, related_name="share_items")
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="share_items")
    text = models.CharField(max_length=500, blank=True)
    lang = models.CharField(max_length=10)
    audience = models.CharField(max_length=20, choices=Audience)
    state = models.CharField(max_length=20, choices=ShareState, default=ShareState.PROPOSED)
    note = models.ForeignKey(
        Note, on_delete=models.SET_NULL, null=True, blank=True, related_name="share_items"
    )
    theme = models.ForeignKey(
        Theme, on_delete=models.SET_NULL, null=True, blank=True, related_name="share_items"
    )
    trial = models.ForeignKey(
        Trial, on_delete=models.SET_NULL, null=True, blank=True, related_name="share_items"
    )
    checked_by = models.UUIDField(null=True, blank=True)
    confirmed_by = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True)
                | Q(checked_by__isnull=False) & ~Q(confirmed_by=F("checked_by")),
                name="share_item_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state=ShareState.WITHDRAWN, text="")
                | ~Q(state=ShareState.WITHDRAWN) & ~Q(text=""),
                name="share_item_has_text_unless_withdrawn",
            ),
        ]
