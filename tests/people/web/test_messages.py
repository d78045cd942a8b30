"""What one is written to about: chosen on one's own page, or by the link in a mail."""

import re
from datetime import UTC, datetime, time, timedelta

import pytest
from django.test import Client

from sirkel.kernel import clock
from sirkel.people.domain.mail_settings import no_such_link
from sirkel.people.enums import MailKind, Role
from sirkel.people.models import CalendarAddress, MailSettings
from sirkel.people.queries.mail import mail_off_address, settings_of
from sirkel.people.rules import links
from tests.factories.places import make_person, make_workplace

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


def signed_in(person):
    client = Client(headers={"accept-language": "en"})
    client.force_login(person, backend=BACKEND)
    return client


def off_path(person, kind=MailKind.REMINDER):
    return mail_off_address(person.id, kind, at=clock.now()).partition("8000")[2]


def choices(**changed):
    return {
        "kinds": ["dates", "reminder"],
        "language": "nb",
        "quiet_from": "20:00",
        "quiet_to": "07:00",
    } | changed


class TestOwnPage:
    def test_it_shows_what_counts_for_everybody_and_whose_clock(self):
        workplace = make_workplace(time_zone="Europe/Mariehamn")
        page = signed_in(make_person(role=Role.UNION, workplace=workplace)).get("/me/messages/")
        text = page.content.decode()
        assert 'value="20:00"' in text
        assert 'value="07:00"' in text
        assert "Europe/Mariehamn" in text
        assert text.count("checked") == 5

    def test_what_is_chosen_is_kept_for_this_person_alone(self):
        aino, marit = make_person(name="Aino"), make_person()
        answer = signed_in(aino).post(
            "/me/messages/", choices(kinds=["dates"], language="fi", quiet_from="22:30", quiet_to="06:00")
        )
        assert answer.headers["Location"] == "/me/messages/"
        aino.refresh_from_db()
        kept = settings_of(aino)
        assert (aino.language, kept.wants_dates, kept.wants_reminders) == ("fi", True, False)
        assert (kept.quiet_from.hour, kept.quiet_from.minute, kept.quiet_to.hour) == (22, 30, 6)
        assert MailSettings.objects.count() == 1
        assert settings_of(marit).wants_reminders

    @pytest.mark.parametrize(
        "wrong", [{"quiet_from": "25:00"}, {"quiet_to": ""}, {"language": "xx"}, {"kinds": ["gossip"]}]
    )
    def test_what_cannot_be_is_said_and_nothing_is_kept(self, wrong):
        client = signed_in(make_person())
        assert client.post("/me/messages/", choices(**wrong)).status_code == 422
        assert not MailSettings.objects.exists()
        assert client.post("/me/messages/", choices()).status_code == 302


class TestOneLink:
    def test_reading_it_switches_nothing_off_however_often(self):
        person = make_person()
        for _scanner in range(3):
            assert Client().get(off_path(person)).status_code == 200
            assert Client().head(off_path(person)).status_code == 200
        assert settings_of(person).wants_reminders

    def test_a_mail_program_s_one_press_switches_that_kind_off(self):
        """RFC 8058: a POST without cookies or a guard, with this body, answered without a redirect."""
        person = make_person()
        client = Client(enforce_csrf_checks=True)
        assert client.post(off_path(person), {"List-Unsubscribe": "One-Click"}).status_code == 200
        chosen = settings_of(person)
        assert (chosen.wants_reminders, chosen.wants_dates) == (False, True)

    def test_a_press_by_mistake_is_undone_there(self):
        person = make_person()
        Client().post(off_path(person))
        assert 'name="again"' in Client().get(off_path(person)).content.decode()
        Client().post(off_path(person), {"again": "1"})
        assert settings_of(person).wants_reminders

    def test_it_speaks_its_reader_s_language(self):
        page = Client(headers={"accept-language": "en"}).get(off_path(make_person(language="fi")))
        assert '<html lang="fi">' in page.content.decode()

    def test_it_works_in_what_was_just_sent_and_400_days_later_no_more(self):
        """ASVS 9.2.1: old mails are sent on, and lie where others read; a newer one is at hand for whoever wants out."""
        person = make_person()
        path, press = off_path(person), {"List-Unsubscribe": "One-Click"}
        for days in (0, 7, 399):
            MailSettings.objects.all().delete()
            with clock.moved(timedelta(days=days)):
                assert Client().post(path, press).status_code == 200, days
            assert not settings_of(person).wants_reminders
        MailSettings.objects.all().delete()
        with clock.moved(timedelta(days=400)):
            assert Client().get(path).status_code == 404
            assert Client().post(path, press).status_code == 404
            assert Client().post(off_path(person), press).status_code == 200, "the newest mail always works"

    def test_a_mail_from_before_links_had_a_day_keeps_its_own(self):
        person = make_person()
        path = f"/link/mail/{links.sign(links.For.MAIL_OFF, person.id, word=MailKind.REMINDER)}/"
        last = datetime.combine(links.UNDATED_END, time(), UTC)
        with clock.frozen(last - timedelta(minutes=1)):
            assert Client().post(path).status_code == 200
        with clock.frozen(last):
            assert Client().post(path).status_code == 404

    def test_a_link_that_is_none_has_one_plain_answer(self):
        person = make_person()
        path = off_path(person)
        assert Client().post(path).status_code == 200
        MailSettings.objects.all().delete()
        person.is_active = False
        person.save()
        for bad in (path, path[:-5] + "AAAA/", "/link/mail/x/"):
            answer = Client(headers={"accept-language": "en"}).post(bad)
            assert answer.status_code == 404
            assert str(no_such_link().message) in answer.content.decode()
        assert not MailSettings.objects.exists()


class TestCalendarAddress:
    def test_it_is_shown_once_and_only_its_hash_is_kept(self):
        client = signed_in(make_person())
        page = client.post("/me/messages/calendar/").content.decode()
        (secret,) = re.findall(r"/link/calendar/([\w-]+)\.ics", page)
        assert len(secret) >= 22, "128 bits in base 64"
        assert secret not in client.get("/me/messages/calendar/").content.decode()
        row = CalendarAddress.objects.get()
        assert secret.encode() not in bytes(row.secret_hash)
        assert len(bytes(row.secret_hash)) == 32

    def test_a_new_one_replaces_the_old_one_and_it_can_be_taken_away(self):
        client = signed_in(make_person())
        old, new = (
            re.findall(r"/link/calendar/[\w-]+\.ics", client.post("/me/messages/calendar/").content.decode())[
                0
            ]
            for _time in range(2)
        )
        assert Client().get(old).status_code == 404
        assert Client().get(new).status_code == 200
        client.post("/me/messages/calendar/", {"end": "1"})
        assert Client().get(new).status_code == 404
