from django.db import models
from django.db.models import Q

from sirkel.circles.enums import CircleState, HaltReason, MemberRole, Perspective
from sirkel.circles.rules.phases import HALTED, PAUSABLE
from sirkel.kernel.ids import new_id


class Circle(models.Model):
    """A learning circle. Seen by its members; others see state and counts only, through queries."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="circles")
    workplace = models.ForeignKey("people.Workplace", on_delete=models.PROTECT, related_name="circles")
    name = models.CharField(max_length=120)
    purpose = models.CharField(max_length=500)
    theme_frame = models.CharField(max_length=500, blank=True)
    # BCP 47 tags; the first is the language of the circle's own pages and papers.
    languages = models.JSONField(default=list)
    state = models.CharField(max_length=20, choices=CircleState, default=CircleState.FORMING)
    # The phase a paused circle goes back to, and why it is paused or ended early; both empty otherwise.
    phase_before = models.CharField(max_length=20, choices=CircleState, blank=True, default="", db_default="")
    halt_reason = models.CharField(max_length=20, choices=HaltReason, blank=True, default="", db_default="")
    # When it was closed or ended early; from then runs the time for which its content is kept. Empty before.
    ended_at = models.DateTimeField(null=True, blank=True)
    # When what it wrote was deleted, because the time was over for which it is kept.
    emptied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state=CircleState.PAUSED, phase_before__in=PAUSABLE)
                | ~Q(state=CircleState.PAUSED) & Q(phase_before=""),
                name="paused_circle_remembers_its_phase",
            ),
            models.CheckConstraint(
                condition=Q(state__in=HALTED, halt_reason__in=HaltReason.values)
                | ~Q(state__in=HALTED) & Q(halt_reason=""),
                name="halted_circle_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def language(self) -> str:
        """The circle's first language."""
        return self.languages[0] if self.languages else "en"


class Membership(models.Model):
    """Somebody with an account who belongs to a circle. Seen by the circle's members, by first name."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    circle = models.ForeignKey(Circle, on_delete=models.CASCADE, related_name="memberships")
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=MemberRole)
    left_at = models.DateTimeField(null=True, blank=True)
    perspective = models.CharField(
        max_length=20,
        choices=Perspective,
        default=Perspective.EMPLOYEE,
        db_default=Perspective.EMPLOYEE,
    )
    # The set-up by which a leader takes part.
    allowed_by = models.ForeignKey(
        "circles.SetUp", on_delete=models.RESTRICT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["circle", "person"],
                condition=models.Q(left_at__isnull=True),
                name="member_once_in_circle",
            ),
            models.CheckConstraint(
                condition=~Q(role=MemberRole.PARTICIPANT, perspective=Perspective.LEADER)
                | Q(allowed_by__isnull=False),
                name="leader_takes_part_by_set_up",
            ),
        ]
