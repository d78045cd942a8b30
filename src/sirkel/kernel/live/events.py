"""The table side of live events."""

import json
import uuid
from typing import Any

from django.db import connection, transaction

from sirkel.kernel.live import hub
from sirkel.kernel.live.changes import STATE, Change, from_last_state
from sirkel.kernel.models import LiveEvent, LiveRoom

CHANNEL = "sirkel_live"
# More than this many missed patches are answered with one fresh state.
LONGEST_REPLAY = 50


def open_room(*, room_id: uuid.UUID) -> None:
    """Give a live place its version counter; doing it twice changes nothing."""
    LiveRoom.objects.get_or_create(id=room_id)


def emit(
    *, room_id: uuid.UUID, kind: str = STATE, payload: dict[str, Any] | None = None, at_hand: Any = None
) -> int:
    """Record a change of a live place and wake its screens after commit.

    Must run inside the transaction that makes the change. The counter row is locked by the
    update, so versions are gapless and in commit order.

    Args:
        room_id: the live place; its counter must exist.
        kind: ``"state"`` for a change of the whole surface, else the name of a patch.
        payload: ids and counts; never words, never a person.
        at_hand: the changed row as it will be committed, for screens that are rendered by this very thread.

    Returns:
        The new version, one above the last.

    Raises:
        LiveRoom.DoesNotExist: the place was never opened.
        TransactionManagementError: called outside a transaction.

    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("a live event belongs to the transaction of its change")
    version = _next_version(room_id)
    change = Change(version=version, kind=kind, payload=payload or {}, at_hand=at_hand)
    LiveEvent.objects.create(room_id=room_id, version=version, kind=kind, payload=change.payload)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, told(room_id, change)])
    transaction.on_commit(lambda: hub.wake(room_id, version, change))
    return version


def told(room_id: uuid.UUID, change: Change) -> str:
    """Return a change as other processes are told of it."""
    return json.dumps([str(room_id), change.version, change.kind, change.payload])


def heard(words: str) -> tuple[uuid.UUID, Change]:
    """Return the place and the change that another process tells of."""
    room_id, version, kind, payload = json.loads(words)
    return uuid.UUID(room_id), Change(version=version, kind=kind, payload=payload)


def _next_version(room_id: uuid.UUID) -> int:
    """Count the place's version up and return it, in one statement: this runs with every note."""
    key = LiveRoom._meta.get_field("id").get_db_prep_value(room_id, connection)  # noqa: SLF001 -- Django's model API
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE kernel_liveroom SET version = version + 1 WHERE id = %s RETURNING version", [key]
        )
        row = cursor.fetchone()
    if row is None:
        raise LiveRoom.DoesNotExist
    return int(row[0])


def version_of(*, room_id: uuid.UUID) -> int:
    """Return the version of a live place; 0 when it was never opened."""
    return LiveRoom.objects.filter(id=room_id).values_list("version", flat=True).first() or 0


def versions_of(*, room_ids: list[uuid.UUID]) -> dict[uuid.UUID, int]:
    """Return the versions of many live places in one query; unknown places are absent."""
    return dict(LiveRoom.objects.filter(id__in=room_ids).values_list("id", "version"))


def changes_since(*, room_id: uuid.UUID, version: int) -> list[Change]:
    """Return what a screen at ``version`` missed, oldest first; empty when it missed nothing.

    A range that begins before a ``state`` change starts at the last such change, since a state
    holds everything before it. A range with a gap (pruned), a version from the future or a
    longer one than a screen should replay is answered with one ``state`` at the present version.
    """
    rows = list(
        LiveEvent.objects.filter(room_id=room_id, version__gt=version)
        .order_by("version")
        .values_list("version", "kind", "payload")[: LONGEST_REPLAY + 1]
    )
    # Versions are gapless and in commit order: rows without a gap reach to the present one.
    is_whole = 0 < len(rows) <= LONGEST_REPLAY and rows[-1][0] - version == len(rows)
    if version < 0 or not is_whole:
        current = version_of(room_id=room_id)
        return [] if version == current else [Change(version=current, kind=STATE, payload={})]
    return from_last_state([Change(*row) for row in rows])


def prune(*, room_id: uuid.UUID) -> None:
    """Remove the events of a live place, for example when it closes; the version stays."""
    LiveEvent.objects.filter(room_id=room_id).delete()
