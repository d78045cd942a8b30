"""What a circle leaves behind: the record of its closing with its anchors, and the two looks back after it."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from sirkel.circles.enums import AnchorKind, AnchorPlace, GoesOn, Holder, InUse, StillMeets
from sirkel.circles.models.circle import Circle
from sirkel.circles.models.trial import Trial
from sirkel.circles.rules.follow_ups import MONTHS
from sirkel.kernel.ids import new_id


class ClosingRecord(models.Model):
    """How one circle closed, written by its facilitators with the group.

    Seen by the circle; from around it, once it is fixed, only how the circle goes on. ``finished_on`` is the day at
    the workplace on which the group said that this is it; any later change empties it again. ``fixed_on`` is the day
    on which the circle went to its follow-up: from then on the database refuses a change. A circle that ended early
    has no such day: there it is fixed a week after it was finished. Kept with the circle.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    circle = models.OneToOneField(Circle, on_delete=models.CASCADE, related_name="closing_record")
    goes_on = models.CharField(max_length=20, choices=GoesOn, blank=True)
    # In what form it goes on, and what the group celebrates, in its own words.
    form = models.CharField(max_length=300, blank=True)
    celebrate = models.CharField(max_length=300, blank=True)
    lang = models.CharField(max_length=10)
    finished_on = models.DateField(null=True, blank=True)
    fixed_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(finished_on__isnull=True) | Q(goes_on__in=GoesOn.values),
                name="finished_closing_says_how_it_goes_on",
            ),
            models.CheckConstraint(
                condition=Q(fixed_on__isnull=True)
                | Q(finished_on__isnull=False, fixed_on__gte=F("finished_on")),
                name="fixed_closing_is_finished",
            ),
        ]


class Anchor(models.Model):
    """One thing that a circle learned, and where it lies from now on. The words hold no name; ``holder`` is a function.

    Seen by the circle. The leaders of its workplace see it a week after the record was finished if ``for_leader``:
    the group let it out, and no member has kept it in since. What is stopped lies nowhere. Kept with the circle.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    record = models.ForeignKey(ClosingRecord, on_delete=models.CASCADE, related_name="anchors")
    trial = models.ForeignKey(Trial, on_delete=models.SET_NULL, null=True, blank=True, related_name="anchors")
    text = models.CharField(max_length=300)
    lang = models.CharField(max_length=10)
    kind = models.CharField(max_length=20, choices=AnchorKind)
    place = models.CharField(max_length=20, choices=AnchorPlace, blank=True)
    holder = models.CharField(max_length=20, choices=Holder, blank=True)
    look_again_on = models.DateField(null=True, blank=True)
    for_leader = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="anchor_has_text"),
            models.CheckConstraint(
                condition=Q(kind=AnchorKind.STOP, place="", holder="", look_again_on__isnull=True)
                | Q(
                    kind__in=[AnchorKind.KEEP, AnchorKind.HAND_OVER],
                    place__in=AnchorPlace.values,
                    holder__in=Holder.values,
                    look_again_on__isnull=False,
                ),
                name="anchor_lies_somewhere_unless_stopped",
            ),
            models.UniqueConstraint(fields=["record", "trial"], name="trial_once_in_closing_record"),
        ]

    @property
    def is_stopped(self) -> bool:
        """Whether nothing of it is left to look for later."""
        return self.kind == AnchorKind.STOP


class FollowUp(models.Model):
    """One look back at a circle, three or six months after its closing: three questions, answered once for the circle.

    Seen by the circle; leaders and representatives see the day and whether it was answered. Who answered is not kept
    here. ``due_on`` is a day at the workplace and may be moved; ``edition`` rises with every move and ``asked`` counts
    the mails since. Kept with the circle.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    circle = models.ForeignKey(Circle, on_delete=models.CASCADE, related_name="follow_ups")
    months = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    edition = models.PositiveSmallIntegerField(default=0)
    asked = models.PositiveSmallIntegerField(default=0)
    answered_on = models.DateField(null=True, blank=True)
    # What helped or got in the way.
    words = models.CharField(max_length=300, blank=True)
    lang = models.CharField(max_length=10, blank=True)
    still_meets = models.CharField(max_length=20, choices=StillMeets, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["circle", "months"], name="follow_up_once_in_circle"),
            models.CheckConstraint(
                condition=Q(months__in=MONTHS), name="follow_up_after_three_or_six_months"
            ),
            models.CheckConstraint(
                condition=Q(answered_on__isnull=True, still_meets="", words="")
                | Q(answered_on__isnull=False, still_meets__in=StillMeets.values),
                name="answered_follow_up_says_whether_it_meets",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on"], condition=Q(answered_on__isnull=True), name="follow_up_open_by_day"
            )
        ]

    @property
    def is_answered(self) -> bool:
        """Whether the circle has answered."""
        return self.answered_on is not None

    def is_overdue(self, today: date) -> bool:
        """Tell whether its day has gone by without an answer. ``today`` is the workplace's day."""
        return self.answered_on is None and self.due_on < today


class AnchorLook(models.Model):
    """Whether one anchor was still in use at one follow-up. Seen by the circle alone."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    follow_up = models.ForeignKey(FollowUp, on_delete=models.CASCADE, related_name="looks")
    anchor = models.ForeignKey(Anchor, on_delete=models.CASCADE, related_name="looks")
    in_use = models.CharField(max_length=20, choices=InUse)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["follow_up", "anchor"], name="one_look_per_anchor_and_follow_up"),
            models.CheckConstraint(condition=Q(in_use__in=InUse.values), name="anchor_look_has_known_answer"),
        ]
