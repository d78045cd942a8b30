"""The queue of tasks as somebody who keeps the house sees it: what waits, what failed; never what it is about."""

from dataclasses import dataclass
from datetime import datetime

from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from sirkel.kernel.tasks import LONGEST_RUN


@dataclass(frozen=True)
class QueueState:
    """Counts of the queue. ``oldest_due`` is since when the oldest waits that could run now; None when none does."""

    waiting: int
    failed: int
    oldest_due: datetime | None
    running_since: datetime | None


def queue_state(at: datetime) -> QueueState:
    """Return how the queue is; a task that has run for longer than any may is not counted as running."""
    rows = DBTaskResult.objects.order_by()
    due = rows.ready()
    oldest = due.order_by("enqueued_at").values_list("enqueued_at", "run_after").first()
    running = rows.running().filter(started_at__gte=at - LONGEST_RUN).order_by("started_at").first()
    return QueueState(
        waiting=rows.filter(status=TaskResultStatus.READY).count(),
        failed=rows.failed().count(),
        oldest_due=_since(*oldest, at) if oldest else None,
        running_since=running.started_at if running else None,
    )


def _since(enqueued_at: datetime, run_after: datetime, at: datetime) -> datetime:
    """Return from when on a task could run: a failure is put off, and what has no moment could run at once."""
    return run_after if enqueued_at < run_after <= at else enqueued_at
