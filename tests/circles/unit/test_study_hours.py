from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sirkel.circles.enums import MeetingState
from sirkel.circles.models import Meeting
from sirkel.circles.queries.study_hours import study_hours_of
from sirkel.circles.rules.study_hours import (
    RULES,
    STUDY_HOUR_MINUTES,
    Country,
    is_unusual,
    read_rule,
    study_hours,
)
from sirkel.kernel import clock
from tests.factories.meetings import make_circle, make_meeting

SWEDEN, FINLAND = RULES
MEETINGS = st.lists(st.integers(min_value=0, max_value=480), max_size=12)


@pytest.mark.parametrize(
    ("lengths", "sweden", "finland"),
    [
        ([90] * 6, True, True),  # the usual circle: 12 study hours
        ([135] * 3, True, False),  # 9 study hours to the minute
        ([134, 135, 135], False, False),
        ([150] * 3, True, True),  # 10 study hours to the minute
        ([300] * 2, False, False),  # hours enough, meetings too few
        ([300] * 3, True, True),  # 20 study hours to the minute
        ([301, 300, 300], True, False),  # more than are counted
        ([405, 0, 0], False, False),  # a meeting without minutes is none
        ([], False, False),
    ],
)
def test_hours_and_meetings_are_counted_to_the_minute(lengths, sweden, finland):
    assert read_rule(SWEDEN, lengths).is_met is sweden
    assert read_rule(FINLAND, lengths).is_met is finland


def test_the_rules_are_those_of_the_associations():
    assert (SWEDEN.country, SWEDEN.least_hours, SWEDEN.most_hours, SWEDEN.least_meetings) == (
        Country.SWEDEN,
        9,
        None,
        3,
    )
    assert (FINLAND.country, FINLAND.least_hours, FINLAND.most_hours, FINLAND.least_meetings) == (
        Country.FINLAND,
        10,
        20,
        3,
    )


@given(MEETINGS)
def test_what_is_missing_is_enough_once_it_is_added(lengths):
    for rule in RULES:
        reading = read_rule(rule, lengths)
        minutes = int(reading.hours_missing * STUDY_HOUR_MINUTES) + 1 if reading.hours_missing else 0
        filled = read_rule(rule, [*lengths, minutes])
        assert not filled.hours_missing
        assert reading.meetings_missing == max(0, 3 - sum(each > 0 for each in lengths))


@given(st.integers(min_value=0, max_value=100_000))
def test_nobody_is_told_of_time_that_was_not_held(minutes):
    hours = study_hours(minutes)
    assert hours * STUDY_HOUR_MINUTES <= minutes < (hours + Decimal("0.1")) * STUDY_HOUR_MINUTES
    assert hours == hours.quantize(Decimal("0.1"))


@pytest.mark.parametrize(("minutes", "unusual"), [(44, True), (45, False), (180, False), (181, True)])
def test_a_meeting_of_one_to_four_study_hours_is_usual(minutes, unusual):
    assert is_unusual(minutes) is unusual


@pytest.mark.django_db
class TestHeldMeetings:
    def held(self, circle, facilitator, *, took):
        meeting = make_meeting(circle=circle, facilitator=facilitator).close().meeting
        opened = clock.now() - timedelta(days=9)
        Meeting.objects.filter(id=meeting.id).update(
            opened_at=opened, closed_at=opened + timedelta(minutes=took), duration_minutes=90
        )

    def test_minutes_run_from_opening_to_closing_and_never_beyond_the_plan(self):
        circle, facilitator = make_circle()
        for took in (90, 75, 60 * 24):
            self.held(circle, facilitator, took=took)
        found = study_hours_of(circle)
        assert [meeting.minutes for meeting in found.meetings] == [90, 75, 90]
        assert (found.minutes, found.hours) == (255, Decimal("5.6"))
        assert sum(meeting.hours for meeting in found.meetings) == Decimal("5.6")

    def test_what_was_not_held_does_not_count(self):
        circle, facilitator = make_circle()
        for state in (MeetingState.DRAFT, MeetingState.PLANNED, MeetingState.RUNNING):
            make_meeting(circle=circle, facilitator=facilitator, state=state)
        assert study_hours_of(circle).meetings == ()
        self.held(circle, facilitator, took=45)
        assert [meeting.minutes for meeting in study_hours_of(circle).meetings] == [45]
