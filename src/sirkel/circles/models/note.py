from django.db import models
from django.db.models import Q

from sirkel.circles.models.circle import Circle
from sirkel.circles.models.meeting import Meeting, Round
from sirkel.kernel.ids import new_id


class Theme(models.Model):
    """What a group of notes is about, in the circle's words. Seen by the circle; kept as long as its notes."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    circle = models.ForeignKey(Circle, on_delete=models.CASCADE, related_name="themes")
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="themes")
    title = models.CharField(max_length=200)
    lang = models.CharField(max_length=10)
    position = models.PositiveSmallIntegerField(default=0)
    is_chosen = models.BooleanField(default=False)


class InboxNote(models.Model):
    """A note while its round is open, owned by a token that only the writer's device can make again.

    Read by its writer, in an open round by the circle. Moved in one shuffled batch into ``Note``
    when the round is revealed or closed, and deleted here.
    """

    is_deleted_for_good = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="inbox")
    token = models.BinaryField(max_length=32)
    client_id = models.UUIDField()
    text = models.CharField(max_length=500)
    lang = models.CharField(max_length=10)
    signed_name = models.CharField(max_length=40, blank=True)
    receipt_hash = models.BinaryField(max_length=32)
    version = models.PositiveIntegerField(default=1)
    is_from_card = models.BooleanField(default=False)
    is_parked = models.BooleanField(default=False)
    is_held = models.BooleanField(default=False)
    # Came after the round was over and waits for the meeting's close to be shuffled in.
    is_late = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "client_id"], name="inbox_note_once_per_client_id"),
            models.UniqueConstraint(fields=["receipt_hash"], name="inbox_note_once_per_receipt"),
            models.CheckConstraint(condition=~Q(text=""), name="inbox_note_not_empty"),
        ]


class Note(models.Model):
    """A note that the circle has seen: words and language, no author, no time, no order.

    Seen by the circle's members and, while the meeting runs, by everybody with a seat.
    ``receipt_hash`` is the hash of a random receipt that only the writer holds.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="notes")
    client_id = models.UUIDField(null=True, blank=True)
    text = models.CharField(max_length=500, blank=True)
    lang = models.CharField(max_length=10)
    signed_name = models.CharField(max_length=40, blank=True)
    receipt_hash = models.BinaryField(max_length=32)
    position = models.PositiveSmallIntegerField(default=0)
    theme = models.ForeignKey(Theme, on_delete=models.SET_NULL, null=True, blank=True, related_name="notes")
    is_from_card = models.BooleanField(default=False)
    is_parked = models.BooleanField(default=False)
    is_held = models.BooleanField(default=False)
    is_flagged = models.BooleanField(default=False)
    # Somebody asks whether it points at a person: told to the facilitator alone.
    is_reported = models.BooleanField(default=False, db_default=False)
    is_withdrawn = models.BooleanField(default=False)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["round", "client_id"], name="note_once_per_client_id"),
            models.UniqueConstraint(fields=["receipt_hash"], name="note_once_per_receipt"),
            models.CheckConstraint(
                condition=Q(is_withdrawn=True, text="") | Q(is_withdrawn=False) & ~Q(text=""),
                name="note_has_text_unless_withdrawn",
            ),
        ]
