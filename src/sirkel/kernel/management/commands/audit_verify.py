"""`./sirkel audit verify`: whether the audit log is what was written into it."""

import email
import email.policy
import sys
import uuid
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from sirkel.kernel import audit
from sirkel.kernel.commands import HouseCommand


class Command(HouseCommand):
    """Walk the chains and the heads that somebody remembered; exit code 1 when one does not hold."""

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
        parser.add_argument(
            "--against",
            action="append",
            default=[],
            metavar="FILE",
            help="a mail with heads that somebody kept, or what --heads printed; may be given several times",
        )
        parser.add_argument("--heads", action="store_true", help="print the present heads, to be remembered")

    def handle(
        self, *, chain: uuid.UUID | None, head: list[str], against: list[str], heads: bool, **_options: Any
    ) -> None:
        remembered = [audit.Remembered(one.strip().lower()) for one in head]
        remembered += [one for file in against for one in _heads_in(Path(file), chain)]
        report = audit.verify(chain=chain, remembered=remembered)
        for broken in report.breaks:
            self.stderr.write(
                f"The chain does not hold: row {broken.sequence} of {broken.chain} {broken.why}."
            )
        if report.breaks:
            sys.exit(1)
        self.stdout.write(f"The chain of {report.rows} rows holds.")
        if against:
            self.stdout.write(f"It fits all {len(remembered)} heads that were kept.")
        if heads:
            for its_chain, its_hash in audit.heads().items():
                self.stdout.write(f"{its_chain} {its_hash}")


def _heads_in(file: Path, chain: uuid.UUID | None) -> Sequence[audit.Remembered]:
    """Return the heads in a file; one that holds none proves nothing, and says so."""
    try:
        raw = file.read_bytes()
    except OSError as fault:
        raise CommandError(f"{file} cannot be read: {fault.strerror}.", returncode=2) from fault
    found = {one.hash: one for one in audit.remembered_in(_text_of(raw))}
    here = [one for one in found.values() if chain in (None, one.chain)]
    if not here:
        raise CommandError(f"{file} holds no head{' of this chain' if found else ''}.", returncode=2)
    return here


def _text_of(raw: bytes) -> str:
    """Return a file as it lies, and, where it is a mail, the words in it as they were before they were packed."""
    parts = [raw.decode("utf-8", "replace")]
    message = email.message_from_bytes(raw, policy=email.policy.default)
    if "content-type" in message:
        for part in message.walk():
            if part.get_content_type() == "text/plain":
                packed = part.get_payload(decode=True)
                parts.append(packed.decode("utf-8", "replace") if isinstance(packed, bytes) else "")
    return "\n".join(parts)
