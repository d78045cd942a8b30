from datetime import timedelta

import pytest

from sirkel.circles.domain import driving, running
from sirkel.circles.enums import MeetingState, RoundState
from sirkel.circles.models import InboxNote, Meeting, Membership, Note, Round
from sirkel.kernel import clock
from sirkel.kernel.errors import Conflict, NotFound, Refused
from sirkel.kernel.models import AuditEvent, LiveEvent
from sirkel.people.models import Seat
from tests.factories.meetings import make_circle, make_facilitator, make_meeting, make_workplace

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def acts(live, **more):
    """Return what every verb of the engine is told."""
    return {"acting": live.facilitator, "meeting_id": live.meeting.id, "at": clock.now(), **more}


@pytest.fixture
def pair():
    """A running meeting whose circle has two facilitators; the first holds the controls."""
    workplace = make_workplace()
    other = make_facilitator(workplace, first_name="Prøve")
    circle, first = make_circle(workplace=workplace, others=(other,))
    live = make_meeting(circle=circle, facilitator=first, step="check-in", people=2)
    return live, other


def test_opening_gives_a_code_and_waits_before_the_first_step():
    live = make_meeting(state=MeetingState.PLANNED)
    running.open_meeting(**acts(live))
    live.meeting.refresh_from_db()
    assert live.meeting.is_running
    assert len(live.meeting.join_code) == 6
    assert live.meeting.current_step is None
    assert live.meeting.driver == live.facilitator


@pytest.mark.parametrize("state", [MeetingState.RUNNING, MeetingState.HELD])
def test_a_meeting_opens_once(state):
    live = make_meeting(state=state)
    with pytest.raises(Refused) as refused:
        running.open_meeting(**acts(live))
    assert refused.value.code == "meetings.state"


def test_a_meeting_without_steps_does_not_open():
    live = make_meeting(state=MeetingState.PLANNED)
    live.meeting.steps.all().delete()
    with pytest.raises(Refused) as refused:
        running.open_meeting(**acts(live))
    assert refused.value.code == "meetings.empty"


def test_somebody_elses_meeting_is_as_if_it_were_not_there():
    live = make_meeting(state=MeetingState.PLANNED)
    stranger = make_meeting().facilitator
    with pytest.raises(NotFound):
        running.open_meeting(acting=stranger, meeting_id=live.meeting.id, at=clock.now())
    running.open_meeting(**acts(live))


def test_who_has_left_the_circle_leads_no_more(pair):
    live, other = pair
    Membership.objects.filter(person=live.facilitator).update(left_at=clock.now())
    with pytest.raises(NotFound):
        running.go_on(**acts(live, expected=live.expected))
    with clock.moved(2 * MINUTE):
        running.go_on(acting=other, meeting_id=live.meeting.id, expected=live.expected, at=clock.now())


def test_going_on_ends_one_round_and_begins_the_next():
    live = make_meeting(step="check-in")
    before = live.round
    running.go_on(**acts(live, expected=before.id))
    before.refresh_from_db()
    assert before.state == RoundState.CLOSED
    assert before.secret is None
    assert live.round.step.key == "look-back"
    assert live.round.state == RoundState.OPEN


def test_a_double_tap_moves_once():
    live = make_meeting(step="check-in")
    shown = live.expected
    running.go_on(**acts(live, expected=shown))
    with pytest.raises(Conflict) as refused:
        running.go_on(**acts(live, expected=shown))
    assert refused.value.code == "meetings.moved_on"
    assert live.round.step.key == "look-back"


def test_a_double_tap_in_the_lobby_begins_once():
    live = make_meeting()
    running.go_on(**acts(live, expected=None))
    with pytest.raises(Conflict):
        running.go_on(**acts(live, expected=None))
    assert live.round.step.key == "check-in"


def test_steps_left_out_are_passed_over():
    live = make_meeting(step="check-in")
    live.meeting.steps.filter(key="look-back").update(is_skipped=True)
    live.go_on()
    assert live.round.step.key == "share"


