import os
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from sirkel.people.enums import Role
from sirkel.people.models import Person, RoleAssignment

pytestmark = pytest.mark.django_db

CODE = re.compile(r"^([A-Z]{4}-[A-Z]{4})$", re.MULTILINE)
LOGIN = "/accounts/login/"
CONFIRM = "/accounts/login/code/"
EVIL = [
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "javascript:alert(1)",
    "http:///evil.example",
]


@pytest.fixture
def marit():
    return Person.objects.create_user(
        "marit@example.org", first_name="Marit", family_name="Prøve", language="nb"
    )


def code_in(message):
    return CODE.search(message.body).group(1)


def asked(client, address, **query):
    suffix = f"?next={query['next']}" if query else ""
    return client.post(f"{LOGIN}{suffix}", {"email": address, **query})


def without_what_differs(page, address):
    text = page.content.decode().replace(address, "…")
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)


def test_a_code_by_mail_signs_in(client, marit):
    assert asked(client, "marit@example.org").headers["Location"] == CONFIRM
    answer = client.post(CONFIRM, {"code": code_in(mail.outbox[0])})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/circles/")
    assert client.get("/circles/").status_code == 200


def test_signing_out_lets_the_browser_forget_its_pages_and_keeps_what_waits_on_the_phone(client, marit):
    """SEC-21: no page of before comes back, and words kept without network are not wiped with them."""
    asked(client, "marit@example.org")
    client.post(CONFIRM, {"code": code_in(mail.outbox[0])})
    page = client.get("/circles/")
    assert page.headers["Cache-Control"] == "no-store"
    answer = client.post("/accounts/logout/")
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert answer.cookies["session"].value == ""
    assert client.get("/circles/").status_code == 302


def test_the_code_may_be_pasted_in_any_shape(client, marit):
    asked(client, "marit@example.org")
    typed = f"  {code_in(mail.outbox[0]).lower().replace('-', ' ')} "
    assert client.post(CONFIRM, {"code": typed}).headers["Location"] == "/circles/"


def test_the_mail_is_plain_short_and_in_the_language_of_its_reader(client, marit):
    asked(Client(headers={"accept-language": "fi"}), "MARIT@example.org")
    message = mail.outbox[0]
    assert message.to == ["marit@example.org"]
    assert message.alternatives == []
    assert len(message.body) < 500
    assert "http" in message.body
    assert "?" not in message.body.split("http")[1]


@pytest.mark.threat(row="T11")
def test_known_and_unknown_addresses_get_the_same_answer(marit):
    known, unknown = Client(), Client()
    first = asked(known, "marit@example.org")
    second = asked(unknown, "nobody@example.org")
    assert (first.status_code, first.headers["Location"]) == (second.status_code, second.headers["Location"])
    page = without_what_differs(known.get(CONFIRM), "marit@example.org")
    other = without_what_differs(unknown.get(CONFIRM), "nobody@example.org")
    assert page == other
    wrong = [
        without_what_differs(client.post(CONFIRM, {"code": "BCDF-GHJK"}), address)
        for client, address in ((known, "marit@example.org"), (unknown, "nobody@example.org"))
    ]
    assert wrong[0] == wrong[1]


def test_both_get_one_mail_so_that_time_tells_nothing(marit):
    asked(Client(), "marit@example.org")
    asked(Client(), "nobody@example.org")
    assert [message.to for message in mail.outbox] == [["marit@example.org"], ["nobody@example.org"]]
    assert CODE.search(mail.outbox[1].body) is None


def test_an_address_that_only_looks_alike_gets_no_code(marit):
    asked(Client(), "mar\u0131t@example.org")
    assert all(CODE.search(message.body) is None for message in mail.outbox)


@pytest.mark.threat(row="T11")
def test_a_code_works_once(client, marit):
    asked(client, "marit@example.org")
    code = code_in(mail.outbox[0])
    client.post(CONFIRM, {"code": code})
    client.post("/accounts/logout/")
    assert client.post(CONFIRM, {"code": code}).headers["Location"].startswith(LOGIN)
    assert client.get("/circles/").status_code == 302


