"""What is done to restored databases before anybody may open them: brought up to the code, checked, and cleared of the erased.

Needs Django, set up for the restored databases.
"""

import secrets
import uuid
from collections.abc import Mapping, Sequence

from django.conf import settings
from django.core.management import call_command
from django.db import connections, transaction
from django.db.migrations.executor import MigrationExecutor

from sirkel.config.cli.place import Trouble
from sirkel.people.rules.erased import Ledger


def bring_up_to_date() -> None:
    """Migrate the restored databases where the code is newer.

    Raises:
        Trouble: (code 2) the backup was made by a newer Sirkel.

    """
    for alias in settings.DATABASES:
        executor = MigrationExecutor(connections[alias])
        unknown = set(executor.loader.applied_migrations) - set(executor.loader.graph.nodes)
        unknown -= {key for node in executor.loader.disk_migrations.values() for key in node.replaces}
        if unknown:
            app, name = min(unknown)
            raise Trouble(
                f"The backup was made by a newer Sirkel, which knows {app}.{name}. Update this one first.",
                code=2,
            )
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", database=alias, interactive=False, verbosity=0)


def walk_the_chain(heads: Mapping[str, str]) -> int:
    """Verify the audit chain and that it ends where the backup says; tell how many rows it has.

    Raises:
        Trouble: (code 2) it does not hold.

    """
    from sirkel.kernel import audit  # noqa: PLC0415 -- models can be loaded only when Django is set up

    report = audit.verify(
        remembered=[audit.Remembered(head, uuid.UUID(chain)) for chain, head in heads.items()]
    )
    for broken in report.breaks:
        raise Trouble(
            f"The audit chain does not hold: row {broken.sequence} of {broken.chain} {broken.why}. Nothing was restored.",
            code=2,
        )
    if {str(chain): head for chain, head in audit.heads().items()} != dict(heads):
        raise Trouble("The audit chain does not end where the backup says. Nothing was restored.", code=2)
    return report.rows


def erase_again(ledgers: Sequence[Ledger]) -> int:
    """Erase whom a ledger names and the backup still holds, everywhere or in one circle, and words taken back; tell how many.

    Raises:
        Trouble: (code 2) no ledger names somebody whom the backup itself calls erased: they belong to another
            installation, or lines were taken out.

    """
    from sirkel.circles.domain.closing import forget_on_disk  # noqa: PLC0415 -- as above
    from sirkel.circles.domain.forgetting import forget_again  # noqa: PLC0415 -- as above
    from sirkel.circles.domain.withdrawing import take_back_again  # noqa: PLC0415 -- as above
    from sirkel.kernel import clock  # noqa: PLC0415 -- as above
    from sirkel.kernel.models import AuditEvent  # noqa: PLC0415 -- as above
    from sirkel.people.domain.erasing import erase  # noqa: PLC0415 -- as above
    from sirkel.people.models import Person  # noqa: PLC0415 -- as above

    known = AuditEvent.objects.filter(verb="person.erased").values_list("target", flat=True)
    if ledgers and not all(any(ledger.holds(one) for ledger in ledgers) for one in known):
        raise Trouble(
            "The ledger of erased people does not know everybody whom the backup calls erased: it is another "
            "installation's, or lines are missing. Nothing was restored.",
            code=2,
        )

    def was_erased(number: uuid.UUID) -> bool:
        return any(ledger.holds(number) for ledger in ledgers)

    back = [one for one in Person.objects.values_list("id", flat=True) if was_erased(one)]
    with transaction.atomic():
        for person in Person.objects.filter(id__in=back):
            erase(person=person, at=clock.now(), is_again=True)
        in_circles = forget_again(was_erased, at=clock.now()) if ledgers else 0
        words = take_back_again(was_erased) if ledgers else 0
    forget_on_disk()
    return len(back) + in_circles + words


def settle() -> None:
    """Let what was under way go on: open steps get a new secret, and mails that may be sent already are not sent again."""
    from sirkel.circles.enums import RoundState  # noqa: PLC0415 -- as above
    from sirkel.circles.models import Round  # noqa: PLC0415 -- as above
    from sirkel.kernel import clock  # noqa: PLC0415 -- as above
    from sirkel.people.enums import MailState  # noqa: PLC0415 -- as above
    from sirkel.people.models import Mail  # noqa: PLC0415 -- as above

    for round_id in Round.objects.filter(state=RoundState.OPEN, secret__isnull=True).values_list(
        "id", flat=True
    ):
        Round.objects.filter(id=round_id).update(secret=secrets.token_bytes(32))
    now = clock.now()
    due = Mail.objects.filter(state__in=[MailState.WAITING, MailState.SENDING], not_before__lte=now)
    due.update(state=MailState.UNSURE, settled_at=now)
