import re
from datetime import UTC, datetime, timedelta

import icalendar
import pytest
from django.test import Client

from sirkel.circles.domain import planning
from sirkel.circles.enums import MeetingState, MemberRole
from sirkel.circles.models import Circle, Membership
from sirkel.kernel import clock
from sirkel.people.enums import Role
from tests.factories.places import START, make_circle, make_person, make_workplace

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
NOW = START - timedelta(days=10)


@pytest.fixture(autouse=True)
def _at_noon():
    with clock.frozen(NOW):
        yield


def signed_in(person, language="nb"):
    client = Client(headers={"accept-language": language})
    client.force_login(person, backend=BACKEND)
    return client


def words(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_the_start_page_shows_the_three_ways_in(client):
    page = client.get("/")
    assert page.status_code == 200
    links = re.findall(r'<a href="([^"]+)"', page.content.decode())
    assert {"/b", "/accounts/login/", "/receipt/", "/recommendations/"} <= set(links)
    assert "demo" not in words(page)


def test_the_start_page_says_when_it_is_a_demo(client, settings):
    settings.DEMO = True
    assert "This is a demo" in words(client.get("/"))


class TestList:
    def test_it_asks_who_you_are(self, client):
        assert client.get("/circles/").headers["Location"] == "/accounts/login/?next=/circles/"

    def test_a_facilitator_without_circles_is_invited_to_plan_one(self):
        workplace = make_workplace()
        page = signed_in(make_person(role=Role.FACILITATOR, workplace=workplace)).get("/circles/")
        assert 'href="/circles/new/"' in page.content.decode()

    def test_somebody_without_a_role_is_not_sent_to_a_closed_door(self):
        page = signed_in(make_person()).get("/circles/")
        assert "/circles/new/" not in page.content.decode()
        assert 'href="/b"' in page.content.decode()

    def test_a_card_says_when_the_next_meeting_is_by_the_workplace_s_clock(self):
        _circle, marit = make_circle(meetings=2)
        page = words(signed_in(marit).get("/circles/"))
        assert "Mandag 2. mars 2026" in page
        assert re.search(r"13[.:]00–14[.:]30", page)

    def test_one_thing_to_do_next_at_a_time(self):
        circle, marit = make_circle(meetings=2)
        client = signed_in(marit, "en")
        first = circle.meetings.get(number=1)
        assert "Prepare meeting 1" in words(client.get("/circles/"))
        with clock.frozen(START - timedelta(minutes=30)):
            assert "Open meeting 1" in words(client.get("/circles/"))
        circle.meetings.filter(number=1).update(state=MeetingState.RUNNING)
        page = client.get("/circles/")
        assert "Go to meeting 1" in words(page)
        assert f'href="/meetings/{first.id}/lead/"' in page.content.decode()
        circle.meetings.update(state=MeetingState.HELD)
        assert "Plan a meeting" in words(client.get("/circles/"))

    def test_a_circle_left_is_no_longer_there(self):
        circle, marit = make_circle()
        Membership.objects.update(left_at=NOW)
        client = signed_in(marit)
        assert circle.name not in words(client.get("/circles/"))
        assert client.get(f"/circles/{circle.id}/").status_code == 404

    def test_thirty_circles_cost_no_more_questions_than_one(self, django_assert_max_num_queries):
        _first, marit = make_circle(meetings=3)
        for _number in range(29):
            circle, _other = make_circle(meetings=3)
            Membership.objects.create(circle=circle, person=marit, role=MemberRole.FACILITATOR)
        client = signed_in(marit)
        with django_assert_max_num_queries(20):
            page = client.get("/circles/")
        assert page.content.decode().count('class="growth-rings"') == 30


class TestCircle:
    def test_another_organisation_s_facilitator_learns_nothing(self):
        circle, _marit = make_circle(meetings=1)
        other = signed_in(make_person(role=Role.FACILITATOR, workplace=make_workplace()))
        base = f"/circles/{circle.id}/"
        for path in (
            "",
            "meetings.ics",
            "meetings/new/",
            "meetings/1/",
            "meetings/1/change/",
            "meetings/1/cancel/",
            "meetings/1/meeting.ics",
        ):
            assert other.get(base + path).status_code == 404, path
        for path in (
            "phase/",
            "publish/",
            "meetings/new/",
            "meetings/1/change/",
            "meetings/1/publish/",
            "meetings/1/cancel/",
        ):
            assert other.post(base + path, {"phase": "closing"}).status_code == 404, path
        circle.refresh_from_db()
        assert circle.state == "forming"
        assert circle.meetings.get().state == MeetingState.PLANNED

    def test_it_shows_phase_meetings_and_who_leads(self):
        circle, marit = make_circle(meetings=3)
        circle.meetings.filter(number=1).update(state=MeetingState.HELD)
        circle.meetings.filter(number=2).update(state=MeetingState.CANCELLED)
        page = signed_in(marit).get(f"/circles/{circle.id}/")
        html = page.content.decode()
        assert html.count('aria-current="step"') == 1
        assert re.findall(r'<li data-state="(\w+)">\s*<span class="dot"', html) == [
            "done",
            "cancelled",
            "to_come",
        ]
        assert "Marit" in words(page)
        assert "Prøve" not in words(page).replace("Prøve sykehjem", "")

    def test_a_member_without_the_lead_sees_it_and_changes_nothing(self):
        circle, _marit = make_circle(meetings=2)
        circle.meetings.filter(number=2).update(state=MeetingState.DRAFT)
        member = make_person(name="Aino", language="fi")
        Membership.objects.create(circle=circle, person=member, role=MemberRole.PARTICIPANT)
        client = signed_in(member, "fi")
        page = client.get(f"/circles/{circle.id}/")
        assert page.status_code == 200
        assert "<form" not in page.content.decode().split("<main")[1].split("</main>")[0]
        assert "Maanantai" in words(page)
        assert client.get(f"/circles/{circle.id}/meetings/1/").status_code == 200
        assert client.get(f"/circles/{circle.id}/meetings/2/").status_code == 404
        assert client.post(f"/circles/{circle.id}/meetings/1/cancel/").status_code == 404
        new = {"day": "2026-05-05", "clock": "13:00", "minutes": "90", "method": "meeting-90-middle"}
        assert client.post(f"/circles/{circle.id}/meetings/new/", new).status_code == 404
        assert circle.meetings.count() == 2

    def test_the_phase_can_be_moved_forwards_and_back(self):
        circle, marit = make_circle()
        Circle.objects.filter(id=circle.id).update(state="cocreating")
        client = signed_in(marit)
        for phase in ("closing", "cocreating", "focusing"):
            assert client.post(f"/circles/{circle.id}/phase/", {"phase": phase}).status_code == 302
            circle.refresh_from_db()
            assert circle.state == phase
        for phase in ("closed", "closing", "paused", "ended_early", "nonsense", ""):
            assert client.post(f"/circles/{circle.id}/phase/", {"phase": phase}).status_code == 400
        circle.refresh_from_db()
        assert circle.state == "focusing"

    def test_a_circle_that_is_over_is_not_told_of_what_it_may_still_do(self):
        circle, marit = make_circle(meetings=0)
        client = signed_in(marit, "en")
        under_way = ("None yet. A trial is", "The circle chooses them in its meetings.")
        assert all(text in words(client.get(f"/circles/{circle.id}/")) for text in under_way)
        Circle.objects.filter(id=circle.id).update(
            state="ended_early", halt_reason="enough", ended_at=clock.now()
        )
        page = client.get(f"/circles/{circle.id}/")
        assert not any(text in words(page) for text in under_way)
        for text in ("None was held.", "No trial was decided on.", "No theme was chosen."):
            assert text in words(page)
        assert "growth-rings" not in page.content.decode()

    def test_what_people_typed_is_shown_as_text(self):
        circle, marit = make_circle(meetings=1, name='<img src=x onerror="x"> Šlápma & "čđŋ"')
        circle.meetings.update(place='"><script>alert(1)</script>')
        client = signed_in(marit)
        for path in (
            "/circles/",
            f"/circles/{circle.id}/",
            f"/circles/{circle.id}/meetings/1/",
        ):
            html = client.get(path).content.decode()
            assert "<img src=x" not in html, path
            assert "<script>alert" not in html, path
            assert "&amp;amp;" not in html, path

    def test_a_full_circle_costs_few_questions(self, django_assert_max_num_queries):
        circle, marit = make_circle(meetings=12)
        client = signed_in(marit)
        with django_assert_max_num_queries(25):
            client.get(f"/circles/{circle.id}/")
        with django_assert_max_num_queries(25):
            client.get(f"/circles/{circle.id}/meetings/3/")


def typed(**changes):
    return {
        "day": "2026-03-02",
        "clock": "13:00",
        "minutes": "90",
        "place": "Møterom 2",
        "link": "",
        "method": "meeting-90-middle",
        **changes,
    }


def entry(client, circle, number=1):
    answer = client.get(f"/circles/{circle.id}/meetings/{number}/meeting.ics")
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    (event,) = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    return event


class TestMeeting:
    @pytest.fixture
    def place(self):
        circle, marit = make_circle(meetings=2)
        return circle, signed_in(marit), f"/circles/{circle.id}/meetings/1/"

    def test_it_shows_the_run_sheet_by_the_workplace_s_clock(self, place):
        _circle, client, path = place
        times = re.findall(r"<time>(\d\d[.:]\d\d)</time>", client.get(path).content.decode())
        assert times[0].replace(".", ":") == "13:00"
        assert len(times) >= 5
        assert times == sorted(times)

    def test_moving_it_raises_the_sequence_and_keeps_the_uid(self, place):
        circle, client, path = place
        before = entry(client, circle)
        assert client.post(f"{path}change/", typed(day="2026-03-09")).status_code == 302
        after = entry(client, circle)
        assert after["uid"] == before["uid"] == f"{circle.meetings.get(number=1).id}@sirkel"
        assert after["sequence"] == before["sequence"] + 1
        assert after["dtstart"].dt == datetime(2026, 3, 9, 12, 0, tzinfo=UTC)

    def test_saving_without_a_change_says_nothing_to_calendars(self, place):
        circle, client, path = place
        circle.meetings.filter(number=1).update(place="Møterom 2")
        assert client.post(f"{path}change/", typed()).status_code == 302
        assert entry(client, circle)["sequence"] == 0

    def test_the_form_begins_with_what_is_planned(self, place):
        _circle, client, path = place
        html = client.get(f"{path}change/").content.decode()
        assert 'value="2026-03-02"' in html
        assert 'value="13:00"' in html
        assert 'value="90"' in html

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"day": "2026-02-01"}, "day"),
            ({"day": "2036-02-01"}, "day"),
            ({"day": "2026-02-30"}, "day"),
            ({"day": ""}, "day"),
            ({"clock": "25:00"}, "clock"),
            ({"day": "2026-03-29", "clock": "02:30"}, "clock"),
            ({"minutes": "5"}, "minutes"),
            ({"minutes": "9999999999999999999999"}, "minutes"),
            ({"link": "javascript:alert(1)"}, "link"),
            ({"link": "ftp://files.example.org/x"}, "link"),
            ({"method": "no-such"}, "method"),
            ({"place": "x" * 201}, "place"),
            ({"place": "Hos 10838512343"}, "place"),
        ],
    )
    def test_what_cannot_be_is_said_beside_its_field(self, place, change, field):
        circle, client, path = place
        answer = client.post(f"{path}change/", typed(**change))
        html = answer.content.decode()
        assert answer.status_code == 422
        assert f'id="id_{field}_error"' in html
        assert html.index("form-errors") < html.index(f'id="id_{field}_error"')
        assert circle.meetings.get(number=1).starts_at == START

    def test_a_place_and_a_link_may_both_be_empty(self, place):
        circle, client, path = place
        assert client.post(f"{path}change/", typed(place="", link="")).status_code == 302
        assert circle.meetings.get(number=1).place == ""

    def test_another_run_sheet_brings_its_own_length(self, place):
        circle, client, path = place
        assert client.post(f"{path}change/", typed(method="shift-30")).status_code == 302
        meeting = circle.meetings.get(number=1)
        assert (meeting.method, meeting.duration_minutes) == ("shift-30", 30)
        assert sum(step.minutes for step in meeting.steps.all()) == 30

    def test_cancelling_asks_first_and_tells_calendars(self, place):
        circle, client, path = place
        assert client.get(f"{path}cancel/").status_code == 200
        assert circle.meetings.get(number=1).state == MeetingState.PLANNED
        unsaid = client.post(f"{path}cancel/")
        assert unsaid.status_code == 200
        assert unsaid.context["form"].errors.keys() == {"reason"}
        assert circle.meetings.get(number=1).state == MeetingState.PLANNED
        assert client.post(f"{path}cancel/", {"reason": "staffing"}).status_code == 302
        assert circle.meetings.get(number=1).cancel_reason == "staffing"
        event = entry(client, circle)
        assert (event["status"], event["sequence"]) == ("CANCELLED", 1)
        assert client.post(f"{path}cancel/").status_code == 400
        assert client.post(f"{path}change/", typed(day="2026-03-09")).status_code == 400

    def test_a_draft_becomes_public_once(self, place):
        circle, client, path = place
        circle.meetings.filter(number=1).update(state=MeetingState.DRAFT)
        assert client.post(f"{path}publish/").status_code == 302
        assert circle.meetings.get(number=1).state == MeetingState.PLANNED
        assert client.post(f"{path}publish/").status_code == 400

    def test_all_dates_come_as_one_file(self, place):
        circle, client, _path = place
        circle.meetings.filter(number=2).update(state=MeetingState.CANCELLED)
        answer = client.get(f"/circles/{circle.id}/meetings.ics")
        events = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
        assert [str(event["status"]) for event in events] == ["CONFIRMED", "CANCELLED"]

    def test_drafts_are_in_no_calendar(self, place):
        circle, client, _path = place
        circle.meetings.update(state=MeetingState.DRAFT)
        answer = client.get(f"/circles/{circle.id}/meetings.ics")
        assert icalendar.Calendar.from_ical(answer.content).walk("VEVENT") == []

    def test_one_more_meeting_can_be_planned(self, place):
        circle, client, _path = place
        answer = client.post(f"/circles/{circle.id}/meetings/new/", typed(day="2026-06-01"))
        assert answer.headers["Location"] == f"/circles/{circle.id}/meetings/3/"
        meeting = circle.meetings.get(number=3)
        assert (meeting.state, meeting.starts_at) == (
            MeetingState.DRAFT,
            datetime(2026, 6, 1, 11, 0, tzinfo=UTC),
        )

    def test_a_method_that_is_gone_does_not_break_old_meetings(self, place):
        circle, client, path = place
        circle.meetings.update(method="taken-away")
        assert client.get(path).status_code == 200
        assert client.get(f"{path}change/").status_code == 200

    @pytest.mark.parametrize("number", ["0", "3", "99999999999999999999"])
    def test_no_such_number(self, place, number):
        circle, client, _path = place
        assert client.get(f"/circles/{circle.id}/meetings/{number}/").status_code == 404


def test_moving_one_meeting_leaves_the_others(client):
    circle, marit = make_circle(meetings=3)
    plan = planning.MeetingPlan(starts_at=START + timedelta(days=40), method="meeting-90-middle")
    planning.change_meeting(acting=marit, meeting_id=circle.meetings.get(number=1).id, plan=plan, at=NOW)
    numbers = re.findall(
        r"meetings/(\d)/\">", signed_in(marit).get(f"/circles/{circle.id}/").content.decode()
    )
    assert numbers[-3:] == ["2", "3", "1"]
