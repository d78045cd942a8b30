"""Learning of versions that other processes wrote: PostgreSQL notifications, or a short poll on SQLite."""

import asyncio
import logging

import psycopg
from django.conf import settings
from django.db import Error, connection

from sirkel.kernel.live.events import CHANNEL, heard, versions_of
from sirkel.kernel.live.hub import hub
from sirkel.kernel.live.stream import frames

logger = logging.getLogger(__name__)
_RETRY_SECONDS = 1.0


async def watch() -> None:
    """Run until cancelled: wake this process's streams for changes made elsewhere.

    A database that is away is asked again after a second. After every (re)connection to PostgreSQL the versions are read once, so that nothing that
    happened in between is missed.
    """
    hub.attach(asyncio.get_running_loop())
    while True:
        try:
            if connection.vendor == "postgresql":
                await _listen()
            else:
                await _poll()
        except (OSError, psycopg.Error, Error):
            logger.warning("live: the database is away, trying again")
            await asyncio.sleep(_RETRY_SECONDS)


async def _catch_up() -> None:
    rooms = hub.rooms
    if rooms:
        for room_id, version in (await frames.call(lambda: versions_of(room_ids=rooms))).items():
            if version > hub.versions.get(room_id, -1):  # most of what is read is known already
                hub.learn(room_id, version)


async def _poll() -> None:
    while True:
        await _catch_up()
        await asyncio.sleep(settings.LIVE_POLL_SECONDS)


async def _listen() -> None:
    parameters = connection.get_connection_params()
    wanted = {
        key: parameters[key] for key in ("dbname", "user", "password", "host", "port") if parameters.get(key)
    }
    async with await psycopg.AsyncConnection.connect(autocommit=True, **wanted) as listener:
        await listener.execute(f"LISTEN {CHANNEL}")
        await _catch_up()
        async for notice in listener.notifies():
            room_id, change = heard(notice.payload)
            hub.learn(room_id, change.version, change)
