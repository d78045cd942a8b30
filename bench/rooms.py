"""From a note's POST to its arrival on every other phone, beside a bare stream with one INSERT.

50 rooms with 20 phones each, one note a second per five rooms. Run: ``./sirkel bench rooms [--size small]``.
"""

import asyncio
import json
import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.common import Options, options, table, write_result
from bench.phones import Phone, Poster, listen
from bench.servers import Running, data_folder, free_port, migrate, run, serving

PHONES = 20
SECONDS_TO_SETTLE = 3.0


def percentile(values: Sequence[float], share: float) -> float | None:
    """Return the value below which ``share`` of the values lie (nearest rank); None without values."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else None


async def _until_open(phones: Sequence[Phone], tasks: Sequence["asyncio.Task[None]"]) -> None:
    while not all(phone.is_open for phone in phones):
        for task in tasks:
            if task.done():
                task.result()
        await asyncio.sleep(0.05)


def _figures(rooms: Sequence[Sequence[Phone]], sent: dict[int, tuple[int, int, float]]) -> dict[str, Any]:
    """Compare what was sent (mark: room, sender, time) with what every other phone saw."""
    delays, lost = [], 0
    for mark, (room, sender, at) in sent.items():
        for number, phone in enumerate(rooms[room]):
            if number == sender:
                continue
            if mark in phone.seen:
                delays.append((phone.seen[mark] - at) * 1000)
            else:
                lost += 1
    return {
        "p50_ms": percentile(delays, 0.5),
        "p95_ms": percentile(delays, 0.95),
        "p99_ms": percentile(delays, 0.99),
        "lost": lost,
        "duplicated": sum(phone.doubled for room in rooms for phone in room),
        "notes": len(sent),
        "arrivals": len(delays),
    }


async def measure_sirkel(
    stage: Sequence[dict[str, Any]], pages: int, live: Sequence[int], seconds: float
) -> dict[str, Any]:
    """Open every phone's stream, post notes for a while, and return the figures."""
    rooms = [[Phone() for _device in room["devices"]] for room in stage]
    listening = [
        asyncio.create_task(
            listen(
                phone,
                live[(index + number) % len(live)],
                f"/live/hand/{room['meeting']}/?lang=nb",
                f"device={device}",
            )
        )
        for index, (room, phones) in enumerate(zip(stage, rooms, strict=True))
        for number, (phone, device) in enumerate(zip(phones, room["devices"], strict=True))
    ]
    await _until_open([phone for phones in rooms for phone in phones], listening)
    posters = [Poster(pages, room["devices"][0]) for room in stage]
    for poster, room in zip(posters, stage, strict=True):
        await poster.prepare(room["meeting"])
    sent: dict[int, tuple[int, int, float]] = {}

    async def post(mark: int, index: int) -> None:
        at = time.perf_counter()
        status = await posters[index].post(
            stage[index]["meeting"], stage[index]["round"], f"mark-{mark:06d}- measured"
        )
        if status == 200:
            sent[mark] = (index, 0, at)

    await _pace(len(stage), seconds, post)
    await asyncio.sleep(SECONDS_TO_SETTLE)
    for task in listening:
        task.cancel()
    return _figures(rooms, sent)


async def measure_bare(rooms_count: int, phones_each: int, port: int, seconds: float) -> dict[str, Any]:
    """Do the same against the bare endpoint."""
    rooms = [[Phone() for _phone in range(phones_each)] for _room in range(rooms_count)]
    listening = [
        asyncio.create_task(listen(phone, port, f"/stream/{index}", ""))
        for index, phones in enumerate(rooms)
        for phone in phones
    ]
    await _until_open([phone for phones in rooms for phone in phones], listening)
    posters = [Poster(port, "") for _room in rooms]
    sent: dict[int, tuple[int, int, float]] = {}

    async def post(mark: int, index: int) -> None:
        at = time.perf_counter()
        body = f"text=mark-{mark:06d}-+measured".encode()
        status, _head, _content = await posters[index].call("POST", f"/note/{index}", body)
        if status == 200:
            sent[mark] = (index, 0, at)

    await _pace(rooms_count, seconds, post)
    await asyncio.sleep(SECONDS_TO_SETTLE)
    for task in listening:
        task.cancel()
    return _figures(rooms, sent)


async def _pace(rooms: int, seconds: float, post: Any) -> None:
    """Post one note a second per five rooms, each room in turn, at random moments."""
    dice, marks, tasks = random.Random(7), iter(range(1_000_000)), []  # noqa: S311 -- a load, no secret
    order = list(range(rooms))
    dice.shuffle(order)
    pause, end, index = 5 / rooms, time.perf_counter() + seconds, 0
    while time.perf_counter() < end:
        tasks.append(asyncio.create_task(post(next(marks), order[index % rooms])))
        index += 1
        await asyncio.sleep(pause * dice.uniform(0.5, 1.5))
    await asyncio.gather(*tasks)