@pytest.mark.requirement("SEC-02")
@pytest.mark.threat(row="T11")
def test_a_code_works_only_in_the_browser_that_asked(client, marit):
    asked(client, "marit@example.org")
    other = Client()
    assert other.post(CONFIRM, {"code": code_in(mail.outbox[0])}).headers["Location"].startswith(LOGIN)
    assert other.get("/circles/").status_code == 302


def test_looking_at_the_page_uses_nothing_up(client, marit):
    asked(client, "marit@example.org")
    for _look in range(3):
        assert client.get(CONFIRM).status_code == 200
    assert client.post(CONFIRM, {"code": code_in(mail.outbox[0])}).headers["Location"] == "/circles/"


def test_a_new_code_makes_the_old_one_useless(client, marit):
    asked(client, "marit@example.org")
    client.post(CONFIRM, {"action": "resend"})
    old, new = (code_in(message) for message in mail.outbox)
    assert client.post(CONFIRM, {"code": old}).status_code == 200
    assert client.post(CONFIRM, {"code": new}).headers["Location"] == "/circles/"


def test_three_wrong_codes_end_the_attempt(client, marit):
    asked(client, "marit@example.org")
    for _try in range(3):
        answer = client.post(CONFIRM, {"code": "BCDF-GHJK"})
    assert answer.headers["Location"] == LOGIN
    assert client.post(CONFIRM, {"code": code_in(mail.outbox[0])}).headers["Location"].startswith(LOGIN)


@pytest.mark.requirement("SEC-01", "SEC-02")
def test_a_code_is_good_for_ten_minutes(client, marit, monkeypatch):
    asked(client, "marit@example.org")
    later = timezone.now() + timedelta(minutes=10, seconds=5)
    monkeypatch.setattr("time.time", later.timestamp)
    assert client.post(CONFIRM, {"code": code_in(mail.outbox[0])}).headers["Location"].startswith(LOGIN)


def test_many_requests_for_one_address_are_slowed_down_whoever_it_belongs_to(marit):
    pages = []
    for address in ("marit@example.org", "nobody@example.org"):
        for _try in range(4):
            answer = asked(Client(), address)
        pages.append(without_what_differs(answer, address))
        assert answer.status_code in {200, 422}
    assert pages[0] == pages[1]
    assert len(mail.outbox) == 6


def test_a_closed_account_gets_no_code(client, marit):
    Person.objects.update(is_active=False)
    assert asked(client, "marit@example.org").headers["Location"] == CONFIRM
    assert CODE.search(mail.outbox[0].body) is None


@pytest.mark.parametrize("to", EVIL)
def test_signing_in_leads_nowhere_else(client, marit, to):
    asked(client, "marit@example.org", next=to)
    answer = client.post(CONFIRM, {"code": code_in(mail.outbox[0]), "next": to})
    assert answer.headers["Location"] == "/circles/"
    assert client.get(f"{LOGIN}?next={to}").headers["Location"] == "/circles/"
    assert client.post("/accounts/logout/", {"next": to}).headers["Location"] == "/"


def test_signing_in_goes_on_to_the_page_that_was_wanted(client, marit):
    wanted = client.get("/circles/new/").headers["Location"]
    assert wanted == "/accounts/login/?next=/circles/new/"
    to_code = asked(client, "marit@example.org", next="/circles/new/").headers["Location"]
    assert to_code == f"{CONFIRM}?next=%2Fcircles%2Fnew%2F"
    answer = client.post(to_code, {"code": code_in(mail.outbox[0]), "next": "/circles/new/"})
    assert answer.headers["Location"] == "/circles/new/"


@pytest.mark.parametrize(
    ("roles", "home"),
    [
        ([], "/circles/"),
        ([Role.RESEARCHER], "/circles/"),
        ([Role.LEADER], "/leader/"),
        ([Role.UNION], "/representative/"),
        ([Role.LEADER, Role.FACILITATOR], "/circles/"),
        ([Role.COORDINATOR], "/network/cards/"),
        ([Role.POLICY], "/policy/"),
        ([Role.POLICY, Role.FACILITATOR], "/circles/"),
    ],
)
def test_everybody_begins_where_their_work_is(client, marit, roles, home):
    for role in roles:
        RoleAssignment.objects.create(person=marit, role=role, valid_from=timezone.now() - timedelta(days=1))
    asked(client, "marit@example.org")
    assert client.post(CONFIRM, {"code": code_in(mail.outbox[0])}).headers["Location"] == home


