"""Sessions: how long they live, who ends them, and what is kept of them (SEC-05)."""

import re
import time
from datetime import UTC, datetime

import pytest
from django.conf import settings as django_settings
from django.core import mail
from django.core.cache import cache
from django.test import Client

from sirkel.kernel import clock
from sirkel.kernel.live.surfaces import Asker, surfaces
from sirkel.kernel.models import AuditEvent
from sirkel.people.enums import Role
from sirkel.people.models import Session
from sirkel.people.queries.sessions import person_of_session
from sirkel.people.queries.use import SEEN_COOKIE
from sirkel.people.rules import sessions as rules
from tests.factories.factors import CODE, SECURITY, add_app
from tests.factories.meetings import make_circle, make_meeting
from tests.factories.thread import make_reader

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (Android 14; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0"
STAY = f"{SECURITY}stay/"


@pytest.fixture
def leader():
    return make_reader(Role.LEADER)


def key_of(client):
    return client.cookies[django_settings.SESSION_COOKIE_NAME].value


def cookies_of(client):
    return {name: morsel.value for name, morsel in client.cookies.items()}


def signed_in(person, *, own=False, agent=FIREFOX):
    client = Client(headers={"user-agent": agent, "accept-language": "en"})
    client.post("/accounts/login/", {"email": person.email})
    sent = {"code": CODE.search(mail.outbox[-1].body)[1]} | ({"own_device": "on"} if own else {})
    assert client.post("/accounts/login/code/", sent).status_code == 302
    cache.clear()
    return client


def later(monkeypatch, seconds):
    """Let the real clock stand later, for sessions alone: the proofs in cookies are signed and cannot be aged."""
    now = time.time() + seconds
    monkeypatch.setattr("sirkel.people.queries.use.time.time", lambda: now)


def is_in(client):
    return client.get("/me/messages/").status_code == 200


def handles_on(page):
    return re.findall(r"/me/security/sessions/([0-9a-f-]{36})/end/", page.content.decode())


def test_signing_in_makes_a_new_session(client, leader):
    """SEC-05: a session that somebody else planted is not the one that is signed in."""
    client.get("/accounts/login/")
    client.post("/accounts/login/", {"email": leader.email})
    planted = key_of(client)
    client.post("/accounts/login/code/", {"code": CODE.search(mail.outbox[-1].body)[1]})
    assert key_of(client) != planted
    thief = Client()
    thief.cookies[django_settings.SESSION_COOKIE_NAME] = planted
    assert not is_in(thief)
    assert is_in(client)


@pytest.mark.requirement("SEC-05")
@pytest.mark.threat(row="T6")
def test_half_an_hour_without_use_ends_it(leader, monkeypatch):
    client = signed_in(leader)
    later(monkeypatch, 29 * 60)
    assert is_in(client)
    later(monkeypatch, 29 * 60)
    assert is_in(client), "using it had lengthened it"
    later(monkeypatch, 31 * 60)
    assert not is_in(client)
    assert Session.objects.exclude(owner=None).count() == 0


def test_the_session_alone_without_the_proof_of_use_does_not_live_longer(leader, monkeypatch):
    client = signed_in(leader)
    later(monkeypatch, 29 * 60)
    assert is_in(client)
    later(monkeypatch, 10 * 60)
    del client.cookies[SEEN_COOKIE]
    assert not is_in(client)


def test_a_proof_of_use_of_another_session_is_none(leader, monkeypatch):
    old, new = signed_in(leader), None
    later(monkeypatch, 25 * 60)
    new = signed_in(leader)
    later(monkeypatch, 5 * 60)
    assert is_in(new)
    later(monkeypatch, 2 * 60)
    old.cookies[SEEN_COOKIE] = new.cookies[SEEN_COOKIE].value
    assert not is_in(old)


@pytest.mark.requirement("SEC-05")
def test_twelve_hours_are_the_most_however_much_it_is_used(leader, monkeypatch):
    client = signed_in(leader)
    for _half_hour in range(24):
        later(monkeypatch, 29 * 60)
        assert is_in(client)
    later(monkeypatch, 25 * 60)
    assert not is_in(client)


def test_a_device_of_ones_own_stays_for_twelve_hours_unused_and_thirty_days_at_most(leader, monkeypatch):
    client = signed_in(leader, own=True)
    days = Session.objects.exclude(owner=None).get().expire_date - datetime.now(UTC)
    assert 29.9 < days.total_seconds() / 86400 <= 30
    later(monkeypatch, 11 * 3600)
    assert is_in(client)
    later(monkeypatch, 13 * 3600)
    assert not is_in(client)


@pytest.mark.parametrize("role", [Role.RESEARCHER, Role.ADMINISTRATOR])
def test_researchers_and_administrators_never_stay_long(role, monkeypatch):
    client = signed_in(make_reader(role), own=True)
    later(monkeypatch, 31 * 60)
    assert not is_in(client)


def test_what_was_typed_is_given_back_when_the_form_comes_too_late(leader, monkeypatch):
    """A-05."""
    client = signed_in(leader)
    later(monkeypatch, 31 * 60)
    answer = client.post("/me/log/", {"text": "Bord 2 var stille <b>", "csrfmiddlewaretoken": "a b c"})
    page = answer.content.decode()
    assert answer.status_code == 401
    assert "Bord 2 var stille &lt;b&gt;" in page
    assert "a b c" not in page
    assert not is_in(client)


def test_a_script_is_told_in_its_own_words(leader, monkeypatch):
    client = signed_in(leader)
    later(monkeypatch, 31 * 60)
    answer = client.post(STAY, headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (401, "session.ended")


def test_asking_how_long_is_left_is_no_use_and_a_press_is(leader, monkeypatch):
    """A-05."""
    client, json = signed_in(leader), {"accept": "application/json"}
    later(monkeypatch, 20 * 60)
    assert client.get(STAY, headers=json).json()["seconds"] == pytest.approx(600, abs=5)
    assert client.get(STAY, headers=json).json()["seconds"] == pytest.approx(600, abs=5)
    assert "9 minutes" in client.get(STAY).content.decode()
    assert client.post(STAY, headers=json).json()["seconds"] == pytest.approx(1800, abs=5)
    assert client.get(STAY, headers=json).json()["seconds"] == pytest.approx(1800, abs=5)


def test_ones_own_sessions_are_listed_in_plain_words_without_an_address(leader):
    client = signed_in(leader)
    signed_in(leader, agent="curl/8")
    page = client.get(SECURITY).content.decode()
    assert "Firefox on Android" in page
    assert "A device" in page
    assert "127.0.0.1" not in page
    assert key_of(client) not in page


@pytest.mark.requirement("SEC-05")
def test_one_session_is_ended_and_the_others_go_on(leader):
    client, other, third = signed_in(leader), signed_in(leader), signed_in(leader)
    handles = handles_on(client.get(SECURITY))
    assert len(handles) == 2
    client.post(f"{SECURITY}sessions/{handles[0]}/end/")
    assert sorted([is_in(other), is_in(third)]) == [False, True]
    assert is_in(client)


def test_all_others_are_ended_at_once(leader):
    client, others = signed_in(leader), [signed_in(leader) for _other in range(3)]
    stranger = signed_in(make_reader(Role.LEADER))
    client.post(f"{SECURITY}sessions/end-others/")
    assert [is_in(other) for other in others] == [False] * 3
    assert is_in(client)
    assert is_in(stranger)
    event = AuditEvent.objects.get(verb="sessions.ended")
    assert (event.actor, event.facts) == (leader.id, {"count": 3})


def test_nobody_ends_another_persons_session(leader):
    client, attacker = signed_in(leader), signed_in(make_reader(Role.POLICY))
    second = signed_in(leader)
    handle = handles_on(client.get(SECURITY))[0]
    assert attacker.post(f"{SECURITY}sessions/{handle}/end/").status_code == 404
    assert is_in(second)
    assert client.post(f"{SECURITY}sessions/{handle}/end/").status_code == 302
    assert not is_in(second)


def test_the_database_alone_says_neither_whose_a_session_is_nor_what_it_holds(client, leader):
    """The code that was sent lies in the session until it is typed."""
    client.post("/accounts/login/", {"email": leader.email})
    code = CODE.search(mail.outbox[-1].body)[1]
    signed_in(leader)
    kept = str([(row.session_data, bytes(row.owner or b"")) for row in Session.objects.all()])
    assert not [word for word in (code, leader.email, str(leader.id), "_auth_user_id") if word in kept]


def test_using_a_session_writes_nothing_beside_what_somebody_does(leader, monkeypatch):
    """A row that changes with every use would lie beside somebody's unsigned words."""
    client = signed_in(leader)
    client.get("/me/messages/")
    before = list(Session.objects.order_by("session_key").values())
    later(monkeypatch, 10 * 60)
    client.get("/me/messages/")
    client.post(STAY)
    assert list(Session.objects.order_by("session_key").values()) == before


@pytest.mark.requirement("SEC-05", "SEC-10")
def test_an_ended_session_ends_its_stream_at_the_next_look():
    """SEC-05: the stream asks again within 60 s, and gets a no."""
    live = make_meeting()
    facilitator = live.facilitator
    client = signed_in(facilitator)
    asker = Asker(cookies=cookies_of(client), query={})
    assert surfaces["facilitator"].authorise(live.meeting.id, asker)
    other = signed_in(facilitator)
    other.post(f"{SECURITY}sessions/end-others/")
    assert not surfaces["facilitator"].authorise(live.meeting.id, asker)


def test_whoever_is_put_out_keeps_nothing_of_a_session_or_a_stream(leader):
    client = signed_in(leader)
    assert is_in(client)
    type(leader).objects.filter(id=leader.id).update(is_active=False)
    assert not is_in(client)
    assert person_of_session(cookies_of(client), at=clock.now()) is None


def test_a_stream_asks_for_the_second_factor_too(settings):
    _circle, facilitator = make_circle()
    client = signed_in(facilitator)
    assert person_of_session(cookies_of(client), at=clock.now()) == facilitator
    settings.SECOND_FACTOR = "required"
    assert person_of_session(cookies_of(client), at=clock.now()) is None


def test_a_stream_is_not_opened_by_what_lay_about_for_long(leader, monkeypatch):
    cookies = cookies_of(signed_in(leader))
    later(monkeypatch, 4 * 3600)
    assert person_of_session(cookies, at=clock.now()) == leader
    later(monkeypatch, 31 * 60)
    assert person_of_session(cookies, at=clock.now()) is None


@pytest.mark.parametrize(
    ("agent", "told"),
    [
        (FIREFOX, ("Firefox", "Android")),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605 Version/17.0 Mobile Safari/604.1",
            ("Safari", "iPhone"),
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537 Chrome/129.0 Safari/537 Edg/129.0",
            ("Edge", "Windows"),
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) AppleWebKit/537 Chrome/129.0 Safari/537",
            ("Chrome", "Mac"),
        ),
        ("curl/8.0", ("", "")),
        ("", ("", "")),
    ],
)
def test_a_browser_is_named_without_its_version(agent, told):
    assert rules.browser_and_system(agent) == told


