"""A value sent twice, or in two places: what is checked is what is taken, so that no second one slips past."""

import itertools
from urllib.parse import urlencode

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from sirkel.circles.models import Ballot, InboxNote
from sirkel.circles.queries.rounds import options_of
from sirkel.kernel.ids import new_id, new_receipt
from sirkel.people.models import Person, RoleAssignment
from tests.circles.web.hands import JSON, Phone, written
from tests.circles.web.test_steps import grown
from tests.factories.meetings import make_circle, make_meeting, sign_in
from tests.people.unit.test_roles import House

pytestmark = [pytest.mark.pure, pytest.mark.django_db(databases=["default", "research", "vault"])]

FORM = "application/x-www-form-urlencoded"
A_NUMBER = "01010750160"
DOTS = 3
EVIL = "https://evil.example/"


def send(client, address, *pairs, **more):
    """Post a form whose names may come more than once, in this order."""
    return client.post(address, urlencode(pairs), content_type=FORM, **more)


def orders(*values):
    """Yield the values in every order: servers, proxies and pages may each take another one."""
    return itertools.permutations(values)


def test_a_note_twice_is_the_last_and_that_one_is_looked_through():
    phone = Phone(make_meeting(step="write", people=3))
    for first, second in orders("Vi mangler tid", f"Hun med {A_NUMBER} ringte"):
        sent = [("client_id", str(new_id())), ("receipt", new_receipt()), ("lang", "nb")]
        twice = ("text", first), ("text", second)
        answer = send(phone.client, phone.at() + "notes/", *sent, *twice, headers=JSON)
        assert answer.status_code == (400 if A_NUMBER in second else 200), second
    query = urlencode({"text": f"Hun med {A_NUMBER} ringte"})
    sent = [("client_id", str(new_id())), ("receipt", new_receipt()), ("lang", "nb"), ("text", "I skjemaet")]
    assert send(phone.client, f"{phone.at()}notes/?{query}", *sent, headers=JSON).status_code == 200
    assert sorted(written(phone.live)) == ["I skjemaet", "Vi mangler tid"]
    assert not InboxNote.objects.filter(text__contains=A_NUMBER).exists()


def test_a_code_for_signing_in_goes_to_one_address_and_opens_that_one_alone():
    for name in ("marit", "ola"):
        Person.objects.create_user(f"{name}@example.org", first_name=name, family_name="Prøve")
    for first, second in orders("marit@example.org", "ola@example.org"):
        client = Client()
        mail.outbox.clear()
        cache.clear()
        send(client, f"/accounts/login/?email={first}", ("email", first), ("email", second))
        assert [message.to for message in mail.outbox] == [[second]]
        code = next(line for line in mail.outbox[0].body.splitlines() if len(line) == 9 and line[4] == "-")
        send(client, f"/accounts/login/code/?email={first}", ("email", first), ("code", code))
        assert client.get("/me/").wsgi_request.user.email == second


def test_an_address_to_go_on_to_twice_leads_nowhere_else():
    for first, second in orders("/circles/", EVIL):
        for query, sent in (
            ([("next", first), ("next", second)], []),
            ([], [("next", first), ("next", second)]),
            ([("next", first)], [("next", second)]),
        ):
            answer = send(
                Client(),
                f"/i18n/setlang/?{urlencode(query)}",
                ("language", "nb"),
                *sent,
                headers={"referer": EVIL},
            )
            assert "evil" not in answer.headers.get("Location", ""), (query, sent)


def test_a_role_is_given_only_where_the_giver_may_whatever_is_named_besides():
    house, other = House(), House()
    client = Client()
    sign_in(client, house.administrator)
    who = [("email", "liv@example.org"), ("first_name", "Liv"), ("family_name", "Prøve"), ("language", "nb")]
    what = [("role", "leader"), ("begins", "2026-03-01"), ("do", "look"), ("do", "keep")]
    for first, second in orders(f"workplace:{house.workplace.id}", f"workplace:{other.workplace.id}"):
        address = f"/administration/{house.organisation.id}/people/give/?place={second}"
        send(client, address, *who, *what, ("place", first), ("place", second))
    given = RoleAssignment.objects.get(person__email="liv@example.org")
    assert given.workplace == house.workplace


def test_dots_named_twice_are_not_more_than_there_are():
    live = grown("choose")
    phone = Phone(live)
    one, two, _three = (str(option) for option, _text, _lang in options_of(live.round.step))
    for pairs in (
        [(f"dots-{one}", "1"), (f"dots-{one}", "4")],
        [(f"dots-{one}", "2"), (f"dots-{one.upper()}", "4")],
        [(f"dots-{one}", "3"), (f"dots-{two}", "0"), (f"dots-{two}", "1")],
    ):
        for sent in (pairs, pairs[::-1]):
            answer = send(phone.client, phone.at() + "picks/", *sent, headers=JSON)
            assert answer.status_code == 200 or "picks" not in answer.json()
            for ballot in Ballot.objects.all():
                assert sum(ballot.picks.values()) <= DOTS, sent
    assert Ballot.objects.count() == 1


def test_circles_of_others_are_not_reached_through_a_second_id():
    (own, facilitator), (other, _theirs) = make_circle(), make_circle()
    client = Client()
    client.force_login(facilitator)
    for first, second in orders(str(own.id), str(other.id)):
        for query in ([("circle_id", first), ("circle_id", second)], [("circle", first), ("circle", second)]):
            assert client.get(f"/circles/{other.id}/?{urlencode(query)}").status_code == 404
            assert client.get(f"/circles/{own.id}/?{urlencode(query)}").status_code == 200
