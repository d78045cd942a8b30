from django.db import models


class Tries(models.Model):
    """How many tries one asker has made at one thing in an hour or a day, over all processes.

    ``who`` is a name that cannot be made again without the installation's key: neither an address nor a person, and
    another one in the next hour. ``until`` is a whole hour (UTC). Read by nobody but the code; deleted when it is over.
    """

    who = models.BinaryField(primary_key=True, max_length=32)
    until = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField(default=0)
