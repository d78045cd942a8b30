"""The facilitator sees the reminder before it goes out, adds a line, holds it back; and sees when mails are delayed."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from sirkel.circles.enums import MemberRole, ReminderState
from sirkel.circles.models import Membership, Reminder
from sirkel.circles.tasks import remind
from sirkel.kernel import clock
from sirkel.people.domain import outbox
from sirkel.people.models import Mail
from tests.factories.places import START, make_circle, make_person
from tests.mail_server import mail_server

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def place():
    """The path of a meeting whose reminder is drafted, and browsers of its facilitator and of a member."""
    with clock.frozen(START - 20 * DAY):
        circle, marit = make_circle(meetings=1)
    aino = make_person(name="Aino")
    Membership.objects.create(circle=circle, person=aino, role=MemberRole.PARTICIPANT)
    Mail.objects.all().delete()
    with clock.frozen(START - 2 * DAY):
        remind.call()
        yield f"/circles/{circle.id}/meetings/1/", signed_in(marit), signed_in(aino)


def signed_in(person):
    client = Client(headers={"accept-language": "en"})
    client.force_login(person, backend=BACKEND)
    return client


def words(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_the_draft_stands_on_the_meeting_s_page_for_the_facilitator_alone(place):
    path, marit, aino = place
    assert "Goes out Sunday, 1 March 2026 13:00" in words(marit.get(path))
    assert "Reminder" not in words(aino.get(path))
    assert aino.get(f"{path}reminder/").status_code == 404


def test_a_line_is_kept_shown_and_sent(place):
    path, marit, _aino = place
    assert marit.post(f"{path}reminder/", {"line": "Kom <b>gjennom</b> hagen"}).status_code == 302
    for page in (path, f"{path}reminder/"):
        assert "Kom &lt;b&gt;gjennom&lt;/b&gt; hagen" in marit.get(page).content.decode()
    with clock.frozen(START - DAY):
        remind.call()
        outbox.deliver()
    assert "Kom <b>gjennom</b> hagen" in mail.outbox[0].body


def test_a_line_that_is_too_long_or_holds_a_number_is_not_kept(place):
    path, marit, _aino = place
    for line in ("x" * 141, "131052-308T"):
        answer = marit.post(f"{path}reminder/", {"line": line})
        assert answer.status_code == 422
    assert Reminder.objects.get().line == ""
    assert marit.post(f"{path}reminder/", {"line": "x" * 140}).status_code == 302


def test_held_back_and_let_go_by_one_press_each(place):
    path, marit, aino = place
    assert aino.post(f"{path}reminder/hold/").status_code == 404
    marit.post(f"{path}reminder/hold/")
    assert "Held back. Nobody gets it." in words(marit.get(path))
    marit.post(f"{path}reminder/hold/", {"let_go": "1"})
    assert Reminder.objects.get().state == ReminderState.DRAFTED
    assert marit.post(f"{path}reminder/hold/", {"let_go": "1"}).status_code == 409


def test_the_page_says_when_mails_are_delayed(place, settings):
    path, marit, _aino = place
    with mail_server(settings):
        pass
    with clock.frozen(START - DAY):
        remind.call()
        outbox.deliver()
        assert "delayed" not in words(marit.get(path))
    with clock.frozen(START - DAY + HOUR):
        outbox.deliver()
        assert "2 mails are delayed. They are tried again by themselves." in words(marit.get(path))


def test_in_the_demo_the_mail_lies_in_a_folder_and_its_links_can_be_followed(place, settings, tmp_path):
    _path, _marit, _aino = place
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    with clock.frozen(START - DAY):
        remind.call()
        assert outbox.deliver() == 2
        assert Client().get("/demo/mail/").status_code == 404
        settings.DEMO = True
        page = Client(headers={"accept-language": "en"}).get("/demo/mail/").content.decode()
        links = re.findall(rf'href="{settings.SITE_URL}(/link/answer/[^"]+)"', page)
        assert len(links) == 2
        assert all(Client().get(link).status_code == 200 for link in links)