def test_after_the_last_step_only_closing_is_left():
    live = make_meeting(step="check-out")
    with pytest.raises(Refused) as refused:
        running.go_on(**acts(live, expected=live.expected))
    assert refused.value.code == "meetings.last_step"


def test_going_back_begins_a_new_round_and_keeps_everything():
    live = make_meeting(step="write", people=3).write("en", "to", "tre").reveal()
    first = live.round
    live.go_on()
    running.go_back(**acts(live, expected=live.expected))
    assert live.round.step == first.step
    assert live.round.number == 2
    assert live.round.state == RoundState.OPEN
    assert set(Note.objects.filter(round=first).values_list("text", flat=True)) == {"en", "to", "tre"}


def test_there_is_nothing_before_the_first_step():
    live = make_meeting(step="check-in")
    with pytest.raises(Refused) as refused:
        running.go_back(**acts(live, expected=live.expected))
    assert refused.value.code == "meetings.first_step"


@pytest.mark.parametrize(("people", "texts"), [(3, ["en", "to"]), (1, ["en", "to", "tre"]), (3, [])])
def test_few_notes_are_not_shown_by_mistake(people, texts):
    live = make_meeting(step="write", people=people).write(*texts)
    with pytest.raises(Refused) as refused:
        running.reveal(**acts(live, expected=live.expected))
    assert refused.value.code == "rounds.few"
    assert InboxNote.objects.count() == len(texts)
    running.reveal(**acts(live, expected=live.expected, despite_few=True))
    assert Note.objects.count() == len(texts)


def test_three_notes_of_three_people_are_shown_together_and_belong_to_nobody():
    live = make_meeting(step="write", people=3).write("en", "to", "tre")
    running.reveal(**acts(live, expected=live.expected))
    assert live.round.state == RoundState.REVEALED
    assert live.round.secret is None
    assert not InboxNote.objects.exists()
    assert set(Note.objects.values_list("text", flat=True)) == {"en", "to", "tre"}


def test_the_order_of_writing_is_not_the_order_of_showing():
    texts = [f"lapp {number}" for number in range(12)]
    live = make_meeting(step="write", people=12).write(*texts)
    running.reveal(**acts(live, expected=live.expected))
    shown = list(Note.objects.order_by("position").values_list("text", flat=True))
    assert sorted(shown) == sorted(texts)
    assert shown != texts  # twelve notes stay in order once in 479 million times


def test_showing_twice_is_a_conflict():
    live = make_meeting(step="write", people=3).write("en", "to", "tre").reveal()
    with pytest.raises(Conflict) as refused:
        running.reveal(**acts(live, expected=live.expected))
    assert refused.value.code == "rounds.revealed"


def test_more_time_is_added_to_this_meetings_step_alone():
    live = make_meeting(step="check-in")
    running.add_minutes(**acts(live, expected=live.expected))
    running.add_minutes(**acts(live, expected=live.expected))
    assert live.step("check-in").extra_minutes == 4
    assert live.step("look-back").extra_minutes == 0


def test_a_step_does_not_grow_without_end():
    live = make_meeting(step="check-in")
    live.meeting.steps.update(extra_minutes=59)
    with pytest.raises(Refused) as refused:
        running.add_minutes(**acts(live, expected=live.expected))
    assert refused.value.code == "meetings.too_long"


def test_before_the_first_step_there_is_no_time_to_add():
    live = make_meeting()
    with pytest.raises(Refused):
        running.add_minutes(**acts(live, expected=None))


def test_a_pause_costs_the_step_no_time():
    live = make_meeting(step="check-in")
    began = live.round.began_at
    with clock.moved(3 * MINUTE):
        running.pause(**acts(live))
    with clock.moved(10 * MINUTE):
        running.pause(**acts(live))
        running.resume(**acts(live))
    assert live.round.began_at - began == pytest.approx(7 * MINUTE, abs=timedelta(seconds=1))
    live.meeting.refresh_from_db()
    assert live.meeting.paused_at is None


