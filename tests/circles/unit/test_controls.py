"""What a facilitator's screen asks for again and again, put into SQL once: the rule says the same as everywhere."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from sirkel.circles.domain import driving
from sirkel.circles.enums import CircleState, MemberRole
from sirkel.circles.models import Circle, Meeting, Membership
from sirkel.circles.queries.leading import controls, meetings_led_by
from sirkel.kernel import clock
from sirkel.kernel.errors import NotFound
from sirkel.kernel.prepared import Prepared
from tests.factories.meetings import make_circle, make_facilitator, make_meeting, make_workplace

pytestmark = pytest.mark.django_db


@pytest.fixture
def live():
    return make_meeting(step="check-in")


def answered(person, meeting):
    """Tell whether the screen of somebody is answered."""
    try:
        return controls(acting=person, meeting_id=meeting.id, at=clock.now()).id == meeting.id
    except NotFound:
        return False


def agrees(person, meeting):
    """Return the answer, after holding it against what every other page asks."""
    found = answered(person, meeting)
    assert found == meetings_led_by(person).filter(id=meeting.id).exists()
    return found


def test_it_answers_whom_every_page_answers_and_nobody_else(live):
    elsewhere, stranger = make_circle(workplace=make_workplace())
    other = make_meeting(circle=elsewhere, facilitator=stranger)
    member, left, nobody = (make_facilitator(live.circle.workplace) for _each in range(3))
    Membership.objects.create(
        circle=live.circle,
        person=member,
        role=MemberRole.PARTICIPANT,
    )
    Membership.objects.create(
        circle=live.circle,
        person=left,
        role=MemberRole.FACILITATOR,
        left_at=clock.now(),
    )
    meetings = (live.meeting, other.meeting)
    answers = [
        [agrees(person, meeting) for meeting in meetings]
        for person in (live.facilitator, stranger, member, left, nobody)
    ]
    assert answers == [[True, False], [False, True], [False, False], [False, False], [False, False]]


def test_who_leaves_the_circle_is_not_answered_the_next_time(live):
    assert agrees(live.facilitator, live.meeting)
    Membership.objects.filter(person=live.facilitator).update(left_at=clock.now())
    assert not agrees(live.facilitator, live.meeting)


def test_the_moment_a_circle_is_kept_until_is_asked_anew_each_time(live):
    Circle.objects.filter(id=live.circle.id).update(state=CircleState.CLOSED, ended_at=clock.now())
    for days, is_kept in ((0, True), (364, True), (366, False), (1, True)):
        with clock.moved(timedelta(days=days)):
            assert agrees(live.facilitator, live.meeting) is is_kept
    with override_settings(CIRCLE_RETENTION_DAYS=30), clock.moved(timedelta(days=31)):
        assert not agrees(live.facilitator, live.meeting)


def test_it_knows_what_the_row_says(live):
    for seen in (clock.now(), datetime(2026, 10, 25, 0, 30, 0, 123456, tzinfo=UTC), None):
        Meeting.objects.filter(id=live.meeting.id).update(driver_seen_at=seen)
        known = controls(acting=live.facilitator, meeting_id=live.meeting.id, at=clock.now())
        assert (known.driver_id, known.driver_seen_at, known.is_running) == (live.facilitator.id, seen, True)
    Meeting.objects.filter(id=live.meeting.id).update(driver=None)
    assert controls(acting=live.facilitator, meeting_id=live.meeting.id, at=clock.now()).driver_id is None


def test_a_sign_of_life_is_one_question_and_one_line_written(live):
    for _again in range(2):
        with CaptureQueriesContext(connection) as asked:
            driving.heartbeat(acting=live.facilitator, meeting_id=live.meeting.id, at=clock.now())
    assert [query["sql"].split()[0] for query in asked] == ["SELECT", "UPDATE"]


def test_a_query_that_hides_a_value_is_refused():
    hidden = Prepared(
        lambda since: Meeting.objects.filter(starts_at__gt=since - timedelta(days=1)).values_list("id"),
        since=datetime,
    )
    with pytest.raises(ValueError, match="since"):
        hidden(since=clock.now())
