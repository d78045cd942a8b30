import random
import time
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser

from sirkel.circles.domain.joining import join_address
from sirkel.config.bots.phone import Phone
from sirkel.config.demo.seed import open_demo_meeting
from sirkel.kernel.commands import HouseCommand

LANGUAGES = ("da", "nb", "sv", "fi", "nn", "en")


class Command(HouseCommand):
    help = "Let simulated participants join the demo's open meeting, so that somebody alone can see it live."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--people", type=int, default=6, help="how many join (default 6)")
        parser.add_argument("--minutes", type=float, default=90, help="how long they stay (default 90)")
        parser.add_argument("--site", default=settings.SITE_URL, help="where the server answers")

    def handle(self, *args: Any, **options: Any) -> None:
        meeting = open_demo_meeting()
        if meeting is None:
            raise CommandError("No meeting is open. Open one as facilitator first.")
        try:
            phones = [self._join(index, meeting, options["site"]) for index in range(options["people"])]
        except OSError as error:
            raise CommandError("Nobody answers at this address. Start ./sirkel up first.") from error
        self.stdout.write(f"{len(phones)} simulated participants are in. Lead the meeting; they follow.")
        self._follow(phones, until=time.monotonic() + 60 * options["minutes"])
        self.stdout.write("The meeting is over, or their time is.")

    def _join(self, index: int, meeting: Any, site: str) -> Phone:
        phone = Phone(site=site, language=LANGUAGES[index % len(LANGUAGES)], dice=random.Random())  # noqa: S311
        phone.join(join_address(meeting))
        if not phone.meeting:
            raise CommandError("The meeting lets nobody in.")
        return phone

    def _follow(self, phones: list[Phone], *, until: float) -> None:
        done: set[tuple[int, str]] = set()
        while time.monotonic() < until:
            for index, phone in enumerate(phones):
                kind, round_ = phone.look()
                if kind == "over":
                    return
                # A round of talk comes round more than once; everything else is done once a round.
                if round_ and (kind == "talk" or (index, round_) not in done):
                    done.add((index, round_))
                    phone.act(kind, round_)
                time.sleep(random.uniform(0.3, 1.2))  # noqa: S311 -- people are not quicker
