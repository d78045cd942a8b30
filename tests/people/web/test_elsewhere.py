"""Signing in with another service: linked by its owner, it opens one account; what it says of anybody is dropped."""

import time
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from django.test import Client

from sirkel.kernel.models import AuditEvent
from sirkel.people.enums import Role
from sirkel.people.models import Identity, Person, Session
from sirkel.people.queries.factors import has_fresh_step
from tests.factories.factors import SECOND, SECURITY, add_app, app_code, first_step
from tests.factories.thread import make_reader
from tests.oidc.running import configure, way_on
from tests.oidc.town import BACK, GO, LINK, TOWN, is_in, linked, said, spoil, there, through

pytestmark = pytest.mark.django_db


def test_a_linked_service_signs_in_and_is_the_second_step(client, town, researcher):
    """SEC-03, SEC-18: at a level that is accepted it opens everything, without a code by mail."""
    linked(client, researcher)
    assert is_in(client)
    client.post("/accounts/logout/")
    assert not is_in(client)
    answer = through(client, "anna", next="/me/messages/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/me/messages/")
    assert is_in(client)
    assert "Linked" in said(client.get(SECURITY))


def test_its_second_step_is_one_where_a_fresh_one_is_asked_for(client, town, researcher):
    """SEC-20: for ten minutes, for its own account, and not one that was shown by mail."""
    linked(client, researcher)
    client.post("/accounts/logout/")
    first_step(client, researcher.email)
    assert not has_fresh_step(researcher, client.session)
    client.post("/accounts/logout/")
    through(client, "anna")
    assert has_fresh_step(researcher, client.session)
    assert not has_fresh_step(make_reader(Role.RESEARCHER), client.session)
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY][-1]["at"] -= 10 * 60
    session.save()
    assert not has_fresh_step(researcher, client.session)


@pytest.mark.requirement("SEC-18")
@pytest.mark.pure
def test_the_request_carries_what_binds_the_answer_to_this_browser(client, town):
    asked = [parse_qs(urlsplit(way_on(client.post(GO))).query) for _ in range(2)]
    for one in asked:
        assert one["code_challenge_method"] == ["S256"]
        assert one["acr_values"] == ["substantial high"]
        assert (one["prompt"], one["max_age"]) == (["login"], ["0"])
        assert one["redirect_uri"] == [f"http://127.0.0.1:8000{BACK}"]
    for name in ("state", "nonce", "code_challenge"):
        assert asked[0][name] != asked[1][name]
        assert len(asked[0][name][0]) >= 43


@pytest.mark.pure
def test_an_unknown_identity_makes_nothing_and_learns_nothing(client, town, researcher):
    before = (Person.objects.count(), Identity.objects.count(), AuditEvent.objects.count())
    spoil(town, claims={"email": researcher.email, "email_verified": True})
    answer = through(client, "somebody")
    known = through(client, researcher.email)
    assert answer.status_code == known.status_code == 403
    assert "No account here is linked" in said(answer)
    assert researcher.first_name not in said(answer)
    assert "Location" not in answer.headers
    assert not is_in(client)
    assert before == (Person.objects.count(), Identity.objects.count(), AuditEvent.objects.count())


@pytest.mark.requirement("SEC-18")
def test_an_identity_opens_the_account_it_was_linked_to_and_no_other(client, town, researcher):
    other = make_reader(Role.LEADER)
    linked(client, researcher)
    second = Client()
    first_step(second, other.email)
    answer = through(second, "anna", begin=LINK)
    assert answer.status_code == 409
    assert researcher.first_name not in said(answer)
    assert Identity.objects.get().person == researcher
    assert through(Client(), "anna").status_code == 302
    assert through(second, "berit", begin=LINK).status_code == 302
    assert through(second, "carl", begin=LINK).status_code == 409, "one of each service"


