from django.db import models

from sirkel.kernel.ids import new_id


class TaskKey(models.Model):
    """The mark that a piece of work was handed out once: a second request with the same key does nothing.

    Holds a key made of ids and words, never content; read by nobody but the code; kept 90 days.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.CharField(max_length=200, unique=True)
    result = models.UUIDField(null=True)
    made_at = models.DateTimeField()


class Schedule(models.Model):
    """A task that comes back every so often: when it runs next.

    Written by the workers from what the code declares; no person is in it; kept while the code declares it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=100, unique=True)
    task_path = models.CharField(max_length=200)
    every_seconds = models.PositiveIntegerField()
    next_run_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(every_seconds__gte=1), name="schedule_comes_back_later")
        ]


class WorkerBeat(models.Model):
    """That a worker lives: one row per worker process, by a random id, renewed while it works.

    Says nothing of what is worked on. Seen by administrators as a number of workers; gone when the worker ends, and
    a day after its last sign of life.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField(db_index=True)
