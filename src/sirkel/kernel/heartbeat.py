"""The sign of life of a worker: a row of its own, renewed while it works, with nothing in it of what it does."""

import time
import uuid
from datetime import timedelta

from django.db import transaction

from sirkel.kernel import clock
from sirkel.kernel.models.tasks import WorkerBeat

EVERY_SECONDS = 20
SILENT_AFTER = timedelta(minutes=2)
"""A worker that showed itself longer ago has ended, or is busy with one long task."""
KEPT = timedelta(days=1)


class Heartbeat:
    """Show that one worker lives. ``worker`` is a random id, made anew at each start."""

    def __init__(self, worker: uuid.UUID) -> None:
        self.worker = worker
        self._started_at = clock.now()
        self._beaten: float | None = None

    def beat(self) -> None:
        """Write down that the worker lives, at most every twenty seconds; forget workers that ended a day ago."""
        if self._beaten is not None and time.monotonic() - self._beaten < EVERY_SECONDS:
            return
        at = clock.now()
        with transaction.atomic():
            WorkerBeat.objects.update_or_create(
                id=self.worker, defaults={"seen_at": at}, create_defaults=self._first(at)
            )
            WorkerBeat.objects.filter(seen_at__lt=at - KEPT).delete()
        self._beaten = time.monotonic()

    def end(self) -> None:
        """Take the row away: the worker ends as it was told to."""
        WorkerBeat.objects.filter(id=self.worker).delete()

    def _first(self, at: object) -> dict[str, object]:
        return {"seen_at": at, "started_at": self._started_at}
