from datetime import date

from django.db import models
from django.db.models import Q

from sirkel.circles.enums import HandoverAnswer, HandoverState, Obstacle
from sirkel.circles.line_enums import ObstacleState
from sirkel.circles.models.circle import Circle
from sirkel.circles.models.outcome import ShareItem
from sirkel.circles.models.trial import Trial
from sirkel.circles.rules.handover_states import DEFAULT_ANSWER_DAYS, WAITING
from sirkel.kernel.ids import new_id


class Handover(models.Model):
    """One line from a circle to its leader, and the leader's answer.

    Seen by the circle; by the leaders of its workplace from the moment it is sent, and then only the line, what
    stands in the way and the answer. ``share_item`` is the copy that the circle was asked about: nothing is sent
    without its approval. ``due_on`` is the day at the workplace by which an answer is promised, ``answer_days``
    working days after it was sent. ``asked_until`` is the last day on which a member may want a draft to stay in the
    room, when the circle is asked between meetings; ``has_stayed`` says that somebody did, never who.
    ``asks_mandate`` says that a yes is the mandate its trial waits for. An answer "later" names the day on which
    the line comes back (``comes_back_on``); what was said then stays in ``said_later``. "Somebody else" names who.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    circle = models.ForeignKey(Circle, on_delete=models.CASCADE, related_name="handovers")
    trial = models.ForeignKey(
        Trial, on_delete=models.SET_NULL, null=True, blank=True, related_name="handovers"
    )
    share_item = models.OneToOneField(
        ShareItem, on_delete=models.SET_NULL, null=True, blank=True, related_name="handover"
    )
    text = models.CharField(max_length=500)
    lang = models.CharField(max_length=10)
    obstacle = models.CharField(max_length=20, choices=Obstacle, blank=True)
    answer_days = models.PositiveSmallIntegerField(default=DEFAULT_ANSWER_DAYS)
    state = models.CharField(max_length=20, choices=HandoverState, default=HandoverState.DRAFT)
    sent_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    answer = models.CharField(max_length=20, choices=HandoverAnswer, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    answered_on = models.DateField(null=True, blank=True)
    asked_until = models.DateField(null=True, blank=True)
    has_stayed = models.BooleanField(default=False, db_default=False)
    asks_mandate = models.BooleanField(default=False, db_default=False)
    comes_back_on = models.DateField(null=True, blank=True)
    said_later = models.CharField(max_length=500, blank=True, default="", db_default="")
    other_body = models.CharField(max_length=120, blank=True, default="", db_default="")
    # What came of the answer, in the circle's words.
    followed_up = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["due_on"], condition=Q(state__in=sorted(WAITING)), name="line_waiting_by_day"
            ),
            models.Index(
                fields=["asked_until"], condition=Q(asked_until__isnull=False), name="line_asked_by_day"
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="handover_has_its_line"),
            models.CheckConstraint(
                condition=Q(asked_until__isnull=True) | Q(state=HandoverState.DRAFT),
                name="only_a_draft_is_asked_about",
            ),
            models.CheckConstraint(
                condition=Q(comes_back_on__isnull=True) | Q(answer=HandoverAnswer.LATER),
                name="only_later_comes_back",
            ),
            models.CheckConstraint(
                condition=Q(other_body="") | Q(answer=HandoverAnswer.OTHER_BODY),
                name="only_other_body_names_one",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[HandoverState.DRAFT, HandoverState.APPROVED])
                | Q(due_on__isnull=False, sent_on__isnull=False),
                name="sent_handover_has_due_date",
            ),
            models.CheckConstraint(
                condition=(
                    Q(state__in=[HandoverState.ANSWERED, HandoverState.FOLLOWED_UP])
                    & ~Q(answer="")
                    & ~Q(reason="")
                )
                | (
                    ~Q(state__in=[HandoverState.ANSWERED, HandoverState.FOLLOWED_UP])
                    & Q(answer="")
                    & Q(reason="")
                ),
                name="answered_handover_has_answer_and_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state=HandoverState.FOLLOWED_UP) | ~Q(followed_up=""),
                name="followed_up_handover_says_what_came_of_it",
            ),
        ]

    def is_overdue(self, today: date) -> bool:
        """Tell whether the promised day has gone by without an answer. ``today`` is the workplace's day.

        The day on which a "later" comes back is a promised day too.
        """
        if self.is_later:
            return self.comes_back_on is not None and self.comes_back_on < today
        return self.state in WAITING and self.due_on is not None and self.due_on < today

    def waits_for_leader(self, today: date) -> bool:
        """Tell whether the leader has something to answer: nothing was said yet, or the day of a "later" has come."""
        if self.is_later:
            return self.comes_back_on is not None and self.comes_back_on <= today
        return self.state in WAITING

    @property
    def is_later(self) -> bool:
        """Whether the answer so far is "later", after which another one may come."""
        return self.state == HandoverState.ANSWERED and self.answer == HandoverAnswer.LATER


class NamedObstacle(models.Model):
    """Something in the way that a circle asks its leader to remove, in one line, as part of a handover.

    Seen by the circle, and by the leaders of its workplace once the line is sent. ``until`` is the day by which a
    leader who works on it means to be done. Kept with the handover.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    handover = models.ForeignKey(Handover, on_delete=models.CASCADE, related_name="named_obstacles")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20, choices=Obstacle)
    line = models.CharField(max_length=120)
    state = models.CharField(max_length=20, choices=ObstacleState, default=ObstacleState.OPEN)
    until = models.DateField(null=True, blank=True)
    marked_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["handover", "position"], name="obstacle_once_in_its_place"),
            models.CheckConstraint(condition=~Q(line=""), name="obstacle_has_its_line"),
            models.CheckConstraint(
                condition=Q(state=ObstacleState.WORKING, until__isnull=False)
                | ~Q(state=ObstacleState.WORKING) & Q(until__isnull=True),
                name="obstacle_worked_on_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(state=ObstacleState.OPEN) | Q(marked_on__isnull=False),
                name="marked_obstacle_has_its_day",
            ),
        ]


class LineObjection(models.Model):
    """That somebody in the circle wants a line to stay in the room. Seen by nobody: only that there was one is told.

    No person, device or moment. ``client_hash`` is the SHA-256 of an id that the sender's page made: sending twice
    is once, and whoever has the id can take it back. Deleted when the circle has been asked.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    handover = models.ForeignKey(Handover, on_delete=models.CASCADE, related_name="objections")
    client_hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["handover", "client_hash"], name="objection_once_per_client_id")
        ]
