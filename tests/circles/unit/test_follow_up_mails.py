"""The mail that asks for a look back: on its day, once more two weeks later, never after an answer, never with content."""

from datetime import timedelta

import pytest
from django.core import mail

from sirkel.circles.domain import follow_ups, phases
from sirkel.circles.enums import CircleState, MemberRole
from sirkel.circles.models import Circle, FollowUp, Membership
from sirkel.circles.tasks import ask_follow_ups
from sirkel.kernel import clock
from sirkel.people.domain import outbox
from sirkel.people.domain.mail_settings import switch
from sirkel.people.enums import MailKind
from sirkel.people.models import Mail
from tests.factories.closing import LINE, finish_closing, look_back, make_anchor
from tests.factories.places import START, make_circle, make_person

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def followed():
    """A circle that closed at START, its facilitator and a member; earlier mails are gone."""
    circle, marit = make_circle(meetings=0)
    aino = make_person(name="Aino", language="fi")
    Membership.objects.create(circle=circle, person=aino, role=MemberRole.PARTICIPANT)
    Circle.objects.filter(id=circle.id).update(state=CircleState.CLOSING)
    circle.refresh_from_db()
    with clock.frozen(START):
        make_anchor(circle, marit)
        finish_closing(circle, marit, celebrate="Kaken")
        phases.move_to_phase(acting=marit, circle_id=circle.id, phase="followup", at=START)
    Mail.objects.all().delete()
    return circle, marit, aino


def due(months=3):
    """Noon of the day of a look back."""
    day = FollowUp.objects.get(months=months).due_on
    return START.replace(year=day.year, month=day.month, day=day.day)


def run(at):
    """Let the worker come by at a moment; give who got a mail."""
    before = len(mail.outbox)
    with clock.frozen(at):
        ask_follow_ups.call()
        outbox.deliver()
    return sorted(message.to[0] for message in mail.outbox[before:])


def test_the_facilitator_is_asked_on_the_day_and_once_more_two_weeks_later(followed):
    _circle, marit, _aino = followed
    assert run(due() - DAY) == []
    assert run(due()) == [marit.email]
    for later in (HOUR, DAY, 13 * DAY):
        assert run(due() + later) == []
    assert run(due() + 14 * DAY) == [marit.email]
    for later in (15 * DAY, 60 * DAY):
        assert run(due() + later) == []
    assert run(due(6)) == [marit.email]


def test_it_says_which_circle_and_where_to_answer_and_nothing_of_what_was_learned(followed):
    circle, marit, _aino = followed
    Circle.objects.update(purpose="Hemmelig formål")
    run(due())
    (sent,) = mail.outbox[-1:]
    whole = sent.message().as_string()
    assert "Rolig kveld" in sent.subject
    assert f"/circles/{circle.id}/follow-up/3/" in sent.body
    assert "List-Unsubscribe" in sent.message()
    for kept in (LINE, "Kaken", "Hemmelig", marit.first_name):
        assert kept not in sent.body
        assert kept not in whole


def test_at_night_it_waits_for_the_morning(followed):
    _circle, marit, _aino = followed
    night = due().replace(hour=3)
    assert run(night) == []
    assert run(night + 4 * HOUR) == [marit.email]


def test_without_a_facilitator_the_members_are_asked_in_their_language(followed):
    circle, marit, aino = followed
    circle.memberships.filter(person=marit).update(left_at=START)
    assert run(due()) == [aino.email]
    assert "kolme kysymystä" in mail.outbox[-1].subject


def test_nobody_is_asked_what_is_answered(followed):
    circle, marit, _aino = followed
    look_back(circle, marit, 3, at=due() - DAY)
    assert run(due()) == []
    assert run(due() + 14 * DAY) == []


def test_an_answer_takes_back_what_still_waits(followed):
    circle, marit, _aino = followed
    night = due().replace(hour=3)
    assert run(night) == []
    look_back(circle, marit, 3, at=night + HOUR)
    assert run(due()) == []


def test_a_moved_day_takes_its_mail_along(followed):
    circle, marit, _aino = followed
    night = due().replace(hour=3)
    assert run(night) == []
    later = due() + 10 * DAY
    follow_ups.move_follow_up(
        acting=marit, circle_id=circle.id, months=3, due_on=later.date(), at=night + HOUR
    )
    assert run(later - DAY) == []
    assert run(later) == [marit.email]


@pytest.mark.parametrize("halt", ["pause", "end"])
def test_a_circle_that_stopped_asks_nobody_and_after_a_pause_once(followed, halt):
    circle, marit, _aino = followed
    asked = {"acting": marit, "circle_id": circle.id, "at": due() - DAY}
    if halt == "end":
        phases.end_circle_early(**asked, reason="enough")
        assert run(due()) == []
        return
    phases.pause_circle(**asked, reason="illness")
    assert run(due()) == []
    phases.resume_circle(acting=marit, circle_id=circle.id, at=due() + 20 * DAY)
    assert run(due() + 20 * DAY) == [marit.email]
    assert run(due() + 21 * DAY) == []


def test_whoever_switched_it_off_gets_none_and_others_still_do(followed):
    _circle, marit, _aino = followed
    switch(person_id=marit.id, kind=MailKind.FOLLOW_UP, is_wanted=False)
    assert run(due()) == run(due() + 14 * DAY) == []
    switch(person_id=marit.id, kind=MailKind.FOLLOW_UP, is_wanted=True)
    assert run(due(6)) == [marit.email]


def test_many_circles_are_asked_in_a_flat_number_of_queries(followed, django_assert_max_num_queries):
    for _each in range(4):
        circle, acting = make_circle(meetings=0)
        Circle.objects.filter(id=circle.id).update(state=CircleState.CLOSING)
        with clock.frozen(START):
            finish_closing(circle, acting)
            phases.move_to_phase(acting=acting, circle_id=circle.id, phase="followup", at=START)
    moment = max(
        START.replace(year=d.year, month=d.month, day=d.day)
        for d in [one.due_on for one in FollowUp.objects.filter(months=3)]
    )
    with clock.frozen(moment), django_assert_max_num_queries(12):
        ask_follow_ups.call()
    assert Mail.objects.filter(kind=MailKind.FOLLOW_UP).count() == 5
