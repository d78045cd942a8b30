from django.db import models

from sirkel.kernel.ids import new_id


class SetUpCode(models.Model):
    """What whoever sets up an empty installation must know. One row at most, deleted by the set-up; seen by nobody.

    Only the hash of the code is kept.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code_hash = models.BinaryField(max_length=32)
