from django.db import models
from django.db.models import Q

from sirkel.kernel.ids import new_id
from sirkel.people.rules.waiting import FIRST_NUMBER, LAST_NUMBER


class Seat(models.Model):
    """A participant's token in one live place: one device (or one turn at a shared device).

    Nobody sees more of it than the picture that marks a turn to speak. Holds no name, no time and
    no address; never written in the transaction of a note; deleted when the meeting closes.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    room = models.UUIDField(db_index=True)
    device_hash = models.BinaryField(max_length=32)
    phrase_hash = models.BinaryField(max_length=32)
    picture = models.CharField(max_length=30)
    is_shared = models.BooleanField(default=False)
    # A seat that changed devices sits out the round it came back in, so that nobody chooses twice.
    sits_out = models.UUIDField(null=True, blank=True)
    # How many wrong PINs it still takes; none where nobody keeps this seat on a shared device.
    pin_tries = models.PositiveSmallIntegerField(default=0)
    # Whoever waits at a closed door is called by it, and is not in: everybody else has none.
    waiting_number = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "device_hash"], name="seat_once_per_device"),
            models.UniqueConstraint(fields=["room", "phrase_hash"], name="seat_once_per_phrase"),
            models.UniqueConstraint(fields=["room", "waiting_number"], name="seat_once_per_waiting_number"),
            models.CheckConstraint(
                condition=Q(waiting_number__isnull=True)
                | Q(waiting_number__range=(FIRST_NUMBER, LAST_NUMBER)),
                name="waiting_number_has_two_digits",
            ),
            models.CheckConstraint(
                condition=Q(waiting_number__isnull=True) | Q(pin_tries=0, sits_out__isnull=True),
                name="only_who_is_in_comes_back",
            ),
        ]