@pytest.mark.pure
def test_linking_asks_for_a_fresh_sign_in_here(client, town, researcher):
    """SEC-19."""
    assert client.post(LINK).headers["Location"].startswith("/accounts/login/")
    leader = make_reader(Role.LEADER)
    first_step(client, leader.email)
    session = client.session
    session["signed_in_at"] -= 660
    for record in session["account_authentication_methods"]:
        record["at"] -= 660
    session.save()
    assert client.post(LINK).headers["Location"].startswith(f"{SECURITY}again/")
    assert not Identity.objects.exists()


@pytest.mark.pure
def test_linking_asks_for_a_fresh_sign_in_at_the_service(client, town, researcher):
    """SEC-19: prompt=login and max_age=0 are asked for, and what came of it is looked at."""
    first_step(client, researcher.email)
    for moment in (None, int(time.time()) - 3600, True, "now"):
        spoil(town, claims={"auth_time": moment})
        assert through(client, "anna", begin=LINK).status_code == 400, moment
        assert not Identity.objects.exists()
    spoil(town)
    assert through(client, "anna", begin=LINK).status_code == 302


@pytest.mark.pure
def test_whoever_reads_the_mail_links_nothing_beside_the_second_step_that_is_there(client, town, researcher):
    """SEC-03."""
    thief = Client()
    first_step(thief, researcher.email)
    linked(client, researcher)
    assert thief.post(f"{SECURITY}app/").headers["Location"].startswith(f"{SECURITY}again/")
    assert not is_in(thief)
    page = said(thief.get(f"{SECURITY}again/"))
    assert "Sign in once more with Town ID" in page
    assert "Send me a code" not in page
    assert through(thief, "berit", begin=f"{SECURITY}with/town/again/").status_code == 403
    assert not is_in(thief)
    assert through(thief, "anna", begin=f"{SECURITY}with/town/again/").status_code == 302
    assert is_in(thief), "it was its owner, after all"


@pytest.mark.requirement("SEC-18")
@pytest.mark.pure
def test_a_level_that_is_missing_or_too_low_signs_nobody_in(client, town, researcher):
    linked(client, researcher)
    other = Client()
    for level in (None, "low", "", ["substantial"], "Substantial"):
        spoil(town, claims={"acr": level})
        answer = through(other, "anna")
        assert answer.status_code == 403, level
        assert "closely enough" in said(answer)
        assert not is_in(other), level
    spoil(town, claims={"acr": "high"})
    assert through(other, "anna").status_code == 302
    assert is_in(other)


@pytest.mark.pure
def test_a_level_that_is_accepted_no_more_is_no_second_step_any_more(
    client, town, researcher, settings, tmp_path
):
    linked(client, researcher)
    assert is_in(client)
    text = (tmp_path / "services.toml").read_text().replace('["substantial", "high"]', '["high"]')
    configure(settings, tmp_path, text)
    assert client.get("/me/messages/").headers["Location"] == SECURITY


@pytest.mark.requirement("PD-02", "SEC-18")
@pytest.mark.pure
def test_the_national_number_leaves_no_trace(client, town, researcher, caplog):
    """PD-02."""
    number, name = "12057900499", "Kari Prøveperson"
    spoil(
        town,
        claims={"pid": number, "ssn": number, "personnummer": number, "name": name, "email": "k@x.example"},
    )
    linked(client, researcher)
    client.post("/accounts/logout/")
    assert through(client, "anna").status_code == 302
    spoil(town, claims={"pid": number, "acr": "low", "aud": "another"})
    assert through(Client(), "anna").status_code == 400
    kept = [str(row.get_decoded()) for row in Session.objects.all()]
    kept += [str(list(model.objects.values())) for model in (Person, Identity, AuditEvent)]
    kept += [record.getMessage() for record in caplog.records]
    assert any("another" not in line and "oidc" in line for line in kept), "the sessions were looked at"
    assert [line for line in kept if any(word in line for word in (number, name, "k@x"))] == []


