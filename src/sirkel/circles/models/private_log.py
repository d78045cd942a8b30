from django.db import models

from sirkel.kernel.ids import new_id


class PrivateLogEntry(models.Model):
    """One entry of somebody's private log. Read by its owner alone; there is no other way to it.

    The row says whose it is and nothing more: text, day, question and circle lie in ``sealed``, encrypted under a
    key of the owner (see ``rules.sealing``). Kept until its owner deletes it, and never longer than the person.
    """

    is_deleted_for_good = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    sealed = models.BinaryField()
