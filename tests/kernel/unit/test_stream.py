"""The live stream as an ASGI callable, against the real table and a real event loop."""

import asyncio
import uuid

import pytest
from django.db import connections, transaction

from sirkel.kernel.live import emit, open_room, prune
from sirkel.kernel.live import stream as stream_module
from sirkel.kernel.live.hub import hub
from sirkel.kernel.live.surfaces import Surface, register_surface, surfaces

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def gate():
    """A surface of our own, which lets in whoever brings the cookie while the gate is open, and counts renderings."""
    state = {"is_open": True, "rendered": []}

    def render(room_id, change, language):
        state["rendered"].append((change.version, language))
        return f'<p id="stage">{change.kind} {change.version}\n{language}</p>'

    def authorise(room_id, asker):
        return state["is_open"] and asker.cookies.get("seat") == "yes"

    register_surface("tested", Surface(authorise=authorise, render=render, languages=["nb", "fi"]))
    yield state
    del surfaces["tested"]


@pytest.fixture
def room():
    room_id = uuid.uuid4()
    open_room(room_id=room_id)
    change(room_id, "state")
    return room_id


def change(room_id, kind):
    with transaction.atomic():
        emit(room_id=room_id, kind=kind)


class Listener:
    """One browser: collects status and events, and can hang up."""

    def __init__(self, path, *, cookie="seat=yes", last="", query=""):
        headers = [(b"cookie", cookie.encode())]
        if last:
            headers.append((b"last-event-id", last.encode()))
        self.scope = {
            "type": "http",
            "method": "GET",
            "path": path,
            "headers": headers,
            "query_string": query.encode(),
        }
        self.status, self.body = None, b""
        self.more = asyncio.Event()
        self.leave = asyncio.Event()

    async def receive(self):
        await self.leave.wait()
        return {"type": "http.disconnect"}

    async def send(self, message):
        if message["type"] == "http.response.start":
            self.status = message["status"]
        else:
            self.body += message["body"]
        self.more.set()

    async def run(self):
        await stream_module.live(self.scope, self.receive, self.send)

    def ids(self):
        return [int(line[4:]) for line in self.body.decode().splitlines() if line.startswith("id: ")]

    async def until(self, count):
        async with asyncio.timeout(10):
            while len(self.ids()) < count:
                self.more.clear()
                await self.more.wait()


class Asked(stream_module.Frames):
    """Frames that count how often they leave the loop to ask the database."""

    times = 0

    def call(self, function, *arguments):
        self.times += 1
        return super().call(function, *arguments)


def play(scenario):
    """Run a scenario on a fresh loop and close the connections its threads opened."""

    async def run():
        hub.attach(asyncio.get_running_loop())
        stream_module.frames = Asked()
        await scenario()

    try:
        asyncio.run(run())
    finally:
        stream_module.frames.close()


def off_loop(room_id, kind):
    return asyncio.to_thread(lambda: (change(room_id, kind), connections.close_all()))


def test_a_new_screen_gets_the_state_and_then_every_change_once(gate, room):
    async def scenario():
        listener = Listener(f"/live/tested/{room}/", query="lang=fi")
        task = asyncio.create_task(listener.run())
        await listener.until(1)
        for count in (2, 3, 4):
            await off_loop(room, "note")
            await listener.until(count)
        listener.leave.set()
        await task
        assert listener.status == 200
        assert listener.ids() == [1, 2, 3, 4]
        assert b"event: state\ndata: <p id" in listener.body
        assert b"event: patch\ndata: <p id" in listener.body
        assert b"data: fi</p>" in listener.body
        assert hub.count() == 0

    play(scenario)


def test_one_rendering_serves_everybody_with_the_same_surface_and_language(gate, room):
    async def scenario():
        listeners = [
            Listener(f"/live/tested/{room}/", query="lang=nb&n=1", cookie=f"seat=yes; n={n}")
            for n in range(12)
        ]
        tasks = [asyncio.create_task(listener.run()) for listener in listeners]
        await asyncio.gather(*(listener.until(1) for listener in listeners))
        gate["rendered"].clear()
        await off_loop(room, "note")
        await asyncio.gather(*(listener.until(2) for listener in listeners))
        for listener in listeners:
            listener.leave.set()
        await asyncio.gather(*tasks)
        assert gate["rendered"] == [(2, "nb")]
        assert len({listener.body.partition(b"id: 1")[2] for listener in listeners}) == 1

    play(scenario)


