"""The worker: one process that runs the queue and the timetable until it is told to stop."""

import contextlib
import logging
import os
import signal
import time
import uuid
from types import FrameType
from typing import Any

from django.db import InterfaceError, OperationalError, close_old_connections
from django_tasks_db.management.commands.db_worker import Worker as QueueWorker
from django_tasks_db.models import DBTaskResult

from sirkel.kernel import clock, ids, rows, tasks
from sirkel.kernel.heartbeat import Heartbeat

logger = logging.getLogger(__name__)

_SLICE_SECONDS = 0.2


class _Queue(QueueWorker):
    """Run what is ready in the queue; a failure is tried again later by the rule of its task."""

    def __init__(self) -> None:
        super().__init__(
            queue_names=["*"],
            interval=0,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=ids.new_id().hex,
            excluded_queue_names=[],
        )
        self.heartbeat = Heartbeat(uuid.UUID(self.worker_id))

    def run_task(self, db_task_result: "DBTaskResult[..., Any]") -> None:
        """Run one task and decide what becomes of a failure."""
        self.heartbeat.beat()
        super().run_task(db_task_result)
        tasks.retry_later(db_task_result, clock.now())


class Worker:
    """Look at timetable and queue every `interval_seconds`, until a signal or the end of the parent process.

    Whoever starts a worker as its child names itself by its process id: a parent that ended while the worker
    was still starting could not be told from the one who takes orphans in.
    """

    def __init__(self, *, interval_seconds: float = 1.0, parent: int | None = None) -> None:
        self.interval_seconds = interval_seconds
        self.queue = _Queue()
        self.parent = os.getppid() if parent is None else parent

    def stop_on_signals(self) -> None:
        """Let SIGTERM and SIGINT end the worker after the task it is busy with."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self.queue.running = False

    def run(self) -> None:
        """Work until told to stop. A database that is away for a while is waited for."""
        with rows.everything(rows.Why.WORKER):
            self._run()

    def _run(self) -> None:
        is_known = False
        while self._goes_on():
            try:
                if not is_known:
                    tasks.keep_timetable(clock.now())
                    is_known = True
                self.queue.heartbeat.beat()
                self.run_once()
            except (OperationalError, InterfaceError) as fault:
                logger.warning("the worker waits for the database: %s", type(fault).__name__)
                close_old_connections()
            self._sleep()
        with contextlib.suppress(OperationalError, InterfaceError):
            self.queue.heartbeat.end()

    def run_once(self) -> None:
        """Hand out what is due, free what died, and run what is ready."""
        now = clock.now()
        tasks.run_due(now)
        tasks.rescue(now)
        if DBTaskResult.objects.ready().exists():  # the queue locks a SQLite file even to find nothing
            self.queue.run()

    def _goes_on(self) -> bool:
        return self.queue.running and os.getppid() == self.parent

    def _sleep(self) -> None:
        """Sleep in slices, since a signal does not cut a sleep short."""
        end = time.monotonic() + self.interval_seconds
        while self._goes_on() and (left := end - time.monotonic()) > 0:
            time.sleep(min(left, _SLICE_SECONDS))
