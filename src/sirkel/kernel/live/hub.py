"""Waking the streams of this process: no database, no Django, one event loop."""

import asyncio
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sirkel.kernel.live.changes import Change, from_last_state

# What a stream is of: the surface's name and the language.
Kind = tuple[str, str]
# Frames of one change by what they are of, each as (version, bytes).
Made = dict[Kind, list[tuple[int, bytes]]]
# Whoever tells of a change renders it for so many kinds of streams and no more: somebody waits for the answer.
MOST_RENDERED = 3
# Changes of a place kept at hand for screens that are up to date; who missed more reads the table.
KEPT = 8


class Hub:
    """The listeners of one process, by live place.

    ``wake`` may be called from any thread; everything else belongs to the loop given to ``attach``.
    ``versions`` are the newest known ones of the places somebody listens to.

    ``render`` makes the frames of one change in the thread that tells of it: that thread has everything at hand,
    and a second one would only fight with it for the interpreter. ``keep`` gets what it made, and the version that
    the streams have. ``begin`` is asked in its place where nothing was made: place, what its streams are of, and
    the version they have. All three are told before the streams are.
    """

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._listeners: dict[uuid.UUID, set[asyncio.Event]] = {}
        self._kinds: dict[uuid.UUID, Counter[Kind]] = {}
        self._recent: dict[uuid.UUID, dict[int, Change]] = {}
        self.versions: dict[uuid.UUID, int] = {}
        self.begin: Callable[[uuid.UUID, list[Kind], int], None] | None = None
        self.render: Callable[[uuid.UUID, tuple[Kind, ...], Change], Made] | None = None
        self.keep: Callable[[uuid.UUID, int, Made], None] | None = None
        self._told: dict[uuid.UUID, tuple[Kind, ...]] = {}

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
        self._tell_kinds(room_id)
        try:
            yield event
        finally:
            listeners = self._listeners[room_id]
            listeners.discard(event)
            kinds[kind] -= 1
            self._tell_kinds(room_id)
            if not listeners:
                del self._listeners[room_id], self._kinds[room_id]
                self._recent.pop(room_id, None)
                self.versions.pop(room_id, None)
                self._told.pop(room_id, None)

    def _tell_kinds(self, room_id: uuid.UUID) -> None:
        """Keep what a place's streams are of as one value, which another thread may read at any moment."""
        self._told[room_id] = tuple(kind for kind, count in self._kinds[room_id].items() if count)

    def since(self, room_id: uuid.UUID, version: int) -> list[Change]:
        """Return what came after ``version`` if all of it is at hand, oldest first; empty when the table must say."""
        newest, recent = self.versions.get(room_id, version), self._recent.get(room_id, {})
        missed = range(version + 1, newest + 1)
        if version < 0 or len(missed) > KEPT or not all(number in recent for number in missed):
            return []
        return from_last_state([recent[number] for number in missed])

    def _set(self, room_id: uuid.UUID, version: int, change: Change | None, made: Made) -> None:
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
        if self.keep is not None and made:
            self.keep(room_id, version - 1, made)
        left = [kind for kind in self._told[room_id] if kind not in made or before != version - 1]
        if self.begin is not None and left and before >= 0:  # else no stream has said yet what it holds
            self.begin(room_id, left, before)
        for event in self._listeners[room_id]:
            event.set()

    def wake(self, room_id: uuid.UUID, version: int, change: Change | None = None) -> None:
        """Tell the streams of a place that it reached ``version``; harmless without streams.

        ``change`` is what it reached it by, when the teller knows: then nobody needs to read it again.
        """
        loop = self._loop
        if loop is None or loop.is_closed():
            return
        kinds, made = self._told.get(room_id, ()), {}
        if change is not None and self.render is not None and 0 < len(kinds) <= MOST_RENDERED:
            made = self.render(room_id, kinds, change)
        loop.call_soon_threadsafe(self._set, room_id, version, change.to_keep() if change else None, made)

    def learn(self, room_id: uuid.UUID, version: int, change: Change | None = None) -> None:
        """Tell the streams of what another process did; on the loop, which must not wait for a rendering."""
        self._set(room_id, version, change, {})


hub = Hub()


def wake(room_id: uuid.UUID, version: int, change: Change | None = None) -> None:
    """Wake this process's streams of a place."""
    hub.wake(room_id, version, change)
