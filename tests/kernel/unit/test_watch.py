"""Learning of what another process changed: by the server's word on PostgreSQL, by a short poll on SQLite."""

import asyncio
import time
import uuid

import pytest
from django.db import connection, connections, transaction

from sirkel.kernel.live import emit, events, open_room, stream
from sirkel.kernel.live.changes import Change
from sirkel.kernel.live.hub import Hub, hub
from sirkel.kernel.live.surfaces import Surface, surfaces
from sirkel.kernel.live.watch import watch

pytestmark = pytest.mark.django_db(transaction=True)

KIND = ("tested", "nb")


@pytest.fixture
def room(settings, monkeypatch):
    def render(_room_id, change, _language):
        return f"{change.kind} {change.payload}"

    monkeypatch.setitem(surfaces, "tested", Surface(lambda *_asker: True, render, languages=["nb"]))
    settings.LIVE_POLL_SECONDS = 0.02
    monkeypatch.setattr(events, "hub", Hub())  # the writer's own: another process has another hub
    room_id = uuid.uuid4()
    open_room(room_id=room_id)
    return room_id


def elsewhere(room_id, *kinds):
    def write():
        for kind in kinds:
            with transaction.atomic():
                emit(room_id=room_id, kind=kind, payload={"of": kind})
        connections.close_all()

    return asyncio.to_thread(write)


def watched(scene):
    """Play a scene while this process watches."""

    async def run():
        stream.frames = stream.Frames()  # other tests leave closed ones behind
        watching = asyncio.create_task(watch())
        try:
            async with asyncio.timeout(20):
                await scene()
        finally:
            watching.cancel()
            await asyncio.to_thread(connections.close_all)

    try:
        asyncio.run(run())
    finally:
        stream.frames.close()


async def until(room_id, changed, version):
    while hub.versions.get(room_id, 0) < version:
        changed.clear()
        await changed.wait()


def test_streams_here_wake_for_what_was_changed_elsewhere(room):
    async def scene():
        with hub.listening(room, KIND) as changed:
            await elsewhere(room, "state")
            await until(room, changed, 1)
            await elsewhere(room, "note", "gone")
            await until(room, changed, 3)
            assert hub.versions[room] == 3

    watched(scene)


def test_a_place_that_nobody_here_looks_at_is_not_kept(room):
    async def scene():
        other = uuid.uuid4()
        await asyncio.to_thread(lambda: (open_room(room_id=other), connections.close_all()))
        with hub.listening(room, KIND) as changed:
            await elsewhere(other, "state")
            await elsewhere(room, "state")
            await until(room, changed, 1)
            assert other not in hub.versions

    watched(scene)


def break_off():
    """End what the watcher holds on to: its connection, or the table that it asks."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE query LIKE 'LISTEN%' AND datname = current_database()"
            )
            return lambda: None
        cursor.execute("ALTER TABLE kernel_liveroom RENAME TO away")
    return lambda: connection.cursor().execute("ALTER TABLE away RENAME TO kernel_liveroom")


def test_a_database_that_was_away_is_listened_to_again(room):
    async def scene():
        with hub.listening(room, KIND) as changed:
            await elsewhere(room, "state")
            await until(room, changed, 1)

            def away_for_a_moment():
                mend = break_off()
                time.sleep(0.2)
                mend()
                connections.close_all()

            await asyncio.to_thread(away_for_a_moment)
            await elsewhere(room, "note")
            await until(room, changed, 2)

    watched(scene)


def test_a_change_is_told_as_it_was(room):
    change = Change(7, "note", {"note": str(uuid.uuid4())}, at_hand=object())
    assert events.heard(events.told(room, change)) == (room, change)
    assert events.heard(events.told(room, change))[1].at_hand is None
