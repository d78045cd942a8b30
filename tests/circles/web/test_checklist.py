"""The list before the first meeting: its days come from the meeting, a tick can be taken back, and only facilitators see it."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sirkel.circles.domain import planning
from sirkel.circles.domain.checklist import tick
from sirkel.circles.enums import MeetingState
from sirkel.circles.models import ChecklistTick, Meeting
from sirkel.circles.queries.checklists import checklist_of
from sirkel.circles.rules.method_data import LANGUAGES, MethodFault
from sirkel.circles.rules.method_files import read_checklist
from sirkel.circles.rules.methods import checklist
from sirkel.circles.rules.when import on_wall
from sirkel.kernel import clock
from sirkel.kernel.errors import NotFound, Refused
from tests.factories.anchoring import make_leader
from tests.factories.places import START, make_circle, make_person

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
NOW = START - timedelta(days=29)


@pytest.fixture(autouse=True)
def _before():
    with clock.frozen(NOW):
        yield


@pytest.fixture
def place():
    return make_circle(meetings=2)


def page_of(person, circle, rest="checklist/"):
    client = Client(headers={"accept-language": "en"})
    client.force_login(person, backend=BACKEND)
    return client, client.get(f"/circles/{circle.id}/{rest}")


def words(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def days(circle, at=NOW):
    return {weeks: day for weeks, day, _items in checklist_of(circle, language="en", at=at).by_week}


class TestDays:
    def test_they_count_back_from_the_first_meeting(self, place):
        assert days(place[0]) == {
            4: date(2026, 2, 2), 2: date(2026, 2, 16), 1: date(2026, 2, 23), 0: date(2026, 3, 2),
        }  # fmt: skip

    def test_they_move_with_the_meeting(self, place):
        circle, marit = place
        first = circle.meetings.get(number=1)
        plan = planning.MeetingPlan(starts_at=START + timedelta(days=9), method=first.method)
        planning.change_meeting(acting=marit, meeting_id=first.id, plan=plan, at=NOW)
        assert days(circle)[4] == date(2026, 2, 11)
        planning.cancel_meeting(acting=marit, meeting_id=first.id, at=NOW)
        assert days(circle)[0] == date(2026, 3, 3)

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        st.datetimes(min_value=START.replace(tzinfo=None), max_value=START.replace(year=2028, tzinfo=None)),
        st.sampled_from(["Europe/Oslo", "Europe/Mariehamn", "Europe/Copenhagen", "Atlantic/Reykjavik"]),
    )
    def test_a_day_is_a_day_at_the_workplace_whatever_the_clock_does(self, place, moment, zone):
        circle, _marit = place
        starts = moment.replace(tzinfo=START.tzinfo)
        Meeting.objects.filter(circle=circle, number=1).update(starts_at=starts)
        circle.workplace.time_zone = zone
        found = days(circle)
        assert found[0] == on_wall(starts, zone).date()
        assert {weeks: (found[0] - day).days for weeks, day in found.items()} == {4: 28, 2: 14, 1: 7, 0: 0}

    def test_without_a_meeting_there_is_no_day_and_nothing_next(self):
        circle, marit = make_circle(meetings=0)
        assert set(days(circle).values()) == {None}
        assert checklist_of(circle, language="en", at=NOW).next_item is None
        assert "Plan the first meeting" in words(page_of(marit, circle)[1])


class TestTicking:
    def test_the_next_thing_stands_on_the_circles_page(self, place):
        circle, marit = place
        first, second = checklist()[:2]
        client, page = page_of(marit, circle, "")
        assert first.text["en"] in words(page)
        assert second.text["en"] not in words(page)
        assert re.search(r"by (2 February|February 2,) 2026", words(page))
        answer = client.post(
            f"/circles/{circle.id}/checklist/tick/",
            {"item": first.id, "is_done": "yes", "from": "circle"},
            follow=True,
        )
        assert second.text["en"] in words(answer)

    def test_a_tick_is_kept_once_and_can_be_taken_away(self, place):
        circle, marit = place
        client, _page = page_of(marit, circle)
        sent = {"item": "room-booked", "is_done": "yes"}
        for _twice in range(2):
            assert client.post(f"/circles/{circle.id}/checklist/tick/", sent).status_code == 302
        assert ChecklistTick.objects.count() == 1
        client.post(f"/circles/{circle.id}/checklist/tick/", sent | {"is_done": "no"})
        assert ChecklistTick.objects.count() == 0

    def test_only_what_is_on_the_list_and_only_by_a_facilitator(self, place):
        circle, marit = place
        with pytest.raises(Refused):
            tick(acting=marit, circle_id=circle.id, item="something", is_done=True)
        for other in (make_leader(circle), make_person()):
            with pytest.raises(NotFound):
                tick(acting=other, circle_id=circle.id, item="room-booked", is_done=True)
        tick(acting=marit, circle_id=circle.id, item="room-booked", is_done=True)

    def test_what_is_late_says_so_once_and_quietly(self, place):
        circle, _marit = place
        assert not any(item.is_late for item in checklist_of(circle, language="en", at=NOW).items)
        late = [
            item.weeks
            for item in checklist_of(circle, language="en", at=START - timedelta(days=10)).items
            if item.is_late
        ]
        assert set(late) == {4, 2}

    @pytest.mark.parametrize("state", [MeetingState.RUNNING, MeetingState.HELD])
    def test_once_the_circle_has_met_it_asks_for_nothing(self, place, state):
        circle, marit = place
        assert checklist_of(circle, language="en", at=NOW).next_item
        Meeting.objects.filter(circle=circle, number=1).update(state=state)
        assert checklist_of(circle, language="en", at=NOW).next_item is None
        assert checklist()[0].text["en"] not in words(page_of(marit, circle, "")[1])


class TestData:
    def test_every_line_is_there_in_six_languages_and_every_page_exists(self, place):
        circle, marit = place
        for item in checklist():
            assert set(item.text) == set(LANGUAGES)
            assert all(item.text.values())
        client, page = page_of(marit, circle)
        ways = re.findall(r'<p class="small"><a href="([^"]+)"', page.content.decode())
        assert len(ways) == sum(item.page != "none" for item in checklist())
        assert {client.get(way).status_code for way in ways} == {200}

    @pytest.mark.parametrize(
        ("line", "fault"),
        [
            ("weeks: 3", "must be 4, 2, 1 or 0"),
            ("weeks: soon", "weeks"),
            ("page: elsewhere", "page"),
            ("text: Book a room", "text"),
        ],
    )
    def test_a_broken_line_is_named(self, tmp_path, line, fault):
        text = "{" + ", ".join(f"{tag}: Book a room" for tag in LANGUAGES) + "}"
        fields = {"id": "id: room", "weeks": "weeks: 4", "page": "page: none", "text": f"text: {text}"}
        path = tmp_path / "checklist.yaml"
        path.write_text("- " + "\n  ".join(fields.values()))
        assert read_checklist(path)[0].weeks == 4
        path.write_text("- " + "\n  ".join((fields | {line.partition(":")[0]: line}).values()))
        with pytest.raises(MethodFault, match=fault):
            read_checklist(path)