def test_the_session_gets_a_new_id(client, marit):
    asked(client, "marit@example.org")
    before = client.session.session_key
    client.post(CONFIRM, {"code": code_in(mail.outbox[0])})
    assert client.session.session_key != before


def test_the_pages_are_then_in_the_language_of_the_account(client, marit):
    asked(client, "marit@example.org")
    answer = client.post(CONFIRM, {"code": code_in(mail.outbox[0])})
    assert answer.cookies["django_language"].value == "nb"


def test_signing_out_needs_a_press_of_the_button(client, marit):
    client.force_login(marit, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/accounts/logout/").status_code == 200
    assert client.get("/circles/").status_code == 200
    assert client.post("/accounts/logout/").headers["Location"] == "/"
    assert client.get("/circles/").status_code == 302


def test_another_address_can_be_tried_at_once(client, marit):
    asked(client, "wrong@example.org")
    assert client.post("/accounts/logout/", {"next": LOGIN}).headers["Location"] == LOGIN
    assert client.get(LOGIN).status_code == 200


@pytest.mark.requirement("SEC-22")
@pytest.mark.parametrize(
    "path",
    [
        "signup/",
        "email/",
        "password/change/",
        "password/set/",
        "password/reset/",
        "reauthenticate/",
        "confirm-email/",
        "",
    ],
)
def test_pages_that_nobody_needs_do_not_exist(client, marit, path):
    assert client.get(f"/accounts/{path}").status_code == 404
    client.force_login(marit, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(f"/accounts/{path}").status_code == 404
    assert client.post(f"/accounts/{path}").status_code == 404


@pytest.mark.parametrize("address", ["marit@example.org", "nobody@example.org"])
def test_a_mail_server_that_is_away_is_said_plainly_to_everybody(client, marit, settings, address):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    answer = asked(client, address)
    assert answer.status_code == 503
    assert "could not be sent" in answer.content.decode()


def test_a_broken_address_is_said_beside_the_field(client):
    page = client.post(LOGIN, {"email": "no address"}).content.decode()
    assert 'aria-invalid="true"' in page
    assert 'id="form-errors"' in page
    assert mail.outbox == []


class TestDemo:
    @pytest.fixture(autouse=True)
    def _demo(self, settings):
        settings.DEMO = True
        settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"

    def test_the_mails_can_be_read_in_the_demo(self, client):
        Person.objects.create_user(
            "marit@demo.invalid", first_name="Marit", family_name="Prøve", language="nb", is_demo=True
        )
        asked(client, "marit@demo.invalid")
        page = client.get("/demo/mail/").content.decode()
        assert "marit@demo.invalid" in page
        code = re.search(r"\b[A-Z]{4}-[A-Z]{4}\b", page).group(0)
        assert client.post(CONFIRM, {"code": code}).headers["Location"] == "/circles/"

    def test_what_stands_in_a_mail_is_shown_as_text(self, client):
        from django.core.mail import send_mail

        send_mail("<b>æøå</b> & Šlápma", '<script>alert("čđŋ")</script>', "a@example.org", ["b@example.org"])
        page = client.get("/demo/mail/").content.decode()
        assert "&lt;b&gt;æøå&lt;/b&gt; &amp; Šlápma" in page
        assert "<script>alert" not in page
        assert "čđŋ" in page

    def test_the_newest_stands_first(self, client, settings):
        folder = Path(settings.EMAIL_FILE_PATH)
        folder.mkdir(parents=True)
        for number in range(12):
            (folder / f"{number}.log").write_text(
                f"Subject: Mail {number}\n\n…\n{'-' * 79}\n", encoding="utf-8"
            )
            os.utime(folder / f"{number}.log", (number, number))
        subjects = re.findall(r">Mail (\d+)<", client.get("/demo/mail/").content.decode())
        assert subjects == [str(number) for number in range(11, 1, -1)]

    def test_no_mails_is_said(self, client):
        assert client.get("/demo/mail/").status_code == 200


def test_the_mails_are_nobodys_business_outside_the_demo(client):
    assert client.get("/demo/mail/").status_code == 404
    assert "/demo/" not in client.get(LOGIN).content.decode()
