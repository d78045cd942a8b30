"""How a circle is anchored before it begins, and what guards it: readiness, commitment, concerns."""

from django.db import models
from django.db.models import Q

from sirkel.circles.enums import Advice
from sirkel.circles.models.circle import Circle
from sirkel.circles.rules.commitment import MOST_ANSWER_DAYS, Cost, cost_in_hours
from sirkel.kernel.ids import new_id


class ReadinessCheck(models.Model):
    """One answered readiness check; the newest counts, the others stay. About the workplace, never about anybody.

    Seen by the circle's facilitators and the leader and representatives of its workplace; kept with the circle.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    circle = models.ForeignKey(Circle, on_delete=models.CASCADE, related_name="readiness_checks")
    # Answer (yes, partly, no) by question; see ``rules.readiness``.
    answers = models.JSONField()
    advice = models.CharField(max_length=20, choices=Advice)
    look_again_on = models.DateField(null=True, blank=True)
    is_by_leader = models.BooleanField(default=False)
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(advice__in=Advice.values), name="readiness_check_has_known_advice"
            )
        ]


class LeaderCommitment(models.Model):
    """One version of what a leader commits to. A row is never changed, the database refuses it: a change is a new row.

    Seen by the circle's members and the leader and representatives of its workplace; kept with the circle.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    circle = models.ForeignKey(Circle, on_delete=models.CASCADE, related_name="commitments")
    version = models.PositiveSmallIntegerField()
    participants = models.PositiveSmallIntegerField()
    meetings = models.PositiveSmallIntegerField()
    meeting_minutes = models.PositiveSmallIntegerField()
    facilitators = models.PositiveSmallIntegerField()
    preparation_minutes = models.PositiveSmallIntegerField()
    cover = models.CharField(max_length=500)
    mandate = models.CharField(max_length=500)
    answer_days = models.PositiveSmallIntegerField()
    # Names of ``rules.commitment.PROMISES`` and ``PROVISIONS``.
    promises = models.JSONField()
    provisions = models.JSONField(default=list)
    afterwards = models.CharField(max_length=500)
    lang = models.CharField(max_length=10)
    written_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["circle", "version"], name="commitment_version_once_in_circle"),
            models.CheckConstraint(
                condition=Q(answer_days__gte=1, answer_days__lte=MOST_ANSWER_DAYS),
                name="commitment_answers_within_days",
            ),
            models.CheckConstraint(
                condition=Q(
                    participants__gte=1, meetings__gte=1, meeting_minutes__gte=1, facilitators__gte=1
                ),
                name="commitment_counts_something",
            ),
            models.CheckConstraint(
                condition=~Q(cover="") & ~Q(mandate="") & ~Q(afterwards=""), name="commitment_says_everything"
            ),
        ]

    @property
    def cost(self) -> Cost:
        """What the circle costs in hours by this version."""
        return cost_in_hours(
            participants=self.participants,
            meetings=self.meetings,
            meeting_minutes=self.meeting_minutes,
            facilitators=self.facilitators,
            preparation_minutes=self.preparation_minutes,
        )


class CommitmentSignature(models.Model):
    """A leader's signature under one version. It counts while that person leads there; it is never taken away.

    Seen by whoever sees the commitment. Without its leader, the person's account is gone.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    commitment = models.ForeignKey(LeaderCommitment, on_delete=models.CASCADE, related_name="signatures")
    leader = models.ForeignKey(
        "people.Person", on_delete=models.SET_NULL, null=True, related_name="commitment_signatures"
    )
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commitment", "leader"], name="leader_signs_a_version_once")
        ]


class CommitmentComment(models.Model):
    """What a union or safety representative says to a version. Seen by representatives, leader and facilitators."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    commitment = models.ForeignKey(LeaderCommitment, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey("people.Person", on_delete=models.SET_NULL, null=True, related_name="+")
    text = models.CharField(max_length=500)
    said_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="commitment_comment_has_text")]


class Concern(models.Model):
    """What a representative raises about a circle. Seen by representatives, leader and facilitators; kept with it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    circle = models.ForeignKey(Circle, on_delete=models.CASCADE, related_name="concerns")
    raised_by = models.ForeignKey("people.Person", on_delete=models.SET_NULL, null=True, related_name="+")
    text = models.CharField(max_length=500)
    raised_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="concern_has_text")]
