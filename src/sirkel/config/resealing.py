"""Sealing anew with the newest key what lies sealed with an earlier one, so that the earlier one can be dropped.

What lies there is opened with the keys that there are, sealed with the newest, written, and read back from the database in
the same transaction, a batch at a time. Whoever ends it in the middle runs it again: what is sealed with the newest key
already is left as it is. What no key opens is counted, and never touched.

Sessions, and what a running meeting counts, are left to end by themselves. Names that are made with the key (whom a
sign-in service means, what stands on paper) cannot be made again from what is kept: the handbook says what becomes of them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import models, transaction

from sirkel.circles.domain import access, voice_counting
from sirkel.circles.models import AccessTally, PrivateLogEntry, VoiceWindow
from sirkel.circles.rules import sealing as of_logs
from sirkel.kernel import sealing
from sirkel.kernel.errors import Refused
from sirkel.people.domain import factors

BATCH = 200


@dataclass(frozen=True)
class Place:
    """A field in which something lasting lies sealed. ``anew`` gives its value under the newest key; None where no key opens it."""

    code: str
    model: type[models.Model]
    field: str
    is_newest: Callable[[Any], bool]
    anew: Callable[[Any], Any]


@dataclass
class Count:
    """What became of the values of one place."""

    place: Place
    anew: int = 0
    already: int = 0
    closed: int = 0


class NotReadBackError(RuntimeError):
    """What was written does not open as it must: its batch was taken back."""


def places() -> list[Place]:
    """Return every place in which something lasting lies sealed."""
    return [
        Place("second steps", Authenticator, "data", _is_newest_factor, _factor_anew),
        Place("private logs", PrivateLogEntry, "sealed", _is_newest_log, _log_anew),
        _of_thing("sums of who gets to take part", AccessTally, access.TALLY),
        _of_thing("sums of voices", VoiceWindow, voice_counting.WINDOW),
    ]


def reseal(place: Place, *, batch: int = BATCH) -> Count:
    """Seal what lies in one place anew where its key is an earlier one; whatever is written is read back.

    Raises:
        NotReadBackError: nothing of the batch stays; batches before it do.

    """
    count, after = Count(place), None
    while after is not _THE_END:
        with transaction.atomic():
            after = one_batch(place, count, after, batch)
    return count


def left(place: Place) -> int:
    """Return how many values of a place the newest key alone does not open."""
    return sum(not place.is_newest(row) for row in place.model._default_manager.iterator())  # noqa: SLF001 -- Django's documented model API


_THE_END = object()


def one_batch(place: Place, count: Count, after: object, batch: int) -> object:
    """Seal the next so many values anew and count them; return the key that it came to, for the next batch to go on after."""
    rows = place.model._default_manager.select_for_update().order_by("pk")  # noqa: SLF001 -- as above
    found = list((rows if after is None else rows.filter(pk__gt=after))[:batch])
    written = []
    for row in found:
        if place.is_newest(row):
            count.already += 1
        elif (value := place.anew(row)) is None:
            count.closed += 1
        else:
            setattr(row, place.field, value)
            row.save(update_fields=[place.field])
            written.append(row.pk)
    back = place.model._default_manager.filter(pk__in=written)  # noqa: SLF001 -- as above
    if sum(place.is_newest(row) for row in back) != len(written):
        raise NotReadBackError(place.code)
    count.anew += len(written)
    return found[-1].pk if len(found) == batch else _THE_END


def _of_thing(code: str, model: type[models.Model], purpose: str) -> Place:
    def is_newest(row: Any) -> bool:
        return sealing.is_newest(bytes(row.sealed), secret=bytes(row.secret), purpose=purpose)

    def anew(row: Any) -> bytes | None:
        secret = bytes(row.secret)
        plain = sealing.unseal(bytes(row.sealed), secret=secret, purpose=purpose)
        return None if plain is None else sealing.seal(plain, secret=secret, purpose=purpose)

    return Place(code, model, "sealed", is_newest, anew)


def _log(row: PrivateLogEntry, keys: list[str]) -> bytes | None:
    try:
        return of_logs.unseal(bytes(row.sealed), keys=keys, owner=row.owner_id, entry=row.id)
    except of_logs.CannotOpen:
        return None


def _is_newest_log(row: PrivateLogEntry) -> bool:
    return _log(row, settings.PRIVATE_LOG_KEYS[:1]) is not None


def _log_anew(row: PrivateLogEntry) -> bytes | None:
    plain = _log(row, settings.PRIVATE_LOG_KEYS)
    if plain is None:
        return None
    return of_logs.seal(plain, key=settings.PRIVATE_LOG_KEYS[0], owner=row.owner_id, entry=row.id)


# Under which names django-allauth keeps what it hands over to be sealed: of an app, of recovery codes.
_SEALED_PARTS = ("secret", "seed")


def _parts(data: dict[str, Any]) -> Iterator[str]:
    yield from (data[name] for name in _SEALED_PARTS if name in data)
    yield from data.get("migrated_codes", [])


def _is_newest_factor(row: Authenticator) -> bool:
    return all(factors.is_sealed_newest(one) for one in _parts(row.data))


def _factor_anew(row: Authenticator) -> dict[str, Any] | None:
    try:
        new: dict[str, Any] = {
            name: factors.sealed(factors.opened(row.data[name])) for name in _SEALED_PARTS if name in row.data
        }
        if "migrated_codes" in row.data:
            new["migrated_codes"] = [
                factors.sealed(factors.opened(one)) for one in row.data["migrated_codes"]
            ]
    except Refused:
        return None
    return {**row.data, **new}
