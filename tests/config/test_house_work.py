"""Tasks and outbox as whoever keeps the installation sees them: what to do, and nothing of whom it is about."""

import re
import uuid
from datetime import timedelta

import pytest
from django.core import mail as sent
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from sirkel.circles.tasks import mail_meeting
from sirkel.config.house.work_words import TASKS
from sirkel.kernel import audit, clock, queue
from sirkel.kernel.models import AuditEvent, Schedule
from sirkel.kernel.tasks import TaskFailed, keep_timetable, retry_later, tidy
from sirkel.people.domain import outbox
from sirkel.people.enums import MailKind, MailState, Role
from sirkel.people.models import Mail
from sirkel.people.queries.factors import SIGNED_IN_AT
from tests.factories.meetings import sign_in
from tests.factories.thread import make_person, make_reader
from tests.people.unit.test_roles import House

pytestmark = [pytest.mark.django_db, pytest.mark.real_hour]
DAY = timedelta(days=1)
PAGE = "/administration/server/work/"


@pytest.fixture
def house():
    return House()


@pytest.fixture
def keeper(client, house):
    sign_in(client, house.administrator)
    return client


def failed_task(person):
    mail_meeting.enqueue(meeting=str(uuid.uuid4()), person=str(person.id), sequence=1)
    row = DBTaskResult.objects.get()
    row.worker_ids = ["a"] * 5
    row.save()
    row.set_failed(TaskFailed("SMTPServerDisconnected"))
    return row


def post(person, **change):
    at = clock.now()
    row = {"not_before": at, "outdated_at": at + DAY, "kind": MailKind.LEFT, "time_zone": "Europe/Oslo"}
    return Mail.objects.create(key=str(uuid.uuid4()), person=person, about=uuid.uuid4(), **row | change)


def acts():
    events = AuditEvent.objects.filter(chain=audit.NOBODY).order_by("sequence")
    return [(event.verb, event.target, event.facts) for event in events]


def test_neither_person_nor_circle_nor_kind_of_a_circle_s_mail_is_shown(keeper):
    """T8: "you left a circle", with a time, would tell who left."""
    liv = make_person("Liv")
    task, mail = failed_task(liv), post(liv, state=MailState.FAILED, settled_at=clock.now())
    page = keeper.get(PAGE).content.decode()
    assert "Put mails about a meeting into the outbox" in page
    assert "Fault: SMTPServerDisconnected." in page
    assert "A mail about a circle" in page
    assert f"{task.id}" in page
    for told in (
        "Liv",
        liv.email,
        str(liv.id),
        str(mail.about),
        "left",
        task.args_kwargs["kwargs"]["meeting"],
    ):
        assert told not in page
    for path in (f"tasks/{task.id}/again/", f"mails/{mail.id}/drop/"):
        asked = keeper.get(PAGE + path).content.decode()
        assert not re.search(r"\bLiv\b", asked)
        assert str(liv.id) not in asked


def test_the_reader_of_a_mail_about_a_role_is_named_where_the_asker_gave_it(client, house):
    house.give(Role.LEADER, workplace=house.workplace)
    Mail.objects.update(state=MailState.FAILED, settled_at=clock.now())
    sign_in(client, house.administrator)
    assert "A mail about a role, to Liv Prøve" in client.get(PAGE).content.decode()
    sign_in(client, make_reader(Role.ADMINISTRATOR))
    page = client.get(PAGE).content.decode()
    assert "A mail about a role" in page
    assert not re.search(r"\bLiv\b", page)


def test_with_a_second_organisation_its_administrator_no_longer_sees_or_does_anything(keeper, house):
    """SEC-11: what concerns all organisations is not for the administrator of one."""
    mail = post(make_person(), state=MailState.FAILED, settled_at=clock.now())
    paths = (PAGE, f"{PAGE}mails/{mail.id}/again/", f"{PAGE}mails/{mail.id}/drop/")
    assert [keeper.get(path).status_code for path in paths] == [200, 200, 200]
    House()
    assert [keeper.get(path).status_code for path in paths] == [404, 404, 404]
    assert [keeper.post(path).status_code for path in paths[1:]] == [404, 404]
    mail.refresh_from_db()
    assert mail.state == MailState.FAILED
    assert acts() == []


def test_a_task_that_failed_for_good_gets_all_its_tries_again(keeper):
    row = failed_task(make_person())
    assert not retry_later(row, clock.now()), "it has no tries left"
    assert keeper.post(f"{PAGE}tasks/{row.id}/again/").status_code == 302
    row.refresh_from_db()
    assert (row.status, row.worker_ids, row.finished_at) == (TaskResultStatus.READY, [], None)
    assert DBTaskResult.objects.ready().count() == 1
    assert acts() == [("task.retried", row.id, {})]


