from datetime import timedelta

import pytest

from sirkel.circles.domain import running
from sirkel.circles.queries.rounds import current_round
from sirkel.circles.queries.steps import run_sheet
from tests.factories.places import make_circle

pytestmark = pytest.mark.django_db


def test_steps_that_are_over_show_when_they_began_and_the_others_when_they_will():
    circle, acting = make_circle()
    meeting = circle.meetings.get()
    at = meeting.starts_at
    running.open_meeting(acting=acting, meeting_id=meeting.id, at=at)
    began = []
    for _step in range(3):
        meeting.refresh_from_db()
        round_ = current_round(meeting)
        running.go_on(acting=acting, meeting_id=meeting.id, expected=round_.id if round_ else None, at=at)
        began.append(at)
        at += timedelta(minutes=1)
    meeting.refresh_from_db()
    lines = run_sheet(meeting, language="nb", current=current_round(meeting))
    assert [line.starts_at for line in lines[:3]] == began
    assert lines[3].starts_at == began[2] + timedelta(minutes=lines[2].step.minutes)
