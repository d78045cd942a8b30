from django.db import models

from sirkel.kernel.ids import new_id

HASH_LENGTH = 64
GENESIS = "0" * HASH_LENGTH
"""Stands before the first row of every chain."""


class AuditEvent(models.Model):
    """One thing that somebody did, chained by hash to what was done before it in the same organisation.

    Holds who, when to the second, which verb on which thing, and numbers, states and ids: never a word that
    anybody wrote, and nothing about notes. Read by whoever audits an organisation. Kept as long as the
    organisation; the database refuses to change or delete a row.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    chain = models.UUIDField()
    sequence = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    actor = models.UUIDField(null=True)
    verb = models.CharField(max_length=60)
    target = models.UUIDField()
    facts = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=HASH_LENGTH)
    hash = models.CharField(max_length=HASH_LENGTH)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["chain", "sequence"], name="audit_event_once_per_sequence"),
            models.UniqueConstraint(fields=["chain", "previous_hash"], name="audit_chain_never_forks"),
        ]
        indexes = [models.Index(fields=["target"], name="audit_event_target")]


class AuditHead(models.Model):
    """The last row of one chain: how many rows it has and the hash of the last.

    One row per chain, locked by whoever adds to it, so that sequences have no gaps. It says nothing that the
    chain does not; kept as long.
    """

    chain = models.UUIDField(primary_key=True)
    length = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=HASH_LENGTH, default=GENESIS)
