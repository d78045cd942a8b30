"""The process that runs tasks: what is queued, and what the timetable says is due."""

from argparse import ArgumentParser
from typing import Any

from sirkel.kernel import clock, tasks
from sirkel.kernel.commands import HouseCommand
from sirkel.kernel.worker import Worker


class Command(HouseCommand):
    """Run the worker in the foreground, as a child of the server or as a service of its own."""

    help = "Run queued tasks and the timetable until SIGTERM; ends after the task it is busy with."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--interval", type=float, default=1.0, metavar="SECONDS", help="between two looks at the queue"
        )
        parser.add_argument(
            "--parent", type=int, metavar="PID", help="end when this is no longer the parent process"
        )
        parser.add_argument("--once", action="store_true", help="run what is due and ready now, then end")

    def handle(self, *, interval: float, once: bool, parent: int | None, **_options: Any) -> None:
        worker = Worker(interval_seconds=interval, parent=parent)
        if once:
            tasks.keep_timetable(clock.now())
            worker.run_once()
            return
        worker.stop_on_signals()
        worker.run()
