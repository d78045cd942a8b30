"""Waking the streams of this process: no database, no Django, one event loop."""

import asyncio
import uuid
from collections.abc import Iterator
from contextlib import contextmanager


class Hub:
    """The listeners of one process, by live place.

    ``wake`` may be called from any thread; everything else belongs to the loop given to ``attach``.
    """

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._listeners: dict[uuid.UUID, set[asyncio.Event]] = {}
        self.versions: dict[uuid.UUID, int] = {}

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
    def listening(self, room_id: uuid.UUID) -> Iterator[asyncio.Event]:
        """Yield an event that is set whenever the place may have changed."""
        event = asyncio.Event()
        self._listeners.setdefault(room_id, set()).add(event)
        try:
            yield event
        finally:
            listeners = self._listeners[room_id]
            listeners.discard(event)
            if not listeners:
                del self._listeners[room_id]
                self.versions.pop(room_id, None)

    def _set(self, room_id: uuid.UUID, version: int) -> None:
        if room_id not in self._listeners or version <= self.versions.get(room_id, -1):
            return
        self.versions[room_id] = version
        for event in self._listeners[room_id]:
            event.set()

    def wake(self, room_id: uuid.UUID, version: int) -> None:
        """Tell the streams of a place that it reached ``version``; harmless without streams."""
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._set, room_id, version)


hub = Hub()


def wake(room_id: uuid.UUID, version: int) -> None:
    """Wake this process's streams of a place."""
    hub.wake(room_id, version)
