"""Where leaders may take part, everybody is told before anything can be read: at the door, on phone and wall (T5)."""

import pytest
from django.test import Client

from sirkel.circles.domain import set_ups
from sirkel.circles.domain.joining import join_address, room_address
from sirkel.circles.enums import MeetingState
from sirkel.circles.models import Meeting
from sirkel.kernel import clock
from sirkel.people.models import Seat
from tests.circles.web.hands import Phone
from tests.factories.anchoring import make_leader
from tests.factories.meetings import make_meeting, sign_in

pytestmark = pytest.mark.django_db
BADGE, ON_THE_WALL = "Leaders take part", "Ledere er med"  # the wall speaks the circle's language
ENGLISH = {"accept-language": "en"}


def shown(path):
    return Client().get(path, headers=ENGLISH).content.decode()


def make(kind):
    """Return a planned meeting that leaders come to in one of the ways there are, or in none."""
    live = make_meeting(state=MeetingState.PLANNED)
    now = {"acting": live.facilitator, "at": clock.now()}
    if kind == "joint":
        set_ups.mark_joint(**now, meeting_id=live.meeting.id, is_joint=True)
    elif kind:
        asked = {"agreed_count": 7, "is_unopposed": True} if kind == "mixed" else {}
        set_ups.choose_set_up(**now, circle_id=live.circle.id, kind=kind, **asked)
    live.meeting = Meeting.objects.get(id=live.meeting.id)
    return live


@pytest.mark.threat(row="T5")
@pytest.mark.parametrize("kind", ["joint", "mixed", "leaders"])
def test_a_leader_with_an_account_joins_and_everybody_has_read_that_leaders_take_part(kind):
    live = make(kind)
    live.open()
    door = f"/b/{join_address(live.meeting)}"
    told = shown(door)
    assert "The leaders are invited to this meeting." in told or "Leaders take part in this circle." in told
    phone, wall = Phone(live), f"/room/{room_address(live.meeting)}/"
    assert BADGE in phone.page(), "in the lobby, before anything is written"
    assert ON_THE_WALL in shown(wall)
    leader = Client()
    sign_in(leader, make_leader(live.circle))
    assert leader.post(door).status_code == 303
    live.go_to("write")
    phone.note("Ord")
    live.reveal()
    for page, badge in ((phone.page(), BADGE), (shown(wall), ON_THE_WALL)):
        assert page.index(badge) < page.index("Ord</span>")


@pytest.mark.threat(row="T5")
def test_where_none_may_come_nothing_is_said_and_a_known_leader_is_not_let_in():
    live = make("").open()
    door = f"/b/{join_address(live.meeting)}"
    phone = Phone(live)
    wall = f"/room/{room_address(live.meeting)}/"
    pages = (shown(door), phone.page(), shown(wall))
    assert not [page for page in pages if BADGE in page or ON_THE_WALL in page]
    leader, seats = Client(), Seat.objects.count()
    sign_in(leader, make_leader(live.circle))
    assert leader.post(door).status_code == 403
    assert Seat.objects.count() == seats
    assert Client().post(door).status_code == 303
