from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from sirkel.config.resealing import NotReadBackError, left, places, reseal
from sirkel.kernel.commands import HouseCommand
from sirkel.people.rules.sessions import DAY, LONG


class Command(HouseCommand):
    help = (
        "Seal anew with the newest key what lies sealed with an earlier one. It may be ended and run again."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        closed = waiting = 0
        for place in places():
            try:
                count = reseal(place)
            except NotReadBackError as fault:
                raise CommandError(
                    f"{place.code}: what was written does not open again. Nothing of that batch was kept."
                ) from fault
            not_newest = left(place)
            closed += count.closed
            waiting += max(0, not_newest - count.closed)
            self.stdout.write(
                f"{place.code}: {count.anew} sealed anew, {count.already} were so already, {count.closed} open with no key"
            )
        if closed:
            raise CommandError(
                f"{closed} open with no key that there is, and were left as they are. Put the key that sealed them among "
                "the earlier ones and run this again. If it is lost, so is what they hold: do not wait for it to drop others."
            )
        if waiting:
            raise CommandError(
                f"{waiting} were sealed with an earlier key meanwhile. Start every process with the new key, then run this again."
            )
        if not settings.SECRET_KEY_FALLBACKS and len(settings.PRIVATE_LOG_KEYS) == 1:
            self.stdout.write("There is no earlier key. All that lasts opens with the one that there is.")
            return
        self.stdout.write(
            "All that lasts was read back and opens with the newest key alone. The earlier key of private logs can be dropped "
            f"now. Drop the earlier key of the installation {LONG.whole // DAY} days from now: whoever is signed in since before "
            "stays so until then. The handbook says what else ends with it."
        )
