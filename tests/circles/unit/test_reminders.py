"""A reminder is drafted two days ahead, sent the day before, follows its meeting, and never nags."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from sirkel.circles.domain import phases, planning, reminders
from sirkel.circles.enums import MeetingState, MemberRole, ReminderState
from sirkel.circles.models import Answer, Membership, Reminder
from sirkel.circles.rules.phases import PAUSE_REASONS
from sirkel.circles.tasks import remind
from sirkel.kernel import clock
from sirkel.kernel.errors import NotFound, Refused
from sirkel.people.domain import outbox
from sirkel.people.enums import MailKind, MailState, Role
from sirkel.people.models import Mail, MailSettings
from tests.factories.places import START, make_circle, make_person, make_workplace

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DUE = START - DAY


@pytest.fixture
def place():
    """A circle whose meeting begins at START; its facilitator, and a Finnish member. Earlier mails are gone."""
    with clock.frozen(START - 20 * DAY):
        circle, marit = make_circle(meetings=1)
    aino = make_person(name="Aino", language="fi")
    Membership.objects.create(circle=circle, person=aino, role=MemberRole.PARTICIPANT)
    Mail.objects.all().delete()
    return circle.meetings.get(), marit, aino


def run(at):
    """Let the worker come by at a moment; give who got a reminder."""
    before = len(mail.outbox)
    with clock.frozen(at):
        remind.call()
        outbox.deliver()
    return sorted(message.to[0] for message in mail.outbox[before:])


def plan(meeting, **changed):
    fields = {"starts_at": meeting.starts_at, "method": meeting.method, "place": meeting.place} | changed
    return planning.MeetingPlan(**fields)


def test_it_is_drafted_two_days_ahead_and_sent_the_day_before_once(place):
    meeting, marit, aino = place
    assert run(START - 2 * DAY - HOUR) == []
    assert not Reminder.objects.exists()
    assert run(START - 2 * DAY) == []
    assert Reminder.objects.get(meeting=meeting).state == ReminderState.DRAFTED
    assert run(DUE - HOUR) == []
    assert run(DUE) == sorted([marit.email, aino.email])
    assert run(DUE + HOUR) == []


def test_it_says_when_and_where_in_the_reader_s_language_and_nothing_more(place):
    meeting, _marit, aino = place
    meeting.circle.purpose = meeting.circle.theme_frame = "Hemmelig formål"
    meeting.circle.save()
    type(meeting).objects.update(place="Møterom 2")
    run(START - 2 * DAY)
    run(DUE)
    (finnish,) = [message for message in mail.outbox if message.to == [aino.email]]
    assert "maanantai 2. maaliskuuta 2026" in finnish.subject
    assert "Møterom 2" in finnish.body
    assert "/link/answer/" in finnish.body
    assert "/link/leave/" in finnish.body
    assert "Hemmelig" not in finnish.message().as_string()
    assert "Marit" not in finnish.message().as_string()


def test_the_facilitator_adds_one_line(place):
    meeting, marit, aino = place
    run(START - 2 * DAY)
    reminders.change_line(acting=marit, meeting_id=meeting.id, line="Kom gjennom\nhagen")
    with pytest.raises(Refused):
        reminders.change_line(acting=marit, meeting_id=meeting.id, line="Aino er 131052-308T")
    run(DUE)
    assert "Kom gjennom hagen" in mail.outbox[-1].body
    with pytest.raises(Refused) as refused:
        reminders.change_line(acting=marit, meeting_id=meeting.id, line="For sent")
    assert refused.value.code == "reminders.gone"
    with pytest.raises(NotFound):
        reminders.change_line(acting=aino, meeting_id=meeting.id, line="Jeg leder ikke")


def test_held_back_it_goes_to_nobody_and_let_go_to_everybody_once(place):
    meeting, marit, aino = place
    run(START - 2 * DAY)
    reminders.hold_back(acting=marit, meeting_id=meeting.id, at=DUE - HOUR)
    assert run(DUE + HOUR) == []
    reminders.let_go(acting=marit, meeting_id=meeting.id, at=DUE + HOUR)
    assert run(DUE + 2 * HOUR) == sorted([marit.email, aino.email])
    reminders.hold_back(acting=marit, meeting_id=meeting.id, at=DUE + 3 * HOUR)
    reminders.let_go(acting=marit, meeting_id=meeting.id, at=DUE + 3 * HOUR)
    assert run(DUE + 4 * HOUR) == []


def test_a_leader_can_neither_change_nor_hold_it(place):
    meeting, marit, _aino = place
    leader = make_person(role=Role.LEADER, workplace=meeting.circle.workplace)
    run(START - 2 * DAY)
    for act in (
        lambda who: reminders.hold_back(acting=who, meeting_id=meeting.id, at=DUE),
        lambda who: reminders.let_go(acting=who, meeting_id=meeting.id, at=DUE),
        lambda who: reminders.change_line(acting=who, meeting_id=meeting.id, line="Hei"),
    ):
        with pytest.raises(NotFound):
            act(leader)
        act(marit)


def test_a_meeting_moved_takes_its_reminder_along(place):
    meeting, marit, aino = place
    run(START - 2 * DAY)
    moved = START + 7 * DAY
    with clock.frozen(DUE - HOUR):
        planning.change_meeting(
            acting=marit, meeting_id=meeting.id, plan=plan(meeting, starts_at=moved), at=clock.now()
        )
        outbox.deliver()
    mail.outbox.clear()
    assert run(DUE) == []
    assert run(moved - DAY - HOUR) == []
    assert run(moved - DAY) == sorted([marit.email, aino.email])


def test_moved_while_it_waits_in_the_outbox_the_old_date_is_never_sent(place):
    meeting, marit, aino = place
    for person in (marit, aino):
        MailSettings.objects.create(person=person, quiet_from="12:00", quiet_to="18:00")
    run(START - 2 * DAY)
    assert run(DUE) == []
    assert Mail.objects.filter(kind=MailKind.REMINDER, state=MailState.WAITING).count() == 2
    moved = START + 7 * DAY
    with clock.frozen(DUE + HOUR):
        planning.change_meeting(
            acting=marit, meeting_id=meeting.id, plan=plan(meeting, starts_at=moved), at=clock.now()
        )
    run(DUE + 6 * HOUR)
    assert [message.subject for message in mail.outbox if "2. mars" in message.subject] == []
    assert not Mail.objects.filter(kind=MailKind.REMINDER).exists()
    assert run(moved - DAY + 6 * HOUR) == sorted([marit.email, aino.email])


def test_another_room_alone_reminds_nobody_twice(place):
    meeting, marit, _aino = place
    run(START - 2 * DAY)
    assert len(run(DUE)) == 2
    with clock.frozen(DUE + HOUR):
        planning.change_meeting(
            acting=marit, meeting_id=meeting.id, plan=plan(meeting, place="Hagestua"), at=clock.now()
        )
        outbox.deliver()
    mail.outbox.clear()
    assert run(DUE + 2 * HOUR) == []


def test_a_cancelled_meeting_drops_it(place):
    meeting, marit, _aino = place
    run(START - 2 * DAY)
    with clock.frozen(DUE - HOUR):
        planning.cancel_meeting(acting=marit, meeting_id=meeting.id, at=clock.now())
        outbox.deliver()
    mail.outbox.clear()
    assert run(DUE) == []
    with pytest.raises(Refused):
        reminders.let_go(acting=marit, meeting_id=meeting.id, at=DUE)


def test_who_heard_of_the_date_today_is_not_reminded_today():
    with clock.frozen(START - 10 * HOUR):
        circle, _marit = make_circle(meetings=1)
        type(circle.meetings.get()).objects.update(calendar_changed_at=clock.now())
    Mail.objects.all().delete()
    assert run(START - 6 * HOUR) == []
    assert Reminder.objects.get().state == ReminderState.NOT_NEEDED


def test_who_said_no_and_who_has_left_get_none(place):
    meeting, marit, aino = place
    tove = make_person(name="Tove")
    Membership.objects.create(
        circle=meeting.circle, person=tove, role=MemberRole.PARTICIPANT, left_at=START - 5 * DAY
    )
    member = Membership.objects.get(person=aino)
    Answer.objects.create(meeting=meeting, membership=member, says="no", starts_at=meeting.starts_at)
    run(START - 2 * DAY)
    assert run(DUE) == [marit.email]


def test_a_circle_that_pauses_reminds_nobody_until_it_goes_on(place):
    meeting, marit, aino = place
    run(START - 2 * DAY)
    phases.pause_circle(acting=marit, circle_id=meeting.circle_id, reason=PAUSE_REASONS[0], at=DUE - 2 * HOUR)
    assert run(DUE) == []
    phases.resume_circle(acting=marit, circle_id=meeting.circle_id, at=DUE + HOUR)
    assert run(DUE + HOUR) == sorted([marit.email, aino.email])


def test_after_a_day_without_a_worker_it_is_sent_late_and_after_the_meeting_never(place):
    meeting, marit, aino = place
    assert run(START - 4 * HOUR) == sorted([marit.email, aino.email])
    type(meeting).objects.update(state=MeetingState.PLANNED)
    Mail.objects.all().delete()
    Reminder.objects.all().delete()
    assert run(START) == []


def test_the_database_refuses_a_second_reminder_and_one_after_its_meeting(place):
    meeting, _marit, _aino = place
    reminders.draft(at=START - DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reminder.objects.create(meeting=meeting, starts_at=START, due_at=DUE)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reminder.objects.update(due_at=START + HOUR)


def test_forty_circles_cost_as_many_questions_as_four(django_assert_max_num_queries):
    for _circle in range(40):
        make_circle(meetings=1)
    Mail.objects.all().delete()
    assert make_workplace()
    with django_assert_max_num_queries(4):
        assert reminders.draft(at=START - 2 * DAY) == 40
    with django_assert_max_num_queries(14):
        assert reminders.write(at=DUE) == 40