@pytest.mark.pure
def test_a_service_that_names_people_by_their_number_is_refused(client, town, researcher):
    """PD-02."""
    first_step(client, researcher.email)
    for number in ("12057900499", "NO:12057900499", "131052-308T"):
        spoil(town, claims={"sub": number})
        answer = through(client, "anna", begin=LINK)
        assert answer.status_code == 400
        assert "national number" in said(answer)
        assert not Identity.objects.exists()


def test_unlinking_ends_what_was_opened_with_it_and_is_never_the_last_second_step(client, town, researcher):
    linked(client, researcher)
    elsewhere = Client()
    through(elsewhere, "anna")
    assert is_in(elsewhere)
    page = f"{SECURITY}identities/{Identity.objects.get().id}/unlink/"
    assert "Unlink Town ID" in said(client.get(page))
    assert client.post(page).status_code == 409
    add_app(client)
    assert client.post(page).headers["Location"] == SECURITY
    assert is_in(client)
    assert not is_in(elsewhere)
    assert through(elsewhere, "anna").status_code == 403
    verbs = AuditEvent.objects.filter(verb__startswith="identity").order_by("sequence")
    assert list(verbs.values_list("verb", flat=True)) == ["identity.linked", "identity.unlinked"]


@pytest.mark.pure
def test_somebody_else_unlinks_nothing(client, town, researcher):
    linked(client, researcher)
    other = Client()
    first_step(other, make_reader(Role.LEADER).email)
    assert other.post(f"{SECURITY}identities/{Identity.objects.get().id}/unlink/").status_code == 404
    assert Identity.objects.exists()


@pytest.mark.pure
def test_no_way_leads_out_of_the_house(client, town, researcher):
    linked(client, researcher)
    for onward in ("https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)//evil"):
        client.post("/accounts/logout/")
        for begin in (GO, f"{SECURITY}with/town/again/"):
            answer = through(client, "anna", begin=begin, next=onward)
            assert (answer.status_code, "evil" in answer.headers["Location"]) == (302, False), onward


@pytest.mark.pure
def test_a_new_session_begins_with_the_sign_in(client, town, researcher):
    """SEC-05: nobody's session from before is anybody's afterwards."""
    linked(client, researcher)
    other = Client()
    page = other.post(GO)
    before = other.session.session_key
    assert other.get(there(way_on(page), "anna")).status_code == 302
    assert other.session.session_key != before


def test_a_changed_key_of_the_installation_keeps_the_link(client, town, researcher, settings):
    linked(client, researcher)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another key" * 8
    assert through(Client(), "anna").status_code == 302
    settings.SECRET_KEY_FALLBACKS = []
    assert through(Client(), "anna").status_code == 302, "it was kept anew under the new key"


@pytest.mark.pure
def test_an_account_that_is_closed_is_not_opened(client, town, researcher):
    linked(client, researcher)
    Person.objects.filter(id=researcher.id).update(is_active=False)
    other = Client()
    through(other, "anna")
    assert not is_in(other)


@pytest.mark.requirement("SEC-19")
@pytest.mark.pure
def test_a_service_without_a_level_is_a_first_step_and_no_more(client, town, researcher, settings, tmp_path):
    """SEC-03."""
    first_step_only = TOWN.replace('acr_accepted = ["substantial", "high"]', "")
    configure(settings, tmp_path, first_step_only.format(service=town))
    linked(client, researcher)
    assert not is_in(client)
    secret = add_app(client)
    assert is_in(client)
    other = Client()
    assert through(other, "anna").headers["Location"] == SECOND
    assert not is_in(other)
    other.post(SECOND, {"code": app_code(secret, steps=1)})
    assert is_in(other)
    leader, browser = make_reader(Role.LEADER), Client()
    linked(browser, leader, "berit")
    browser.post("/accounts/logout/")
    through(browser, "berit")
    assert is_in(browser), "who needs no second step needs none here"


