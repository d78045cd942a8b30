from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import connection

from sirkel.config import row_security
from sirkel.kernel.commands import HouseCommand


class Command(HouseCommand):
    help = (
        "Let PostgreSQL itself keep organisations apart: policies for every table, run by the tables' owner."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", choices=["on", "off", "show"])
        parser.add_argument(
            "--role", help="on: the role that the application works as; it owns nothing and exists already"
        )

    def handle(self, *, act: str, role: str | None, **_options: Any) -> None:
        if connection.vendor != "postgresql":
            raise CommandError(
                "Row level security is PostgreSQL's: this installation keeps its data in SQLite."
            )
        if act == "show":
            for one in row_security.kept_apart():
                self.stdout.write(f"{one.table}: {one.condition}")
            return
        if act == "off":
            self.stdout.write(f"{row_security.remove(connection)} tables are no longer kept apart.")
            return
        if not role:
            raise CommandError("Name the role that the application works as: --role sirkel_app")
        if reason := row_security.unfit(connection, role=role):
            raise CommandError(reason)
        self.stdout.write(f"{row_security.apply(connection, role=role)} tables are kept apart.")
