import pytest

from sirkel.circles.domain import challenges
from sirkel.circles.enums import CircleState, MeetingState
from sirkel.circles.models import Challenge
from sirkel.circles.queries.challenges import challenges_at, challenges_waiting
from sirkel.kernel import clock
from sirkel.kernel.errors import NotFound, Refused
from sirkel.kernel.ids import new_id
from tests.factories.handovers import leave
from tests.factories.meetings import make_circle, make_meeting

pytestmark = pytest.mark.django_db


@pytest.fixture
def circle():
    made, made.facilitator = make_circle()
    return made


def waiting(circle):
    return [one.text for one in challenges_waiting(circle)]


def test_what_is_left_waits_for_the_next_meeting_and_goes_with_it(circle):
    leave(circle, "Bord 2")
    running = make_meeting(circle=circle, facilitator=circle.facilitator)
    later = make_meeting(circle=circle, facilitator=circle.facilitator, state=MeetingState.PLANNED)
    assert [one.text for one in challenges_at(running.meeting)] == ["Bord 2"]
    assert challenges_at(later.meeting) == []
    running.close()
    leave(circle, "Klokkene")
    assert [one.text for one in challenges_at(running.meeting)] == ["Bord 2"]
    assert [one.text for one in challenges_at(later.meeting)] == ["Klokkene"]
    assert waiting(circle) == ["Klokkene"]


def test_it_is_unsigned_unless_somebody_signs(circle):
    leave(circle)
    leave(circle, "Spør meg", signed_name="Kari")
    assert dict(Challenge.objects.values_list("text", "signed_name")) == {
        "Bord 2 ble glemt igjen": "",
        "Spør meg": "Kari",
    }
    kept = Challenge.objects.values().first()
    assert set(kept) == {"id", "circle_id", "meeting_id", "client_hash", "text", "lang", "signed_name"}


def test_sending_twice_is_once_and_corrects(circle):
    own = new_id()
    leave(circle, "Bord 2", client_id=own)
    leave(circle, "Bord 3", client_id=own)
    assert waiting(circle) == ["Bord 3"]


def test_it_is_taken_back_by_its_id_until_a_meeting_took_it_up(circle):
    own, other = new_id(), new_id()
    leave(circle, "Mitt", client_id=own)
    leave(circle, "Ditt", client_id=other)
    assert not challenges.take_back(circle=circle, client_id=new_id())
    assert challenges.take_back(circle=circle, client_id=own)
    assert waiting(circle) == ["Ditt"]
    make_meeting(circle=circle, facilitator=circle.facilitator, state=MeetingState.HELD)
    assert not challenges.take_back(circle=circle, client_id=other)
    with pytest.raises(Refused) as refused:
        leave(circle, "Endret etterpå", client_id=other)
    assert refused.value.code == "challenges.brought"
    assert Challenge.objects.get().text == "Ditt"


@pytest.mark.parametrize(
    "words", [{"text": ""}, {"text": "x" * 501}, {"text": "01010750160"}, {"signed_name": "y" * 41}]
)
def test_what_is_refused_is_not_kept(circle, words):
    with pytest.raises(Refused):
        leave(circle, **words)
    assert waiting(circle) == []
    leave(circle)


@pytest.mark.parametrize("state", [CircleState.CLOSED, CircleState.ENDED_EARLY])
def test_a_circle_that_is_over_takes_nothing(circle, state):
    leave(circle)
    circle.state = state
    with pytest.raises(Refused) as refused:
        leave(circle, "For sent")
    assert refused.value.code == "challenges.over"


def test_the_facilitator_removes_and_nobody_else(circle):
    bad = leave(circle, "Navnet på noen")
    _other, stranger = make_circle()
    asked = {"circle_id": circle.id, "challenge_id": bad.id, "at": clock.now()}
    with pytest.raises(NotFound):
        challenges.remove_challenge(acting=stranger, **asked)
    challenges.remove_challenge(acting=circle.facilitator, **asked)
    assert waiting(circle) == []
