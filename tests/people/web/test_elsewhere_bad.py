"""A sign-in service that answers wrongly, late or not at all, and browsers that bring back what is not theirs."""

import json
import time

import httpx
import pytest
from bench.servers import free_port
from django.test import Client

from sirkel.people.models import Identity
from tests.factories.factors import SECURITY, first_step
from tests.oidc.running import configure, way_on
from tests.oidc.town import BACK, GO, LINK, TOWN, is_in, linked, said, spoil, there, through

# Whichever database: what is looked at are answers of another server.
pytestmark = [pytest.mark.django_db, pytest.mark.pure]
HOUR = 3600
EVIL = "https://evil.example/"


def wrong_tokens(service):
    """Each a fault of the token or of the answer, and what the administrator's log calls it."""
    now = int(time.time())
    yield {"sign": "forged"}, "signature"
    yield {"sign": "none"}, "algorithm"
    yield {"sign": "secret"}, "algorithm"
    yield {"claims": {"exp": now - 60}}, "ExpiredSignature"
    yield {"claims": {"exp": None}}, "MissingRequiredClaim"
    yield {"claims": {"iat": now + HOUR}}, "ImmatureSignature"
    yield {"claims": {"aud": "another"}}, "InvalidAudience"
    yield {"claims": {"aud": ["sirkel", "another"]}}, "audience"
    yield {"claims": {"azp": "another"}}, "authorised party"
    yield {"claims": {"iss": EVIL}}, "InvalidIssuer"
    yield {"claims": {"iss": f"{service}/"}}, "InvalidIssuer"
    yield {"claims": {"nonce": "another"}}, "nonce"
    yield {"claims": {"nonce": None}}, "nonce"
    yield {"claims": {"sub": ""}}, "subject"
    yield {"claims": {"sub": None}}, "MissingRequiredClaim"
    yield {"claims": {"sub": "a" * 300}}, "subject"
    yield {"claims": {"auth_time": now - HOUR}}, "not signed in to afresh"
    yield {"answer": {"iss": EVIL}}, "issuer of the answer"
    yield {"answer": {"code": ""}}, "code"
    yield {"answer": {"code": "guessed"}}, "invalid_grant"
    yield {"answer": {"error": "<script>alert(1)</script>"}}, "refused"
    yield {"body": {"/oauth2/token": "no JSON"}}, "no token"
    yield {"body": {"/oauth2/token": json.dumps({"id_token": "a.b.c"})}}, "token"
    yield {"body": {"/oauth2/token": json.dumps({"id_token": 7})}}, "no token"
    yield {"body": {"/oauth2/token": "[" * 100_000}}, "no token"


@pytest.mark.requirement("SEC-18")
def test_an_answer_with_one_fault_signs_nobody_in_and_the_log_says_which(client, town, researcher, caplog):
    """SEC-18: signature, algorithm, time, audience, issuer, nonce, moment and code are each looked at."""
    linked(client, researcher)
    browser = Client()
    for fault, why in wrong_tokens(town):
        spoil(town, **fault)
        caplog.clear()
        answer = through(browser, "anna")
        assert answer.status_code == 400, fault
        assert "could not be taken" in said(answer), fault
        assert "<script>alert" not in answer.content.decode()
        assert not is_in(browser), fault
        messages = [
            record.getMessage() for record in caplog.records if "sign-in service" in record.getMessage()
        ]
        assert messages == [f"sign-in service town gave an answer that was not taken: {why}"], fault
    spoil(town)
    assert through(browser, "anna").status_code == 302
    assert is_in(browser)


def wrong_metadata(service):
    yield {"issuer": EVIL}
    yield {"issuer": f"{service}/"}
    yield {"token_endpoint": "http://evil.example/token"}
    yield {"token_endpoint": None, "jwks_uri": 7}
    yield {"authorization_endpoint": "javascript:alert(1)"}
    yield {"authorization_endpoint": ""}
    yield {"jwks_uri": "http://[broken/"}
    yield {"jwks_uri": "https://evil.example/keys"}
    yield {"jwks_uri": "http://127.0.0.1:1/keys"}
    yield {"token_endpoint": "https://169.254.169.254/latest/"}
    yield {"pushed_authorization_request_endpoint": "https://evil.example/par"}
    yield {"require_pushed_authorization_requests": True}


@pytest.mark.requirement("SEC-18")
def test_a_service_that_names_itself_or_its_addresses_wrongly_is_not_gone_to(
    client, town, settings, tmp_path
):
    """SEC-17, SEC-18."""
    for metadata in wrong_metadata(town):
        spoil(town, metadata=metadata)
        configure(settings, tmp_path, TOWN.format(service=town))
        page = client.post(GO)
        assert page.status_code == 400, metadata
        assert "evil" not in page.content.decode()
        assert "http-equiv" not in page.content.decode()
    spoil(town)
    configure(settings, tmp_path, TOWN.format(service=town))
    assert way_on(client.post(GO)).startswith(f"{town}/oauth2/authorize?")


