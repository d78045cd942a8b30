import uuid
from datetime import timedelta

import icalendar
import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client

from sirkel.circles.domain import planning
from sirkel.circles.enums import MeetingState, MemberRole
from sirkel.circles.models import Membership
from sirkel.kernel import clock
from sirkel.people.domain import outbox
from sirkel.people.enums import MailState
from sirkel.people.models import Mail
from tests.factories.places import START, make_circle, make_person

BACKEND = "django.contrib.auth.backends.ModelBackend"
NOW = START - timedelta(days=10)


@pytest.fixture(autouse=True)
def _before_the_meeting():
    with clock.frozen(NOW):
        yield


@pytest.fixture
def place(db):
    """A circle with one draft, its facilitator, and a Finnish member with an account."""
    circle, marit = make_circle(meetings=1)
    circle.meetings.update(state=MeetingState.DRAFT, place="Møterom 2")
    aino = make_person(name="Aino", language="fi")
    Membership.objects.create(circle=circle, person=aino, role=MemberRole.PARTICIPANT)
    Mail.objects.all().delete()
    return circle, marit, aino


def run_tasks():
    """Send the mails that wait, as the worker would, and forget them."""
    outbox.deliver()
    sent, mail.outbox[:] = list(mail.outbox), []
    return {message.to[0]: message for message in sent}


def entry_of(message):
    (alternative,) = message.alternatives
    calendar = icalendar.Calendar.from_ical(alternative.content)
    (event,) = calendar.walk("VEVENT")
    assert alternative.mimetype == f"text/calendar; method={calendar['method']}"
    ((name, content, kind),) = message.attachments
    assert (name, kind) == ("sirkel.ics", "application/ics")
    assert content == alternative.content.encode()
    return str(calendar["method"]), event


def post(circle, person, path, fields=None):
    client = Client()
    client.force_login(person, backend=BACKEND)
    answer = client.post(f"/circles/{circle.id}/meetings/1/{path}/", fields or {})
    assert answer.status_code == 302


def changed(**fields):
    return {
        "day": "2026-03-02",
        "clock": "13:00",
        "minutes": "90",
        "place": "Møterom 2",
        "link": "",
        "method": "meeting-90-middle",
        **fields,
    }


def test_publishing_invites_every_member_once_in_their_language(place):
    circle, marit, aino = place
    post(circle, marit, "publish")
    sent = run_tasks()
    assert set(sent) == {marit.email, aino.email}
    method, event = entry_of(sent[aino.email])
    assert (method, event["sequence"]) == ("REQUEST", 0)
    assert event["uid"] == f"{circle.meetings.get().id}@sirkel"
    assert str(event["attendee"]) == f"mailto:{aino.email}"
    assert "maanantai 2. maaliskuuta 2026" in sent[aino.email].body
    assert "mandag 2. mars 2026" in sent[marit.email].body
    assert "Møterom 2" in sent[marit.email].body


def test_nobody_learns_who_else_is_invited(place):
    circle, marit, aino = place
    post(circle, marit, "publish")
    sent = run_tasks()
    assert marit.email not in sent[aino.email].message().as_string()
    assert "Marit" not in sent[aino.email].message().as_string()


def test_the_mail_says_nothing_of_what_the_circle_talks_about(place):
    circle, marit, aino = place
    circle.purpose = circle.theme_frame = "Hemmelig formål"
    circle.save()
    post(circle, marit, "publish")
    assert "Hemmelig" not in run_tasks()[aino.email].message().as_string()


def test_moving_sends_the_same_meeting_with_a_higher_sequence(place):
    circle, marit, aino = place
    post(circle, marit, "publish")
    first = entry_of(run_tasks()[aino.email])[1]
    post(circle, marit, "change", changed(day="2026-03-09"))
    method, event = entry_of(run_tasks()[aino.email])
    assert (method, event["uid"], event["sequence"]) == ("REQUEST", first["uid"], 1)
    assert event["dtstart"].dt == START + timedelta(days=7)
    assert event["organizer"] == first["organizer"]


def test_saving_without_a_change_mails_nobody(place):
    circle, marit, _aino = place
    post(circle, marit, "publish")
    run_tasks()
    post(circle, marit, "change", changed())
    assert run_tasks() == {}


def test_another_run_sheet_alone_is_the_facilitators_own_affair(place):
    circle, marit, _aino = place
    post(circle, marit, "publish")
    run_tasks()
    post(circle, marit, "change", changed(method="meeting-90-first"))
    assert run_tasks() == {}


def test_cancelling_takes_it_out_of_calendars(place):
    circle, marit, aino = place
    post(circle, marit, "publish")
    run_tasks()
    post(circle, marit, "cancel", {"reason": "illness"})
    method, event = entry_of(run_tasks()[aino.email])
    assert (method, event["sequence"], event["status"]) == ("CANCEL", 1, "CANCELLED")


def test_a_draft_is_changed_and_cancelled_in_silence(place):
    circle, marit, _aino = place
    post(circle, marit, "change", changed(day="2026-03-09"))
    post(circle, marit, "cancel", {"reason": "illness"})
    assert run_tasks() == {}


def test_only_the_newest_news_is_sent(place):
    circle, marit, aino = place
    post(circle, marit, "publish")
    post(circle, marit, "change", changed(day="2026-03-09"))
    post(circle, marit, "change", changed(day="2026-03-10"))
    sent = run_tasks()
    assert len(sent) == 2
    assert entry_of(sent[aino.email])[1]["sequence"] == 2


def test_what_is_over_goes_to_nobody(place):
    circle, marit, _aino = place
    post(circle, marit, "publish")
    with clock.frozen(START + timedelta(days=1)):
        assert run_tasks() == {}


def test_who_has_left_meanwhile_is_left_in_peace(place):
    circle, marit, aino = place
    post(circle, marit, "publish")
    Membership.objects.filter(person=aino).update(left_at=NOW)
    assert set(run_tasks()) == {marit.email}


def test_an_address_that_calendars_cannot_read_still_gets_the_dates(place):
    circle, marit, aino = place
    aino.email = "aino.ä@esimerkki.example"
    aino.save()
    post(circle, marit, "publish")
    method, event = entry_of(run_tasks()[aino.email])
    assert method == "PUBLISH"
    assert "attendee" not in event


def test_a_change_that_fails_sends_nothing(place):
    circle, marit, _aino = place
    plan = planning.MeetingPlan(starts_at=START, method="no-such")
    with pytest.raises(Exception, match="method"):
        planning.change_meeting(acting=marit, meeting_id=circle.meetings.get().id, plan=plan, at=NOW)
    assert run_tasks() == {}


def test_of_what_no_longer_exists_nothing_is_said(place):
    circle, marit, _aino = place
    post(circle, marit, "publish")
    Mail.objects.update(about=uuid.uuid4())
    assert run_tasks() == {}
    assert set(Mail.objects.values_list("state", flat=True)) == {MailState.DROPPED}


@pytest.mark.django_db(transaction=True)
def test_the_worker_sends_it():
    circle, marit = make_circle(meetings=1)
    call_command("run_worker", "--once")
    (message,) = mail.outbox
    assert message.to == [marit.email]
    assert entry_of(message)[1]["uid"] == f"{circle.meetings.get().id}@sirkel"
