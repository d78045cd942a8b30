from typing import Any

from django.core.management.base import CommandError, CommandParser

from sirkel.kernel import clock
from sirkel.kernel.commands import HouseCommand
from sirkel.kernel.errors import Refused
from sirkel.people.domain.own_data import correct_address


class Command(HouseCommand):
    help = "Change the e-mail address that somebody signs in with; their sessions end."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address", help="the address as it is")
        parser.add_argument("new", help="the right one")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            correct_address(address=options["address"], new=options["new"], at=clock.now())
        except Refused as refused:
            raise CommandError(str(refused.message)) from refused
        self.stdout.write("Corrected. The person signs in with the new address from now on.")
