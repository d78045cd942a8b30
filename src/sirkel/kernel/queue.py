"""The queue of tasks as somebody who keeps the house sees it: what waits, what failed; never what it is about."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from sirkel.kernel import audit
from sirkel.kernel.errors import Conflict, NotFound
from sirkel.kernel.tasks import LONGEST_RUN, attempts_of

SHOWN = 100
_NEVER = 9999  # the year that the queue writes where a task has no moment


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


@dataclass(frozen=True)
class Work:
    """One task without its arguments. ``name`` is ``people.send_mail``; ``most_tries`` is None for one no longer known.

    ``next_at`` is when it runs next; None for what runs, or failed for good. ``fault`` is the kind of its last failure, a
    word of the program and never a message.
    """

    id: uuid.UUID
    name: str
    state: str
    tries: int
    most_tries: int | None
    next_at: datetime | None
    fault: str


def unfinished() -> list[Work]:
    """Return what failed, waits or runs, in this order, each the oldest first; a hundred at most."""
    rows = DBTaskResult.objects.exclude(status=TaskResultStatus.SUCCESSFUL).order_by(
        "status", "enqueued_at", "id"
    )
    return [_work(row) for row in rows[:SHOWN]]


def work_of(task_id: uuid.UUID) -> Work:
    """Return one task that failed, runs or waits.

    Raises:
        NotFound: ``work.none``.

    """
    row = DBTaskResult.objects.exclude(status=TaskResultStatus.SUCCESSFUL).filter(id=task_id).first()
    if row is None:
        raise NotFound("work.none", _("There is no such task here any more."))
    return _work(row)


def try_again(*, acting: uuid.UUID, task_id: uuid.UUID, at: datetime) -> None:
    """Let a task that failed for good run again now, with all its tries; one that waits for its next try runs now.

    Raises:
        NotFound: ``work.none``.
        Conflict: ``work.running``.

    """
    with transaction.atomic():
        row = _held(task_id)
        if row.status == TaskResultStatus.FAILED:
            row.worker_ids = []
        row.status, row.run_after, row.finished_at = TaskResultStatus.READY, at, None
        row.save(update_fields=["status", "run_after", "finished_at", "worker_ids"])
        audit.record(chain=None, acting=acting, verb="task.retried", target=row.id, at=at)


def drop(*, acting: uuid.UUID, task_id: uuid.UUID, at: datetime) -> None:
    """Delete a task that failed or waits. What was handed out under a key is not handed out again.

    Raises:
        NotFound: ``work.none``.
        Conflict: ``work.running``.

    """
    with transaction.atomic():
        row = _held(task_id)
        audit.record(chain=None, acting=acting, verb="task.dropped", target=row.id, at=at)
        row.delete()


def _held(task_id: uuid.UUID) -> "DBTaskResult[..., object]":
    rows = DBTaskResult.objects.select_for_update().exclude(status=TaskResultStatus.SUCCESSFUL)
    row = rows.filter(id=task_id).first()
    if row is None:
        raise NotFound("work.none", _("There is no such task here any more."))
    if row.status == TaskResultStatus.RUNNING:
        raise Conflict("work.running", _("A worker is busy with it."), _("Wait until it has ended."))
    return row


def _work(row: "DBTaskResult[..., object]") -> Work:
    module, _dot, function = row.task_path.rpartition(".")
    room = module.removeprefix("sirkel.").removesuffix(".tasks")
    last_line = row.traceback.strip().rpartition("\n")[2]
    return Work(
        id=row.id,
        name=f"{room}.{function}",
        state=row.status.lower(),
        tries=len(row.worker_ids),
        most_tries=attempts_of(row.task_path),
        next_at=_next(row),
        fault=last_line.rpartition(" ")[2] if row.traceback else "",
    )


def _next(row: "DBTaskResult[..., object]") -> datetime | None:
    """Return the moment to which a task was put off; what has none waits since it was handed out."""
    if row.status != TaskResultStatus.READY:
        return None
    return row.enqueued_at if row.run_after.year == _NEVER else row.run_after