@pytest.mark.requirement("SEC-18")
def test_a_service_that_promises_to_name_itself_must(client, town, researcher, settings, tmp_path):
    """Mixing up services: RFC 9207."""
    linked(client, researcher)
    promise = {"authorization_response_iss_parameter_supported": True}
    spoil(town, metadata=promise)
    configure(settings, tmp_path, TOWN.format(service=town))
    assert through(Client(), "anna").status_code == 400
    spoil(town, metadata=promise, answer={"iss": town})
    assert through(Client(), "anna").status_code == 302


@pytest.mark.requirement("SEC-18")
def test_an_answer_is_good_once_in_the_browser_that_asked_and_for_a_while(client, town, researcher):
    """SEC-18: a state of another browser, used before, invented or old is none."""
    linked(client, researcher)
    browser, thief = Client(), Client()
    answer = there(way_on(browser.post(GO)), "anna")
    for nobody in (thief, client):
        assert nobody.get(answer).status_code == 400
    assert not is_in(thief)
    assert browser.get(BACK).status_code == 400
    assert browser.get(f"{BACK}?state=&code=x").status_code == 400
    assert browser.get(answer).status_code == 302
    assert is_in(browser)
    assert browser.get(answer).status_code == 400, "used before"
    # The code that was used, brought back under a state of the thief's own.
    asked = way_on(thief.post(GO))
    code = answer.partition("code=")[2].partition("&")[0]
    state = asked.partition("state=")[2].partition("&")[0]
    assert thief.get(f"{BACK}?code={code}&state={state}").status_code == 400
    assert not is_in(thief)
    late = there(way_on(thief.post(GO)), "anna")
    session = thief.session
    for one in session["sign_ins_elsewhere"].values():
        one["since"] -= 901
    session.save()
    assert thief.get(late).status_code == 400
    assert not is_in(thief)


def test_a_link_that_was_begun_is_not_finished_by_somebody_else(client, town, researcher):
    first_step(client, researcher.email)
    answer = there(way_on(client.post(LINK)), "anna")
    client.post("/accounts/logout/")
    assert client.get(answer).status_code == 400, "signing out forgets what was begun"
    assert not Identity.objects.exists()


def test_somebody_who_turns_back_is_told_that_nothing_happened(client, town):
    address = way_on(client.post(GO))
    state = address.partition("state=")[2].partition("&")[0]
    answer = client.get(f"{BACK}?error=access_denied&error_description=%3Cb%3E&state={state}")
    assert answer.status_code == 403
    assert "You stopped at Town ID." in said(answer)
    assert 'action="/accounts/with/town/"' in answer.content.decode()


def test_a_changed_key_is_taken_and_a_forged_one_does_not_make_us_ask_without_end(client, town, researcher):
    """F-14: a new key counts within a minute; who sends unknown ones makes us fetch once in two seconds."""
    linked(client, researcher)
    time.sleep(2.1)
    assert httpx.put(f"{town}/rotate").status_code == 204
    assert through(Client(), "anna").status_code == 302
    spoil(town, sign="forged")
    began = time.monotonic()
    for _ in range(3):
        assert through(Client(), "anna").status_code == 400
    asked = httpx.get(f"{town}/asked").json().get("/jwks", 0)
    assert asked <= 1 + (time.monotonic() - began) / 2


def test_a_service_that_is_down_leaves_the_code_by_mail_as_it_was(
    client, town, researcher, settings, tmp_path
):
    """F-14."""
    configure(settings, tmp_path, TOWN.format(service=f"http://127.0.0.1:{free_port()}"))
    answer = client.post(GO)
    assert answer.status_code == 503
    assert "Town ID does not answer just now." in said(answer)
    assert "Sign in with a code by e-mail" in said(answer)
    assert 'action="/accounts/with/town/"' in answer.content.decode(), "once more, by one press"
    assert "Sign in with Town ID" in said(client.get("/accounts/login/"))
    assert first_step(client, researcher.email).status_code == 302
    assert client.get(SECURITY).status_code == 200


@pytest.mark.parametrize(
    "fault", [{"status": 500}, {"status": 503}, {"body": {"/oauth2/token": "x" * 300_000}}]
)
def test_a_service_that_fails_while_somebody_is_on_the_way_back(client, town, researcher, fault):
    linked(client, researcher)
    browser = Client()
    answer = there(way_on(browser.post(GO)), "anna")
    spoil(town, **fault)
    refused = browser.get(answer)
    assert refused.status_code == 503
    assert not is_in(browser)
