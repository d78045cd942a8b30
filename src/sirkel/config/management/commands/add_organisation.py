from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser

from sirkel.kernel import clock
from sirkel.kernel.commands import HouseCommand
from sirkel.kernel.errors import Refused
from sirkel.people.domain.role_checks import Newcomer
from sirkel.people.domain.setting_up import add_organisation
from sirkel.people.enums import Area
from sirkel.people.models import Programme


class Command(HouseCommand):
    help = "Add an organisation with its first administrator, who is told by mail."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the organisation's name")
        parser.add_argument("area", choices=Area.values, help="country or area")
        parser.add_argument("email", help="the first administrator's e-mail address")
        parser.add_argument("first_name", help="the first administrator's first name")
        parser.add_argument("--family-name", default="")
        parser.add_argument(
            "--language", default="en", choices=dict(settings.LANGUAGES), help="of the first administrator"
        )
        parser.add_argument("--programme", default="", help="name of a programme that is there already")

    def handle(self, *args: Any, **options: Any) -> None:
        programme = None
        if options["programme"]:
            programme = Programme.objects.filter(name=options["programme"]).first()
            if programme is None:
                raise CommandError("There is no programme of this name.")
        newcomer = Newcomer(
            options["email"], options["first_name"], options["family_name"], options["language"]
        )
        try:
            add_organisation(
                name=options["name"],
                area=options["area"],
                administrator=newcomer,
                programme=programme,
                at=clock.now(),
            )
        except Refused as refused:
            raise CommandError(str(refused.message)) from refused
        self.stdout.write("The organisation is there.")
