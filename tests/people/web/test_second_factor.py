"""The second factor: who must have one, what a session without it reaches, and codes that are good once."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings as django_settings
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from sirkel.kernel import clock
from sirkel.kernel.models import AuditEvent
from sirkel.people.domain.erasing import erase
from sirkel.people.enums import Role
from tests.factories.factors import APP, CODES, SECOND, SECURITY, add_app, app_code, first_step
from tests.factories.meetings import make_circle
from tests.factories.thread import make_reader

pytestmark = pytest.mark.django_db
HOME = "/circles/"


@pytest.fixture(autouse=True)
def _required(settings):
    cache.clear()
    settings.SECOND_FACTOR = "required"


@pytest.fixture
def circle():
    return make_circle()[0]


@pytest.fixture
def marit(circle):
    return circle.memberships.filter(role="facilitator").first().person


@pytest.fixture
def client_with_app(client, marit):
    """A facilitator who signed in, added an app and signed out; with the secret."""
    first_step(client, marit.email)
    secret = add_app(client)
    client.post("/accounts/logout/")
    Authenticator.objects.filter(type="totp").update(data={**totp().data, "last_counter": 0})
    cache.clear()
    return client, secret


def totp():
    return Authenticator.objects.get(type="totp")


def verbs():
    return list(
        AuditEvent.objects.filter(verb__startswith="factor.")
        .order_by("sequence")
        .values_list("verb", flat=True)
    )


def signed_in_long_ago(client):
    """Let a session have signed in eleven minutes ago, by the real clock."""
    session = client.session
    session["signed_in_at"] -= 660
    for record in session["account_authentication_methods"]:
        record["at"] -= 660
    session.save()


def codes_on(page):
    return re.findall(r"<li>(\d{8})</li>", page.content.decode())


@pytest.mark.requirement("SEC-03")
def test_a_facilitator_without_a_factor_reaches_nothing_but_the_page_that_sets_it_up(client, marit, circle):
    """SEC-03."""
    first_step(client, marit.email)
    for path in (
        HOME,
        f"/circles/{circle.id}/",
        f"/circles/{circle.id}/set-up/",
        "/me/messages/",
        "/me/delete/",
        "/me/log/",
    ):
        answer = client.get(path)
        assert (answer.status_code, answer.headers.get("Location")) == (302, SECURITY), path
    assert client.post("/me/messages/", {"language": "nb"}).headers["Location"] == SECURITY
    page = client.get(SECURITY)
    assert page.status_code == 200
    assert "second step" in page.content.decode()


def test_such_a_person_still_signs_out_changes_language_and_joins_a_meeting(client, marit):
    first_step(client, marit.email)
    assert client.get("/b").status_code == 200
    assert client.post("/i18n/setlang/", {"language": "fi", "next": SECURITY}).headers["Location"] == SECURITY
    assert client.post("/accounts/logout/").status_code == 302
    assert client.get(SECURITY).headers["Location"].startswith("/accounts/login/")


def test_with_the_factor_everything_opens_at_once(client, marit, circle):
    first_step(client, marit.email)
    add_app(client)
    assert client.get(HOME).status_code == 200
    assert client.get(f"/circles/{circle.id}/").status_code == 200


def test_a_session_of_somebody_who_reads_the_mail_stays_outside_when_the_person_adds_a_factor(client, marit):
    thief = Client()
    first_step(thief, marit.email)
    first_step(client, marit.email)
    add_app(client)
    assert thief.get(HOME).headers["Location"] == SECURITY
    assert client.get(HOME).status_code == 200


@pytest.mark.parametrize("role", [Role.LEADER, Role.UNION, Role.COORDINATOR, Role.POLICY])
def test_others_need_none_and_may_have_one(client, role):
    person = make_reader(role)
    first_step(client, person.email)
    assert client.get("/me/messages/").status_code == 200
    secret = add_app(client)
    client.post("/accounts/logout/")
    assert first_step(client, person.email).headers["Location"] == SECOND
    assert client.get("/me/messages/").status_code == 302
    client.post(SECOND, {"code": app_code(secret, steps=1)})
    assert client.get("/me/messages/").status_code == 200


@pytest.mark.parametrize("role", [Role.RESEARCHER, Role.ADMINISTRATOR])
def test_researchers_and_administrators_need_one(client, role):
    """SEC-03."""
    first_step(client, make_reader(role).email)
    assert client.get("/me/messages/").headers["Location"] == SECURITY


def test_a_role_that_comes_later_asks_for_the_factor_from_then_on(client, marit):
    person = make_reader(Role.LEADER)
    first_step(client, person.email)
    assert client.get("/me/messages/").status_code == 200
    person.roles.create(role=Role.FACILITATOR, valid_from=clock.now() - timedelta(seconds=1))
    assert client.get("/me/messages/").headers["Location"] == SECURITY
    person.roles.filter(role=Role.FACILITATOR).update(valid_to=clock.now())
    assert client.get("/me/messages/").status_code == 200


def test_the_invented_people_of_a_demo_are_not_asked(client, marit):
    type(marit).objects.filter(id=marit.id).update(is_demo=True)
    client.force_login(marit, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(HOME).status_code == 200


def test_without_the_requirement_nobody_is_asked(client, marit, settings):
    settings.SECOND_FACTOR = "off"
    first_step(client, marit.email)
    assert client.get(HOME).status_code == 200


def test_signing_in_asks_for_both_steps(client_with_app, marit):
    client, secret = client_with_app
    answer = first_step(client, marit.email)
    assert answer.headers["Location"] == SECOND
    assert client.get(HOME).headers["Location"].startswith("/accounts/login/")
    assert client.get(SECOND).status_code == 200
    assert client.post(SECOND, {"code": app_code(secret)}).status_code == 302
    assert client.get(HOME).status_code == 200


def test_the_page_of_the_second_step_is_nobodys_without_the_first(client, client_with_app):
    assert Client().get(SECOND).headers["Location"].startswith("/accounts/login/")
    assert Client().post(SECOND, {"code": "123456"}).headers["Location"].startswith("/accounts/login/")


@pytest.mark.requirement("SEC-02")
def test_a_code_is_good_once_also_in_another_process(client_with_app, marit):
    """SEC-03: what was used is kept in the database, not in one process."""
    client, secret = client_with_app
    code = app_code(secret)
    first_step(client, marit.email)
    client.post(SECOND, {"code": code})
    assert client.get(HOME).status_code == 200
    other = Client()
    cache.clear()
    first_step(other, marit.email)
    assert other.post(SECOND, {"code": code}).status_code == 200
    assert other.get(HOME).status_code == 302
    cache.clear()
    assert other.post(SECOND, {"code": app_code(secret, steps=-1)}).status_code == 200, (
        "older than a used one"
    )
    assert other.post(SECOND, {"code": app_code(secret, steps=1)}).status_code == 302
    assert other.get(HOME).status_code == 200


def test_the_code_an_app_was_added_with_does_not_sign_in(client, marit):
    first_step(client, marit.email)
    secret = add_app(client)
    other = Client()
    first_step(other, marit.email)
    assert other.post(SECOND, {"code": app_code(secret)}).status_code == 200
    assert other.get(HOME).status_code == 302


def test_after_five_wrong_codes_the_right_one_is_not_taken_either(client_with_app, marit):
    client, secret = client_with_app
    first_step(client, marit.email)
    for wrong in ("000000", "111111", "222222", "333333", "444444"):
        assert client.post(SECOND, {"code": wrong}).status_code == 200
    page = client.post(SECOND, {"code": app_code(secret)})
    assert "many tries" in page.content.decode()
    assert client.get(HOME).status_code == 302
    cache.clear()  # the five minutes are over
    assert client.post(SECOND, {"code": app_code(secret)}).status_code == 302


def test_an_app_is_added_only_with_its_own_code(client, marit):
    first_step(client, marit.email)
    client.get(APP)
    assert client.post(APP, {"code": "000000"}).status_code == 200
    assert not Authenticator.objects.exists()
    assert client.get(HOME).headers["Location"] == SECURITY


@pytest.mark.requirement("SEC-02")
def test_secret_and_recovery_codes_do_not_lie_in_the_database(client, marit):
    first_step(client, marit.email)
    secret = add_app(client)
    codes = codes_on(client.get(CODES))
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in kept
    assert not [code for code in codes if code in kept]


def test_recovery_codes_are_shown_once_and_each_works_once(client, marit):
    first_step(client, marit.email)
    add_app(client)
    codes = codes_on(client.get(CODES))
    assert len(set(codes)) == 10
    assert codes_on(client.get(CODES)) == []
    other = Client()
    first_step(other, marit.email)
    assert other.post(SECOND, {"code": codes[3]}).status_code == 302
    assert other.get(HOME).status_code == 200
    assert "9 codes are left" in other.get(SECURITY).content.decode()
    again = Client()
    first_step(again, marit.email)
    assert again.post(SECOND, {"code": codes[3]}).status_code == 200
    assert again.get(HOME).status_code == 302
    assert again.post(SECOND, {"code": codes[4]}).status_code == 302


def test_new_recovery_codes_put_the_old_ones_out_of_use(client, marit):
    first_step(client, marit.email)
    add_app(client)
    old = codes_on(client.get(CODES))
    client.post(f"{CODES}new/")
    new = codes_on(client.get(CODES))
    assert not set(old) & set(new)
    other = Client()
    first_step(other, marit.email)
    assert other.post(SECOND, {"code": old[0]}).status_code == 200
    assert other.post(SECOND, {"code": new[0]}).status_code == 302


def test_taking_the_only_factor_away_closes_everything_again(client, marit):
    first_step(client, marit.email)
    add_app(client)
    client.post(f"{APP}remove/")
    assert not Authenticator.objects.exists()
    assert client.get(HOME).headers["Location"] == SECURITY


@pytest.mark.requirement("SEC-19")
@pytest.mark.parametrize("path", [APP, f"{APP}remove/", CODES, f"{CODES}new/"])
def test_nothing_of_a_factor_changes_without_a_fresh_sign_in(client, marit, path):
    """SEC-20."""
    first_step(client, marit.email)
    add_app(client)
    before = list(Authenticator.objects.values())
    assert client.get(f"{APP}remove/").status_code == 200
    signed_in_long_ago(client)
    for answer in (client.get(path), client.post(path)):
        assert answer.headers["Location"] == f"{SECURITY}again/?next={path.replace('/', '%2F')}"
    assert list(Authenticator.objects.values()) == before


@pytest.mark.requirement("SEC-05")
def test_showing_the_factor_again_is_a_fresh_sign_in_under_a_new_session(client_with_app, marit):
    """SEC-05, SEC-20."""
    client, secret = client_with_app
    first_step(client, marit.email)
    client.post(SECOND, {"code": app_code(secret)})
    signed_in_long_ago(client)
    key = client.cookies[django_settings.SESSION_COOKIE_NAME].value
    again = client.get(f"{APP}remove/", follow=True)
    assert again.request["PATH_INFO"] == f"{SECURITY}again/code/"
    assert (
        client.post(f"{SECURITY}again/code/?next={APP}remove/", {"code": app_code(secret)}).status_code == 200
    )
    answer = client.post(f"{SECURITY}again/code/?next={APP}remove/", {"code": app_code(secret, steps=1)})
    assert answer.headers["Location"] == f"{APP}remove/"
    assert client.cookies[django_settings.SESSION_COOKIE_NAME].value != key
    assert client.get(f"{APP}remove/").status_code == 200


def test_without_a_factor_a_new_code_by_mail_is_the_fresh_sign_in(client):
    """SEC-20: erasing oneself."""
    person = make_reader(Role.LEADER)
    first_step(client, person.email)
    signed_in_long_ago(client)
    assert client.get("/me/delete/").status_code == 200
    answer = client.post("/me/delete/account/", {"is_sure": "on"})
    person.refresh_from_db()
    assert answer.headers["Location"] == f"{SECURITY}again/?next=%2Fme%2Fdelete%2F"
    assert client.get(answer.headers["Location"]).status_code == 200
    assert (
        client.post(answer.headers["Location"]).headers["Location"]
        == "/accounts/login/?next=%2Fme%2Fdelete%2F"
    )
    assert client.get("/me/delete/").status_code == 302, "signed out"


def test_the_trail_says_what_became_of_factors_and_no_content(client, marit):
    first_step(client, marit.email)
    secret = add_app(client)
    codes = codes_on(client.get(CODES))
    other = Client()
    first_step(other, marit.email)
    other.post(SECOND, {"code": codes[0]})
    other.post(f"{APP}remove/")
    assert verbs() == [
        "factor.added",
        "factor.added",
        "factor.recovery_code_used",
        "factor.removed",
        "factor.removed",
    ]
    kept = str(list(AuditEvent.objects.filter(verb__startswith="factor.").values()))
    assert not [word for word in (secret, *codes, marit.email, marit.first_name) if word in kept]


def test_of_somebody_erased_no_factor_is_kept(client):
    person = make_reader(Role.LEADER)
    first_step(client, person.email)
    add_app(client)
    assert Authenticator.objects.count() == 2
    with transaction.atomic():
        erase(person=person, at=clock.now())
    assert Authenticator.objects.count() == 0
    assert client.get(SECURITY).status_code == 302
