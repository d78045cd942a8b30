"""Work that happens later, in the worker: once per key, again after a failure, and by a timetable.

A room declares its tasks in its own `tasks` module, and the worker finds them there::

    @task(attempts=3, wait_seconds=60)
    def send_invitations(meeting: str) -> None: ...

    enqueue_once(send_invitations, f"invitations:{meeting.id}", meeting=str(meeting.id))

A task runs at least once: a worker may die after the work and before it is marked as done. Arguments are ids and
numbers as JSON; they are readable in the database, so never words and never a note.
"""

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import transaction
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.module_loading import autodiscover_modules, import_string
from django_tasks import TaskResultStatus
from django_tasks import task as django_task
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

from sirkel.kernel import clock
from sirkel.kernel.models.tasks import Schedule, TaskKey

logger = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

LONGEST_RUN = timedelta(minutes=30)
"""A task that has run longer is taken to have died with its worker."""
LONGEST_WAIT = timedelta(hours=1)
RESULTS_KEPT = timedelta(days=14)
KEYS_KEPT = timedelta(days=90)
DAY_SECONDS = 24 * 3600


class TaskFailed(Exception):  # noqa: N818 -- it says what happened, as a refusal does
    """Stand in for whatever a task raised: its kind and place, without its message, which could quote somebody."""


@dataclass(frozen=True)
class Policy:
    """Say how often a task is tried and how long it waits after its first failure; each wait is twice the last."""

    attempts: int
    wait_seconds: int

    def wait_after(self, attempt: int) -> timedelta:
        """Give the wait after the attempt of that number (1 is the first), an hour at most."""
        return min(timedelta(seconds=self.wait_seconds * 2 ** (attempt - 1)), LONGEST_WAIT)


_policies: dict[str, Policy] = {}
_timetable: dict[str, tuple[str, int]] = {}


def task(
    *, attempts: int = 5, wait_seconds: int = 60, every_seconds: int | None = None
) -> Callable[[Callable[P, T]], Task[P, T]]:
    """Make a task of a function at the top of a module.

    Args:
        attempts: how often it is tried in all; 1 means never again.
        wait_seconds: between the first attempt and the second; doubles each time.
        every_seconds: put it on the timetable too; it then takes no arguments.

    """

    def make(function: Callable[P, T]) -> Task[P, T]:
        @wraps(function)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> T:
            try:
                return function(*args, **kwargs)
            except Exception as fault:  # noqa: BLE001 -- raised again, without its words
                raise TaskFailed(type(fault).__qualname__).with_traceback(fault.__traceback__) from None

        made: Task[P, T] = django_task(guarded)
        _policies[made.module_path] = Policy(attempts, wait_seconds)
        if every_seconds is not None:
            room = function.__module__.removeprefix("sirkel.").removesuffix(".tasks")
            _timetable[f"{room}.{function.__name__}"] = (made.module_path, every_seconds)
        return made

    return make


def enqueue_once(task: Task[..., Any], key: str, /, **kwargs: Any) -> uuid.UUID:
    """Hand out a piece of work, unless the same key was handed out before; give the id of its result.

    Runs inside the caller's transaction: work handed out by a change that is rolled back never happens. A key
    counts for 90 days, whether its work succeeded or not.
    """
    with transaction.atomic():
        mark, is_new = TaskKey.objects.get_or_create(key=key, defaults={"made_at": clock.now()})
        if is_new or mark.result is None:
            mark.result = uuid.UUID(str(task.enqueue(**kwargs).id))
            mark.save(update_fields=["result"])
        return mark.result


def keep_timetable(at: datetime) -> None:
    """Find the tasks of all rooms and write down what they declare; what is due for the first time is due now."""
    autodiscover_modules("tasks")
    for name, (path, every_seconds) in _timetable.items():
        wanted = {"task_path": path, "every_seconds": every_seconds}
        schedule, is_new = Schedule.objects.get_or_create(name=name, defaults={**wanted, "next_run_at": at})
        if not is_new and (schedule.task_path, schedule.every_seconds) != (path, every_seconds):
            soonest = min(schedule.next_run_at, at + timedelta(seconds=every_seconds))
            Schedule.objects.filter(id=schedule.id).update(**wanted, next_run_at=soonest)


