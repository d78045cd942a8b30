from datetime import timedelta

from django.db import models
from django.db.models import Q

from sirkel.circles.enums import HaltReason, MeetingState, RoundState, Signing, StepKind
from sirkel.circles.models.circle import Circle
from sirkel.circles.rules.sittings import MOST_SITTINGS, MeetingNumber
from sirkel.kernel.ids import new_id


class Meeting(models.Model):
    """One meeting of a circle and the state machine of its running.

    Seen by members and, while it runs, by everybody with a seat. The live place has the meeting's id.
    Join secrets exist only while it runs. Attendance is a count, never a list.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    circle = models.ForeignKey(Circle, on_delete=models.CASCADE, related_name="meetings")
    number = models.PositiveSmallIntegerField()
    # Two shifts may sit apart in one meeting: both rows have its number, and count once.
    sitting = models.PositiveSmallIntegerField(default=1, db_default=1)
    starts_at = models.DateTimeField()
    duration_minutes = models.PositiveSmallIntegerField(default=90)
    place = models.CharField(max_length=200, blank=True)
    link = models.URLField(max_length=500, blank=True)
    method = models.CharField(max_length=60)
    # The workplace's leaders are invited to this one; see ``SetUp``.
    is_joint = models.BooleanField(default=False, db_default=False)
    state = models.CharField(max_length=20, choices=MeetingState, default=MeetingState.DRAFT)
    # Why it was cancelled: a class, never a story. Empty for those cancelled before it was asked.
    cancel_reason = models.CharField(max_length=20, choices=HaltReason, blank=True, default="", db_default="")
    # The calendar entry: SEQUENCE rises with every change that guests must learn of.
    calendar_sequence = models.PositiveIntegerField(default=0)
    calendar_changed_at = models.DateTimeField(null=True, blank=True)

    current_step = models.ForeignKey(
        "circles.Step", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    # Who holds the controls, and the last sign of life of that screen.
    driver = models.ForeignKey(
        "people.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    driver_seen_at = models.DateTimeField(null=True, blank=True)
    join_code = models.CharField(max_length=8, null=True, blank=True, unique=True)
    join_epoch = models.PositiveIntegerField(default=0)
    # Whoever joins now waits until the facilitator lets them in.
    is_door_closed = models.BooleanField(default=False, db_default=False)
    attendance_count = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["number", "sitting"]
        constraints = [
            models.UniqueConstraint(
                fields=["circle", "number", "sitting"], name="sitting_once_in_meeting_number"
            ),
            models.CheckConstraint(
                condition=Q(sitting__range=(1, MOST_SITTINGS)), name="meeting_has_at_most_two_sittings"
            ),
            models.CheckConstraint(
                condition=Q(state=MeetingState.RUNNING) | Q(join_code__isnull=True),
                name="join_code_only_while_running",
            ),
            models.CheckConstraint(
                condition=Q(state=MeetingState.RUNNING) | Q(is_door_closed=False),
                name="door_closed_only_while_running",
            ),
            models.CheckConstraint(
                condition=Q(duration_minutes__range=(10, 480)), name="meeting_length_sensible"
            ),
            models.CheckConstraint(
                condition=Q(state=MeetingState.CANCELLED) | Q(cancel_reason=""),
                name="only_a_cancelled_meeting_says_why",
            ),
        ]

    @property
    def address(self) -> str:
        """The number as addresses write it: ``3``, or ``3-2`` for its second sitting."""
        return str(MeetingNumber.of(self.number, self.sitting))

    @property
    def is_running(self) -> bool:
        """Whether people can take part now."""
        return self.state == MeetingState.RUNNING

    @property
    def ends_at(self) -> object:
        """The planned end, aware."""
        return self.starts_at + timedelta(minutes=self.duration_minutes)


class Step(models.Model):
    """One line of a meeting's run sheet: what people do, for how long, with which words.

    The words are a copy of the method's, by language; a facilitator may change them.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    key = models.SlugField(max_length=60)
    kind = models.CharField(max_length=20, choices=StepKind)
    minutes = models.PositiveSmallIntegerField()
    extra_minutes = models.PositiveSmallIntegerField(default=0)
    title = models.JSONField(default=dict)
    prompt = models.JSONField(default=dict)
    hint = models.JSONField(default=dict)
    say = models.JSONField(default=dict)
    settings = models.JSONField(default=dict)
    is_skipped = models.BooleanField(default=False)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "key"], name="step_key_once"),
        ]


class Round(models.Model):
    """One time a step is done. Going back opens a new round and keeps the old one.

    ``secret`` makes the tokens under which people own notes and choices while the round is open;
    it is destroyed when the round is revealed or closed, and with it every link.
    ``began_at`` belongs to the step, not to anybody's act.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="rounds")
    number = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=20, choices=RoundState, default=RoundState.OPEN)
    signing = models.CharField(max_length=20, choices=Signing, default=Signing.UNSIGNED)
    has_posts = models.BooleanField(default=False)
    secret = models.BinaryField(max_length=32, null=True, blank=True)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    # Seats in speaking order and where the turn is; emptied at close.
    turn_order = models.JSONField(default=list)
    turn_at = models.PositiveSmallIntegerField(default=0)
    # The question card that lies on the table.
    card = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["step", "number"], name="round_number_once_in_step"),
            models.CheckConstraint(
                condition=Q(state=RoundState.OPEN) | Q(secret__isnull=True),
                name="round_secret_only_while_open",
            ),
        ]
