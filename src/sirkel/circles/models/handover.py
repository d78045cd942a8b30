from datetime import date

from django.db import models
from django.db.models import Q

from sirkel.circles.enums import HandoverAnswer, HandoverState, Obstacle
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
    working days after it was sent.
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
    # What came of the answer, in the circle's words.
    followed_up = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="handover_has_its_line"),
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
        """Tell whether the promised day has gone by without an answer. ``today`` is the workplace's day."""
        return self.state in WAITING and self.due_on is not None and self.due_on < today
