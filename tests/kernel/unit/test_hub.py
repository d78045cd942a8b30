"""What a process keeps at hand of a place's changes: exactly what the table would say, or nothing."""

import asyncio
import uuid
from contextlib import ExitStack

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


class TestRenderedWhereItIsTold:
    """The thread that made a change renders it, where that is little work; else the streams' own threads do."""

    def play(self, *, changes, kinds=(NB,), fails=()):
        """Return, for each change, which kinds were rendered by its teller, kept, and left to the streams."""
        rendered, kept, begun = [], [], []

        def render(_place, asked, change):
            rendered.append((change.version, asked))
            return {kind: [(change.version, b"frame")] for kind in asked if kind not in fails}

        async def scene(hub, room, _changed):
            hub.render = render
            hub.keep = lambda _place, before, made: kept.append((before, sorted(made)))
            hub.begin = lambda _place, left, before: begun.append((before, sorted(left)))
            hub.wake(room, 1)
            await asyncio.sleep(0)
            with ExitStack() as streams:
                for kind in kinds:
                    streams.enter_context(hub.listening(room, kind))
                for version in changes:
                    hub.wake(room, version, Change(version, "note", {}))
                    await asyncio.sleep(0)

        run(scene)
        return rendered, kept, begun

    def test_the_teller_renders_and_the_streams_find_it(self):
        assert self.play(changes=[2, 3]) == (
            [(2, (NB,)), (3, (NB,))],
            [(1, [NB]), (2, [NB])],
            [],
        )

    def test_many_kinds_are_left_to_the_streams_for_somebody_waits(self):
        many = [("hand", language) for language in ("nn", "da", "sv")]
        assert self.play(changes=[2], kinds=many) == ([], [], [(1, sorted([NB, *many]))])

    def test_what_could_not_be_rendered_is_begun_by_the_streams(self):
        other = ("room", "fi")
        rendered, kept, begun = self.play(changes=[2], kinds=[other], fails=[other])
        assert rendered[0][0] == 2
        assert (kept, begun) == ([(1, [NB])], [(1, [other])])

    def test_a_change_that_is_not_the_next_one_is_read_anew(self):
        rendered, kept, begun = self.play(changes=[3])
        assert (kept, begun) == ([(2, [NB])], [(1, [NB])])  # kept for whoever holds the one before
        assert rendered == [(3, (NB,))]
