"""How the server is, as an administrator reads it: every line is true, says what to do, and tells nothing of anybody."""

import json
import re
import socket
import uuid
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db.migrations.recorder import MigrationRecorder
from django_tasks_db.models import DBTaskResult

from sirkel import __version__
from sirkel.config.backup import remembered
from sirkel.config.house import health
from sirkel.config.house.disks import backup_line, fullness, space
from sirkel.config.house.lines import State
from sirkel.kernel import audit, clock
from sirkel.kernel.heartbeat import Heartbeat
from sirkel.kernel.models import AuditEvent, WorkerBeat
from sirkel.kernel.tasks import tidy
from sirkel.people.enums import MailKind, MailState, Role
from sirkel.people.models import Mail
from sirkel.people.queries.roles import keeps_house
from tests.factories.meetings import sign_in
from tests.factories.thread import make_person, make_reader
from tests.people.unit.test_roles import House

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.real_hour]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PAGE = "/administration/server/"


@pytest.fixture(autouse=True)
def data(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    settings.EMAIL_HOST = ""
    return tmp_path


def line(key):
    return next(one for one in health.lines(clock.now()) if one.key == key)


def said(one):
    return " ".join(map(str, one.says))


def post(person, **change):
    at = clock.now()
    row = {"not_before": at, "outdated_at": at + DAY, "kind": MailKind.REMINDER, "time_zone": "Europe/Oslo"}
    return Mail.objects.create(key=str(uuid.uuid4()), person=person, about=uuid.uuid4(), **row | change)


def test_the_page_says_everything_and_nothing_of_anybody(client, settings):
    """SEC-21: neither keys, nor addresses of databases and mail servers, nor names stand on it."""
    house = House()
    liv = house.give(Role.LEADER, workplace=house.workplace).person
    post(liv, state=MailState.FAILED, settled_at=clock.now())
    settings.EMAIL_HOST_PASSWORD = "hemmelig-passord"
    sign_in(client, house.administrator)
    page = client.get(PAGE).content.decode()
    for key in ("version", "databases", "migrations", "worker", "work", "outbox", "mail", "data-space"):
        assert f'<li id="{key}">' in page
    assert f"This is Sirkel {__version__}." in page
    assert "Not taken: 1." in page
    for secret in (settings.SECRET_KEY, "hemmelig-passord", liv.email, "Liv", str(settings.DATA_DIR)):
        assert secret not in page.replace(house.administrator.first_name, "")


def test_whoever_administers_nothing_finds_no_such_page(client):
    house = House()
    sign_in(client, house.administrator)
    assert client.get(PAGE).status_code == 200
    for role in (Role.LEADER, Role.FACILITATOR, Role.UNION):
        sign_in(client, make_reader(role, workplace=house.workplace))
        assert client.get(PAGE).status_code == 404
    of_a_workplace = make_reader(Role.ADMINISTRATOR, workplace=house.workplace)
    sign_in(client, of_a_workplace)
    assert client.get(PAGE).status_code == 404
    sign_in(client, make_reader(Role.ADMINISTRATOR))
    assert client.get(PAGE).status_code == 200, "administrator of everything"


def test_what_needs_somebody_stands_first_and_leads_to_its_line(client):
    house = House()
    sign_in(client, house.administrator)
    page = client.get(PAGE).content.decode()
    assert re.search(r'<a href="#worker">Worker</a>', page)
    assert '<a href="#version">' not in page


def test_a_worker_is_seen_from_its_first_beat_until_it_ends():
    assert line("worker").state == State.BAD
    beat = Heartbeat(uuid.uuid4())
    beat.beat()
    assert (line("worker").state, WorkerBeat.objects.count()) == (State.GOOD, 1)
    assert "At work: 1." in said(line("worker"))
    with clock.moved(timedelta(minutes=3)):
        silent = line("worker")
        assert silent.state == State.BAD
        assert "Last sign of life: 3" in said(silent)
        tidy.enqueue()
        DBTaskResult.objects.update(status="RUNNING", started_at=clock.now() - timedelta(minutes=2))
        assert line("worker").state == State.LOOK, "one long task is no dead worker"
    beat.end()
    assert not WorkerBeat.objects.exists()


def test_signs_of_life_of_yesterday_are_forgotten():
    Heartbeat(uuid.uuid4()).beat()
    with clock.moved(DAY + HOUR):
        Heartbeat(uuid.uuid4()).beat()
        assert WorkerBeat.objects.get().started_at > clock.now() - HOUR


def test_tasks_that_wait_long_or_failed_are_to_be_looked_at():
    assert line("work").state == State.GOOD
    tidy.enqueue()
    assert "Waiting: 1. Failed: 0." in said(line("work"))
    assert line("work").state == State.GOOD
    with clock.moved(timedelta(minutes=11)):
        assert line("work").state == State.LOOK
    DBTaskResult.objects.update(status="FAILED", finished_at=clock.now())
    assert "Waiting: 0. Failed: 1." in said(line("work"))
    assert line("work").state == State.LOOK


def test_a_task_that_is_put_off_on_purpose_is_not_late():
    tidy.enqueue()
    DBTaskResult.objects.update(
        enqueued_at=clock.now() - 5 * HOUR, run_after=clock.now() - timedelta(minutes=1)
    )
    assert line("work").state == State.GOOD


def test_mails_that_are_late_are_counted_and_those_for_later_are_not():
    liv = make_person("Liv")
    post(liv, not_before=clock.now() + HOUR)
    assert line("outbox").state == State.GOOD
    post(liv, not_before=clock.now() - HOUR)
    late = line("outbox")
    assert late.state == State.LOOK
    assert "Late: 1." in said(late)


def test_the_mail_server_is_asked_and_nothing_is_sent(settings):
    assert line("mail").state == State.BAD, "a folder reaches nobody"
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.getsockname()
        assert line("mail").state == State.GOOD
        with server.accept()[0] as asked:
            assert asked.recv(100) == b""
    assert line("mail").state == State.BAD


def test_a_step_of_the_update_that_is_missing_is_said():
    assert line("migrations").state == State.GOOD
    MigrationRecorder.Migration.objects.filter(app="kernel", name="0006_worker_beat").delete()
    assert line("migrations").state == State.BAD
    MigrationRecorder.Migration.objects.create(app="kernel", name="0006_worker_beat")
    MigrationRecorder.Migration.objects.create(app="kernel", name="9999_of_tomorrow")
    assert line("migrations").state == State.LOOK


@pytest.mark.pure
def test_a_disk_is_to_be_looked_at_from_eighty_per_cent_on(tmp_path):
    found = [fullness(percent) for percent in (79, 80, 94, 95)]
    assert found == [State.GOOD, State.LOOK, State.LOOK, State.BAD]
    assert "per cent full" in said(space("x", "Disk", tmp_path, "Make room"))
    assert space("x", "Disk", tmp_path / "not" / "there", "Make room").state == State.LOOK


def test_a_backup_is_old_open_or_gone_in_words(data, tmp_path):
    assert backup_line(clock.now()).state == State.BAD
    file = tmp_path / "backups" / "sirkel-1.tar.age"
    file.parent.mkdir()
    file.write_bytes(b"closed")
    remembered.made(data, file, at=clock.now(), is_closed=True)
    never = backup_line(clock.now())
    assert (never.state, "Not known to have been put back" in said(never)) == (State.LOOK, True)
    remembered.restored(file, at=clock.now())
    assert backup_line(clock.now()).state == State.GOOD
    assert "put back and checked" in said(backup_line(clock.now()))
    with clock.moved(37 * HOUR):
        assert backup_line(clock.now()).state == State.LOOK
    with clock.moved(8 * DAY):
        assert backup_line(clock.now()).state == State.BAD
    remembered.made(data, file, at=clock.now(), is_closed=False)
    assert "not encrypted" in said(backup_line(clock.now()))
    file.unlink()
    assert backup_line(clock.now()).state == State.BAD


@pytest.mark.parametrize(
    "left",
    [
        "",
        "{",
        "[]",
        json.dumps({"path": "x"}),
        json.dumps({"path": 1, "made_at": "x", "size": 1, "is_closed": True}),
    ],
)
def test_a_note_of_a_backup_that_cannot_be_read_counts_as_none(data, left):
    (data / remembered.MADE).write_text(left)
    assert "knows of none" in said(backup_line(clock.now()))


def test_clocks_that_disagree_are_noticed():
    Heartbeat(uuid.uuid4()).beat()
    assert line("clocks").state == State.GOOD
    WorkerBeat.objects.update(seen_at=clock.now() + timedelta(minutes=2))
    assert line("clocks").state == State.LOOK


def test_who_keeps_an_installation_of_several_organisations_is_named_by_whoever_runs_the_server():
    house, at = House(), clock.now()
    assert keeps_house(house.administrator, at=at), "the only organisation's administrator"
    other = House()
    assert not keeps_house(house.administrator, at=at)
    call_command("keep_installation", house.administrator.email.upper())
    assert keeps_house(house.administrator, at=clock.now())
    assert not keeps_house(other.administrator, at=clock.now())
    with pytest.raises(CommandError):
        call_command("keep_installation", house.administrator.email)
    call_command("keep_installation", house.administrator.email, end=True)
    assert not keeps_house(house.administrator, at=clock.now())
    verbs = AuditEvent.objects.filter(chain=audit.NOBODY).order_by("sequence").values_list("verb", flat=True)
    assert list(verbs) == ["role.given", "role.ended"]
    with pytest.raises(CommandError):
        call_command("keep_installation", "nobody@example.org")
