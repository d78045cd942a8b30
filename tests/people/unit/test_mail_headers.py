"""Line ends in whatever comes to stand in a mail's head: none of them begins a header, a mail or a reader of its own."""

import email
import email.policy
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from sirkel.kernel import clock
from sirkel.people.domain import outbox
from sirkel.people.enums import MailKind, MailState
from sirkel.people.models import Mail, Person
from tests.factories.places import make_person
from tests.mail_server import mail_server

pytestmark = [pytest.mark.django_db, pytest.mark.pure]
NOON = datetime(2026, 3, 2, 11, tzinfo=UTC)
INJECTED = "Bcc: thief@evil.example"
# Every sign that some mail program takes for the end of a line, alone, in pairs and encoded.
ENDS = [
    "\r\n",
    "\n",
    "\r",
    "\n\r",
    "\r\n ",
    "\r\n\t",
    "\x0b",
    "\x0c",
    "\x1c",
    "\x1d",
    "\x1e",
    "\x85",
    "\u2028",
]
ENDS += ["\u2029", "\x00", "%0d%0a", "%0A", "\\r\\n", "=0D=0A", "=?utf-8?q?=0d=0a?=", "\r\n\r\n"]


@pytest.fixture
def post(settings):
    with mail_server(settings) as server:
        yield server


def heads(server):
    """Read the mails as they came over the line; the head of each, name by name, and its attachments' heads."""
    for taken in server.seen:
        again = email.message_from_bytes(taken.as_bytes(), policy=email.policy.default)
        yield from ([name.lower() for name, _value in part.raw_items()] for part in again.walk())


@pytest.fixture
def subjects(monkeypatch):
    """What a room has to say: a subject that holds what somebody wrote, as a circle's name does."""
    said = {}
    monkeypatch.setitem(
        outbox._composers,
        MailKind.DATES.value,
        lambda mails, _at: {one.id: outbox.Letter("nb", said[one.about], "Se siden") for one in mails},
    )
    return said


@pytest.mark.parametrize("end", ENDS, ids=repr)
def test_a_name_in_a_subject_begins_no_header(post, subjects, end):
    person, about = make_person(), uuid.uuid4()
    subjects[about] = f"Rolig kveld{end}{INJECTED}{end}{end}Les dette"
    day = timedelta(days=1)
    outbox.post([outbox.Posted("x", person.id, MailKind.DATES, about, 0, "Europe/Oslo", NOON, NOON + day)])
    with clock.frozen(NOON):
        outbox.deliver()
    (taken,) = post.taken
    assert taken["To"] == person.email
    assert "thief" not in str(taken["Cc"]) + str(taken["Bcc"])
    assert all("bcc" not in names for names in heads(post))
    assert taken.get_body().get_content().startswith("Se siden")
    assert Mail.objects.get().state == MailState.SENT


@pytest.mark.parametrize("end", ENDS, ids=repr)
def test_an_address_that_is_two_reaches_nobody_and_holds_up_no_other(post, subjects, end):
    """Forms take no such address in; here one lies in the table all the same."""
    bad, good = make_person(), make_person()
    Person.objects.filter(id=bad.id).update(email=f"aino@example.org{end}{INJECTED}"[:254])
    about = uuid.uuid4()
    subjects[about] = "Noe nytt"
    day = timedelta(days=1)
    for person in (bad, good):
        given = (person.id, MailKind.DATES, about, 0, "Europe/Oslo", NOON, NOON + day)
        outbox.post([outbox.Posted(f"{person.id}", *given)])
    with clock.frozen(NOON):
        outbox.deliver()
    assert [taken for taken in post.taken if taken["To"] == good.email]
    assert all("bcc" not in names for names in heads(post))
    assert [
        line for line in post.asked if "evil" in line and not line.startswith("RCPT TO:<aino@example.org")
    ] == []


def test_no_form_sends_a_code_to_an_address_with_a_line_end_in_it(post):
    for end in ENDS:
        cache.clear()
        Client().post("/accounts/login/", {"email": f"aino@example.org{end}{INJECTED}"})
        Client().post("/accounts/login/", {"email": f'"aino{end}{INJECTED}"@example.org'})
    assert all("bcc" not in names for names in heads(post))
    assert all(
        "\n" not in taken["To"] and "evil" not in taken["To"].rpartition("@")[2] for taken in post.taken
    )
