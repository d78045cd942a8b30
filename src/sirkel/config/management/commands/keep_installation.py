from typing import Any

from django.core.management.base import CommandError, CommandParser

from sirkel.kernel import clock
from sirkel.kernel.commands import HouseCommand
from sirkel.kernel.errors import Refused
from sirkel.people.domain.keeping_house import end_keeping, let_keep


class Command(HouseCommand):
    help = "Let somebody with an account keep the whole installation, or take that away."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the address of an account that exists")
        parser.add_argument("--end", action="store_true", help="take it away")

    def handle(self, *args: Any, email: str, end: bool, **options: Any) -> None:
        try:
            (end_keeping if end else let_keep)(email=email, at=clock.now())
        except Refused as refused:
            raise CommandError(str(refused.message)) from refused
        self.stdout.write("Done.")
