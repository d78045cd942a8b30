"""Every act on a meeting in every state: it goes where the table says, or is refused and changes nothing."""

from datetime import timedelta

import pytest

from sirkel.circles.domain import planning, running
from sirkel.circles.enums import MeetingState
from sirkel.circles.models import Meeting
from sirkel.kernel import clock
from sirkel.kernel.errors import Refused
from sirkel.kernel.models import AuditEvent
from tests.factories.meetings import make_circle, make_meeting

pytestmark = pytest.mark.django_db
BEFORE = {MeetingState.DRAFT, MeetingState.PLANNED}
# Act: from which states, and where it leads; None leaves the state as it is.
TABLE = {
    "publish": ({MeetingState.DRAFT}, MeetingState.PLANNED),
    "change": (BEFORE, None),
    "cancel": (BEFORE, MeetingState.CANCELLED),
    "open": (BEFORE, MeetingState.RUNNING),
    "go_on": ({MeetingState.RUNNING}, None),
    "pause": ({MeetingState.RUNNING}, None),
    "close": ({MeetingState.RUNNING}, MeetingState.HELD),
}


def act(name, live):
    here = {"acting": live.facilitator, "meeting_id": live.meeting.id, "at": clock.now()}
    moved = planning.MeetingPlan(
        starts_at=clock.now() + timedelta(days=9), method="meeting-90-middle", place="Møterom 3"
    )
    acts = {
        "publish": lambda: planning.publish_meeting(**here),
        "change": lambda: planning.change_meeting(**here, plan=moved),
        "cancel": lambda: planning.cancel_meeting(**here, reason="staffing"),
        "open": lambda: running.open_meeting(**here),
        "go_on": lambda: running.go_on(**here, expected=None),
        "pause": lambda: running.pause(**here),
        "close": lambda: running.close_meeting(**here),
    }
    return acts[name]()


def in_state(state):
    if state != MeetingState.CANCELLED:
        return make_meeting(state=state)
    live = make_meeting(state=MeetingState.PLANNED)
    act("cancel", live)
    return live


def kept(meeting_id):
    return Meeting.objects.filter(id=meeting_id).values().get(), AuditEvent.objects.count()


@pytest.mark.parametrize("state", MeetingState)
@pytest.mark.parametrize("name", TABLE)
def test_it_goes_where_the_table_says_and_nowhere_else(name, state):
    live = in_state(state)
    starts, leads = TABLE[name]
    before = kept(live.meeting.id)
    if state in starts:
        act(name, live)
        assert Meeting.objects.get(id=live.meeting.id).state == (leads or state)
        assert kept(live.meeting.id) != before
    else:
        with pytest.raises(Refused):
            act(name, live)
        assert kept(live.meeting.id) == before


@pytest.mark.parametrize("reason", ["", "concern", "because I say so"])
def test_a_meeting_is_cancelled_for_one_of_three_reasons(reason):
    circle, facilitator = make_circle()
    live = make_meeting(state=MeetingState.PLANNED, circle=circle, facilitator=facilitator)
    here = {"acting": facilitator, "meeting_id": live.meeting.id, "at": clock.now()}
    with pytest.raises(Refused) as refused:
        planning.cancel_meeting(**here, reason=reason)
    assert (refused.value.code, refused.value.facts) == ("circles.reason", {"field": "reason"})
    assert Meeting.objects.get(id=live.meeting.id).state == MeetingState.PLANNED
    planning.cancel_meeting(**here, reason="illness")
    assert Meeting.objects.get(id=live.meeting.id).cancel_reason == "illness"