def test_a_screen_that_was_away_gets_exactly_what_it_missed(gate, room):
    for _change in range(3):
        change(room, "note")

    async def scenario():
        listener = Listener(f"/live/tested/{room}/", last="2")
        task = asyncio.create_task(listener.run())
        await listener.until(2)
        listener.leave.set()
        await task
        assert listener.ids() == [3, 4]

    play(scenario)


def test_a_screen_from_before_the_events_were_pruned_gets_one_state(gate, room):
    for _change in range(3):
        change(room, "note")
    prune(room_id=room)

    async def scenario():
        listener = Listener(f"/live/tested/{room}/", last="2")
        task = asyncio.create_task(listener.run())
        await listener.until(1)
        listener.leave.set()
        await task
        assert listener.ids() == [4]
        assert b"event: state" in listener.body

    play(scenario)


@pytest.mark.parametrize(
    ("path", "cookie"),
    [
        ("/live/tested/{room}/", "seat=no"),
        ("/live/unknown/{room}/", "seat=yes"),
        ("/live/tested/none/", "seat=yes"),
    ],
)
def test_who_may_not_read_gets_the_same_answer_as_for_an_unknown_address(gate, room, path, cookie):
    async def scenario():
        listener = Listener(path.format(room=room), cookie=cookie)
        await listener.run()
        assert (listener.status, listener.body) == (404, b"")

    play(scenario)


def test_a_stream_ends_when_its_reader_may_no_longer_read(gate, room, monkeypatch, settings):
    settings.LIVE_HEARTBEAT_SECONDS = 0.05
    monkeypatch.setattr(stream_module, "RECHECK_SECONDS", 0.1)

    async def scenario():
        listener = Listener(f"/live/tested/{room}/")
        task = asyncio.create_task(listener.run())
        await listener.until(1)
        gate["is_open"] = False
        async with asyncio.timeout(5):
            await task
        assert listener.body.endswith(b"event: over\ndata:\n\n")

    play(scenario)


def test_a_stream_ends_in_a_busy_place_too_and_what_was_new_before_came_first(gate, room, monkeypatch):
    monkeypatch.setattr(stream_module, "RECHECK_SECONDS", 0.4)

    async def scenario():
        listener = Listener(f"/live/tested/{room}/")
        task = asyncio.create_task(listener.run())
        await listener.until(1)
        gate["is_open"] = False
        async with asyncio.timeout(5):
            while not task.done():  # the place never falls silent
                await off_loop(room, "note")
        assert listener.body.endswith(b"event: over\ndata:\n\n")
        ids = listener.ids()
        assert ids == list(range(1, len(ids) + 1))

    play(scenario)


def test_a_screen_without_news_asks_no_table(gate, room, settings):
    settings.LIVE_HEARTBEAT_SECONDS = 0.05

    async def scenario():
        listener = Listener(f"/live/tested/{room}/")
        task = asyncio.create_task(listener.run())
        await listener.until(1)
        before = stream_module.frames.times
        async with asyncio.timeout(5):
            while listener.body.count(b": still here") < 3:
                listener.more.clear()
                await listener.more.wait()
        assert stream_module.frames.times == before
        await off_loop(room, "note")
        await listener.until(2)
        listener.leave.set()
        await task

    play(scenario)


def test_one_asker_cannot_hold_more_than_a_few_streams(gate, room):
    async def scenario():
        listeners = [Listener(f"/live/tested/{room}/") for _n in range(stream_module.STREAMS_PER_ASKER)]
        tasks = [asyncio.create_task(listener.run()) for listener in listeners]
        await asyncio.gather(*(listener.until(1) for listener in listeners))
        refused = Listener(f"/live/tested/{room}/")
        await refused.run()
        assert refused.status == 429
        for listener in listeners:
            listener.leave.set()
        await asyncio.gather(*tasks)

    play(scenario)
