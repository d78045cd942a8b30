"""How a circle is formed: who is in it by its set-up, its open invitation, and the list of those who joined."""

from django.db import models
from django.db.models import Q

from sirkel.circles.enums import Listed, Perspective, SetUpKind
from sirkel.circles.models.circle import Circle, Membership
from sirkel.kernel.ids import new_id

LEAST_AGREEING = 2


class SetUp(models.Model):
    """One choice of who is in a circle; the newest counts, the others stay. No row means the usual one.

    Seen by the circle's members and by whoever is invited; kept with the circle. ``agreed_count`` is how many in
    the group agreed that leaders are among them, never who; nobody was against it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    circle = models.ForeignKey(Circle, on_delete=models.CASCADE, related_name="set_ups")
    version = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20, choices=SetUpKind)
    agreed_count = models.PositiveSmallIntegerField(null=True, blank=True)
    chosen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["circle", "version"], name="set_up_version_once_in_circle"),
            models.CheckConstraint(
                condition=Q(
                    kind=SetUpKind.MIXED, agreed_count__isnull=False, agreed_count__gte=LEAST_AGREEING
                )
                | Q(kind__in=[SetUpKind.JOINT, SetUpKind.LEADERS], agreed_count__isnull=True),
                name="mixed_set_up_is_agreed_by_the_group",
            ),
        ]


class OpenInvitation(models.Model):
    """The circle's one invitation to colleagues: whether its link opens, and how often it was made anew.

    Seen by the circle's facilitators. It counts no answers: a no is kept nowhere.
    """

    circle = models.OneToOneField(
        Circle, on_delete=models.CASCADE, primary_key=True, related_name="open_invitation"
    )
    is_open = models.BooleanField(default=True)
    link_epoch = models.PositiveIntegerField(default=0)


class Participant(models.Model):
    """Somebody on a circle's list by first name: asked by its facilitators, or joined. Who said no stands nowhere.

    Seen by the circle's facilitators. ``person`` and ``membership`` are there for those who gave an address and
    said yes by the mail to it. Somebody who was asked and did not join looks the same whether they said no or
    nothing, and is deleted when the invitation closes. ``client_hash`` is as in ``TrialLog``. Holds no time.
    """

    is_deleted_for_good = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    circle = models.ForeignKey(Circle, on_delete=models.CASCADE, related_name="participants")
    first_name = models.CharField(max_length=40)
    lang = models.CharField(max_length=10)
    perspective = models.CharField(max_length=20, choices=Perspective, default=Perspective.EMPLOYEE)
    state = models.CharField(max_length=20, choices=Listed)
    client_hash = models.BinaryField(max_length=32, null=True, blank=True)
    person = models.ForeignKey(
        "people.Person", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    # The account was made for this row and goes with it unless it is used.
    has_made_account = models.BooleanField(default=False)
    membership = models.OneToOneField(
        Membership, on_delete=models.CASCADE, null=True, blank=True, related_name="participant"
    )
    allowed_by = models.ForeignKey(SetUp, on_delete=models.RESTRICT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["circle", "client_hash"], name="participant_once_per_client_id"),
            models.UniqueConstraint(
                fields=["circle", "person"], condition=Q(person__isnull=False), name="person_once_on_the_list"
            ),
            models.CheckConstraint(condition=~Q(first_name=""), name="participant_has_a_first_name"),
            models.CheckConstraint(
                condition=Q(state=Listed.JOINED) | Q(membership__isnull=True), name="asked_is_no_member"
            ),
            models.CheckConstraint(
                condition=Q(state=Listed.ASKED)
                | Q(perspective=Perspective.EMPLOYEE)
                | Q(allowed_by__isnull=False),
                name="leader_is_listed_by_set_up",
            ),
        ]


class ChecklistTick(models.Model):
    """That something on the list before the first meeting is done. Seen by the facilitators; untick deletes it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    circle = models.ForeignKey(Circle, on_delete=models.CASCADE, related_name="ticks")
    item = models.SlugField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["circle", "item"], name="checklist_item_ticked_once")]