def test_going_on_while_paused_starts_the_next_step_unspent():
    live = make_meeting(step="check-in").pause()
    with clock.moved(5 * MINUTE):
        live.go_on()
    with clock.moved(9 * MINUTE):
        at = clock.now()
        running.resume(**acts(live))
    assert at - live.round.began_at < timedelta(seconds=1)


def test_controls_in_other_hands_stay_there_while_that_screen_is_alive(pair):
    live, other = pair
    with clock.moved(timedelta(seconds=59)), pytest.raises(Conflict) as refused:
        driving.take_over(acting=other, meeting_id=live.meeting.id, at=clock.now())
    assert refused.value.code == "meetings.driven"
    with clock.moved(timedelta(seconds=61)):
        driving.take_over(acting=other, meeting_id=live.meeting.id, at=clock.now())
    live.meeting.refresh_from_db()
    assert live.meeting.driver == other


def test_a_sign_of_life_keeps_the_controls(pair):
    live, other = pair
    with clock.moved(timedelta(seconds=50)):
        driving.heartbeat(**acts(live))
    with clock.moved(timedelta(seconds=100)), pytest.raises(Conflict):
        driving.take_over(acting=other, meeting_id=live.meeting.id, at=clock.now())
    with clock.moved(timedelta(seconds=111)):
        driving.take_over(acting=other, meeting_id=live.meeting.id, at=clock.now())


def test_a_sign_of_life_of_the_other_screen_takes_nothing(pair):
    live, other = pair
    driving.heartbeat(acting=other, meeting_id=live.meeting.id, at=clock.now())
    live.meeting.refresh_from_db()
    assert live.meeting.driver == live.facilitator


def test_controls_handed_over_are_free_at_once(pair):
    live, other = pair
    driving.hand_over(**acts(live))
    running.go_on(acting=other, meeting_id=live.meeting.id, expected=live.expected, at=clock.now())
    live.meeting.refresh_from_db()
    assert live.meeting.driver == other


def test_closing_destroys_every_link():
    live = make_meeting(step="write", people=3).write("en", "to", "tre")
    running.close_meeting(**acts(live))
    live.meeting.refresh_from_db()
    assert live.meeting.state == MeetingState.HELD
    assert live.meeting.join_code is None
    assert live.meeting.attendance_count == 3
    assert not Seat.objects.filter(room=live.meeting.id).exists()
    assert not InboxNote.objects.exists()
    assert not Round.objects.filter(secret__isnull=False).exists()
    assert not Round.objects.exclude(state=RoundState.CLOSED).exists()
    # One event is left: that the meeting is over.
    assert list(LiveEvent.objects.filter(room=live.meeting.id).values_list("kind", flat=True)) == ["state"]
    assert Note.objects.count() == 3


def test_the_number_of_people_can_be_said_by_hand():
    live = make_meeting(step="check-out", people=3)
    running.close_meeting(**acts(live, attendance_count=7))
    live.meeting.refresh_from_db()
    assert live.meeting.attendance_count == 7


def test_a_closed_meeting_moves_no_more():
    live = make_meeting(step="check-in").close()
    for act, more in ((running.go_on, {"expected": None}), (running.pause, {}), (running.close_meeting, {})):
        with pytest.raises(Refused) as refused:
            act(**acts(live, **more))
        assert refused.value.code == "meetings.not_running"


def test_the_audit_chain_knows_the_steps_and_not_a_word():
    live = make_meeting(step="write", people=3).write("hemmelig ord", "to", "tre").reveal().close()
    events = list(AuditEvent.objects.filter(target=live.meeting.id))
    assert [event.verb for event in events][-4:] == [
        "step.opened",
        "step.revealed",
        "step.closed",
        "meeting.closed",
    ]
    assert "hemmelig" not in str([vars(event) for event in events])
    assert Meeting.objects.get(id=live.meeting.id).attendance_count == 3
