from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.utils.translation import override

from sirkel.config.register.documents import DOCUMENTS, as_file
from sirkel.kernel.commands import HouseCommand


class Command(HouseCommand):
    help = "Write a document from the register of personal data, as one HTML file that prints."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "document", choices=sorted(DOCUMENTS), help="notice, record (Article 30) or annex (DPIA)"
        )
        parser.add_argument("--language", choices=[code for code, _name in settings.LANGUAGES], default="en")
        parser.add_argument("--to", metavar="FILE", help="where to write it; without it, it is printed")

    def handle(self, *args: Any, **options: Any) -> None:
        with override(options["language"]):
            page = as_file(options["document"])
        if not (settings.CONTROLLER and settings.PRIVACY_CONTACT):
            self.stderr.write("Not filled in: set SIRKEL_CONTROLLER and SIRKEL_PRIVACY_CONTACT.")
        if not options["to"]:
            self.stdout.write(page)
            return
        try:
            Path(options["to"]).write_text(page, encoding="utf-8")
        except OSError as fault:
            raise CommandError(f"Cannot write {options['to']}: {fault.strerror}") from fault
