"""Signed-in writes under load, 16 connections, one process, beside a bare signed-in Django page with one INSERT.

``write_pages_per_second`` counts a signed-in facilitator's sign of life (session, person, meeting, one UPDATE), which
is as much work as the bare page; ``notes_per_second`` counts notes that seated phones post (seat, guard, rules, note
and live event in one transaction: eleven queries). Run: ``./sirkel bench pages [--size small]``.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from bench.common import options, ratio, table, write_result
from bench.phones import Poster
from bench.rooms import percentile
from bench.servers import data_folder, free_port, migrate, run, serving

CONNECTIONS = 16
NOTES_PER_PHONE = 28


async def load(
    acts: Sequence[Callable[[], Awaitable[int]]], seconds: float
) -> tuple[float, float | None, int]:
    """Let every connection act again and again; return acts per second, their p95 in ms, and how many failed."""
    delays: list[float] = []
    failed = 0
    end = time.perf_counter() + seconds

    async def one(act: Callable[[], Awaitable[int]]) -> None:
        nonlocal failed
        while (at := time.perf_counter()) < end:
            if await act() in {200, 204}:
                delays.append((time.perf_counter() - at) * 1000)
            else:
                failed += 1

    began = time.perf_counter()
    await asyncio.gather(*(one(act) for act in acts))
    return len(delays) / (time.perf_counter() - began), percentile(delays, 0.95), failed


async def notes(
    stage: Sequence[dict[str, Any]], port: int, seconds: float
) -> tuple[float, float | None, int]:
    """Post notes from 16 connections; each takes a fresh phone when one has written its share."""
    seats = [(room, device) for room in stage for device in room["devices"]]

    def phone_line(number: int) -> Callable[[], Awaitable[int]]:
        own = iter(seats[number::CONNECTIONS])
        state: dict[str, Any] = {"left": 0}

        async def act() -> int:
            if not state["left"]:
                room, device = next(own)
                poster = state.get("poster") or Poster(port, device)
                poster.device = device
                if not poster.token:
                    await poster.prepare(room["meeting"])
                state.update(left=NOTES_PER_PHONE, poster=poster, room=room)
            state["left"] -= 1
            done: int = await state["poster"].post(
                state["room"]["meeting"], state["room"]["round"], "Measured words"
            )
            return done

        return act

    lines = [phone_line(number) for number in range(CONNECTIONS)]
    for line in lines:
        await line()
    return await load(lines, seconds)


async def signed_in(
    port: int, cookies: Sequence[str], path: str, body: bytes, guard_page: str, seconds: float
) -> tuple[float, float | None, int]:
    """Send one form again and again from signed-in connections."""
    posters = [Poster(port, "", cookie=cookie) for cookie in cookies]
    for poster in posters:
        await poster.guard(guard_page)

    def line(poster: Poster) -> Callable[[], Awaitable[int]]:
        async def act() -> int:
            headers = (
                f"Content-Type: application/x-www-form-urlencoded\r\nX-CSRFToken: {poster.token.decode()}\r\n"
            )
            status, _head, _content = await poster.call("POST", path, body, headers)
            return status

        return act

    return await load([line(poster) for poster in posters], seconds)


def main() -> None:
    """Measure both sides, print a short table and write the result."""
    chosen = options("pages", __doc__)
    seconds = 5.0 if chosen.is_small else 20.0
    with data_folder() as environment:
        migrate(environment)
        stage = json.loads(run(["bench.stage", "16" if chosen.is_small else "48", "50"], environment))
        sessions = run(["bench.sessions", str(CONNECTIONS), stage[0]["meeting"]], environment).split()
        port = free_port()
        with serving(["sirkel.config.serve", "--port", str(port)], environment, port, "/healthz"):
            lead = f"/meetings/{stage[0]['meeting']}/lead/"
            cookies = [f"session={key}" for key in sessions]
            heart = asyncio.run(signed_in(port, cookies, f"{lead}heartbeat/", b"", lead, seconds))
            written = asyncio.run(notes(stage, port, seconds))
    with data_folder() as environment:
        keys = run(["bench.bare_django", str(CONNECTIONS)], environment).split()
        port = free_port()
        arguments = [
            "uvicorn",
            "bench.bare_django:app",
            "--port",
            str(port),
            "--log-level",
            "error",
            "--no-access-log",
        ]
        with serving(arguments, environment, port, "/healthz"):
            cookies = [f"sessionid={key}" for key in keys]
            bare = asyncio.run(signed_in(port, cookies, "/page/", b"text=Measured+words", "/page/", seconds))
    figures = {
        "connections": CONNECTIONS,
        "write_pages_per_second": heart[0],
        "p95_ms": heart[1],
        "notes_per_second": written[0],
        "notes_p95_ms": written[1],
        "failed": written[2] + heart[2] + bare[2],
        "bare_pages_per_second": bare[0],
        "bare_p95_ms": bare[1],
        "ratio": ratio(heart[0], bare[0], is_time=False),
        "notes_ratio": ratio(written[0], bare[0], is_time=False),
    }
    table(["figure", "value"], figures.items())
    write_result("pages", chosen.json, figures, peer={"name": "bare Django page", "version": "5.2"})


if __name__ == "__main__":
    main()
