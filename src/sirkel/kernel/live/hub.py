"""Waking the streams of this process: no database, no Django, one event loop."""

import asyncio
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sirkel.kernel.live.changes import Change, from_last_state

# What a stream is of: the surface's name and the language.
Kind = tuple[str, str]
# Changes of a place kept at hand for screens that are up to date; who missed more reads the table.
KEPT = 8


class Hub:
    """The listeners of one process, by live place.

    ``wake`` may be called from any thread; everything else belongs to the loop given to ``attach``.
    ``versions`` are the newest known ones of the places somebody listens to. ``begin`` is told of a change before
    the streams are: place, what its streams are of, and the version they have.
    """

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._listeners: dict[uuid.UUID, set[asyncio.Event]] = {}
        self._kinds: dict[uuid.UUID, Counter[Kind]] = {}
        self._recent: dict[uuid.UUID, dict[int, Change]] = {}
        self.versions: dict[uuid.UUID, int] = {}
        self.begin: Callable[[uuid.UUID, list[Kind], int], None] | None = None

    def attach(self, loop: asyncio.AbstractEventLoop) -> None:
        """Bind the hub to the loop whose streams it wakes."""
        self._loop = loop

    @property
    def rooms(self) -> list[uuid.UUID]:
        """The places somebody listens to now."""
        return list(self._listeners)

    def count(self, room_id: uuid.UUID | None = None) -> int:
        """Return how many streams are open, in one place or in all."""
        if room_id is not None:
            return len(self._listeners.get(room_id, ()))
        return sum(len(listeners) for listeners in self._listeners.values())

    @contextmanager
    def listening(self, room_id: uuid.UUID, kind: Kind) -> Iterator[asyncio.Event]:
        """Yield an event that is set whenever the place may have changed."""
        event = asyncio.Event()
        self._listeners.setdefault(room_id, set()).add(event)
        kinds = self._kinds.setdefault(room_id, Counter())
        kinds[kind] += 1
        try:
            yield event
        finally:
            listeners = self._listeners[room_id]
            listeners.discard(event)
            kinds[kind] -= 1
            if not listeners:
                del self._listeners[room_id], self._kinds[room_id]
                self._recent.pop(room_id, None)
                self.versions.pop(room_id, None)

    def since(self, room_id: uuid.UUID, version: int) -> list[Change]:
        """Return what came after ``version`` if all of it is at hand, oldest first; empty when the table must say."""
        newest, recent = self.versions.get(room_id, version), self._recent.get(room_id, {})
        missed = range(version + 1, newest + 1)
        if version < 0 or len(missed) > KEPT or not all(number in recent for number in missed):
            return []
        return from_last_state([recent[number] for number in missed])

    def _set(self, room_id: uuid.UUID, version: int, change: Change | None) -> None:
        if room_id not in self._listeners:
            return
        if change is not None:
            recent = self._recent.setdefault(room_id, {})
            recent[version] = change
            while len(recent) > KEPT:
                del recent[min(recent)]
        before = self.versions.get(room_id, -1)
        if version <= before:
            return
        self.versions[room_id] = version
        if self.begin is not None and before >= 0:  # else no stream has said yet what it holds
            self.begin(room_id, [kind for kind, count in self._kinds[room_id].items() if count], before)
        for event in self._listeners[room_id]:
            event.set()

    def wake(self, room_id: uuid.UUID, version: int, change: Change | None = None) -> None:
        """Tell the streams of a place that it reached ``version``; harmless without streams.

        ``change`` is what it reached it by, when the teller knows: then nobody needs to read it again.
        """
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._set, room_id, version, change)


hub = Hub()


def wake(room_id: uuid.UUID, version: int, change: Change | None = None) -> None:
    """Wake this process's streams of a place."""
    hub.wake(room_id, version, change)
