from typing import Any

from django.conf import settings

from sirkel.kernel.commands import HouseCommand
from sirkel.people.domain.setting_up import new_code


class Command(HouseCommand):
    help = "Print a new set-up code and where to use it, as long as the installation is empty."

    def handle(self, *args: Any, **options: Any) -> None:
        code = new_code()
        if code:
            self.stdout.write(f"  {'set-up':<20} {settings.SITE_URL}/set-up/  {code}")
