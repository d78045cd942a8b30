from typing import Any

from django.conf import settings

from sirkel.config.demo.seed import demo_links
from sirkel.kernel.commands import HouseCommand


class Command(HouseCommand):
    help = "Print the demo's addresses, one line per role."

    def handle(self, *args: Any, **options: Any) -> None:
        for who, address in demo_links(site=settings.SITE_URL):
            self.stdout.write(f"  {who:<20} {address}")