@pytest.mark.pure
def test_a_browser_that_the_service_knows_is_let_in_where_that_is_wanted_but_has_shown_nothing_just_now(
    client, town, researcher, settings, tmp_path
):
    """SEC-20: what cannot be undone asks the service to ask anew."""
    linked(client, researcher)
    client.post("/accounts/logout/")
    configure(settings, tmp_path, f"{TOWN.format(service=town)}\nsingle_sign_on = true\n")
    asked = parse_qs(urlsplit(way_on(client.post(GO))).query)
    assert "prompt" not in asked
    spoil(town, claims={"auth_time": int(time.time()) - 3600})
    assert through(client, "anna").status_code == 302
    assert is_in(client)
    again = client.get(f"{SECURITY}app/").headers["Location"]
    assert again.startswith(f"{SECURITY}again/")
    assert through(client, "anna", begin=f"{SECURITY}with/town/again/").status_code == 400
    spoil(town)
    answer = through(client, "anna", begin=f"{SECURITY}with/town/again/", next=f"{SECURITY}app/")
    assert answer.headers["Location"] == f"{SECURITY}app/"
    assert client.get(f"{SECURITY}app/").status_code == 200


def knows_the_browser(settings, tmp_path, town, minutes=30):
    configure(
        settings,
        tmp_path,
        f"{TOWN.format(service=town)}\nsingle_sign_on = true\nlongest_since_asked = {minutes}\n",
    )


def asked_ago(town, minutes):
    spoil(town, claims={"auth_time": int(time.time()) - 60 * minutes})


@pytest.mark.pure
def test_a_service_that_asked_too_long_ago_or_does_not_say_when_opens_nothing(
    client, town, researcher, settings, tmp_path, caplog
):
    """ASVS 7.6.1: the longest time is asked for, and what came of it is looked at."""
    linked(client, researcher)
    knows_the_browser(settings, tmp_path, town)
    other = Client()
    asked = parse_qs(urlsplit(way_on(other.post(GO))).query)
    assert asked["max_age"] == ["1800"]
    assert "prompt" not in asked
    asked_ago(town, 20)
    assert through(other, "anna").status_code == 302
    assert is_in(other)
    for moment in (int(time.time()) - 32 * 60, int(time.time()) + 3600, None, True, "now"):
        stranger = Client()
        spoil(town, claims={"auth_time": moment})
        answer = through(stranger, "anna")
        assert answer.status_code == 400, moment
        assert "could not be taken" in said(answer)
        assert not is_in(stranger), moment
    assert "asked too long ago" in caplog.text


@pytest.mark.pure
def test_what_a_service_opened_ends_when_it_asked_too_long_ago_however_busy_it_is(
    client, town, researcher, settings, tmp_path
):
    linked(client, researcher)
    knows_the_browser(settings, tmp_path, town)
    other = Client()
    asked_ago(town, 20)
    through(other, "anna")
    assert is_in(other)
    seconds = other.get(f"{SECURITY}stay/", headers={"accept": "application/json"}).json()["seconds"]
    assert 0 < seconds <= 10 * 60
    assert is_in(client), "it was opened by mail"
    knows_the_browser(settings, tmp_path, town, minutes=15)
    assert not is_in(other)
    spoil(town)
    assert through(other, "anna").status_code == 302
    assert is_in(other), "it was asked just now"


@pytest.mark.pure
def test_what_a_service_showed_long_ago_is_no_second_step_any_more_and_is_shown_anew(
    client, town, researcher, settings, tmp_path
):
    """SEC-03: opened by mail, with the service as the second step."""
    linked(client, researcher)
    assert is_in(client)
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY][-1]["at"] -= 31 * 60
    session.save()
    assert is_in(client), "without a longest time it counts on"
    knows_the_browser(settings, tmp_path, town)
    assert client.get("/me/messages/").headers["Location"] == SECURITY
    assert through(client, "anna", begin=f"{SECURITY}with/town/again/").status_code == 302
    assert is_in(client)
