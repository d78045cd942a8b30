"""The live callable: a short async ASGI stack for ``/live/…`` alone."""

import asyncio
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sirkel.config.settings")
django.setup()

from sirkel.kernel.live.stream import Receive, Scope, Send, live  # noqa: E402 -- the rooms register themselves first
from sirkel.kernel.live.watch import watch  # noqa: E402 -- as above


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer lifespan and live streams."""
    if scope["type"] == "lifespan":
        await lifespan(receive, send)
    elif scope["type"] == "http":
        await live(scope, receive, send)


async def lifespan(receive: Receive, send: Send) -> None:
    """Watch for changes of other processes from start-up to shutdown."""
    watcher: asyncio.Task[None] | None = None
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            watcher = asyncio.create_task(watch())
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            if watcher:
                watcher.cancel()
            await send({"type": "lifespan.shutdown.complete"})
            return
