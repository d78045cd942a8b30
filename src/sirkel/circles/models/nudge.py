from django.db import models
from django.db.models import Q

from sirkel.circles.enums import ReminderState, Says
from sirkel.circles.models.circle import Membership
from sirkel.circles.models.meeting import Meeting
from sirkel.kernel.ids import new_id


class Reminder(models.Model):
    """The reminder of one meeting: drafted two days ahead, so that a facilitator can add a line or hold it back.

    Seen by the circle's facilitators until it goes out to its members. ``starts_at`` is the meeting's start that
    it speaks of; when the meeting moves, ``edition`` rises and it is a draft again.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    meeting = models.OneToOneField(Meeting, on_delete=models.CASCADE, related_name="reminder")
    state = models.CharField(max_length=20, choices=ReminderState, default=ReminderState.DRAFTED)
    line = models.CharField(max_length=140, blank=True)
    starts_at = models.DateTimeField()
    due_at = models.DateTimeField()
    edition = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(state=ReminderState.DRAFTED), name="reminder_draft_by_time"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(due_at__lt=models.F("starts_at")), name="reminder_before_its_meeting"
            ),
        ]


class Answer(models.Model):
    """Whether a member with an account means to come to a meeting. Facilitators see counts and who said no.

    Holds for the start it was given for: a meeting that moved has no answers yet. Nobody is asked to answer, no
    time of answering is kept, and answers are deleted the day after the meeting.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="answers")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="answers")
    starts_at = models.DateTimeField()
    says = models.CharField(max_length=10, choices=Says)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "membership"], name="one_answer_per_member"),
            models.CheckConstraint(
                condition=Q(says__in=["yes", "no", "maybe"]), name="answer_is_one_of_three"
            ),
        ]


class Leaving(models.Model):
    """That a member left by their own link: for 24 hours it can be undone by the same link, then it is deleted."""

    membership = models.OneToOneField(
        Membership, on_delete=models.CASCADE, primary_key=True, related_name="leaving"
    )
    left_at = models.DateTimeField()
