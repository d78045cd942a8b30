"""Somebody is told by mail when how they sign in changes: what kind of thing, when, what to do, and no more (ASVS 6.3.7)."""

from datetime import UTC, datetime

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings as django_settings
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.utils.translation import override

from sirkel.kernel import clock
from sirkel.people.domain import outbox, sign_in_changes
from sirkel.people.domain.api_keys import end_key
from sirkel.people.enums import MailKind, Role, SignInChange
from sirkel.people.models import Identity, Mail, Person
from tests.api.programs import new_key
from tests.factories.factors import CODES, SECOND, SECURITY, add_app, first_step
from tests.factories.places import make_workplace
from tests.factories.thread import make_reader
from tests.oidc.town import linked

pytestmark = pytest.mark.django_db
LANGUAGES = [code for code, _name in django_settings.LANGUAGES]
NIGHT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


@pytest.fixture
def leader():
    workplace = make_workplace()
    person = make_reader(Role.LEADER, organisation=workplace.organisation, workplace=workplace)
    person.workplace = workplace
    return person


def told(at=None):
    """Return what the outbox writes now: to whom, and the words."""
    mail.outbox.clear()
    with clock.frozen(at or clock.now()):
        outbox.deliver()
    return [(one.to[0], one.body) for one in mail.outbox]


def kinds():
    return [
        one.split(":")[1] for one in Mail.objects.filter(kind=MailKind.CHANGED).values_list("key", flat=True)
    ]


def signed_in(person):
    client = Client(headers={"accept-language": "en"})
    first_step(client, person.email)
    return client


def codes_of(client):
    page = client.get(CODES).content.decode()
    return [line.split("</li>")[0] for line in page.split("<li>")[1:] if line[:8].isdigit()]


def test_a_second_step_that_comes_or_goes_is_told_once_each(leader):
    client = signed_in(leader)
    add_app(client)
    assert kinds() == ["app_added"], "the codes that come with it are no mail of their own"
    (to, body), *more = told()
    assert (to, more) == (leader.email, [])
    assert str(SignInChange.APP_ADDED.label) in body
    client.post(f"{CODES}new/")
    client.post(f"{SECURITY}app/remove/")
    assert kinds() == ["app_added", "codes_made", "app_removed"]


def test_a_passkey_that_comes_or_goes_is_told_without_its_name(leader):
    client = signed_in(leader)
    passkey = Authenticator.objects.create(user=leader, type="webauthn", data={"name": "Aino's phone"})
    session = client.session
    session["account_authentication_methods"].append(
        {"method": "mfa", "type": "webauthn", "at": session["signed_in_at"]}
    )
    session.save()
    assert client.post(f"{SECURITY}passkeys/{passkey.id}/remove/").status_code == 302
    assert kinds() == ["passkey_added", "passkey_removed"]
    assert not [body for _to, body in told() if "phone" in body]


def test_a_recovery_code_is_told_when_it_is_used_and_when_it_was_the_last(leader, settings):
    settings.MFA_RECOVERY_CODE_COUNT = 2
    client = signed_in(leader)
    add_app(client)
    codes = codes_of(client)
    assert len(codes) == 2
    for code in codes:
        client.post("/accounts/logout/")
        cache.clear()
        first_step(client, leader.email)
        assert client.post(SECOND, {"code": code}).status_code == 302
    assert kinds() == ["app_added", "code_used", "codes_used_up"]


def test_a_key_for_a_program_is_told_when_it_is_made_and_when_it_ends(leader):
    made, secret = new_key(leader, label="Wages")
    end_key(acting=leader, key_id=made.id, at=clock.now())
    assert kinds() == ["key_made", "key_ended"]
    assert not [body for _to, body in told() if "Wages" in body or secret in body]


def test_another_service_is_told_when_it_is_linked_and_unlinked(client, town, researcher):
    linked(client, researcher)
    add_app(client)
    client.post(f"{SECURITY}identities/{Identity.objects.get().id}/unlink/")
    assert kinds() == ["linked", "app_added", "unlinked"]
    assert not [body for _to, body in told() if "town" in body.lower()]


def test_a_corrected_address_is_told_to_both(leader, django_capture_on_commit_callbacks):
    old = leader.email
    with django_capture_on_commit_callbacks(execute=True):
        call_command("correct_address", old, "new@example.org")
    assert [(one.to, "new@example.org" in one.body) for one in mail.outbox] == [([old], False)]
    assert [to for to, _body in told()] == ["new@example.org"]
    with django_capture_on_commit_callbacks(execute=True):
        call_command("correct_address", "new@example.org", "new@example.org")
    assert kinds() == ["address"], "nothing was changed, nothing is told"


def test_an_old_address_that_nothing_reaches_keeps_no_address_from_being_corrected(
    leader, settings, django_capture_on_commit_callbacks
):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    with django_capture_on_commit_callbacks(execute=True):
        call_command("correct_address", leader.email, "new@example.org")
    assert Person.objects.get(id=leader.id).email == "new@example.org"


def test_it_is_told_at_night_by_the_clock_at_the_workplace(leader):
    Person.objects.filter(id=leader.id).update(language="en")
    leader.workplace.time_zone = "Europe/Helsinki"
    leader.workplace.save()
    sign_in_changes.tell(person=leader, change=SignInChange.KEY_MADE, at=NIGHT)
    ((_to, body),) = told(NIGHT)
    assert "2 March 2026, 03:30" in body


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_says_what_and_when_and_what_to_do_in_the_readers_language(leader, language):
    Person.objects.filter(id=leader.id).update(language=language)
    sign_in_changes.tell(person=leader, change=SignInChange.PASSKEY_REMOVED, at=NIGHT)
    ((_to, body),) = told(NIGHT)
    with override(language):
        assert str(SignInChange.PASSKEY_REMOVED.label) in body
    assert f"{django_settings.SITE_URL}{SECURITY}" in body
    assert "2026" in body


def test_it_cannot_be_switched_off(leader):
    """A thief would begin with that."""
    client = signed_in(leader)
    page = client.get("/me/messages/").content.decode()
    assert 'value="dates"' in page
    assert 'value="changed"' not in page
    sign_in_changes.tell(person=leader, change=SignInChange.KEY_MADE, at=NIGHT)
    told(NIGHT)
    assert "List-Unsubscribe" not in mail.outbox[0].extra_headers
    assert "/me/messages/" not in mail.outbox[0].body, "nothing is promised that is not so"
