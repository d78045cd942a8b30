"""What the commands of this house have in common."""

from typing import Any

from django.core.management.base import BaseCommand

from sirkel.kernel import rows


class HouseCommand(BaseCommand):
    """A command that an operator runs on the server, for all organisations."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Run it with the rows of all organisations."""
        with rows.everything(rows.Why.COMMAND):
            return super().execute(*args, **options)
