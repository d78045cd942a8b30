"""Passkeys in a real browser with an authenticator made of software, and the warning before a sign-in ends."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings as django_settings
from django.core import mail
from django.test import Client

from sirkel.people.rules.sessions import Span
from tests.e2e.screenshots import browser
from tests.e2e.site import running_site
from tests.e2e.test_patterns import pytestmark as browsers
from tests.factories.meetings import make_circle, sign_in

pytestmark = [
    *(mark for mark in browsers if mark.name != "django_db"),
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True, databases=["default", "research", "vault"]),
]


@pytest.fixture
def facilitator(settings):
    settings.STATIC_COLLECTED = False
    settings.SECOND_FACTOR = "required"
    return make_circle()[1]


@pytest.fixture
def phone(facilitator):
    """A browser in which the facilitator has shown the code by mail, with an authenticator that says yes."""
    client = Client()
    sign_in(client, facilitator)
    with running_site() as address, browser() as chrome:
        # Passkeys belong to names, not to addresses in numbers.
        site = address.replace("127.0.0.1", "localhost")
        context = chrome.new_context(
            viewport={"width": 320, "height": 640}, locale="en", base_url=site, reduced_motion="reduce"
        )
        name = django_settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": site}])
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.complaints = []
        page.on("console", lambda said: page.complaints.append(said.text) if said.type == "error" else None)
        devices = context.new_cdp_session(page)
        devices.send("WebAuthn.enable")
        page.device = devices.send(
            "WebAuthn.addVirtualAuthenticator",
            {
                "options": {
                    "protocol": "ctap2",
                    "transport": "internal",
                    "hasResidentKey": True,
                    "hasUserVerification": True,
                    "isUserVerified": True,
                    "automaticPresenceSimulation": True,
                }
            },
        )["authenticatorId"]
        page.devices = devices
        yield page


def add_passkey(page):
    page.goto("/circles/")
    assert page.url.endswith("/me/security/"), "nothing else opens without a second step"
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("What you call it").fill("My phone")
    page.get_by_role("button", name="Make the passkey").click()
    page.wait_for_url("**/me/security/codes/")


def test_a_passkey_is_added_opens_everything_and_signs_in_alone(phone, facilitator):
    """SEC-03: the passkey asks for finger, face or PIN itself, and needs no code by mail."""
    add_passkey(phone)
    codes = phone.locator(".codes li").all_inner_texts()
    assert len([code for code in codes if re.fullmatch(r"\d{8}", code)]) == 10
    phone.goto("/circles/")
    assert phone.url.endswith("/circles/")
    phone.get_by_role("button", name="Sign out").first.click()
    phone.goto("/accounts/login/")
    phone.get_by_role("button", name="Sign in with a passkey").click()
    phone.wait_for_url("**/circles/")
    assert phone.complaints == []
    kept = Authenticator.objects.get(type="webauthn")
    assert (kept.user, str(kept)) == (facilitator, "My phone")
    assert kept.last_used_at is not None


def test_a_passkey_is_the_second_step_after_the_code_by_mail(phone, facilitator):
    add_passkey(phone)
    phone.goto("/accounts/logout/")
    phone.locator("main").get_by_role("button", name="Sign out").click()
    phone.goto("/accounts/login/")
    phone.get_by_label("Your e-mail address").fill(facilitator.email)
    phone.get_by_role("button", name="Send me a code").click()
    code = re.search(r"^([A-Z]{4}-[A-Z]{4})$", mail.outbox[-1].body, re.MULTILINE)[1]
    phone.get_by_label("The code from the e-mail").fill(code)
    phone.get_by_role("button", name="Sign in", exact=True).click()
    phone.get_by_role("button", name="Use my passkey").click()
    phone.wait_for_url("**/circles/")


def test_a_device_that_does_not_know_its_owner_signs_nobody_in(phone):
    add_passkey(phone)
    phone.goto("/accounts/logout/")
    phone.locator("main").get_by_role("button", name="Sign out").click()
    phone.devices.send("WebAuthn.setUserVerified", {"authenticatorId": phone.device, "isUserVerified": False})
    phone.goto("/accounts/login/")
    phone.get_by_role("button", name="Sign in with a passkey").click()
    phone.get_by_text("That did not work. Use a code by e-mail instead.").wait_for()
    phone.goto("/circles/")
    assert "/accounts/login/" in phone.url


def test_two_minutes_before_the_end_one_press_goes_on_and_what_was_typed_stays(phone, monkeypatch):
    """A-05."""
    add_passkey(phone)
    monkeypatch.setattr("sirkel.people.rules.sessions.SHORT", Span(idle=100, whole=1000))
    phone.goto("/me/messages/")
    phone.goto("/me/log/")
    words = phone.locator("main textarea").first
    words.fill("Bord 2 var stille")
    phone.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    warning = phone.get_by_text("You will be signed out in two minutes.")
    warning.wait_for()
    monkeypatch.undo()
    phone.get_by_role("button", name="Stay signed in").click()
    warning.wait_for(state="hidden")
    assert words.input_value() == "Bord 2 var stille"
