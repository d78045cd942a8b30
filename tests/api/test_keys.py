"""Making, showing, using and ending a key; and everything that a key must not be."""

import hashlib
from datetime import timedelta

import pytest
from django.test import Client

from sirkel.kernel import clock
from sirkel.kernel.errors import Conflict, NotFound, Refused
from sirkel.kernel.ids import new_id
from sirkel.kernel.models import AuditEvent
from sirkel.people.domain.api_keys import end_key, forget_outdated
from sirkel.people.enums import Role
from sirkel.people.models import ApiKey
from tests.api.programs import new_key, program
from tests.factories.meetings import make_circle, sign_in
from tests.factories.thread import make_reader

pytestmark = pytest.mark.django_db(databases=["default", "research", "vault"])
ME = "/api/v1/me"


@pytest.fixture
def person():
    _circle, facilitator = make_circle()
    return facilitator


def form(**more):
    return {"label": "Case system", "days": "90", "form_id": str(new_id())} | more


@pytest.fixture
def browser(person):
    client = Client(headers={"accept-language": "en"})
    sign_in(client, person)
    return client


def test_a_key_is_made_on_the_page_shown_once_and_opens_the_api(browser, person):
    page = browser.post("/me/keys/", form())
    secret = page.context["secret"]
    assert secret.startswith("sirkel_")
    assert page.content.decode().count(secret) == 1
    assert secret not in browser.get("/me/keys/").content.decode()
    told = program(None, secret=secret).get(ME).json()
    assert (told["first_name"], told["key"]["label"]) == (person.first_name, "Case system")
    assert told["key"]["may_answer"] is False


def test_no_secret_is_kept(person):
    key, secret = new_key(person)
    kept = bytes(ApiKey.objects.get(id=key.id).secret_hash)
    assert kept == hashlib.sha256(b"sirkel.api:" + secret.encode()).digest()
    assert len(secret) > 43
    row = str(ApiKey.objects.filter(id=key.id).values().get())
    assert secret not in row
    assert secret.removeprefix("sirkel_") not in row


def test_the_same_form_sent_twice_makes_one_key(browser, person):
    sent = form()
    assert browser.post("/me/keys/", sent).context["secret"]
    again = browser.post("/me/keys/", sent)
    assert again.status_code == 422
    assert "made its key already" in again.content.decode()
    assert ApiKey.objects.filter(person=person).count() == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"label": "   "}, "required"), ({"label": "x" * 61}, "60"), ({"days": "400"}, "Select a valid choice")],
)
def test_what_does_not_fit_is_said_at_its_field(browser, person, wrong, said):
    page = browser.post("/me/keys/", form(**wrong))
    assert page.status_code == 422
    assert said in page.content.decode()
    assert not ApiKey.objects.filter(person=person).exists()


def test_nobody_has_more_than_ten_that_open_something(person):
    for _n in range(10):
        key, _secret = new_key(person)
    with pytest.raises(Refused, match=r"keys\.too_many"):
        new_key(person)
    end_key(acting=person, key_id=key.id, at=clock.now())
    new_key(person)


def test_a_key_is_made_after_a_fresh_sign_in_alone(browser):
    session = browser.session
    session["signed_in_at"] -= 660
    session.save()
    answer = browser.post("/me/keys/", form())
    assert answer.status_code == 302
    assert answer["Location"].startswith("/me/security/again/")
    assert not ApiKey.objects.exists()


def test_a_key_ends_at_once_and_only_by_its_owner(browser, person):
    key, secret = new_key(person)
    other = make_reader(Role.COORDINATOR)
    with pytest.raises(NotFound):
        end_key(acting=other, key_id=key.id, at=clock.now())
    asks = program(None, secret=secret)
    assert asks.get(ME).status_code == 200
    assert browser.post(f"/me/keys/{key.id}/end/").status_code == 302
    assert asks.get(ME).status_code == 401


