from datetime import date

from django.db import models
from django.db.models import F, Q

from sirkel.circles.enums import LogKind, Mandate, ReactionKind, TrialDecision, TrialState
from sirkel.circles.models.circle import Circle
from sirkel.circles.models.meeting import Meeting
from sirkel.circles.models.note import Theme
from sirkel.circles.rules.trial_states import CHANGEABLE, NEEDS_MANDATE
from sirkel.kernel.ids import new_id


class Trial(models.Model):
    """A small test that the circle decided: who does what when, what it expects, when to stop. Seen by the circle.

    ``meeting`` is the one it was decided in; None between meetings. ``follows`` is the trial whose next cycle
    this is, with ``change`` and ``scale`` saying what is different and how much larger. ``link_epoch`` counts how
    often its signed links were made anew. While ``is_on_poster``, colleagues outside the circle may see the plan.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    circle = models.ForeignKey(Circle, on_delete=models.CASCADE, related_name="trials")
    meeting = models.ForeignKey(
        Meeting, on_delete=models.CASCADE, null=True, blank=True, related_name="trials"
    )
    theme = models.ForeignKey(Theme, on_delete=models.SET_NULL, null=True, blank=True, related_name="trials")
    follows = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="next_cycles"
    )
    what = models.CharField(max_length=300)
    smallest_step = models.CharField(max_length=300, blank=True, default="", db_default="")
    where = models.CharField(max_length=200, blank=True, default="", db_default="")
    who = models.CharField(max_length=200, blank=True)
    when = models.CharField(max_length=200, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    prediction = models.CharField(max_length=300)
    look_at = models.CharField(max_length=300, blank=True)
    stop_rule = models.CharField(max_length=300, blank=True)
    # What is counted, named once: "times we had to step in". Empty when nothing is.
    counted = models.CharField(max_length=80, blank=True, default="", db_default="")
    change = models.CharField(max_length=300, blank=True, default="", db_default="")
    scale = models.CharField(max_length=200, blank=True, default="", db_default="")
    touches_care = models.BooleanField(default=False, db_default=False)
    mandate = models.CharField(
        max_length=20, choices=Mandate, default=Mandate.NOT_NEEDED, db_default=Mandate.NOT_NEEDED
    )
    is_on_poster = models.BooleanField(default=False, db_default=False)
    link_epoch = models.PositiveIntegerField(default=0, db_default=0)
    lang = models.CharField(max_length=10)
    state = models.CharField(max_length=20, choices=TrialState, default=TrialState.PLANNED)
    decision = models.CharField(max_length=20, choices=TrialDecision, blank=True)
    learning = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(prediction=""), name="trial_has_prediction"),
            models.CheckConstraint(
                condition=Q(state__in=[TrialState.IDEA, TrialState.STOPPED])
                | (Q(ends_on__isnull=False) & ~Q(stop_rule="")),
                name="trial_has_end_and_stop_rule",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(NEEDS_MANDATE))
                | Q(touches_care=False)
                | Q(mandate=Mandate.GIVEN),
                name="trial_on_care_runs_with_mandate",
            ),
            models.CheckConstraint(
                condition=~Q(state=TrialState.DECIDED) | (~Q(decision="") & ~Q(learning="")),
                name="decided_trial_has_decision_and_learning",
            ),
            models.CheckConstraint(
                condition=Q(follows__isnull=True) | ~Q(follows=F("id")), name="trial_does_not_follow_itself"
            ),
        ]

    @property
    def is_changeable(self) -> bool:
        """Whether its plan may still be changed: it has not begun."""
        return self.state in CHANGEABLE

    @property
    def lacks_mandate(self) -> bool:
        """Whether it must wait for the leader before it runs."""
        return self.touches_care and self.mandate != Mandate.GIVEN

    @property
    def takes_logs(self) -> bool:
        """Whether people can say how it goes."""
        return self.state == TrialState.RUNNING

    def is_past_end(self, today: date) -> bool:
        """Tell whether it still runs after its last day."""
        return self.takes_logs and self.ends_on is not None and self.ends_on < today


class TrialLog(models.Model):
    """One press of a button about a running trial. Seen by the circle.

    Says nothing of who pressed: no person, no device, and of the time only the day at the workplace.
    ``client_hash`` is the SHA-256 of an id made by the sender's page and known to that browser alone: sending
    twice is once, and whoever still has the id can take it back. Kept as long as the trial.
    """

    is_deleted_for_good = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    trial = models.ForeignKey(Trial, on_delete=models.CASCADE, related_name="logs")
    client_hash = models.BinaryField(max_length=32)
    kind = models.CharField(max_length=20, choices=LogKind)
    text = models.CharField(max_length=200, blank=True)
    lang = models.CharField(max_length=10)
    count = models.PositiveSmallIntegerField(null=True, blank=True)
    day = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["trial", "client_hash"], name="trial_log_once_per_client_id"),
            models.CheckConstraint(
                condition=Q(count__isnull=True) | Q(kind=LogKind.DID), name="only_what_was_done_is_counted"
            ),
        ]


class TrialReaction(models.Model):
    """What a colleague outside the circle said about a trial on its poster. Seen by the circle from three on.

    As unsigned as a log; not even the day is kept. The facilitator may delete it.
    """

    is_deleted_for_good = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    trial = models.ForeignKey(Trial, on_delete=models.CASCADE, related_name="reactions")
    client_hash = models.BinaryField(max_length=32)
    kind = models.CharField(max_length=20, choices=ReactionKind)
    text = models.CharField(max_length=200, blank=True)
    lang = models.CharField(max_length=10)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["trial", "client_hash"], name="reaction_once_per_client_id")
        ]
