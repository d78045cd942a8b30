"""Each mail goes out once, in nobody's quiet hours, and waits while the mail server is away."""

import os
import shutil
import signal
import subprocess
import sys
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from bench.servers import prepared
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import IntegrityError, transaction

from sirkel.kernel import clock
from sirkel.people.domain import outbox
from sirkel.people.enums import MailKind, MailState, Role
from sirkel.people.models import Mail, MailSettings
from tests.factories.places import make_person, make_workplace
from tests.mail_server import mail_server

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 11, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def words(monkeypatch):
    """The room that has something to say: it makes a letter of every mail, and counts how often it was asked."""
    asked = []

    def compose(mails, at):
        asked.append(len(mails))
        return {one.id: outbox.Letter("nb", "Noe nytt", "Se siden") for one in mails}

    monkeypatch.setitem(outbox._composers, MailKind.DATES.value, compose)
    monkeypatch.setitem(outbox._composers, MailKind.REMINDER.value, compose)
    return asked


def post(*people, key="news", kind=MailKind.DATES, not_before=NOON, lasts=7 * DAY, zone="Europe/Oslo"):
    return outbox.post(
        outbox.Posted(
            key=f"{key}:{person.id}",
            person=person.id,
            kind=kind,
            about=uuid.UUID(int=7),
            edition=0,
            time_zone=zone,
            not_before=not_before,
            outdated_at=not_before + lasts,
        )
        for person in people
    )


def deliver(at=NOON):
    with clock.frozen(at):
        return outbox.deliver()


def states():
    return sorted(Mail.objects.values_list("state", flat=True))


def test_however_often_it_is_posted_and_delivered_it_goes_out_once():
    person = make_person()
    for _again in range(3):
        post(person)
        deliver()
    assert [message.to for message in mail.outbox] == [[person.email]]
    assert states() == [MailState.SENT]


class _DiesAfterwards(EmailBackend):
    """Take the mail, and end the process before it can write that down."""

    def send_messages(self, messages):
        super().send_messages(messages)
        raise SystemExit


def test_killed_between_sending_and_writing_down_it_is_not_sent_again(settings):
    post(make_person())
    backend, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, f"{__name__}._DiesAfterwards"
    with pytest.raises(SystemExit):
        deliver()
    settings.EMAIL_BACKEND = backend
    assert deliver(NOON + HOUR / 2) == 0
    assert states() == [MailState.SENDING]
    assert deliver(NOON + 2 * HOUR) == 0
    assert states() == [MailState.UNSURE]
    assert len(mail.outbox) == 1