def test_the_trail_says_that_a_key_was_made_and_ended_and_not_what_for(person):
    key, _secret = new_key(person, label="Sykehusets rapport")
    end_key(acting=person, key_id=key.id, at=clock.now())
    events = AuditEvent.objects.filter(actor=person.id, verb__startswith="key.").order_by("sequence")
    assert [one.verb for one in events] == ["key.made", "key.ended"]
    assert all("Sykehusets" not in str(one.facts) for one in events)


def test_an_outdated_key_opens_nothing_and_is_forgotten_a_month_later(person):
    key, secret = new_key(person, days=30, at=clock.now() - timedelta(days=30))
    assert program(None, secret=secret).get(ME).status_code == 401
    last = key.ends_on
    assert forget_outdated(at=clock.now()) == 0
    assert ApiKey.objects.filter(id=key.id).exists()
    ApiKey.objects.filter(id=key.id).update(
        made_on=last - timedelta(days=90), ends_on=last - timedelta(days=30)
    )
    assert forget_outdated(at=clock.now()) == 1


@pytest.mark.parametrize(
    "shown",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer sirkel_",
        "Bearer nothing",
        "Basic c2lya2VsOg==",
        "Bearer sirkel_" + "a" * 43,
    ],
)
def test_what_is_no_key_is_refused_in_one_way_everywhere(person, shown):
    new_key(person)
    for path in (ME, "/api/v1/cards", "/api/v1/nowhere"):
        answer = Client(headers={"authorization": shown, "accept-language": "en"}).get(path)
        assert answer.status_code == 401, path
        assert answer.json()["code"] == "keys.unknown"
        assert answer["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.threat(row="T12")
def test_a_key_is_worth_no_more_than_its_owner(person):
    key, secret = new_key(person)
    asks = program(None, secret=secret)
    assert len(asks.get("/api/v1/circles").json()) == 1
    person.memberships.update(left_at=clock.now())
    assert asks.get("/api/v1/circles").json() == []
    person.is_active = False
    person.save()
    assert asks.get(ME).status_code == 401
    person.delete()
    assert not ApiKey.objects.filter(id=key.id).exists()


def test_a_key_is_no_way_around_the_second_step(person, settings):
    make_role = {"organisation": person.memberships.get().circle.organisation}
    keeper = make_reader(Role.ADMINISTRATOR, **make_role)
    settings.SECOND_FACTOR = ""
    _key, secret = new_key(keeper)
    asks = program(None, secret=secret)
    assert asks.get(ME).status_code == 200
    settings.SECOND_FACTOR = "required"
    assert asks.get(ME).status_code == 401


def test_a_session_opens_no_api(browser):
    """No other site can let a browser ask it as somebody: no cookie counts."""
    assert browser.get("/circles/").status_code == 200
    assert browser.get(ME).status_code == 401
    assert browser.get("/api/v1/cards").status_code == 200


def test_a_key_opens_no_page(person):
    assert program(person).get("/circles/").status_code == 302


def test_wrong_keys_from_one_address_must_wait_and_others_need_not(person):
    wrong = program(None, secret="sirkel_" + "b" * 43)
    for _n in range(30):
        assert wrong.get(ME).status_code == 401
    assert wrong.get(ME).status_code == 429
    right = program(person)
    assert right.get(ME).status_code == 429
    assert right.get(ME, REMOTE_ADDR="192.0.2.7").status_code == 200


def test_a_use_is_kept_as_a_day(person):
    key, secret = new_key(person)
    assert ApiKey.objects.get(id=key.id).used_on is None
    program(None, secret=secret).get(ME)
    assert ApiKey.objects.get(id=key.id).used_on == clock.now().date()


def test_no_two_forms_at_once_make_the_same_key(person):
    made, _secret = new_key(person)
    with pytest.raises(Conflict):
        new_key(person, key_id=made.id)


def test_answers_are_kept_in_no_cache_and_differ_by_key(person):
    answer = program(person).get(ME)
    assert answer["Cache-Control"] == "no-store"
    assert "Authorization" in answer["Vary"]
    assert not answer.cookies