def run_timetable_now() -> None:
    """Run everything on the timetable here, at this moment: for a story that is played by its own clock."""
    autodiscover_modules("tasks")
    for path, _every_seconds in _timetable.values():
        import_string(path).call()


def run_due(at: datetime) -> list[str]:
    """Hand out what the timetable says is due and give the names.

    A run is claimed by moving its next moment on, in the same statement that checks it, so that of many workers
    one gets it. Runs missed while no worker lived are made up for by one.
    """
    handed_out = []
    for schedule in Schedule.objects.filter(next_run_at__lte=at).order_by("next_run_at"):
        missed = (at - schedule.next_run_at) // timedelta(seconds=schedule.every_seconds)
        following = schedule.next_run_at + timedelta(seconds=schedule.every_seconds) * (missed + 1)
        with transaction.atomic():
            due = Schedule.objects.filter(id=schedule.id, next_run_at=schedule.next_run_at)
            if not due.update(next_run_at=following):
                continue
            try:
                import_string(schedule.task_path).enqueue()
            except ImportError:
                logger.warning(  # nosemgrep: no-words-in-a-log -- the name of a task, of no person
                    "%s is on the timetable but no longer in the code", schedule.name
                )
                Schedule.objects.filter(id=schedule.id).delete()
                continue
        handed_out.append(schedule.name)
    return handed_out


def attempts_of(task_path: str) -> int | None:
    """Return how often a task is tried in all; None for one that is no longer in the code."""
    autodiscover_modules("tasks")
    policy = _policies.get(task_path)
    return policy.attempts if policy else None


def retry_later(row: "DBTaskResult[..., Any]", at: datetime) -> bool:
    """Put a failed task back in the queue if it has attempts left; tell whether it was put back."""
    policy = _policies.get(row.task_path)
    attempt = len(row.worker_ids)
    if row.status != TaskResultStatus.FAILED or policy is None or attempt >= policy.attempts:
        return False
    again = DBTaskResult.objects.filter(id=row.id, status=TaskResultStatus.FAILED)
    run_after = at + policy.wait_after(attempt)
    return bool(again.update(status=TaskResultStatus.READY, run_after=run_after, finished_at=None))


def rescue(at: datetime) -> int:
    """Free the tasks whose worker has died; give how many.

    They count as failed attempts and are tried again under the same rule as others.
    """
    freed = 0
    for row in DBTaskResult.objects.running().filter(started_at__lt=at - LONGEST_RUN):
        still_there = DBTaskResult.objects.filter(
            id=row.id, status=TaskResultStatus.RUNNING, started_at=row.started_at
        )
        if still_there.update(status=TaskResultStatus.FAILED, finished_at=at):
            row.status = TaskResultStatus.FAILED
            retry_later(row, at)
            freed += 1
    return freed


def results_naming(person: uuid.UUID) -> "QuerySet[DBTaskResult[..., Any]]":
    """Return the work, waiting or done, whose arguments or answer hold somebody's id."""
    said = DBTaskResult.objects.annotate(
        given=Cast("args_kwargs", TextField()), answered=Cast("return_value", TextField())
    )
    return said.filter(Q(given__contains=str(person)) | Q(answered__contains=str(person)))


def forget_work_of(person: uuid.UUID) -> int:
    """Delete the work, waiting or done, and the keys of work that hold somebody's id; tell how many."""
    keys = TaskKey.objects.filter(Q(key__contains=str(person)) | Q(key__contains=person.hex))
    return results_naming(person).delete()[0] + keys.delete()[0]


@task(every_seconds=DAY_SECONDS)
def tidy() -> None:
    """Forget finished work after two weeks and keys after 90 days."""
    now = clock.now()
    DBTaskResult.objects.finished().filter(finished_at__lt=now - RESULTS_KEPT).delete()
    TaskKey.objects.filter(made_at__lt=now - KEYS_KEPT).delete()
