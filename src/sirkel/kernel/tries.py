"""Tries that are counted for all processes together, in the database, without keeping who tried.

``kernel.limits`` counts in the memory of one process and forgets within minutes: the inner ring, and the only one
where people write unsigned. This is the outer ring, for what opens something: it holds however many processes there
are, however many ask at once, and when a process is started anew.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import F

from sirkel.kernel import clock
from sirkel.kernel.models import Tries
from sirkel.kernel.sealing import blind

_PURPOSE = "kernel.tries"
_DAY_HOURS = 24


@dataclass(frozen=True)
class SharedLimit:
    """So many tries within each span of ``hours`` hours, which begins at a whole hour (UTC): 1, or 24 from midnight.

    Over the edge of two spans twice as many fit into a moment; ``most`` is to be set with that in mind.
    """

    name: str
    most: int
    hours: int = 1

    def take(self, who: str) -> bool:
        """Take one try; False when none is left. Of many who ask at once as many get one as are left.

        Call it before looking at what was tried, and outside of a transaction: one that is rolled back would hand the
        try back. ``who`` is whatever tries are counted for; only a blinded name of it is kept.
        """
        name, until = self._name_until(who)
        Tries.objects.bulk_create([Tries(who=name, until=until)], ignore_conflicts=True)
        return bool(Tries.objects.filter(who=name, count__lt=self.most).update(count=F("count") + 1))

    def give_back(self, who: str) -> None:
        """Let a try that was right not count."""
        name, _until = self._name_until(who)
        Tries.objects.filter(who=name, count__gt=0).update(count=F("count") - 1)

    def is_spent(self, who: str) -> bool:
        """Tell whether no try is left."""
        name, _until = self._name_until(who)
        return Tries.objects.filter(who=name, count__gte=self.most).exists()

    def _name_until(self, who: str) -> tuple[bytes, datetime]:
        hour = clock.now().astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        begin = hour.replace(hour=0) if self.hours == _DAY_HOURS else hour
        words = f"{self.name}|{begin.isoformat()}|{who}".encode()
        return blind(words, secret=b"", purpose=_PURPOSE), begin + timedelta(hours=self.hours)


def tidy(*, at: datetime) -> int:
    """Forget the tries of spans that are over; tell how many rows."""
    return Tries.objects.filter(until__lte=at).delete()[0]
