from typing import Any

from django.core.management.base import BaseCommand, CommandError

from sirkel.config.demo.seed import seed_demo
from sirkel.kernel import clock
from sirkel.kernel.errors import Refused


class Command(BaseCommand):
    help = "Fill an empty installation with invented workplaces, people and circles."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            seed_demo(at=clock.now())
        except Refused as refused:
            raise CommandError(str(refused.message)) from refused
