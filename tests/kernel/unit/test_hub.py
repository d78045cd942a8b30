"""What a process keeps at hand of a place's changes: exactly what the table would say, or nothing."""

import asyncio
import uuid

from hypothesis import given
from hypothesis import strategies as st

from sirkel.kernel.live.changes import Change, from_last_state
from sirkel.kernel.live.hub import KEPT, Hub

NB = ("hand", "nb")


def run(scene):
    """Play a scene with a hub of its own and one place that somebody listens to."""

    async def play():
        hub, room = Hub(), uuid.uuid4()
        hub.attach(asyncio.get_running_loop())
        with hub.listening(room, NB) as changed:
            return await scene(hub, room, changed)

    return asyncio.run(play())


@given(
    kinds=st.lists(st.sampled_from(["state", "note", "note", "gone"]), min_size=1, max_size=20),
    told=st.data(),
)
def test_what_is_at_hand_is_what_the_table_would_say_whatever_the_order_and_whatever_was_not_told(
    kinds, told
):
    changes = [Change(number, kind, {}) for number, kind in enumerate(kinds, start=1)]
    order = told.draw(st.permutations(changes))
    silent = told.draw(st.sets(st.sampled_from(range(1, len(kinds) + 1))))

    async def scene(hub, room, _changed):
        for change in order:
            hub.wake(room, change.version, None if change.version in silent else change)
        await asyncio.sleep(0)
        return {version: hub.since(room, version) for version in range(-1, len(kinds) + 2)}

    for version, at_hand in run(scene).items():
        assert at_hand in ([], from_last_state(changes[max(version, 0) :]))
        if version < 0 or len(kinds) - version > KEPT or silent & set(range(version + 1, len(kinds) + 1)):
            assert at_hand == []


def test_a_screen_that_is_up_to_date_finds_the_next_change_at_hand():
    async def scene(hub, room, changed):
        hub.wake(room, 4)
        await asyncio.sleep(0)
        changed.clear()
        hub.wake(room, 5, Change(5, "note", {"note": "x"}))
        await asyncio.sleep(0)
        return changed.is_set(), hub.since(room, 4), hub.since(room, 5)

    assert run(scene) == (True, [Change(5, "note", {"note": "x"})], [])


def test_rendering_begins_once_per_kind_of_stream_and_only_for_those_who_are_there():
    begun = []

    async def scene(hub, room, _changed):
        hub.begin = lambda place, kinds, before: begun.append((place == room, sorted(kinds), before))
        hub.wake(room, 7)  # nobody has said yet what it holds
        await asyncio.sleep(0)
        with hub.listening(room, NB), hub.listening(room, ("room", "fi")):
            hub.wake(room, 8, Change(8, "note", {}))
            await asyncio.sleep(0)
        hub.wake(room, 9, Change(9, "note", {}))
        hub.wake(room, 9)  # told twice
        await asyncio.sleep(0)

    run(scene)
    assert begun == [(True, [NB, ("room", "fi")], 7), (True, [NB], 8)]


def test_nothing_is_kept_of_a_place_that_everybody_left():
    async def scene(hub, room, _changed):
        other = uuid.uuid4()
        with hub.listening(other, NB):
            hub.wake(other, 1, Change(1, "note", {}))
            await asyncio.sleep(0)
        hub.wake(other, 2, Change(2, "note", {}))
        await asyncio.sleep(0)
        return hub.since(other, 1), hub.since(other, 0), other in hub.versions, hub.rooms == [room]

    assert run(scene) == ([], [], False, True)
