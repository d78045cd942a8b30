import sys
import uuid
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from sirkel.kernel import audit


class Command(BaseCommand):
    help = "Walk the hash chain of the audit log and name the first row that does not fit."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--chain", type=uuid.UUID, help="only the chain of this organisation")
        parser.add_argument(
            "--head",
            action="append",
            default=[],
            metavar="HASH",
            help="a head that was remembered earlier and must still be in the chain; may be given several times",
        )
        parser.add_argument("--heads", action="store_true", help="print the present heads, to be remembered")

    def handle(self, *, chain: uuid.UUID | None, head: list[str], heads: bool, **_options: Any) -> None:
        report = audit.verify(chain=chain, remembered=head)
        for broken in report.breaks:
            self.stderr.write(
                f"The chain does not hold: row {broken.sequence} of {broken.chain} {broken.why}."
            )
        if report.breaks:
            sys.exit(1)
        self.stdout.write(f"The chain of {report.rows} rows holds.")
        if heads:
            for its_chain, its_hash in audit.heads().items():
                self.stdout.write(f"{its_chain} {its_hash}")