def test_looking_at_the_question_does_nothing(keeper):
    row = failed_task(make_person())
    mail = post(make_person(), state=MailState.FAILED, settled_at=clock.now())
    for path in (
        f"tasks/{row.id}/again/",
        f"tasks/{row.id}/drop/",
        f"mails/{mail.id}/again/",
        f"mails/{mail.id}/drop/",
    ):
        assert keeper.get(PAGE + path).status_code == 200
    row.refresh_from_db()
    mail.refresh_from_db()
    assert (row.status, mail.state, acts()) == (TaskResultStatus.FAILED, MailState.FAILED, [])


def test_who_they_are_is_shown_anew_before_anything_is_dropped(keeper):
    """SEC-20."""
    row = failed_task(make_person())
    session = keeper.session
    session[SIGNED_IN_AT] -= 11 * 60
    session.save()
    answer = keeper.post(f"{PAGE}tasks/{row.id}/drop/")
    assert answer.headers["Location"].startswith("/me/security/again/")
    assert DBTaskResult.objects.exists()


def test_a_dropped_task_is_gone_and_one_at_work_is_left_alone(keeper):
    row = failed_task(make_person())
    DBTaskResult.objects.update(status=TaskResultStatus.RUNNING)
    assert keeper.post(f"{PAGE}tasks/{row.id}/drop/").status_code == 409
    DBTaskResult.objects.update(status=TaskResultStatus.FAILED)
    assert keeper.post(f"{PAGE}tasks/{row.id}/drop/").status_code == 302
    assert not DBTaskResult.objects.exists()
    assert keeper.post(f"{PAGE}tasks/{row.id}/drop/").status_code == 404, "twice"
    assert acts() == [("task.dropped", row.id, {})]


def test_a_mail_that_was_not_taken_goes_out_once_more(keeper, house):
    house.give(Role.LEADER, workplace=house.workplace)
    mail = Mail.objects.get(kind=MailKind.INVITED)
    Mail.objects.update(state=MailState.FAILED, settled_at=clock.now(), outdated_at=clock.now() + 3 * DAY)
    noon = (clock.now() + DAY).replace(hour=11, minute=0)
    with clock.frozen(noon):
        assert outbox.deliver() == 0
    assert keeper.post(f"{PAGE}mails/{mail.id}/again/").status_code == 302
    with clock.frozen(noon):
        assert outbox.deliver() == 1
    assert [one.to for one in sent.outbox] == [["liv@example.org"]]
    assert acts() == [("mail.retried", mail.id, {})]


def test_a_dropped_mail_is_never_sent_and_one_on_its_way_is_left_alone(keeper):
    mail = post(make_person(), state=MailState.SENDING, claimed_at=clock.now())
    assert keeper.post(f"{PAGE}mails/{mail.id}/drop/").status_code == 409
    Mail.objects.update(state=MailState.WAITING, claimed_at=None)
    assert keeper.post(f"{PAGE}mails/{mail.id}/drop/").status_code == 302
    mail.refresh_from_db()
    assert mail.state == MailState.DROPPED
    assert outbox.deliver() == 0
    assert keeper.post(f"{PAGE}mails/{mail.id}/again/").status_code == 404


def test_a_mail_that_is_too_late_can_only_be_dropped(keeper):
    mail = post(make_person(), state=MailState.FAILED, settled_at=clock.now(), outdated_at=clock.now() - DAY)
    assert f"mails/{mail.id}/again/" not in keeper.get(PAGE).content.decode()
    assert keeper.post(f"{PAGE}mails/{mail.id}/again/").status_code == 410
    assert keeper.post(f"{PAGE}mails/{mail.id}/drop/").status_code == 302


def test_one_that_was_perhaps_sent_is_tried_again_with_a_warning(keeper):
    mail = post(make_person(), state=MailState.UNSURE, settled_at=clock.now())
    assert "It may come twice" in keeper.get(f"{PAGE}mails/{mail.id}/again/").content.decode()


def test_when_a_task_comes_next_is_told():
    tidy.enqueue()
    now = queue.unfinished()[0]
    assert now.next_at <= clock.now()
    DBTaskResult.objects.update(run_after=clock.now() + DAY)
    assert queue.unfinished()[0].next_at > clock.now()
    assert now.most_tries == 5


def test_whatever_comes_back_by_the_timetable_is_said_in_words():
    keep_timetable(clock.now())
    names = set(Schedule.objects.values_list("name", flat=True))
    assert len(names) > 5
    assert names - set(TASKS) == set()


def test_a_mail_with_the_head_of_the_trail_is_called_so(keeper):
    post(make_person("Liv"), kind=MailKind.TRAIL, state=MailState.FAILED, settled_at=clock.now())
    page = keeper.get(PAGE).content.decode()
    assert "A mail with the fingerprint of the trail" in page
    assert not re.search(r"\bLiv\b", page)
