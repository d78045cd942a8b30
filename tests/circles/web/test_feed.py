"""The secret calendar address: all meetings of one's circles, for programs that have no session."""

from datetime import timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlparse

import icalendar
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from sirkel.circles.domain import planning
from sirkel.circles.enums import MeetingState, MemberRole
from sirkel.circles.models import Membership
from sirkel.kernel import clock
from sirkel.people.domain.mail_settings import new_calendar_address
from tests.factories.places import START, make_circle, make_person

pytestmark = pytest.mark.django_db
NOW = START - timedelta(days=10)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _before_the_meetings():
    with clock.frozen(NOW):
        yield


@pytest.fixture
def place():
    """A person in two circles, one of them on Åland, and their calendar's path; a third circle is somebody else's."""
    aino = make_person(name="Aino", language="fi")
    here, marit = make_circle(meetings=2, name="Rolig kveld")
    there, _other = make_circle(meetings=1, name="Lugn morgon")
    there.workplace.time_zone = "Europe/Mariehamn"
    there.workplace.save()
    make_circle(meetings=1, name="Andres sirkel")
    for circle in (here, there):
        Membership.objects.create(circle=circle, person=aino, role=MemberRole.PARTICIPANT)
    return here, there, marit, aino, urlparse(new_calendar_address(acting=aino)).path


def events(answer):
    calendar = icalendar.Calendar.from_ical(answer.content)
    return {str(event["summary"]): event for event in calendar.walk("VEVENT")}


def test_it_holds_the_meetings_of_one_s_own_circles_by_their_own_clocks(place):
    *_rest, path = place
    answer = Client().get(path)
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    found = events(answer)
    assert len(found) == 3
    (lugn,) = [event for title, event in found.items() if "Lugn morgon" in title]
    assert lugn["dtstart"].dt == START
    assert lugn["dtstart"].params["TZID"] == "Europe/Mariehamn"
    assert lugn["dtstart"].to_ical() == b"20260302T140000"
    assert not any("Andres" in title for title in found)
    assert "sessionid" not in answer.cookies
    assert not answer.cookies


def test_it_tells_nothing_but_when_and_where(place):
    here, _there, _marit, _aino, path = place
    here.purpose = here.theme_frame = "Hemmelig formål"
    here.save()
    text = Client().get(path).content.decode()
    for secret in ("Hemmelig", "Marit", "Aino", "@example.org"):
        assert secret not in text


def test_drafts_stay_out_and_cancelled_ones_stay_in(place):
    here, _there, marit, _aino, path = place
    here.meetings.filter(number=1).update(state=MeetingState.DRAFT)
    planning.cancel_meeting(acting=marit, meeting_id=here.meetings.get(number=2).id, at=NOW)
    found = events(Client().get(path))
    assert len(found) == 2
    assert sorted(str(event["status"]) for event in found.values()) == ["CANCELLED", "CONFIRMED"]


def test_what_has_not_changed_is_not_sent_again(place):
    here, _there, marit, _aino, path = place
    first = Client().get(path)
    by_tag = {"If-None-Match": first.headers["ETag"]}
    by_time = {"If-Modified-Since": first.headers["Last-Modified"]}
    with clock.frozen(NOW + 5 * MINUTE):
        assert Client().get(path).content == first.content
        assert Client().get(path, headers=by_tag).status_code == 304
        assert Client().get(path, headers=by_time).status_code == 200
        assert Client().head(path).status_code == 200
        meeting = here.meetings.get(number=1)
        plan = planning.MeetingPlan(starts_at=START + timedelta(days=3), method=meeting.method)
        planning.change_meeting(acting=marit, meeting_id=meeting.id, plan=plan, at=clock.now())
        newer = Client().get(path, headers=by_tag)
        assert newer.status_code == 200
        assert parsedate_to_datetime(newer.headers["Last-Modified"]) == NOW + 5 * MINUTE


def test_a_calendar_that_reads_compressed_is_told_so_too(place):
    *_rest, path = place
    packed = {"Accept-Encoding": "gzip"}
    first = Client().get(path, headers=packed)
    assert first.headers["Content-Encoding"] == "gzip"
    again = Client().get(path, headers={**packed, "If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_leaving_a_circle_takes_its_meetings_out_whatever_the_calendar_remembers(place):
    here, _there, _marit, aino, path = place
    first = Client().get(path)
    remembered = {"If-Modified-Since": first.headers["Last-Modified"]}
    Membership.objects.filter(circle=here, person=aino).update(left_at=NOW)
    for headers in (
        remembered,
        {"If-None-Match": first.headers["ETag"]},
        remembered | {"If-None-Match": '"x"'},
    ):
        answer = Client().get(path, headers=headers)
        assert answer.status_code == 200
        assert len(events(answer)) == 1


def test_reading_it_writes_nothing(place):
    *_rest, path = place
    with CaptureQueriesContext(connection) as asked:
        assert Client().get(path).status_code == 200
    assert [one["sql"] for one in asked if not one["sql"].startswith("SELECT")] == []


def test_a_wrong_address_and_an_account_that_is_closed_get_the_plain_answer(place):
    *_rest, aino, path = place
    assert Client().get(path).status_code == 200
    assert Client().get("/link/calendar/AAAAAAAAAAAAAAAAAAAAAA.ics").status_code == 404
    aino.is_active = False
    aino.save()
    assert Client().get(path).status_code == 404


def test_thirty_meetings_cost_no_more_questions_than_three(place, django_assert_max_num_queries):
    here, _there, marit, _aino, path = place
    Client().get(path)
    for day in range(30):
        plan = planning.MeetingPlan(starts_at=START + timedelta(days=day), method="open-room")
        meeting = planning.add_meeting(acting=marit, circle=here, plan=plan)
        planning.publish_meeting(acting=marit, meeting_id=meeting.id, at=NOW)
    with django_assert_max_num_queries(4):
        assert len(events(Client().get(path))) == 33
