"""Equality of access: asked once, added up sealed, told in words that no single person moves."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sirkel.circles.domain.access import answer_access, say_staff, tell_access
from sirkel.circles.models import AccessAsked, AccessPicture, AccessTally, StaffFacts
from sirkel.circles.rules.access import GROUPS, SIZES, end_of, pack, period_of, told, unpack
from sirkel.kernel import clock
from sirkel.kernel.errors import NotAllowed, NotFound, Refused
from tests.factories.access import ALL_SIZES, answer, say, speak_of_access
from tests.factories.anchoring import make_leader, make_representative
from tests.factories.meetings import make_circle, make_meeting

SPRING, SUMMER = datetime(2026, 3, 2, 12, tzinfo=UTC), datetime(2026, 7, 1, 12, tzinfo=UTC)
WINTER, NEXT = datetime(2026, 11, 2, 12, tzinfo=UTC), datetime(2027, 1, 1, 12, tzinfo=UTC)
SIZES_OF = {"day": "20-29", "evening": "10-14", "night": "5-9", "changing": "0"}
counts_of_shift = st.fixed_dictionaries({group: st.integers(0, 40) for group in GROUPS["shift"]})


class TestRules:
    @pytest.mark.threat(row="T10")
    @settings(deadline=None)
    @given(counts_of_shift)
    def test_no_row_is_about_fewer_than_five_and_all_rows_are_about_everybody(self, counts):
        rows = told(counts, SIZES_OF)
        if not rows:
            return
        assert sum(counts.values()) >= 7
        assert len(rows) > 1
        assert all(sum(counts[group] for group in row["groups"]) >= 5 for row in rows)
        named = [group for row in rows for group in row["groups"]]
        assert sorted(named) == sorted(group for group in counts if group != "changing" or counts[group])

    def test_a_night_shift_that_seldom_comes_is_told_when_enough_come(self):
        assert told({"day": 30, "evening": 15, "night": 5, "changing": 0}, SIZES_OF) == [
            {"groups": ["day"], "access": "as_many"},
            {"groups": ["evening"], "access": "as_many"},
            {"groups": ["night"], "access": "fewer"},
        ]
        assert told({"day": 30, "evening": 15, "night": 4, "changing": 0}, SIZES_OF) == [
            {"groups": ["day"], "access": "as_many"},
            {"groups": ["evening", "night"], "access": "as_many"},
        ]

    def test_a_unit_of_a_handful_is_never_told(self):
        sizes = {"day": "1-4", "evening": "1-4", "night": "0", "changing": "0"}
        assert told({"day": 6, "evening": 6, "night": 0, "changing": 0}, sizes) == []

    @settings(deadline=None)
    @given(st.sampled_from(sorted(GROUPS)), st.data())
    def test_sums_are_as_long_whatever_they_are(self, kind, data):
        counts = {group: data.draw(st.integers(0, 2**32 - 1)) for group in GROUPS[kind]}
        assert unpack(kind, pack(kind, counts)) == counts
        assert len(pack(kind, counts)) == 16

    def test_a_half_year_ends_where_the_next_begins(self):
        for period in ("2026-1", "2026-2"):
            assert period_of(end_of(period)) > period


@pytest.mark.django_db
class TestAsking:
    def test_a_leader_says_sizes_and_a_stranger_nothing(self):
        circle, _facilitator = make_circle()
        leader = make_leader(circle)
        say(circle, leader)
        assert StaffFacts.objects.get().sizes == ALL_SIZES
        for person in (make_representative(circle), make_leader(make_circle()[0])):
            with pytest.raises(NotFound):
                say(circle, person)
        wrong = {**ALL_SIZES, "shift": {**ALL_SIZES["shift"], "night": "7"}}
        with pytest.raises(Refused, match=r"staff\.shift\.night"):
            say_staff(acting=leader, workplace_id=circle.workplace_id, sizes=wrong, at=clock.now())

    def test_a_tap_leaves_no_row_with_an_answer_and_counts_once(self):
        live = speak_of_access()
        live.join()
        for group in ("night", "night", "day"):
            answer(live, live.devices[0], shift=group, contract="temporary")
        assert AccessAsked.objects.count() == 1
        assert AccessTally.objects.count() == 2
        assert "group" not in {field.name for field in AccessAsked._meta.fields}
        live.close()
        assert not AccessAsked.objects.exists()

    def test_nobody_is_asked_on_a_shared_phone_nor_where_nobody_said_the_sizes(self):
        live = speak_of_access()
        with pytest.raises(NotAllowed, match=r"access\.shared"):
            answer(live, live.join(is_shared=True).device, shift="night")
        silent = make_meeting(step="check-out", people=1)
        with pytest.raises(Refused, match=r"access\.not_here"):
            answer(silent, silent.devices[0], shift="night")
        early = make_meeting(circle=live.circle, facilitator=live.facilitator, step="write", people=1)
        with pytest.raises(Refused, match=r"access\.not_here"):
            answer(early, early.devices[0], shift="night")
        with pytest.raises(Refused, match=r"access\.group"):
            answer(live, live.join().device, shift="noon")
        assert not AccessTally.objects.exists()


def half_year(live, at, **people):
    """Let people of one shift each answer at one moment, each from a phone of their own."""
    for group, number in people.items():
        for _one in range(number):
            answer_access(
                meeting_id=live.meeting.id,
                round_id=live.round.id,
                device=live.join().device,
                groups={"shift": group},
                at=at,
            )


def pictures():
    return {one.period: one.rows for one in AccessPicture.objects.filter(kind="shift")}


@pytest.mark.django_db
class TestTelling:
    def test_a_half_year_is_told_once_when_it_is_over(self):
        live = speak_of_access()
        half_year(live, SPRING, day=6, night=5)
        assert tell_access(at=datetime(2026, 6, 30, 12, tzinfo=UTC)) == 0
        assert not AccessPicture.objects.exists()
        assert tell_access(at=SUMMER) == 1
        first = pictures()
        assert [row["groups"] for row in first["2026-1"]] == [["day"], ["evening", "night", "changing"]]
        assert tell_access(at=SUMMER) == 0
        half_year(live, SPRING, day=9)  # a clock that stands wrong tells nothing twice
        tell_access(at=SUMMER)
        assert pictures() == first

    @pytest.mark.parametrize("less", ["day", "night"])
    def test_one_person_more_or_fewer_changes_no_word_between_half_years(self, less):
        live = speak_of_access()
        half_year(live, SPRING, day=6, night=5)
        half_year(live, WINTER, **{"day": 6, "night": 5, less: {"day": 5, "night": 4}[less]})
        tell_access(at=NEXT)
        told_then, told_now = pictures()["2026-1"], pictures()["2026-2"]
        assert told_then == told_now
        assert told_then

    def test_small_steps_add_up_to_new_words(self):
        """The words stay those of the last half-year told in its own, so that drift is seen once four differ."""
        live = speak_of_access()
        half_year(live, SPRING, day=6, night=5)
        half_year(live, WINTER, day=6, night=3)
        half_year(live, datetime(2027, 3, 1, tzinfo=UTC), day=6, night=1)
        tell_access(at=datetime(2027, 7, 2, tzinfo=UTC))
        told_by = pictures()
        assert told_by["2026-1"] == told_by["2026-2"] != []
        assert told_by["2027-1"] == []
        assert AccessTally.objects.filter(is_told=True).count() == 1


def test_every_size_a_leader_can_say_has_a_middle():
    assert all(least <= most for least, most in SIZES.values())
