"""Guessing at the sign-in: what tells a known address from an unknown one, and limits that hold for all processes.

A process that has counted nothing itself is had by emptying the memory that ``cache`` is: what then still holds is
what lies in the database.
"""

import math
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.cache import cache
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from sirkel.kernel import clock, tries
from sirkel.kernel.errors import TooMany
from sirkel.kernel.models import Tries
from sirkel.kernel.tries import SharedLimit
from sirkel.people.domain import trying
from sirkel.people.models import Person, Session
from sirkel.people.sessions import SessionStore
from tests.factories.factors import CODE, SECOND, add_app, app_code, first_step

pytestmark = pytest.mark.django_db

LOGIN, CONFIRM, HOME = "/accounts/login/", "/accounts/login/code/", "/circles/"
KNOWN, UNKNOWN = "marit@example.org", "maria@example.org"  # of one length
WRONG = "BCDF-GHJK"
NOON = datetime(2026, 11, 27, 12, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _noon():
    with clock.frozen(NOON):
        yield


@pytest.fixture
def marit():
    return Person.objects.create_user(KNOWN, first_name="Marit", family_name="Prøve", language="en")


def in_another_process():
    cache.clear()


def asked(client, address):
    return client.post(LOGIN, {"email": address})


def code_to(address):
    return next(
        CODE.search(letter.body)[1]
        for letter in reversed(mail.outbox)
        if letter.to == [address] and CODE.search(letter.body)
    )


def shape(query):
    """Return what a statement does and to which tables; values and what is drawn anew are left out."""
    return query["sql"].split()[0], re.findall(r'(?:FROM|INTO|UPDATE|JOIN) "(\w+)"', query["sql"])


def without_what_is_drawn(page):
    return re.sub(r'(csrfmiddlewaretoken" value)="\w+"', r"\1", page)


@pytest.mark.requirement("SEC-04")
@pytest.mark.pure
@pytest.mark.threat(row="T11")
def test_known_and_unknown_cost_the_same_work(marit):
    """Same statements to the database, as many mails, and the same answer but for what is drawn anew."""
    seen = {}
    for address in (KNOWN, UNKNOWN):
        client = Client()
        client.get(LOGIN)
        with CaptureQueriesContext(connection) as queries:
            answer = asked(client, address)
            page = client.get(CONFIRM)
            again = client.post(CONFIRM, {"action": "resend"})
            wrong = client.post(CONFIRM, {"code": WRONG})
        answers = (answer, page, again, wrong)
        seen[address] = {
            "statements": [shape(query) for query in queries.captured_queries],
            "mails": len(mail.outbox),
            "statuses": [each.status_code for each in answers],
            "headers": [{**each.headers, "Expires": ""} for each in answers],
            "cookies": [sorted(each.cookies) for each in answers],
            "pages": [without_what_is_drawn(each.content.decode().replace(address, "…")) for each in answers],
        }
        mail.outbox.clear()
    assert len(seen[KNOWN]["statements"]) > 5
    assert seen[KNOWN]["mails"] == 2
    assert seen[KNOWN] == seen[UNKNOWN]


def test_a_session_that_lay_ready_opens_nothing_after_the_sign_in(client, marit):
    """Fixation: somebody puts a session of their own into another's browser and waits for the sign-in."""
    asked(client, KNOWN)
    planted = client.session.session_key
    client.post(CONFIRM, {"code": code_to(KNOWN)})
    assert client.get(HOME).status_code == 200
    assert client.session.session_key != planted
    thief = Client()
    thief.cookies["session"] = planted
    assert thief.get(HOME).headers["Location"].startswith(LOGIN)
    thief.cookies["session"] = "a" * 32  # a key that the server never gave is not taken up
    asked(thief, KNOWN)
    assert thief.cookies["session"].value != "a" * 32
    assert not Session.objects.filter(session_key__in=[planted, "a" * 32]).exists()


@pytest.mark.requirement("SEC-05")
def test_keys_of_sessions_have_more_than_128_bits():
    keys = {SessionStore()._get_new_session_key() for _session in range(200)}
    assert len(keys) == 200
    signs = {sign for key in keys for sign in key}
    assert min(map(len, keys)) * math.log2(len(signs)) > 128
    # Each sign stands at each place about equally often: nothing is fixed or counted up.
    assert all(len({key[place] for key in keys}) > len(signs) / 2 for place in range(32))


class TestCodesByMail:
    def test_the_thirteenth_in_an_hour_is_not_sent_whoever_it_is_for(self, marit):
        pages = []
        for address in (KNOWN, UNKNOWN):
            for _ask in range(12):
                in_another_process()
                assert asked(Client(), address).status_code == 302
            in_another_process()
            answer = asked(Client(), address)
            assert "Try again in an hour" in answer.content.decode()
            pages.append((answer.status_code, len(answer.content)))
        assert pages[0] == pages[1]
        assert len(mail.outbox) == 24
        in_another_process()
        with clock.moved(timedelta(hours=1)):
            assert asked(Client(), KNOWN).status_code == 302

    @pytest.mark.requirement("SEC-01")
    def test_forty_typed_in_an_hour_are_the_most_in_however_many_browsers(self, marit):
        compared = 0
        for _browser in range(12):
            in_another_process()
            client = Client()
            asked(client, KNOWN)
            for _guess in range(3):
                client.post(CONFIRM, {"code": WRONG})
                compared += 1
        assert compared == 36
        in_another_process()
        for _guess in range(4):
            trying.type_code_for(KNOWN)
        with pytest.raises(TooMany) as many:
            trying.type_code_for(KNOWN.upper())
        assert many.value.code == "sign_in.wait"
        trying.type_code_for(UNKNOWN)

    @pytest.mark.requirement("SEC-01")
    def test_the_right_code_is_not_taken_when_no_try_is_left_and_is_in_the_next_hour(self, client, marit):
        asked(client, KNOWN)
        for _guess in range(40):
            trying.type_code_for(KNOWN)
        page = client.post(CONFIRM, {"code": code_to(KNOWN)})
        assert "Try again in an hour" in page.content.decode()
        with clock.moved(timedelta(hours=1)):
            assert client.post(CONFIRM, {"code": code_to(KNOWN)}).headers["Location"] == HOME


class TestSecondStep:
    @pytest.fixture
    def secret(self, client, marit):
        first_step(client, KNOWN)
        secret = add_app(client)
        client.post("/accounts/logout/")
        app = Authenticator.objects.get(type="totp")
        Authenticator.objects.filter(pk=app.pk).update(data={**app.data, "last_counter": 0})
        return secret

    def guess(self, client, times):
        for _guess in range(times):
            in_another_process()
            assert client.post(SECOND, {"code": "000000"}).status_code == 200

    def test_ten_in_an_hour_and_neither_app_nor_paper_opens(self, client, marit, secret):
        first_step(client, KNOWN)
        self.guess(client, 10)
        in_another_process()
        page = client.post(SECOND, {"code": app_code(secret)})
        assert "Try again in an hour" in page.content.decode()
        paper = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[0]
        in_another_process()
        assert "Try again in an hour" in client.post(SECOND, {"code": paper}).content.decode()
        assert client.get(HOME).status_code == 302
        with clock.moved(timedelta(hours=1)):
            in_another_process()
            assert client.post(SECOND, {"code": app_code(secret)}).status_code == 302
        assert client.get(HOME).status_code == 200

    def test_thirty_in_a_day(self, client, marit, secret):
        first_step(client, KNOWN)
        for hour in range(3):
            with clock.moved(timedelta(hours=hour)):
                self.guess(client, 10)
        with clock.moved(timedelta(hours=3)):
            in_another_process()
            assert "Try again tomorrow" in client.post(SECOND, {"code": app_code(secret)}).content.decode()
        with clock.moved(timedelta(hours=12)):
            in_another_process()
            assert client.post(SECOND, {"code": app_code(secret)}).status_code == 302

    def test_what_was_right_does_not_count(self, client, marit, secret):
        for _sign_in in range(2):
            in_another_process()
            first_step(client, KNOWN)
            self.guess(client, 4)
            Authenticator.objects.filter(type="totp").update(
                data={**Authenticator.objects.get(type="totp").data, "last_counter": 0}
            )
            assert client.post(SECOND, {"code": app_code(secret)}).status_code == 302
            client.post("/accounts/logout/")
        first_step(client, KNOWN)
        self.guess(client, 2)
        in_another_process()
        assert "Try again in an hour" in client.post(SECOND, {"code": "000000"}).content.decode()


class TestWhatIsKept:
    @pytest.mark.requirement("PD-08")
    def test_names_lead_back_to_nobody_and_are_gone_when_the_span_is_over(self, marit):
        trying.send_code_to(KNOWN)
        trying.type_factor_of(marit.id)
        rows = list(Tries.objects.values("who", "until", "count"))
        assert [row["until"] for row in rows if row["until"].hour] == [NOON.replace(hour=13, minute=0)] * 2
        first = {bytes(row["who"]) for row in rows}
        with clock.moved(timedelta(days=1)):
            trying.send_code_to(KNOWN)
            trying.type_factor_of(marit.id)
            assert Tries.objects.count() == 2 * len(first) == 6  # not one name is the same
            assert tries.tidy(at=clock.now()) == 3
            assert Tries.objects.count() == 3

    def test_another_key_of_the_installation_is_another_name(self, settings):
        trying.send_code_to(KNOWN)
        name = bytes(Tries.objects.get().who)
        Tries.objects.all().delete()
        settings.SECRET_KEY = "another-key-of-another-installation-0123456789"
        trying.send_code_to(KNOWN)
        assert bytes(Tries.objects.get().who) != name


@pytest.mark.requirement("SEC-27")
@pytest.mark.django_db(transaction=True)
def test_of_a_hundred_tries_at_once_no_more_are_taken_than_are_left():
    limit = SharedLimit("test", most=10)
    together = threading.Barrier(8)

    def take(number):
        try:
            if number < 8:
                together.wait(timeout=30)
            return limit.take("a")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(take, range(100)))
    assert sum(taken) == 10
    assert limit.is_spent("a")
    assert not limit.is_spent("b")
