from django.db import models
from django.db.models import F, Q

from sirkel.kernel.ids import new_id
from sirkel.people.models.person import Person


class ApiKey(models.Model):
    """That a program may ask the API as its owner. Seen by the owner alone; goes when it is ended or a month after its end.

    Only the hash of the secret is kept. ``label`` is what the owner calls it. ``may_answer`` lets the program also answer
    for its owner; without it, it reads. All three are days of UTC; ``ends_on`` is the first on which it opens nothing.
    """

    is_deleted_for_good = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="api_keys")
    label = models.CharField(max_length=60)
    secret_hash = models.BinaryField(max_length=32, unique=True)
    may_answer = models.BooleanField(default=False)
    made_on = models.DateField()
    ends_on = models.DateField()
    used_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("made_on")), name="api_key_ends_after_it_begins"
            ),
        ]