async def hold_open(stage: Sequence[dict[str, Any]], port: int, server: Running) -> float:
    """Open every stream of a large stage and return the server's resident memory in megabytes."""
    phones = [(Phone(), room, device) for room in stage for device in room["devices"]]
    tasks = []
    for first in range(0, len(phones), 200):
        batch = phones[first : first + 200]
        tasks += [
            asyncio.create_task(
                listen(phone, port, f"/live/hand/{room['meeting']}/?lang=nb", f"device={device}")
            )
            for phone, room, device in batch
        ]
        await _until_open([phone for phone, _room, _device in batch], tasks)
    await asyncio.sleep(1)
    memory = server.rss_mb()
    for task in tasks:
        task.cancel()
    return memory


def _one_process(chosen: Options, rooms: int, seconds: float) -> dict[str, Any]:
    with data_folder() as environment:
        migrate(environment)
        stage = json.loads(run(["bench.stage", str(rooms), str(PHONES)], environment))
        port = free_port()
        arguments = ["sirkel.config.serve", "--port", str(port)]
        with serving(arguments, environment, port, "/healthz") as server:
            figures = asyncio.run(measure_sirkel(stage, port, [port], seconds))
            figures["rss_mb"] = server.rss_mb()
        large = json.loads(run(["bench.stage", "20" if chosen.is_small else "200", str(PHONES)], environment))
        with serving(arguments, environment, port, "/healthz") as server:
            figures["open_phones"] = sum(len(room["devices"]) for room in large)
            figures["open_phones_rss_mb"] = asyncio.run(hold_open(large, port, server))
    return figures


def _bare(rooms: int, seconds: float) -> dict[str, Any]:
    with data_folder() as environment:
        environment["BARE_DATABASE"] = str(Path(environment["SIRKEL_DATA"]) / "bare.sqlite3")
        port = free_port()
        arguments = [
            "uvicorn",
            "bench.bare_sse:app",
            "--port",
            str(port),
            "--log-level",
            "error",
            "--no-access-log",
        ]
        with serving(arguments, environment, port, "/"):
            return asyncio.run(measure_bare(rooms, PHONES, port, seconds))


def _two_live_processes(rooms: int, seconds: float) -> dict[str, Any] | None:
    """Measure PostgreSQL with one pages and two live processes; None, said loudly, without a server."""
    from tests.postgres_server import DATABASES, NoServerError, postgres_server  # noqa: PLC0415 -- only here

    try:
        with postgres_server() as address, data_folder() as environment:
            for variable, name in DATABASES.items():
                environment[variable] = f"{address}{name}"
            migrate(environment)
            stage = json.loads(run(["bench.stage", str(rooms), str(PHONES)], environment))
            pages, first, second = free_port(), free_port(), free_port()
            # As deploy/systemd starts them.
            serve = ["sirkel.config.serve", "--without-worker", "--port"]
            live = ["sirkel.config.serve", "--part", "live", "--port"]
            with (
                serving([*serve, str(pages)], environment, pages, "/healthz"),
                serving([*live, str(first)], environment, first, "/"),
                serving([*live, str(second)], environment, second, "/"),
            ):
                return asyncio.run(measure_sirkel(stage, pages, [first, second], seconds))
    except NoServerError:
        sys.stderr.write("SKIPPED: PostgreSQL is not installed, so two live processes were not measured\n")
        return None


def main() -> None:
    """Measure, print a short table and write the result."""
    chosen = options("rooms", __doc__)
    rooms, seconds = (10, 10.0) if chosen.is_small else (50, 60.0)
    figures = _one_process(chosen, rooms, seconds)
    bare = _bare(rooms, seconds)
    figures["rooms"], figures["phones_each"] = rooms, PHONES
    figures["bare_p50_ms"], figures["bare_p95_ms"] = bare["p50_ms"], bare["p95_ms"]
    ahead = figures["p95_ms"] and bare["p95_ms"]
    figures["ratio_p95"] = figures["p95_ms"] / bare["p95_ms"] if ahead else None
    figures["postgres_two_live"] = _two_live_processes(rooms, seconds)
    table(
        ["figure", "value"], [(name, value) for name, value in figures.items() if not isinstance(value, dict)]
    )
    if figures["postgres_two_live"]:
        print("PostgreSQL (fsync off), two live processes:")
        table(["figure", "value"], figures["postgres_two_live"].items())
    write_result("rooms", chosen.json, figures)


if __name__ == "__main__":
    main()