@pytest.mark.slow
def test_a_worker_shot_while_the_server_has_the_words_sends_them_once(tmp_path, settings):
    """Processes of their own on a data folder of their own: one is killed in the middle, the next one comes by."""
    code = """
from datetime import UTC, datetime, timedelta
import uuid
from sirkel.kernel import clock
from sirkel.people.domain import outbox
from sirkel.people.models import Mail, Person
noon = datetime(2026, 3, 2, 11, tzinfo=UTC)
words = lambda mails, at: {one.id: outbox.Letter("nb", "Noe nytt", "Se siden") for one in mails}
outbox.compose_with(outbox.MailKind.DATES, words)
person = Person.objects.get_or_create(email="aino@example.org")[0]
with clock.frozen(noon):
    outbox.post([outbox.Posted("k", person.id, outbox.MailKind.DATES, uuid.UUID(int=7), 0, "Europe/Oslo", noon, noon + timedelta(days=7))])
    outbox.deliver()
print(Mail.objects.get().state)
"""
    environment = {key: value for key, value in os.environ.items() if "DATABASE_URL" not in key}
    environment |= {"SIRKEL_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "sirkel.config.settings"}
    environment |= {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    shell = [sys.executable, "-m", "django", "shell", "--no-imports", "-c", code]
    with mail_server(settings) as server:
        environment |= {"SIRKEL_SMTP_HOST": "127.0.0.1", "SIRKEL_SMTP_PORT": str(server.port)}
        environment |= {"SIRKEL_SMTP_TLS": "no"}
        shutil.copy(prepared() / "sirkel.sqlite3", tmp_path)
        with subprocess.Popen(shell, env=environment, stdout=subprocess.PIPE) as worker:
            server.when_seen = worker.kill
            assert worker.communicate(timeout=60)[0] == b""
        assert worker.returncode == -signal.SIGKILL
        server.when_seen = lambda: None
        again = subprocess.run(shell, env=environment, check=True, timeout=60, capture_output=True, text=True)
    assert again.stdout.strip() == "sending"
    assert len(server.seen) == 1


class TestQuietHours:
    def test_at_night_it_waits_until_seven_on_the_reader_s_own_wall(self):
        oslo, aland = (
            make_person(role=Role.UNION, workplace=make_workplace(time_zone=zone))
            for zone in ("Europe/Oslo", "Europe/Mariehamn")
        )
        evening = datetime(2026, 3, 2, 20, tzinfo=UTC)
        post(oslo, aland, not_before=evening)
        assert deliver(evening) == 0
        assert deliver(datetime(2026, 3, 3, 4, 59, tzinfo=UTC)) == 0
        assert deliver(datetime(2026, 3, 3, 5, tzinfo=UTC)) == 1
        assert mail.outbox[0].to == [aland.email]
        assert deliver(datetime(2026, 3, 3, 6, tzinfo=UTC)) == 1
        assert mail.outbox[1].to == [oslo.email]

    def test_without_a_workplace_the_circle_s_clock_counts(self):
        person = make_person()
        at = datetime(2026, 3, 2, 18, 30, tzinfo=UTC)
        post(person, key="aland", zone="Europe/Mariehamn", not_before=at)
        assert deliver(at) == 0
        post(person, key="oslo", zone="Europe/Oslo", not_before=at)
        assert deliver(at) == 1

    def test_whoever_chose_other_hours_gets_it_in_those(self):
        night_watch = make_person()
        MailSettings.objects.create(person=night_watch, quiet_from="08:00", quiet_to="16:00")
        post(night_watch)
        assert deliver(NOON) == 0
        assert deliver(datetime(2026, 3, 2, 21, tzinfo=UTC)) == 1

    def test_hours_that_begin_in_the_middle_of_a_round_end_it(self, monkeypatch):
        """The letters were made before eight; the clock strikes while they go out."""
        people = [make_person(), make_person()]
        post(*people)
        at = datetime(2026, 3, 2, 18, 59, tzinfo=UTC)
        monkeypatch.setattr(_Slow, "step", timedelta(minutes=2))
        with clock.frozen(at), pytest.MonkeyPatch.context() as patched:
            patched.setattr("django.conf.settings.EMAIL_BACKEND", f"{__name__}._Slow")
            assert outbox.deliver() == 1
        assert states() == [MailState.SENT, MailState.WAITING]


class _Slow(EmailBackend):
    """Take so long over a mail that the clock moves on."""

    step = timedelta(0)

    def send_messages(self, messages):
        clock.advance(self.step)
        return super().send_messages(messages)


def test_who_wants_no_mail_of_a_kind_gets_none_of_it():
    person = make_person()
    MailSettings.objects.create(person=person, wants_reminders=False)
    post(person, kind=MailKind.REMINDER, key="reminder")
    post(person)
    assert deliver() == 1
    assert states() == [MailState.DROPPED, MailState.SENT]


def test_who_has_no_account_any_more_gets_none():
    person = make_person()
    person.is_active = False
    person.save()
    post(person)
    assert deliver() == 0


def test_a_round_costs_the_same_questions_for_fifty_as_for_five(django_assert_max_num_queries):
    people = [make_person() for _one in range(50)]
    post(*people)
    # two to settle what is over, one for the batch, two for how people are reached, one to see that nothing is
    # left; and to each mail a claim and a settlement of its own, which is what keeps it from going out twice.
    with django_assert_max_num_queries(6 + 2 * 50):
        assert deliver() == 50


class TestMailServer:
    def test_it_takes_them_over_one_line(self, settings):
        people = [make_person() for _one in range(5)]
        post(*people)
        with mail_server(settings) as server:
            assert deliver() == 5
        assert server.to() == sorted(person.email for person in people)
        assert server.lines == 1

    def test_away_for_a_day_nothing_is_lost_and_nobody_is_flooded(self, settings):
        person = make_person()
        with mail_server(settings) as server:
            port = server.port
        post(person, key="dates")
        post(person, key="reminder", kind=MailKind.REMINDER, lasts=timedelta(hours=20))
        for hour in range(8):
            assert deliver(NOON + hour * HOUR) == 0
        assert states() == [MailState.WAITING, MailState.WAITING]
        with mail_server(settings, port) as server:
            deliver(NOON + DAY)
            deliver(NOON + DAY + HOUR)
        assert server.to() == [person.email], "the reminder of what is over is dropped"
        assert states() == [MailState.DROPPED, MailState.SENT]

    @pytest.mark.parametrize("word", ["MAIL", "RCPT", "DATA", "END"])
    def test_451_for_a_while_is_tried_again_later_and_later(self, settings, word):
        post(make_person())
        with mail_server(settings) as server:
            server.says[word] = "451 later"
            waits = []
            at = NOON
            for _try in range(4):
                deliver(at)
                row = Mail.objects.get()
                waits.append((row.not_before - at) / timedelta(minutes=1))
                assert deliver(row.not_before - timedelta(seconds=1)) == 0
                at = row.not_before
            assert waits == [1, 2, 4, 8]
            assert server.taken == []
            server.says.clear()
            assert deliver(at) == 1
        assert len(server.taken) == 1

    def test_a_server_that_puts_everybody_off_is_left_in_peace(self, settings):
        post(*[make_person() for _one in range(30)])
        with mail_server(settings) as server:
            server.says["RCPT"] = "451 later"
            deliver()
            assert server.lines <= outbox.MOST_REFUSALS + 1

    def test_an_address_that_does_not_exist_is_not_asked_for_again(self, settings):
        post(make_person())
        with mail_server(settings) as server:
            server.says["RCPT"] = "550 nobody here"
            deliver()
            server.says.clear()
            assert deliver(NOON + HOUR) == 0
        assert states() == [MailState.FAILED]

    def test_hanging_up_before_the_words_loses_nothing(self, settings):
        post(make_person())
        with mail_server(settings) as server:
            server.says["MAIL"] = None
            deliver()
            assert states() == [MailState.WAITING]
            server.says.clear()
            assert deliver(NOON + HOUR) == 1

    def test_hanging_up_after_the_words_may_have_been_a_yes_and_is_not_repeated(self, settings):
        post(make_person())
        with mail_server(settings) as server:
            server.says["END"] = None
            deliver()
            server.says.clear()
            assert deliver(NOON + 3 * HOUR) == 0
        assert len(server.seen) == 1
        assert states() == [MailState.UNSURE]

    def test_one_bad_reader_holds_up_nobody(self, settings):
        bad, good = make_person(), make_person()
        type(bad).objects.filter(id=bad.id).update(email="no address\nat all")
        post(bad, good)
        with mail_server(settings) as server:
            assert deliver() == 1
        assert server.to() == [good.email]


class TestHeaders:
    def test_every_mail_can_be_switched_off_in_one_press(self, settings):
        settings.SITE_URL, settings.SITE_IS_SECURE = "https://sirkel.example", True
        post(make_person())
        deliver()
        (message,) = mail.outbox
        off = message.extra_headers["List-Unsubscribe"].strip("<>")
        assert off.startswith("https://sirkel.example/link/mail/")
        assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert off in message.body
        assert message.extra_headers["Auto-Submitted"] == "auto-generated"

    def test_over_plain_http_no_one_press_is_promised(self):
        post(make_person())
        deliver()
        assert "List-Unsubscribe-Post" not in mail.outbox[0].extra_headers


@pytest.mark.parametrize(
    "fields",
    [
        {"state": MailState.SENT},
        {"state": MailState.WAITING, "settled_at": NOON},
        {"state": MailState.SENDING},
        {"state": "lost"},
    ],
)
def test_the_database_refuses_a_mail_that_is_neither_open_nor_settled(fields):
    post(make_person())
    with pytest.raises(IntegrityError), transaction.atomic():
        Mail.objects.update(**fields)


def test_a_mail_is_forgotten_ninety_days_after_it_was_settled():
    post(make_person())
    deliver()
    assert outbox.tidy(at=NOON + 89 * DAY) == 0
    assert outbox.tidy(at=NOON + 91 * DAY) == 1
