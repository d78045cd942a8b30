from typing import Any

from django.core.management.base import CommandError

from sirkel.config.demo.seed import seed_demo
from sirkel.kernel import clock
from sirkel.kernel.commands import HouseCommand
from sirkel.kernel.errors import Refused


class Command(HouseCommand):
    help = "Fill an empty installation with invented workplaces, people and circles."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            seed_demo(at=clock.now(), progress=self._say)
        except Refused as refused:
            raise CommandError(str(refused.message)) from refused

    def _say(self, done: int, total: int) -> None:
        """Say how far it is: one line that grows on a terminal, four lines elsewhere."""
        if self.stderr.isatty():
            self.stderr.write(f"\r  {100 * done // total} %", ending="\n" if done == total else "")
            self.stderr.flush()
        elif 4 * done // total > 4 * (done - 1) // total:
            self.stderr.write(f"  {100 * done // total} %")
