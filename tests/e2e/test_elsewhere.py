"""Signing in with a strict service in a real browser: linked once, then the only thing that is shown (SEC-18, SEC-19)."""

import json
import os
import re
import shutil
import subprocess
import time
from dataclasses import replace
from pathlib import Path

import pytest
from bench.servers import free_port
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings as django_settings
from django.test import Client

from sirkel.people.models import Identity
from sirkel.people.oidc.tokens import public_keys
from tests.attack.dump import take_dump
from tests.e2e.screenshots import browser
from tests.e2e.site import running_site
from tests.e2e.test_patterns import findings
from tests.e2e.test_patterns import pytestmark as browsers
from tests.factories.meetings import make_circle, sign_in
from tests.oidc.running import ROOT, configure, started

PROVIDER = ROOT / "node_modules" / "oidc-provider"
NUMBER = "12057900499"
STRICT = """
[strict]
issuer = "{issuer}"
client_id = "sirkel"
key_file = "key.pem"
key_algorithm = "PS256"
label = "Strict ID"
acr_values = ["idporten-loa-substantial"]
acr_accepted = ["idporten-loa-substantial", "idporten-loa-high"]
"""


def node():
    """Return a Node.js that is new enough: the system's, or the one that the tests are installed with."""
    for command in filter(None, (shutil.which("node"), ROOT / ".venv/bin/node")):
        if Path(command).exists():
            said = subprocess.run([command, "--version"], capture_output=True, text=True, check=True).stdout
            if int(re.match(r"v(\d+)", said)[1]) >= 20:
                return str(command)
    return None


pytestmark = [
    *(mark for mark in browsers if mark.name != "django_db"),
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True, databases=["default", "research", "vault"]),
    pytest.mark.skipif(
        not PROVIDER.exists() or node() is None, reason="SKIPPED: run npm ci for the strict sign-in service"
    ),
]


@pytest.fixture
def facilitator(settings):
    settings.STATIC_COLLECTED = False
    settings.SECOND_FACTOR = "required"
    return make_circle()[1]


@pytest.fixture
def strict(settings, tmp_path):
    """Run the service, and let the settings name it; give the address at which our own site has to be."""
    ours, theirs = free_port(), free_port()
    settings.SITE_URL, issuer = f"http://127.0.0.1:{ours}", f"http://127.0.0.1:{theirs}"
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    (tmp_path / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    configure(settings, tmp_path, STRICT.format(issuer=issuer))
    client = {
        "client_id": "sirkel",
        "redirect_uris": [f"{settings.SITE_URL}/accounts/with/strict/back/"],
        "jwks": {"keys": public_keys(settings.OIDC_PROVIDERS["strict"])},
    }
    command = [node(), "tests/oidc/provider.mjs", str(theirs), json.dumps(client)]
    with started(command, issuer, {**os.environ, "NODE_NO_WARNINGS": "1"}):
        yield ours


def show(page, who, level="idporten-loa-substantial"):
    """Show at the service who somebody is."""
    page.get_by_label("Who").fill(who)
    page.get_by_label("Level").select_option(level)
    page.get_by_role("button", name="Show it").click()


def test_a_strict_service_is_linked_signs_in_alone_and_leaves_no_number(strict, facilitator, settings):
    """SEC-03, SEC-18, SEC-19, PD-02: pushed requests, PKCE, private_key_jwt and the level, as FAPI 2.0 demands them."""
    client = Client()
    sign_in(client, facilitator)
    with running_site(strict) as site, browser() as chrome:
        context = chrome.new_context(
            viewport={"width": 320, "height": 640}, locale="en", base_url=site, reduced_motion="reduce"
        )
        name = django_settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": site}])
        page = context.new_page()
        page.set_default_timeout(15_000)
        said = []
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        shown = page.request.get("/accounts/with/strict/keys/").json()["keys"]
        assert shown == public_keys(settings.OIDC_PROVIDERS["strict"])
        page.goto("/circles/")
        assert page.url.endswith("/me/security/"), "nothing else opens without a second step"
        page.get_by_role("button", name="Link Strict ID").click()
        show(page, "kari")
        page.get_by_text("From now on you can sign in with Strict ID, too.").wait_for()
        assert findings(page) == []
        page.goto("/circles/")
        assert page.url.endswith("/circles/")

        page.get_by_role("button", name="Sign out").first.click()
        page.goto("/accounts/login/?next=/me/messages/")
        assert findings(page) == []
        page.get_by_role("button", name="Sign in with Strict ID").click()
        show(page, "kari", "idporten-loa-low")
        page.get_by_role("heading", name="Strict ID did not check closely enough that it is you.").wait_for()
        assert findings(page) == []
        page.get_by_role("button", name="Try Strict ID again").click()
        show(page, "kari", "idporten-loa-high")
        page.wait_for_url("**/circles/")

        page.get_by_role("button", name="Sign out").first.click()
        page.goto("/accounts/login/?next=/me/messages/")
        page.get_by_role("button", name="Sign in with Strict ID").click()
        show(page, "kari")
        page.wait_for_url("**/me/messages/")
        page.goto("/me/security/")
        page.get_by_role("link", name="Unlink Strict ID").click()
        page.get_by_role("button", name="Unlink").click()
        page.get_by_text("This is your only second step, and you need one.").wait_for()
        # A refusal is answered with a status that the browser writes down; nothing else is said.
        assert [text for text in said if "responded with a status of 4" not in text] == []

        plain = chrome.new_context(base_url=site, locale="nb", java_script_enabled=False).new_page()
        plain.goto("/accounts/login/")
        plain.get_by_role("button", name="Logg inn med Strict ID").click()
        show(plain, "kari")
        plain.wait_for_url("**/circles/")
    assert Identity.objects.get().person == facilitator
    dump = take_dump()
    kept = [str(row.values) for row in dump.rows] + [raw.decode("latin-1") for raw in dump.files.values()]
    assert any("identity.linked" in text for text in kept)
    assert [text[:80] for text in kept if NUMBER in text or "Prøveperson" in text] == []


def test_a_strict_service_that_knows_the_browser_is_asked_anew_when_the_longest_time_is_over(
    strict, facilitator, settings
):
    """ASVS 7.6.1: it takes the time that is asked for, and says when it asked."""
    settings.SECOND_FACTOR = "off"
    service = settings.OIDC_PROVIDERS["strict"]

    def longest(seconds):
        known = replace(service, is_single_sign_on=True, longest_seconds=seconds)
        settings.OIDC_PROVIDERS = {"strict": known}

    client = Client()
    sign_in(client, facilitator)
    with running_site(strict) as site, browser() as chrome:
        context = chrome.new_context(locale="en", base_url=site)
        name = django_settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": site}])
        page = context.new_page()
        page.set_default_timeout(15_000)

        def sign_in_there():
            page.get_by_role("button", name="Sign out").first.click()
            page.goto("/accounts/login/")
            page.get_by_role("button", name="Sign in with Strict ID").click()

        longest(3600)
        page.goto("/me/security/")
        page.get_by_role("button", name="Link Strict ID").click()
        show(page, "kari")
        page.get_by_text("From now on you can sign in with Strict ID, too.").wait_for()
        asked = time.time()
        sign_in_there()
        page.wait_for_url("**/circles/")  # not asked anew, and what it says of when is taken

        longest(3)
        page.wait_for_timeout(max(0, asked + 5 - time.time()) * 1000)
        page.goto("/circles/")
        page.wait_for_url("**/accounts/login/**")  # what it opened is over
        page.get_by_role("button", name="Sign in with Strict ID").click()
        show(page, "kari")
        page.wait_for_url("**/circles/")
