"""Work handed out is done once per key, again after a failure, by the timetable, and by one worker only."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from bench.servers import prepared
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django_tasks_db.models import DBTaskResult

from sirkel.kernel import clock, tasks
from sirkel.kernel.models import Schedule, TaskKey
from sirkel.kernel.tasks import enqueue_once, keep_timetable, rescue, retry_later, run_due, task

# The worker ends and opens connections between tasks, which a test inside one transaction would not survive.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.real_hour]

NOW = datetime(2040, 3, 12, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
done = []


@task(attempts=1)
def remember(what):
    done.append(what)


@task(attempts=3, wait_seconds=60)
def stumble(times):
    done.append("tried")
    if done.count("tried") <= times:
        raise ValueError("Prøve ringte")


@task(attempts=2, wait_seconds=1)
def fail():
    raise ValueError("Prøve ringte")


@task()
def tick():
    done.append("tick")


@pytest.fixture(autouse=True)
def _nothing_done():
    done.clear()


def work():
    call_command("run_worker", "--once")


def only_row():
    return DBTaskResult.objects.get(task_path__startswith=__name__)


def on_the_timetable(*, next_run_at=NOW, every_seconds=3600, path=f"{__name__}.tick"):
    return Schedule.objects.create(
        name="test.tick", task_path=path, every_seconds=every_seconds, next_run_at=next_run_at
    )


class TestOnce:
    def test_the_same_key_is_worked_on_once(self):
        first = enqueue_once(remember, "remember:1", what="one")
        again = enqueue_once(remember, "remember:1", what="two")
        work()
        enqueue_once(remember, "remember:1", what="three")
        work()
        assert done == ["one"]
        assert first == again == only_row().id

    def test_another_key_is_other_work(self):
        assert enqueue_once(remember, "remember:1", what=1) != enqueue_once(remember, "remember:2", what=2)
        work()
        assert sorted(done) == [1, 2]

    def test_work_of_a_change_that_is_rolled_back_never_happens(self):
        with pytest.raises(RuntimeError), transaction.atomic():
            enqueue_once(remember, "remember:1", what="one")
            raise RuntimeError
        work()
        assert done == []
        enqueue_once(remember, "remember:1", what="two")
        work()
        assert done == ["two"]

    @pytest.mark.postgres
    def test_threads_that_ask_at_the_same_time_get_the_same_work_on_postgresql(self):
        if connection.vendor != "postgresql":
            pytest.skip("SKIPPED: needs PostgreSQL")
        given = in_threads(8, lambda: enqueue_once(remember, "remember:1", what="one"))
        assert len(given) == 8
        assert len(set(given)) == 1
        assert DBTaskResult.objects.count() == 1


class TestAgain:
    def test_a_failure_waits_longer_each_time_and_then_succeeds(self):
        enqueue_once(stumble, "stumble", times=2)
        waits = []
        for _ in range(2):
            before = clock.now()
            work()
            row = only_row()
            assert row.status == "READY"
            waits.append(round((row.run_after - before).total_seconds() / 60))
            DBTaskResult.objects.update(run_after=before)
        work()
        assert waits == [1, 2]
        assert (only_row().status, len(done)) == ("SUCCESSFUL", 3)

    def test_a_task_that_waits_is_left_alone(self):
        enqueue_once(fail, "fail")
        work()
        work()
        assert len(only_row().worker_ids) == 1

    def test_attempts_are_limited(self):
        enqueue_once(fail, "fail")
        for _ in range(4):
            work()
            DBTaskResult.objects.update(run_after=clock.now() - HOUR)
        assert (only_row().status, len(only_row().worker_ids)) == ("FAILED", 2)

    def test_no_wait_is_longer_than_an_hour(self):
        assert tasks.Policy(attempts=99, wait_seconds=60).wait_after(40) == HOUR

    def test_what_went_wrong_is_kept_without_the_words_of_anybody(self):
        enqueue_once(fail, "fail")
        work()
        row = only_row()
        assert "ValueError" in row.traceback
        assert "test_tasks.py" in row.traceback
        assert "Prøve ringte" not in row.traceback.replace('raise ValueError("Prøve ringte")', "")

    def test_a_task_whose_worker_died_is_tried_again_and_not_for_ever(self):
        enqueue_once(fail, "fail")
        started = {"status": "RUNNING", "started_at": NOW, "worker_ids": ["a"]}
        DBTaskResult.objects.update(**started)
        assert rescue(NOW + timedelta(minutes=29)) == 0
        assert rescue(NOW + timedelta(minutes=31)) == 1
        assert only_row().status == "READY"
        DBTaskResult.objects.update(**{**started, "worker_ids": ["a", "b"]})
        assert rescue(NOW + HOUR) == 1
        assert only_row().status == "FAILED"

    def test_a_success_is_not_put_back(self):
        enqueue_once(remember, "remember", what=1)
        work()
        assert not retry_later(only_row(), NOW)


class TestTimetable:
    def test_what_is_due_is_handed_out_once(self):
        on_the_timetable()
        assert run_due(NOW - timedelta(seconds=1)) == []
        assert run_due(NOW) == ["test.tick"]
        assert run_due(NOW) == []
        assert run_due(NOW + HOUR) == ["test.tick"]
        work()
        assert done == ["tick", "tick"]

    def test_runs_missed_are_made_up_for_by_one_and_the_rhythm_is_kept(self):
        on_the_timetable()
        late = NOW + 5 * HOUR + timedelta(minutes=10)
        assert run_due(late) == ["test.tick"]
        assert run_due(late) == []
        assert Schedule.objects.get(name="test.tick").next_run_at == NOW + 6 * HOUR

    def test_a_task_that_left_the_code_leaves_the_timetable(self):
        on_the_timetable(path=f"{__name__}.no_such_task")
        assert run_due(NOW) == []
        assert not Schedule.objects.filter(name="test.tick").exists()

    def test_a_schedule_cannot_stand_still(self):
        with pytest.raises(IntegrityError), transaction.atomic():
            on_the_timetable(every_seconds=0)

    def test_what_the_code_declares_is_written_down_and_follows_a_change(self):
        keep_timetable(NOW)
        tidy = Schedule.objects.get(name="kernel.tidy")
        assert (tidy.task_path, tidy.every_seconds, tidy.next_run_at) == (
            "sirkel.kernel.tasks.tidy",
            86400,
            NOW,
        )
        Schedule.objects.update(every_seconds=99, next_run_at=NOW + 48 * HOUR)
        keep_timetable(NOW)
        tidy.refresh_from_db()
        assert (tidy.every_seconds, tidy.next_run_at) == (86400, NOW + 24 * HOUR)

    @pytest.mark.postgres
    def test_of_many_workers_one_gets_the_run_on_postgresql(self):
        if connection.vendor != "postgresql":
            pytest.skip("SKIPPED: needs PostgreSQL")
        on_the_timetable()
        given = in_threads(8, lambda: run_due(NOW))
        assert sorted(given) == [[]] * 7 + [["test.tick"]]
        assert DBTaskResult.objects.count() == 1

    def test_a_worker_that_comes_second_gets_nothing(self):
        """Both have read the same row; the one that moves it on first has the run."""
        schedule = on_the_timetable()
        due = Schedule.objects.filter(id=schedule.id, next_run_at=NOW)
        assert run_due(NOW) == ["test.tick"]
        assert due.update(next_run_at=NOW + HOUR) == 0


def test_finished_work_and_old_keys_are_forgotten():
    enqueue_once(remember, "remember:1", what=1)
    work()
    with clock.moved(timedelta(days=13)):
        tasks.tidy.call()
        assert DBTaskResult.objects.filter(task_path=f"{__name__}.remember").count() == 1
    with clock.moved(timedelta(days=15)):
        tasks.tidy.call()
        assert DBTaskResult.objects.filter(task_path=f"{__name__}.remember").count() == 0
        assert TaskKey.objects.count() == 1
    with clock.moved(timedelta(days=91)):
        tasks.tidy.call()
        assert TaskKey.objects.count() == 0


def in_threads(count, act):
    given = []

    def run():
        try:
            given.append(act())
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return given


@pytest.fixture
def manage(tmp_path):
    """Start Sirkel's commands as processes of their own on one fresh data folder."""
    environment = {key: value for key, value in os.environ.items() if "DATABASE_URL" not in key}
    environment |= {"SIRKEL_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "sirkel.config.settings"}
    environment["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)

    def start(*words):
        return subprocess.Popen(
            [sys.executable, "-m", "django", *words], env=environment, stdout=subprocess.PIPE, text=True
        )

    shutil.copy(prepared() / "sirkel.sqlite3", tmp_path)
    return start


@pytest.mark.slow
def test_a_worker_whose_parent_ended_while_it_started_ends_too(manage):
    with subprocess.Popen(["true"]) as ended:
        ended.wait()
    assert manage("run_worker", "--parent", str(ended.pid)).communicate(timeout=60)[0] == ""
    beside = manage("run_worker", "--parent", str(os.getpid()))
    with pytest.raises(subprocess.TimeoutExpired):
        beside.wait(3)
    beside.send_signal(signal.SIGTERM)
    beside.communicate(timeout=10)


@pytest.mark.slow
def test_two_workers_share_one_file_run_the_timetable_once_and_end_cleanly(manage):
    def ask(code):
        return manage("shell", "--no-imports", "-c", code).communicate(timeout=60)[0].strip()

    workers = [manage("run_worker", "--interval=0.1") for _ in range(2)]
    rows = "from django_tasks_db.models import DBTaskResult as R; print([(r.task_path, r.status) for r in R.objects.filter(task_path='sirkel.kernel.tasks.tidy')])"  # fmt: skip
    deadline = time.monotonic() + 40
    while "SUCCESSFUL" not in (said := ask(rows)) and time.monotonic() < deadline:
        time.sleep(0.3)
    time.sleep(1)
    for worker in workers:
        assert worker.poll() is None
        worker.send_signal(signal.SIGTERM)
    assert [(worker.communicate(timeout=10)[0], worker.returncode) for worker in workers] == [
        ("", 0),
        ("", 0),
    ]
    assert ask(rows) == said == "[('sirkel.kernel.tasks.tidy', 'SUCCESSFUL')]"


def test_ids_of_results_are_uuids():
    assert isinstance(enqueue_once(remember, "remember:1", what=1), uuid.UUID)