OFFER = "You are signed in on {} other device"


def test_right_after_a_second_step_changed_ending_the_others_is_offered(leader):
    """ASVS 7.4.3: with how many they are, for one press, and no longer than it is news."""
    client, others = signed_in(leader), [signed_in(leader) for _other in range(2)]
    assert OFFER.format(2) not in client.get(SECURITY).content.decode()
    add_app(client)
    page = client.get(SECURITY).content.decode()
    assert OFFER.format(2) in page
    assert page.count(f"{SECURITY}sessions/end-others/") == 1
    assert OFFER.format(2) not in others[0].get(SECURITY).content.decode()
    client.post(f"{SECURITY}sessions/end-others/")
    assert [is_in(other) for other in others] == [False] * 2
    assert OFFER.format(2) not in client.get(SECURITY).content.decode()
    client.post(f"{SECURITY}app/remove/")
    third = signed_in(leader)
    assert OFFER.format(1) in client.get(SECURITY).content.decode()
    session = client.session
    session["changed_at"] -= 10 * 60
    session.save()
    assert OFFER.format(1) not in client.get(SECURITY).content.decode()
    assert is_in(third)


def test_with_no_other_session_nothing_is_offered(leader):
    client = signed_in(leader)
    add_app(client)
    assert "other device" not in client.get(SECURITY).content.decode()
