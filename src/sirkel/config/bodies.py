"""Bodies larger than any form of ours: never kept, but let run out, so that a browser gets to read the answer.

A server that answers and hangs up while a browser still sends makes it show "connection reset" instead of our page.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from django.conf import settings

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

IDLE_SECONDS = 10
MOST_BYTES = 64 * 1024 * 1024


def is_too_large(scope: Message) -> bool:
    """Tell whether the asker announces more bytes than any page takes in."""
    said = dict(scope["headers"]).get(b"content-length", b"0")
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    return most is not None and said.isdigit() and int(said) > most


async def turn_away(
    pages: Callable[..., Awaitable[None]], scope: Message, receive: Receive, send: Send
) -> None:
    """Let the pages refuse without the body, throw the body away, then send their answer.

    No page thread waits meanwhile. It ends after 10 seconds of silence or 64 MB, whatever still comes.
    """
    answer: list[Message] = []

    async def keep(message: Message) -> None:
        answer.append(message)

    async def nothing() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    await pages(scope, nothing, keep)
    seen = 0
    while seen < MOST_BYTES:
        try:
            message = await asyncio.wait_for(receive(), IDLE_SECONDS)
        except TimeoutError:
            break
        if not message.get("more_body"):
            break
        seen += len(message["body"])
    for message in answer:
        await send(message)
