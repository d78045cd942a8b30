"""Counting tries without keeping who tried: counters in the cache, named by a keyed hash, gone by themselves."""

import hashlib
import hmac
import ipaddress
import secrets
from dataclasses import dataclass

from django.core.cache import cache

from sirkel.kernel import clock

_DAY_SECONDS = 24 * 3600
_PREFIX_OF_ONE_HOUSEHOLD = 64


def _key_of_the_day() -> bytes:
    """Return a random key that lives in the cache for a day and is written nowhere else."""
    name = f"limits:key:{clock.now():%Y-%m-%d}"
    return str(cache.get_or_set(name, lambda: secrets.token_hex(32), _DAY_SECONDS)).encode()


def asker_of_address(address: str) -> str:
    """Return what a network address is counted as: itself, or the 64-bit prefix of an IPv6 address."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, _PREFIX_OF_ONE_HOUSEHOLD), strict=False))
    return str(parsed)


@dataclass(frozen=True)
class Limit:
    """So many misses within a time, then a wait.

    ``within_seconds`` runs from the first miss; ``wait_seconds`` from the one that was too many.
    """

    name: str
    most: int
    within_seconds: int
    wait_seconds: int

    def _name(self, what: str, who: str) -> str:
        digest = hmac.new(_key_of_the_day(), f"{self.name}:{who}".encode(), hashlib.sha256).hexdigest()
        return f"limits:{what}:{digest}"

    def must_wait(self, who: str) -> bool:
        """Tell whether this asker has missed too often and the wait is not over."""
        until = cache.get(self._name("wait", who))
        return until is not None and clock.now().timestamp() < float(until)

    def miss(self, who: str) -> bool:
        """Count one miss; return True when it was the one too many, from which the wait runs."""
        name, until = self._name("count", who), clock.now().timestamp()
        began = self._name("began", who)
        if until - float(cache.get(began) or 0) >= self.within_seconds:
            cache.set(began, until, self.within_seconds)
            cache.set(name, 0, self.within_seconds)
        cache.add(name, 0, self.within_seconds)
        if cache.incr(name) < self.most:
            return False
        cache.set(self._name("wait", who), until + self.wait_seconds, self.wait_seconds)
        cache.delete_many([name, began])
        return True
