from django.db import models
from django.db.models import F, Q

from sirkel.kernel.ids import new_id


class Text(models.Model):
    """One wording, in one language, of something that somebody wrote: the original or a translation of it.

    Belongs to the field `field` of the thing `owner` (the id of a row anywhere; whoever may see that may see
    this) and goes when the owner goes. Holds no author and no time.

    `source_version` counts the changes of the original; a translation carries the version it was made from.
    `needs_check` says that nobody has confirmed the wording since: it came from a machine, or the original
    has changed.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.UUIDField()
    field = models.CharField(max_length=60)
    language = models.CharField(max_length=12)
    text = models.TextField()
    source_language = models.CharField(max_length=12)
    is_source = models.BooleanField(default=False)
    is_machine_made = models.BooleanField(default=False)
    needs_check = models.BooleanField(default=False)
    source_version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "field", "language"], name="text_once_per_language"),
            models.UniqueConstraint(
                fields=["owner", "field"], condition=Q(is_source=True), name="text_one_source"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="text_says_something"),
            models.CheckConstraint(
                condition=Q(
                    is_source=True, source_language=F("language"), is_machine_made=False, needs_check=False
                )
                | (Q(is_source=False) & ~Q(source_language=F("language"))),
                name="text_source_is_its_own",
            ),
        ]
