"""A mail scanner follows every link of a mail, by every method that is safe: nothing is used up or changed."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.test import Client
from django.urls import resolve

from sirkel.circles.domain import planning
from sirkel.circles.enums import MeetingState, MemberRole
from sirkel.circles.models import Answer, Membership
from sirkel.circles.queries.links import leave_path
from sirkel.kernel import clock
from sirkel.people.domain import outbox
from sirkel.people.domain.inviting import post_invitations
from sirkel.people.enums import Role
from sirkel.people.models import Mail
from tests.attack.test_addresses import everything
from tests.factories.factors import CODE
from tests.factories.places import START, make_circle, make_person

pytestmark = [
    pytest.mark.slow,
    pytest.mark.pure,
    pytest.mark.django_db(databases=["default", "research", "vault"]),
]

LINK = re.compile(r"https?://[^\s<>\"')\]]+")
# How scanners and mail programs look ahead: by what they call themselves, and by what browsers say of it.
LOOKS = (
    {"user-agent": "SafeLinks/1.0 (scanner)"},
    {"sec-purpose": "prefetch", "purpose": "prefetch"},
    {"sec-purpose": "prefetch;prerender", "accept": "image/avif,*/*"},
)


@pytest.fixture(autouse=True)
def _ten_days_before():
    with clock.frozen(START - timedelta(days=10)):
        yield


@pytest.fixture
def aino():
    """A member who gets mails of every kind that a circle and an organisation send by themselves."""
    circle, marit = make_circle(meetings=1)
    circle.meetings.update(state=MeetingState.DRAFT)
    aino = make_person(name="Aino")
    member = Membership.objects.create(circle=circle, person=aino, role=MemberRole.PARTICIPANT)
    role = aino.roles.create(
        role=Role.UNION, organisation=circle.organisation, workplace=circle.workplace, valid_from=clock.now()
    )
    Mail.objects.all().delete()
    planning.publish_meeting(acting=marit, meeting_id=circle.meetings.get().id, at=clock.now())
    post_invitations([role], at=clock.now())
    # Leaving and coming back leaves a third mail, with the way back in it.
    for press in ({}, {"undo": "1"}):
        Client().post(leave_path(member.id), press)
    outbox.deliver()
    return aino


def links():
    """Every address of this house in the mails that were sent, with its question, and the route that it leads to."""
    found = {}
    for letter in mail.outbox:
        parts = [str(part) for part in (*getattr(letter, "alternatives", ()), *letter.attachments)]
        for text in (letter.body, *parts, *letter.extra_headers.values()):
            for address in LINK.findall(text):
                link = urlsplit(address.rstrip(".,"))
                path = f"{link.path or '/'}?{link.query}".rstrip("?")
                found[path] = resolve(link.path or "/").route
    return found


@pytest.mark.threat(row="T11")
def test_a_scanner_that_follows_every_link_of_every_mail_uses_nothing_up(aino):
    found = links()
    assert {"link/mail/<str:token>/", "link/answer/<str:token>/", "link/leave/<str:token>/"} <= set(
        found.values()
    )
    before = everything()
    for path in found:
        seen = set()
        for headers in LOOKS:
            scanner = Client(headers=headers)
            for look in (scanner.head, scanner.options):
                assert look(path, follow=True).status_code in {200, 405}, path
            seen.add(scanner.get(path, follow=True).status_code)
        assert seen == {200}, path
    assert everything() == before
    # What they are for still works, by one press of whoever has the mail.
    by_route = {route: path for path, route in found.items()}
    assert Client().post(by_route["link/answer/<str:token>/"], {"says": "yes"}).status_code == 200
    assert Answer.objects.get().says == "yes"
    press = Client().post(by_route["link/mail/<str:token>/"], {"List-Unsubscribe": "One-Click"})
    assert press.status_code == 200
    assert everything()["people.MailSettings"] != before["people.MailSettings"]


def test_what_a_scanner_does_with_the_mail_of_a_code_leaves_the_code_good(client):
    person = make_person(name="Aino")
    client.post("/accounts/login/", {"email": person.email})
    letter = mail.outbox[-1]
    before = everything()
    for address in LINK.findall(letter.body):
        for headers in LOOKS:
            for look in (Client(headers=headers).get, Client(headers=headers).head):
                assert look(urlsplit(address).path or "/", follow=True).status_code in {200, 405}
    assert everything() == before
    typed = client.post("/accounts/login/code/", {"code": CODE.search(letter.body)[1]})
    assert typed.headers["Location"] == "/circles/"
